"""A person's own folder adds movements and programmes and may replace the rules."""

import shutil
from pathlib import Path

import pytest

from cuewalk.content.load import load_catalogue

MOVEMENT = "en-US/movements/rehab-hip-circles.toml"


@pytest.fixture
def own(root, tmp_path) -> Path:
    folder = tmp_path / "own"
    for name in ("movements", "programmes"):
        (folder / "en-US" / name).mkdir(parents=True)
    return folder


def test_an_own_movement_is_found_by_own_and_shipped_programmes(own, root):
    text = (root / MOVEMENT).read_text("utf-8").replace('"rehab-hip-circles"', '"my-circles"')
    (own / "en-US/movements/my-circles.toml").write_text(text, "utf-8")
    (own / "en-US/programmes/mine.toml").write_text(
        'id = "mine"\nname = "Mine"\nabout = "Two."\nsource = "Me."\n'
        'items = [{ movement = "my-circles" }, { movement = "rehab-hip-circles" }]\n',
        "utf-8",
    )
    catalogue = load_catalogue("en-US", root=root, extra=own)
    mine = catalogue.programme("mine")
    assert list(catalogue.movements_of(mine)) == ["my-circles", "rehab-hip-circles"]


def test_an_own_movement_cannot_silently_replace_a_shipped_one(own, root, faults):
    shutil.copy(root / MOVEMENT, own / MOVEMENT)
    [fault] = faults(own)
    assert fault.file.endswith(f"own/{MOVEMENT}")
    assert fault.problem.startswith('there is a movement "rehab-hip-circles" already, in ')
    assert fault.line == 1


def test_an_own_movement_may_need_an_own_thing(own, root):
    text = (root / MOVEMENT).read_text("utf-8").replace('"rehab-hip-circles"', '"my-circles"')
    text = text.replace("sides =", 'needs = [{ item = "band" }, { item = "bed" }]\nsides =', 1)
    (own / "en-US/movements/my-circles.toml").write_text(text, "utf-8")
    (own / "en-US/equipment.toml").write_text(
        '[[items]]\nid = "band"\nname = "a band"\nask = "A band?"\n\n'
        '[[items]]\nid = "bed"\nname = "a sofa"\nask = "Is there a sofa?"\n',
        "utf-8",
    )
    catalogue = load_catalogue("en-US", root=root, extra=own)
    assert [need.item for need in catalogue.movements["my-circles"].needs] == ["band", "bed"]
    assert catalogue.equipment["band"].ask == "A band?"
    assert catalogue.equipment["bed"].name == "a sofa"


def test_own_rules_take_the_place_of_the_shipped_ones(own, root):
    text = (root / "rules.toml").read_text("utf-8").replace("value = 8000", "value = 12000")
    (own / "rules.toml").write_text(text, "utf-8")
    assert load_catalogue("en-US", root=root, extra=own).rules.patience == 12_000
    assert load_catalogue("en-US", root=root).rules.patience == 8_000


def test_a_folder_without_this_locale_adds_nothing(tmp_path, root):
    (tmp_path / "own").mkdir()
    extra = load_catalogue("en-US", root=root, extra=tmp_path / "own")
    assert extra == load_catalogue("en-US", root=root)


def test_movements_outside_a_locale_are_told_instead_of_overlooked(tmp_path, faults):
    (tmp_path / "own/movements").mkdir(parents=True)
    [fault] = faults(tmp_path / "own")
    assert fault.problem == "the locale is missing."
    assert fault.remedy.endswith("own/en-US/movements.")


def test_a_folder_that_does_not_exist_is_told(tmp_path, faults):
    [fault] = faults(tmp_path / "nowhere")
    assert fault.problem == "the folder of your own programmes does not exist."
