"""One broken file of a person's own is named and left out; it never keeps the rest from starting."""

import os
from pathlib import Path

import pytest

from cuewalk.content.checking import check_content
from cuewalk.content.own_phrases import keep_phrases, own_phrases, phrases_path
from cuewalk.content.packs import load_pack, own_content
from cuewalk.content.personal import load_own_catalogue, own_rules_path
from cuewalk.content.writing import write_template
from cuewalk.domain.errors import ContentError, CuewalkError
from cuewalk.files.left_out import told_to
from cuewalk.language.own import OwnPhrase


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))


@pytest.fixture
def told():
    said: list[str] = []
    with told_to(said.append):
        yield said


def _movement(name: str) -> Path:
    return write_template("movement", name, own_content(), "en-US")


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"id = ",
        b"\xff\xfe",
        b"a = " + b"[" * 900,
        b"a = " + b"9" * 5000,
        b'id = "mine"\n',
        bytes(2_000_000),
    ],
)
def test_a_broken_movement_is_named_and_all_others_are_there(damage: bytes, told: list[str]) -> None:
    _movement("mine").write_bytes(damage)
    _movement("sound")
    catalogue = load_own_catalogue("en-US")
    assert "sound" in catalogue.movements
    assert "mine" not in catalogue.movements
    assert "feet-up" in catalogue.programmes
    assert told
    assert all("mine.toml" in sentence and "left out" in sentence for sentence in told)


def test_a_programme_that_needs_a_broken_movement_goes_with_it(told: list[str]) -> None:
    _movement("mine").write_text("broken")
    path = write_template("programme", "plan", own_content(), "en-US")
    path.write_text(path.read_text().replace("lateral-ankle-tilts", "mine"))
    assert "mine" in path.read_text()
    catalogue = load_own_catalogue("en-US")
    assert "mine" not in catalogue.movements
    assert "plan" not in catalogue.programmes
    about = {sentence.split(":")[0].split(",")[0].rpartition("/")[2] for sentence in told}
    assert about == {"mine.toml", "plan.toml"}


def test_a_broken_stand_in_gives_the_shipped_movement_back(told: list[str]) -> None:
    path = write_template("movement", "rehab-hip-circles", own_content(), "en-US", replace=True)
    assert load_own_catalogue("en-US").movements["rehab-hip-circles"].name == "Rehab hip circles"
    assert load_own_catalogue("en-US").stand_ins == {"rehab-hip-circles"}
    path.write_text("broken")
    assert load_own_catalogue("en-US").movements["rehab-hip-circles"].name == "Rehab Hip Circles"
    assert told


@pytest.mark.parametrize("thing", ["pipe", "loop", "folder"])
def test_what_is_no_file_at_all_is_left_out(thing: str, told: list[str]) -> None:
    place = _movement("mine")
    place.unlink()
    {"pipe": os.mkfifo, "loop": lambda path: path.symlink_to(path), "folder": Path.mkdir}[thing](place)
    assert "feet-up" in load_own_catalogue("en-US").programmes
    assert told


def test_of_wrong_rules_the_right_ones_count_and_each_wrong_one_is_named(told: list[str]) -> None:
    own_rules_path().write_text(
        '[confirm_from]\nvalue = 7\n[retries]\nvalue = 99\n[stop_above]\nvalue = "five"\n'
        "[patience_ms]\nvalue = 1\n[nosuch]\nvalue = 1\n"
    )
    rules = load_own_catalogue("en-US").rules
    standard = load_own_catalogue("en-US", None).rules
    assert rules.confirm_from.value == 7
    assert rules.retries.value == 1 == standard.retries.value
    for name in ("retries", "stop_above", "patience_ms", "nosuch"):
        assert any(name in sentence for sentence in told), name


def test_wrong_rules_are_told_in_the_order_of_their_lines(told: list[str]) -> None:
    own_rules_path().write_text(
        '[retries]\nvalue = 99\n[nosuch]\nvalue = 1\n[stop_above]\nvalue = "five"\n[patience_ms]\nvalue = 1\n'
    )
    load_own_catalogue("en-US")
    lines = [int(sentence.split("line ")[1].split(":")[0]) for sentence in told]
    assert lines == sorted(lines) == [2, 3, 6, 8]
    assert not any("default" in sentence or "standard number counts" in sentence for sentence in told)


def test_check_names_every_wrong_rule_at_once() -> None:
    own_rules_path().write_text(
        '[retries]\nvalue = 99\n[stop_above]\nvalue = "five"\n[patience_ms]\nvalue = 1\n[floor]\nvalue = 11\n'
    )
    problems = " ".join(str(fault) for fault in check_content(own_rules_path()))
    assert all(name in problems for name in ("retries", "stop_above", "patience_ms", "floor"))


def test_rules_that_are_no_toml_leave_the_standard(told: list[str]) -> None:
    own_rules_path().write_text("[" * 1000)
    assert load_own_catalogue("en-US").replaced_rules == {}
    assert told


def test_a_folder_that_the_person_names_is_checked_strictly(tmp_path: Path) -> None:
    path = write_template("movement", "mine", tmp_path / "named", "en-US")
    path.write_text("broken")
    with pytest.raises(ContentError, match=r"mine\.toml"):
        load_own_catalogue("en-US", tmp_path / "named")


@pytest.mark.parametrize("damage", [b"phrases = 3", b"\xff", b"[[phrases]]\nsays = 'x'", b"[" * 5000])
def test_damaged_phrases_are_left_out_and_kept_beside(damage: bytes, told: list[str]) -> None:
    keep_phrases("en-US", [OwnPhrase("easy does it", "slower")])
    phrases_path("en-US").write_bytes(damage)
    assert load_pack("en-US").interpret("slower", frozenset()) is not None
    assert any("phrases-en-US.toml" in sentence for sentence in told)
    keep_phrases("en-US", [OwnPhrase("easy does it", "slower")])
    assert [each.says for each in own_phrases("en-US")] == ["easy does it"]
    assert phrases_path("en-US").with_name("phrases-en-US.toml.broken").read_bytes() == damage


@pytest.mark.parametrize("kind", ["movement", "programme"])
@pytest.mark.parametrize("name", ["q", "ab", "a-b", "0", "heel-raises", "x" * 60, "nul", "con", "true"])
def test_every_template_is_right_as_it_is(kind: str, name: str) -> None:
    path = write_template(kind, name, own_content(), "en-US")
    assert check_content(path) == []
    assert check_content(own_content()) == []


@pytest.mark.parametrize(
    "name", ["", "Q", "ä", "a b", "a--b", "-", "../x", "a/b", "x" * 61, "x" * 5000, "\ud800", "a\0"]
)
def test_a_name_that_is_none_is_a_sentence(name: str) -> None:
    for kind in ("movement", "programme"):
        with pytest.raises(CuewalkError, match="Nothing was written"):
            write_template(kind, name, own_content(), "en-US")
    assert not own_content().exists()


@pytest.mark.parametrize(
    ("kind", "name"), [("movement", "rehab-hip-circles"), ("programme", "feet-up"), ("programme", "discover")]
)
def test_one_of_ours_is_not_replaced_by_accident(kind: str, name: str) -> None:
    with pytest.raises(CuewalkError, match="comes with cuewalk"):
        write_template(kind, name, own_content(), "en-US")
    assert not own_content().exists()
