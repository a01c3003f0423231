"""The rules file: every number has its source, and no change can make a session impossible."""

import pytest

from cuewalk.content.load import load_catalogue
from cuewalk.content.reader import Reader
from cuewalk.content.rules_file import LIMITS, read_rules
from cuewalk.domain.errors import ContentError
from cuewalk.domain.rules import Rules


def test_the_shipped_numbers_are_those_of_the_design():
    rules = load_catalogue("en-US").rules
    assert {name: number.value for name, number in rules.numbers()} == {
        "clear_improvement": 2,
        "small_improvement": 1,
        "floor": 0,
        "zone_green_max": 2,
        "zone_amber_max": 5,
        "stop_above": 5,
        "stop_rise": 2,
        "retries": 1,
        "retry_pace": 0.7,
        "settle_ms": 60_000,
        "carry_over_within": 1,
        "confirm_from": 6,
        "confirm_change": 4,
        "patience_ms": 8_000,
        "misses_before_pause": 3,
        "confirmed_sessions": 2,
        "confirmed_window": 3,
        "retest_days": 7,
        "clip_days": 30,
        "screening_days": 30,
        "measurement_sd": 0.7,
        "session_sd": 0.5,
        "prior_drop": 0.3,
        "prior_sd": 1,
        "confirm_probability": 0.65,
        "checkin_repeat_rise": 1,
        "checkin_flare_rise": 2,
        "checkin_hours": 24,
        "overuse_rest_days": 3,
    }


def test_every_number_says_whose_it_is():
    for name, number in load_catalogue("en-US").rules.numbers():
        known = ("Design", "design", "Seed 001", "Seed 004", "Thomeé", "Salaffi", "smallest detectable")
        assert any(word in number.basis for word in known), name


def test_rules_written_before_the_evidence_still_load_with_its_shipped_numbers():
    shipped = load_catalogue("en-US").rules
    older = shipped.model_dump()
    for name in (
        "measurement_sd",
        "session_sd",
        "prior_drop",
        "prior_sd",
        "confirm_probability",
        "overuse_rest_days",
    ):
        del older[name]
    read = Rules.model_validate(older)
    assert [(n, x.value) for n, x in read.numbers()] == [(n, x.value) for n, x in shipped.numbers()]


def test_every_number_has_bounds():
    assert set(Rules.model_fields) - {"version"} <= set(LIMITS)


@pytest.mark.parametrize(
    ("old", "new", "problem", "remedy"),
    [
        ("value = 0.7", "value = 0", '"retry_pace" cannot be 0.', "Write a number from 0.4 to 1."),
        ("value = 8000", "value = 8", '"patience_ms" cannot be 8.', "from 2000 to 60000."),
        (
            "[retries]\nvalue = 1",
            "[retries]\nvalue = 0.5",
            '"retries" cannot be 0.5.',
            "Write a whole number from 0 to 3.",
        ),
        (
            "[zone_green_max]\nvalue = 2",
            "[zone_green_max]\nvalue = 6",
            '"zone_green_max" (6) is above "zone_amber_max" (5).',
            "at most 5.",
        ),
    ],
)
def test_a_number_that_cannot_work_is_refused(old, new, problem, remedy, request):
    change, faults = request.getfixturevalue("change"), request.getfixturevalue("faults")
    line = change("rules.toml", old, new) + old.count("\n")
    [fault] = faults()
    assert (fault.line, fault.problem) == (line, problem)
    assert fault.remedy.endswith(remedy)


def test_a_number_without_its_source_is_refused(change, faults):
    line = change("rules.toml", "[floor]\nvalue = 0\nbasis", "[floor]\nvalue = 0\n# basis")
    [fault] = faults()
    assert (fault.line, fault.problem) == (line, '"basis" of "floor" is missing.')


def test_a_misspelled_number_is_one_mistake(change, faults):
    line = change("rules.toml", "[retest_days]", "[re_test_days]")
    [fault] = faults()
    assert fault.line == line
    assert fault.remedy.startswith('Did you mean "retest_days"?')


@pytest.fixture
def own(tmp_path, root):
    """Write a person's rules file and read the rules with it."""

    def _own(text: str, locale: str = "en-US"):
        path = tmp_path / "rules.toml"
        path.write_text(text, "utf-8")
        return load_catalogue(locale, root=root, own_rules=path)

    return _own


def test_only_the_numbers_a_person_writes_change(own):
    catalogue = own("[confirm_from]\nvalue = 7\n")
    standard = load_catalogue("en-US").rules
    changed = {name for name, number in catalogue.rules.numbers() if number != getattr(standard, name)}
    assert changed == {"confirm_from"}
    assert (catalogue.rules.confirm_from.value, catalogue.rules.confirm_from.basis) == (7, "changed by you")
    assert catalogue.replaced_rules == {"confirm_from": standard.confirm_from}


def test_a_persons_reason_is_kept(own):
    rules = own('[retest_days]\nvalue = 14\nbasis = "My physiotherapist."\n').rules
    assert rules.retest_days.basis == "My physiotherapist."


def test_the_version_tells_own_numbers_apart(own):
    standard = load_catalogue("en-US").rules.version
    seven = own("[confirm_from]\nvalue = 7\n").rules.version
    assert seven.startswith(f"{standard}+own-")
    assert len(seven.removeprefix(f"{standard}+own-")) == 8
    assert own('[confirm_from]\nvalue = 7\nbasis = "Other words."\n').rules.version == seven
    assert own("[confirm_from]\nvalue = 8\n").rules.version != seven


def test_a_number_that_is_written_as_it_was_changes_nothing(own):
    assert own("[confirm_from]\nvalue = 6\n").rules == load_catalogue("en-US").rules


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("[confirm_from]\nvalue = 11\n", 2, '"confirm_from" cannot be 11.'),
        ('[confirm_from]\nvalue = "7"\n', 2, '"value" of "confirm_from" is the text "7".'),
        ("\n[confirm_form]\nvalue = 7\n", 2, 'there is no field "confirm_form".'),
        ("[confirm_from]\n", 1, '"value" of "confirm_from" is missing.'),
        ("[confirm_from]\nvalue = -7\n", 2, '"value" of "confirm_from" is too small (-7).'),
        ("[zone_amber_max]\nvalue = 1\n", 2, '"zone_green_max" (2) is above "zone_amber_max" (1).'),
        ("[confirm_from\nvalue = 7\n", 1, "the ] is missing (character 14 of the line)."),
    ],
)
def test_a_wrong_own_number_is_told_with_its_line(own, text, line, problem):
    with pytest.raises(ContentError) as raised:
        own(text)
    [fault] = raised.value.faults
    assert fault.file.endswith("rules.toml")
    assert (fault.line, fault.problem) == (line, problem)
    assert fault.remedy


def test_own_numbers_do_not_hide_a_broken_standard_file(own, root):
    (root / "rules.toml").unlink()
    with pytest.raises(ContentError, match="cannot be read"):
        own("[confirm_from]\nvalue = 7\n")


def test_no_own_file_is_no_fault(tmp_path, root):
    reader = Reader()
    table = read_rules(reader, root / "rules.toml", [tmp_path / "nowhere.toml"])
    assert not reader.faults
    assert table is not None
    assert not table.replaced
