"""What must hold of the evidence whatever was rated."""

import datetime as dt

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cuewalk.domain.belief import Go, believe
from cuewalk.domain.buckets import Bucket, BucketState
from cuewalk.domain.evidence import Counts, evidence_of
from cuewalk.domain.intents import Side
from cuewalk.domain.words import spoken, summary
from helpers.histories import MONDAY, Telling
from helpers.sessions import sample_rules, sample_setup

SETUP, RULES = sample_setup(), sample_rules()
FEW = settings(max_examples=60, deadline=None)
TODAY = MONDAY + dt.timedelta(days=30)
LEFT = ("m1", Side.LEFT)

points = st.integers(0, 20).map(lambda halves: halves / 2)
values = st.none() | points
trials = st.lists(st.tuples(values, values, st.sampled_from([1, 2])), min_size=1, max_size=4)
histories = st.lists(trials, min_size=1, max_size=4)
goes = st.lists(
    st.builds(
        Go,
        session=st.sampled_from("abc"),
        before=points,
        afters=st.lists(points, min_size=1, max_size=3).map(tuple),
        carry_over=st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


def tell(days):
    sessions = []
    for n, day in enumerate(days):
        telling = Telling(SETUP)
        for before, after, attempt in day:
            telling.trial("m1", before, after, attempt=attempt)
        sessions.append(telling.on(MONDAY + dt.timedelta(days=n)))
    return sessions


def evidence(days):
    return evidence_of(tell(days), today=TODAY)[LEFT]


@FEW
@given(histories, st.data())
def test_a_lower_number_after_never_lowers_the_chance_that_it_helps(days, data):
    n = data.draw(st.integers(0, len(days) - 1))
    m = data.draw(st.integers(0, len(days[n]) - 1))
    before, after, attempt = days[n][m]
    assume(after)
    better = [list(day) for day in days]
    better[n][m] = (before, data.draw(st.integers(0, int(after * 2)).map(lambda halves: halves / 2)), attempt)
    old, new = evidence(days).figures, evidence(better).figures
    assert (old is None) == (new is None)
    assert old is None or new.helps >= old.helps - 1e-12


@FEW
@given(points.filter(bool), points, st.integers(1, 10))
def test_every_further_equal_session_narrows_the_interval(before, after, n):
    few, more = (evidence([[(before, after, 1)]] * many).figures for many in (n, n + 1))
    assert more.high - more.low < few.high - few.low


@FEW
@given(goes)
def test_the_interval_holds_the_change_and_the_order_of_trials_does_not_matter(given_goes):
    belief, mirrored = believe(given_goes, RULES), believe(given_goes[::-1], RULES)
    assert belief.low < belief.change < belief.high
    assert abs(belief.change - mirrored.change) < 1e-9
    chances = [belief.chance_of_drop(drop) for drop in (-2, 0, 1, 2, 4)]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in chances)


@FEW
@given(goes)
def test_the_belief_lies_between_what_was_expected_and_what_was_said(given_goes):
    said = [go.change for go in given_goes]
    expected = -RULES.prior_drop.value
    assert min(*said, expected) - 1e-9 <= believe(given_goes, RULES).change <= max(*said, expected) + 1e-9


@FEW
@given(goes)
def test_trials_on_as_many_days_say_more_than_on_one(given_goes):
    apart = [go.model_copy(update={"session": str(n)}) for n, go in enumerate(given_goes)]
    together = [go.model_copy(update={"session": "one"}) for go in given_goes]
    assert believe(apart, RULES).sd <= believe(together, RULES).sd + 1e-12


@FEW
@given(goes)
def test_a_trial_while_another_movement_was_still_at_work_says_less(given_goes):
    flagged, plain = ([go.model_copy(update={"carry_over": f}) for go in given_goes] for f in (True, False))
    assert believe(flagged, RULES).sd > believe(plain, RULES).sd


@FEW
@given(histories)
def test_missing_numbers_and_no_room_never_count(days):
    found = evidence(days)
    rounds = [trial for trial in found.trials if trial.counts in {Counts.COUNTED, Counts.WEAKER}]
    assert found.n <= len(found.trials)
    assert all(trial.before is not None and trial.before > 0 for trial in rounds)
    assert (found.figures is None) == (found.n == 0)


@FEW
@given(histories, st.lists(st.sampled_from([(None, 3.0, 1), (5.0, None, 1), (0.0, 0.0, 1)]), max_size=3))
def test_adding_trials_without_a_number_or_room_changes_no_figure(days, empty):
    assert evidence([*days, *([trial] for trial in empty)]).figures == evidence(days).figures


@FEW
@given(histories)
def test_what_is_confirmed_by_the_rules_likely_helps(days):
    found = evidence(days)
    if found.bucket.bucket is Bucket.KEEP and found.bucket.state is BucketState.CONFIRMED:
        assert found.figures.helps >= RULES.confirm_probability.value


@FEW
@given(histories)
def test_the_words_never_promise_certainty(days):
    found = evidence(days)
    for words in (summary(found), spoken(found)):
        assert words.endswith(".")
        assert " 0 %" not in words
        assert "100 %" not in words
        assert "-" not in words
    if found.figures is not None:
        assert summary(found).startswith(f"{found.n} trial")
