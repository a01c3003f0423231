"""``cuewalk programmes``: what a person reads there."""

import pytest

from cuewalk.checkup.checking import check_everything
from cuewalk.cli.programmes import programmes
from cuewalk.domain.errors import CuewalkError


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "220")


def test_the_list_names_each_programme_with_its_length(capsys):
    programmes()
    printed = capsys.readouterr().out
    assert "feet-up" in printed
    assert "about " in printed
    assert "A movement teacher's method" in printed


def test_one_programme_shows_movements_in_order_with_sides_and_both_claims(capsys):
    programmes("feet-up")
    printed = capsys.readouterr().out
    names = ["Lateral Ankle Tilts", "Forward 45", "Rehab Hip", "Pelvis Tucks", "Opposite Scapular"]
    places = [printed.index(name) for name in names]
    assert places == sorted(places)
    for words in ("6 times", "affected", "both", "opposite", "said for it", "said against it"):
        assert words in printed


def test_a_misspelled_name_is_answered_with_the_nearest():
    with pytest.raises(CuewalkError, match='Did you mean "feet-up"'):
        programmes("feetup")


def test_a_name_like_no_other_is_answered_with_all_there_are():
    with pytest.raises(CuewalkError, match=r"feet-up.*my-keepers, discover") as told:
        programmes("nope")
    assert "Did you mean" not in str(told.value)


def test_the_doctor_counts_the_programmes_that_are_listed(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    programmes()
    listed = [line for line in capsys.readouterr().out.splitlines() if "about " in line or "varies" in line]
    [content] = [check for check in check_everything(listen=False) if check.name == "content"]
    assert f"programmes {len(listed)}," in content.says
