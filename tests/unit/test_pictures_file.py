"""A picture file that is wrong says where and what to write; nothing of it is loaded."""

import shutil

import pytest

from cuewalk.content.pictures import load_picture, load_pictures, no_picture, picture_names
from cuewalk.domain.errors import ContentError, CuewalkError
from cuewalk.places import package_data

NAME = "slow-knee-lifts"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "pictures").mkdir()
    shutil.copy(package_data("scripts_audio") / "pictures" / f"{NAME}.toml", tmp_path / "pictures")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('view = "side"', 'veiw = "side"', 'there is no field "veiw"'),
        ('view = "side"', 'view = "top"', "Write one of these in quotes: side, front, lying."),
        ("foot = [32, 46, 9]", "foot = [132, 46, 9]", "out of reach"),
        ('trace = ["work_knee"]', 'trace = ["work_nee"]', 'Did you mean "work_knee"?'),
        ("foot = [32, 46, 9]", "foot = [32, 46]", 'of "work_leg" of "poses" number 1'),
        ("seconds = 3", "seconds = -3", "is too small"),
        (f'id = "{NAME}"', 'id = "knee-lifts"', "is not the name of the file"),
    ],
)
def test_a_mistake_names_its_line_and_its_remedy(root, old, new, says):
    path = root / "pictures" / f"{NAME}.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError) as raised:
        load_picture(NAME, root)
    line = text[: text.index(old)].count("\n") + 1
    told = [fault for fault in raised.value.faults if says in str(fault)]
    assert told
    assert told[0].line == line
    assert told[0].remedy


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('poses = ["lifted"]', 'poses = ["lited"]', 'there is no pose "lited"'),
        ('poses = ["start"]', 'poses = ["lifted"]', 'end the last phase with "start"'),
        ('id = "lifted"', 'id = "lifted"\nballoon = 3', "at the start, too"),
    ],
)
def test_poses_that_do_not_make_a_repetition_are_refused(root, old, new, says):
    path = root / "pictures" / f"{NAME}.toml"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError) as raised:
        load_pictures(root)
    assert says.lower() in str(raised.value).lower()


def test_an_unknown_movement_gets_a_suggestion(root):
    assert picture_names(root) == (NAME,)
    with pytest.raises(CuewalkError) as raised:
        load_picture("slow-knee-lift", root)
    assert f'Did you mean "{NAME}"?' in str(raised.value)


def test_a_movement_without_a_picture_says_so():
    said = str(no_picture("my-own-circles", ["my-own-circles"], [NAME]))
    assert said.startswith('There is no picture of "my-own-circles".')
    assert NAME in said
