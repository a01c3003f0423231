"""The rules file: every number has its source, and no change can make a session impossible."""

import pytest

from cuewalk.content.limits import LIMITS
from cuewalk.content.load import load_catalogue
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
    }


def test_every_number_says_whose_it_is():
    for name, number in load_catalogue("en-US").rules.numbers():
        known = ("Design", "design", "Seed 001", "Thomeé", "Salaffi", "smallest detectable")
        assert any(word in number.basis for word in known), name


def test_rules_written_before_the_evidence_still_load_with_its_shipped_numbers():
    shipped = load_catalogue("en-US").rules
    older = shipped.model_dump()
    for name in ("measurement_sd", "session_sd", "prior_drop", "prior_sd", "confirm_probability"):
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
