import tomllib
from pathlib import Path

import pytest

from cuewalk.language.pack import build_pack

SCRIPTS = Path(__file__).parents[3] / "scripts_audio"
NAMES = ("commands", "numbers", "prompts", "coaching", "locale")


def read(locale):
    folder = SCRIPTS / locale / "phrases"
    return {name: tomllib.loads((folder / f"{name}.toml").read_text("utf-8")) for name in NAMES}


@pytest.fixture(scope="session")
def en():
    return build_pack("en-US", read("en-US"))


@pytest.fixture(scope="session")
def ko():
    return build_pack("ko-KR", read("ko-KR"))


@pytest.fixture
def en_files():
    """A fresh copy of the English files that a test may break."""
    return read("en-US")
