import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cuewalk.content.load import load_catalogue
from cuewalk.domain.errors import ContentError, ContentFault
from cuewalk.places import package_data


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the shipped content, English only, to be broken by a test."""
    shipped, copy = package_data("scripts_audio"), tmp_path / "scripts_audio"
    shutil.copytree(shipped / "en-US", copy / "en-US")
    shutil.copy(shipped / "rules.toml", copy / "rules.toml")
    return copy


@pytest.fixture
def change(root: Path) -> Callable[[str, str, str], int]:
    """Replace the first occurrence of a text in a file; return the line on which the new text begins."""

    def _change(name: str, old: str, new: str) -> int:
        path = root / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} no longer contains {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")
        return text.count("\n", 0, text.index(old)) + 1

    return _change


@pytest.fixture
def faults(root: Path) -> Callable[[], list[ContentFault]]:
    """Load the broken copy and return what is told to the person."""

    def _faults(extra: Path | None = None) -> list[ContentFault]:
        with pytest.raises(ContentError) as raised:
            load_catalogue("en-US", root=root, extra=extra)
        return list(raised.value.faults)

    return _faults
