"""The next morning, whatever the numbers: one meaning each, never gentler for a higher number."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from cuewalk.domain.buckets import Bucket, BucketState
from cuewalk.domain.checkin import CheckinOutcome, checkin_of, halved, judge_checkin
from cuewalk.domain.content import Dose
from cuewalk.domain.projection import buckets_of, trials_of
from cuewalk.domain.records import NextMorning
from helpers.histories import MONDAY, Telling
from helpers.sessions import sample_rules

RULES = sample_rules()
RATINGS = st.integers(0, 20).map(lambda n: n / 2)
HOURS = st.floats(0, 200, allow_nan=False)
STRENGTH = [CheckinOutcome.FINE, CheckinOutcome.REPEAT, CheckinOutcome.FLARE_UP]
DOSES = st.one_of(
    st.builds(Dose, reps=st.integers(1, 50), sets=st.integers(1, 10)),
    st.builds(Dose, hold_seconds=st.floats(0.5, 600, allow_nan=False), sets=st.integers(1, 10)),
)
TRIALS = st.lists(st.tuples(st.sampled_from(["m1", "m2", "m3"]), RATINGS, RATINGS), min_size=1, max_size=5)


def session(trials, morning=None, hours=12.0, date=MONDAY):
    telling = Telling()
    for movement, before, after in trials:
        telling.trial(movement, before, after)
    if morning is not None:
        telling.records.append(NextMorning(value=morning, hours=hours))
    return telling.on(date)


@given(RATINGS, RATINGS, HOURS)
def test_no_rise_is_always_fine(baseline, value, hours):
    if value <= baseline:
        assert judge_checkin(baseline, value, hours, RULES) is CheckinOutcome.FINE


@given(RATINGS, RATINGS, RATINGS, HOURS)
def test_a_higher_number_is_never_taken_more_lightly(baseline, one, other, hours):
    low, high = sorted([one, other])
    lighter, heavier = (judge_checkin(baseline, value, hours, RULES) for value in (low, high))
    assert STRENGTH.index(lighter) <= STRENGTH.index(heavier)


@given(RATINGS, RATINGS, HOURS, HOURS)
def test_lasting_longer_is_never_taken_more_lightly(baseline, value, one, other):
    soon, late = sorted([one, other])
    lighter, heavier = (judge_checkin(baseline, value, hours, RULES) for hours in (soon, late))
    assert STRENGTH.index(lighter) <= STRENGTH.index(heavier)


@given(RATINGS, HOURS)
def test_without_a_number_to_compare_nothing_follows(value, hours):
    assert judge_checkin(None, value, hours, RULES) is CheckinOutcome.UNKNOWN


@given(TRIALS, RATINGS, HOURS)
def test_only_a_flare_up_marks_trials_and_only_suspects(trials, morning, hours):
    history = session(trials, morning, hours)
    done = checkin_of(history.records, history.rules)
    assert done is not None
    assert done.baseline == trials[0][1]
    for row, (_, before, after) in zip(trials_of(history), trials, strict=True):
        went_down = before > 0 and before - after >= 1
        suspect = went_down or after > before
        assert row.flare_up == (done.outcome is CheckinOutcome.FLARE_UP and suspect)


@given(TRIALS, RATINGS, HOURS, st.integers(0, 30))
def test_after_a_flare_up_no_keep_of_that_session_is_confirmed_and_all_suspects_rest(
    trials, morning, hours, later
):
    # Twice the same before it, so that keeps would be confirmed without it.
    days = [MONDAY + dt.timedelta(days=day) for day in (0, 1, 2)]
    histories = [session(trials, date=days[0]), session(trials, date=days[1])]
    today = days[2] + dt.timedelta(days=later)
    flared = session(trials, morning, hours, date=days[2])
    suspects = {row.movement for row in trials_of(flared) if row.flare_up}
    for (movement, _), entry in buckets_of([*histories, flared], today=today).items():
        if movement not in suspects:
            assert entry.suspended_until is None
            continue
        assert entry.suspended(today) == (later < 7)
        if entry.bucket is Bucket.KEEP:
            assert entry.state is BucketState.PROVISIONAL
            assert entry.reason.endswith("a flare-up followed")


@given(DOSES)
def test_half_a_dose_is_a_dose_and_never_more_than_half(dose):
    half = halved(dose)
    assert Dose.model_validate(half.model_dump()) == half

    def work(given: Dose) -> float:
        return (given.reps or given.hold_seconds or 0) * given.sets

    if dose.reps == 1 and dose.sets == 1:
        assert half == dose
    else:  # three of something cannot be halved: one of them is the least
        assert work(dose) / 3 <= work(half) <= work(dose) / 2
