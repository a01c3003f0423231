"""A person's own folder adds movements and programmes and may change numbers of the rules."""

import shutil
from pathlib import Path

import pytest

from cuewalk.content.load import load_catalogue
from cuewalk.domain.errors import ContentError

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


def test_an_own_movement_takes_the_place_of_a_shipped_one(own, root):
    text = (root / MOVEMENT).read_text("utf-8").replace('name = "', 'name = "My ', 1)
    (own / MOVEMENT).write_text(text, "utf-8")
    catalogue = load_catalogue("en-US", root=root, extra=own)
    assert catalogue.movements["rehab-hip-circles"].name.startswith("My ")
    assert len(catalogue.movements) == len(load_catalogue("en-US", root=root).movements)
    assert catalogue.own == {"rehab-hip-circles"}


def test_a_broken_own_movement_does_not_fall_back_to_the_shipped_one(own, root, faults):
    text = (root / MOVEMENT).read_text("utf-8").replace("sides =", "sidez =", 1)
    (own / MOVEMENT).write_text(text, "utf-8")
    [fault] = faults(own)
    assert fault.file.endswith(f"own/{MOVEMENT}")


def test_a_locale_of_ones_own_is_found(own, root):
    shutil.copytree(root / "en-US", own / "de-DE")
    catalogue = load_catalogue("de-DE", root=root, extra=own)
    assert catalogue.locale == "de-DE"
    assert "feet-up" in catalogue.programmes


def test_pictures_and_personas_are_no_locales(root, faults):
    for name in ("pictures", "personas", "templates"):
        (root / name).mkdir()
        with pytest.raises(ContentError, match=rf'there is no locale "{name}"') as raised:
            load_catalogue(name, root=root)
        assert raised.value.faults[0].remedy == "Allowed here: en-US."


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


def test_own_numbers_take_the_place_of_the_shipped_ones(own, root):
    (own / "rules.toml").write_text("[patience_ms]\nvalue = 12000\n", "utf-8")
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
