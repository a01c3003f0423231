"""What a person is told about a before and an after."""

import pytest

from cuewalk.domain.verdicts import Decision, Grade, Outcome, Zone, decide, judge, must_stop, zone_of
from helpers.sessions import sample_rules

RULES = sample_rules()


@pytest.mark.parametrize(
    ("before", "after", "outcome", "grade"),
    [
        (5, 3, Outcome.IMPROVED, Grade.CLEAR),
        (5, 0, Outcome.IMPROVED, Grade.CLEAR),
        (5, 3.5, Outcome.IMPROVED, Grade.SMALL),
        (5, 4, Outcome.IMPROVED, Grade.SMALL),
        (5, 4.5, Outcome.UNCHANGED, Grade.NONE),
        (5, 5, Outcome.UNCHANGED, Grade.NONE),
        (5, 5.5, Outcome.WORSE, Grade.NONE),
        (0, 0, Outcome.NO_ROOM, Grade.NONE),
        (0, 1, Outcome.WORSE, Grade.NONE),
        (0.5, 0, Outcome.UNCHANGED, Grade.NONE),
        (1, 0, Outcome.IMPROVED, Grade.SMALL),
        (None, 3, Outcome.NOT_RATED, Grade.NONE),
        (3, None, Outcome.NOT_RATED, Grade.NONE),
        (None, None, Outcome.NOT_RATED, Grade.NONE),
    ],
)
def test_verdict_and_grade_follow_the_drop(before, after, outcome, grade):
    verdict = judge(before, after, RULES)
    assert (verdict.outcome, verdict.grade) == (outcome, grade)


def test_every_verdict_names_its_rule():
    pairs = [(5, 3), (5, 4), (5, 5), (5, 6), (0, 0), (None, 1)]
    assert len({judge(before, after, RULES).rule for before, after in pairs}) == len(pairs)


@pytest.mark.parametrize(
    ("before", "after", "attempt", "decision"),
    [
        (5, 4, 1, Decision.KEEP),
        (5, 4, 2, Decision.KEEP),
        (5, 5, 1, Decision.RETRY),
        (3, 4, 1, Decision.RETRY),
        (5, 5, 2, Decision.NOT_NOW),
        (3, 4, 2, Decision.NOT_NOW),
        (5, 6, 1, Decision.NOT_NOW),
        (7, 7, 1, Decision.NOT_NOW),
        (0, 0, 1, Decision.UNDECIDED),
        (5, None, 1, Decision.UNDECIDED),
        (None, 9, 2, Decision.UNDECIDED),
    ],
)
def test_one_gentler_retry_and_never_from_the_red_zone(before, after, attempt, decision):
    assert decide(judge(before, after, RULES), attempt=attempt, after=after, rules=RULES) is decision


@pytest.mark.parametrize(
    ("rating", "zone"),
    [(0, Zone.GREEN), (2, Zone.GREEN), (2.5, Zone.AMBER), (5, Zone.AMBER), (5.5, Zone.RED)],
)
def test_zones(rating, zone):
    assert zone_of(rating, RULES) is zone


@pytest.mark.parametrize(
    ("before", "during", "stop"),
    [(3, 4.5, False), (3, 5, True), (5, 5, False), (5, 5.5, True), (None, 5, False), (None, 6, True)],
)
def test_a_movement_stops_above_five_or_on_a_rise_of_two(before, during, stop):
    assert must_stop(before, during, RULES) is stop
