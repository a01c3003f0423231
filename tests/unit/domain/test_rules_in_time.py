"""Rules of days and hours: when a rest is over, when a rise is a flare-up; and what counts as one trial."""

import datetime as dt

import pytest

from cuewalk.content.load import load_catalogue
from cuewalk.domain.belief import Belief, Go, believe
from cuewalk.domain.checkin import CheckinOutcome, judge_checkin
from cuewalk.domain.intents import Side
from cuewalk.domain.projection import buckets_of, rests_of
from cuewalk.domain.records import RestPlanned
from cuewalk.planning.preparing import prepare
from cuewalk.settings import Settings
from helpers.histories import MONDAY, Telling
from helpers.sessions import sample_rules

_RULES = sample_rules()
_UNTIL = MONDAY + dt.timedelta(days=3)


def _planned(programme: str) -> Telling:
    telling = Telling()
    telling.records.append(RestPlanned(programme=programme, until=_UNTIL))
    return telling


@pytest.mark.parametrize(("day", "rests"), [(-1, True), (0, False), (1, False)])
def test_a_session_on_the_day_a_rest_ends_closes_the_matter(day: int, rests: bool) -> None:
    done = Telling()
    done.trial("m1", 5, 3)
    programme = done.setup.programme.id
    past = [_planned(programme).on(MONDAY), done.on(_UNTIL + dt.timedelta(days=day), "t")]
    assert rests_of(past) == ({programme: _UNTIL} if rests else {})


@pytest.mark.parametrize(("day", "resting"), [(-1, True), (0, False)])
def test_a_programme_rests_until_the_day_and_begins_gently_from_it_on(day: int, resting: bool) -> None:
    now = dt.datetime.combine(_UNTIL + dt.timedelta(days=day), dt.time(9), dt.UTC)
    past = [_planned("feet-up").on(MONDAY)]
    setup = prepare(load_catalogue("en-US"), "feet-up", Settings(), past, now=now)
    assert (setup.resting_until, setup.gently) == ((_UNTIL, False) if resting else (None, True))


@pytest.mark.parametrize(
    ("rise", "hours", "outcome"),
    [
        (0.5, 30, CheckinOutcome.FINE),
        (1, 24, CheckinOutcome.REPEAT),
        (1, 24.1, CheckinOutcome.FLARE_UP),
        (1.5, 12, CheckinOutcome.REPEAT),
        (2, 1, CheckinOutcome.FLARE_UP),
    ],
)
def test_a_rise_that_lasts_longer_than_a_day_is_a_flare_up(
    rise: float, hours: float, outcome: CheckinOutcome
) -> None:
    assert judge_checkin(4, 4 + rise, hours, _RULES) is outcome


def test_two_trials_of_a_movement_in_one_session_are_two_and_a_retry_is_none() -> None:
    twice, retried = Telling(), Telling()
    for telling, attempt in ((twice, 1), (retried, 2)):
        telling.trial("m1", 5, 5)
        telling.trial("m1", 5, 3, attempt=attempt)
    entries = [buckets_of([each.on()], today=MONDAY)["m1", Side.LEFT] for each in (twice, retried)]
    assert [entry.counted for entry in entries] == [2, 1]


def test_relief_that_may_be_fading_weighs_half_of_what_is_allowed_once() -> None:
    """Half of the carry-over rule is one more spread, in points, beside the error of two ratings."""
    plain, flagged = (Go(session="s", before=6, afters=(4,), carry_over=flag) for flag in (False, True))
    assert flagged.variance(_RULES) - plain.variance(_RULES) == pytest.approx(
        (_RULES.carry_over_within.value / 2) ** 2
    )


def _alone(go: Go) -> Belief:
    """Return the belief after one trial, by the textbook: two normal sources, weighed by their variances."""
    prior, told = _RULES.prior_sd.value**2, _RULES.session_sd.value**2 + go.variance(_RULES)
    change = (-_RULES.prior_drop.value / prior + go.change / told) / (1 / prior + 1 / told)
    return Belief(change=change, sd=(1 / prior + 1 / told) ** -0.5)


@pytest.mark.parametrize("carry_over", [False, True])
def test_one_trial_moves_the_belief_by_its_weight(carry_over: bool) -> None:
    go = Go(session="s", before=6, afters=(3,), carry_over=carry_over)
    believed, expected = believe([go], _RULES), _alone(go)
    assert (believed.change, believed.sd) == (pytest.approx(expected.change), pytest.approx(expected.sd))
