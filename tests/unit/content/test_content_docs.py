"""The page for people without Python: its examples load, and its error messages are the real ones."""

import re

import pytest

from cuewalk.content.load import load_catalogue
from cuewalk.domain.errors import ContentError
from cuewalk.places import package_data

PAGE = package_data("scripts_audio").parent / "docs/adding-a-movement.md"
MOVEMENT = "en-US/movements/heel-raises.toml"
PROGRAMME = "en-US/programmes/my-programme.toml"


@pytest.fixture
def page() -> str:
    return PAGE.read_text("utf-8")


@pytest.fixture
def with_examples(page, root):
    movement, thing, programme = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    with (root / "en-US/equipment.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{thing}")
    (root / MOVEMENT).write_text(movement, "utf-8")
    (root / PROGRAMME).write_text(programme, "utf-8")
    return root


def test_the_examples_to_copy_load(with_examples):
    catalogue = load_catalogue("en-US", root=with_examples)
    programme = catalogue.programme("my-programme")
    assert list(catalogue.movements_of(programme)) == ["heel-raises", "pelvis-tucks-and-tilts"]
    assert catalogue.equipment["soft-ball"].name == "a soft ball"


def test_the_errors_on_the_page_are_real(page, with_examples, change, monkeypatch):
    monkeypatch.chdir(with_examples.parent)
    change(MOVEMENT, "seconds = 1.5", 'seconds = "1.5"')
    change(MOVEMENT, "claim =", "clam =")
    change(PROGRAMME, '"heel-raises"', '"heel-raise"')
    with pytest.raises(ContentError) as raised:
        load_catalogue("en-US", root=with_examples)
    # The list of movements grows with the catalogue, so it is not compared.
    told = re.sub(r"Allowed here: edge.*", "", str(raised.value)).strip()
    shown = re.search(r"```text\n(.*?)```", page, re.DOTALL)
    assert shown
    assert told == re.sub(r"Allowed here: edge.*", "", shown[1]).strip()
