"""What must hold of the projections whatever was rated."""

import datetime as dt
from itertools import chain

from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.domain.buckets import Bucket
from cuewalk.domain.intents import Side
from cuewalk.domain.projection import SessionRecords, buckets_of, ratings_of, trials_of
from cuewalk.domain.records import RatingCorrected, SessionStarted, TrialJudged
from helpers.histories import MONDAY, Telling
from helpers.sessions import sample_setup, started

SETUP = sample_setup()
FEW = settings(max_examples=40, deadline=None)
TODAY = MONDAY + dt.timedelta(days=30)
ORDER = [Bucket.NOT_NOW, Bucket.UNDECIDED, Bucket.KEEP]
LEFT = ("m1", Side.LEFT)

values = st.none() | st.integers(0, 20).map(lambda halves: halves / 2)
trials = st.lists(st.tuples(values, values, st.sampled_from([1, 2])), min_size=1, max_size=4)
histories = st.lists(trials, min_size=1, max_size=4)


def tell(days, movement="m1", corrections=()):
    sessions = []
    for n, day in enumerate(days):
        telling = Telling(SETUP)
        for before, after, attempt in day:
            telling.trial(movement, before, after, attempt=attempt)
        for rating, value in corrections if n == len(days) - 1 else ():
            telling.correct(rating, value)
        sessions.append(telling.on(MONDAY + dt.timedelta(days=n)))
    return sessions


def bucket(days, corrections=()):
    return buckets_of(tell(days, corrections=corrections), today=TODAY)[LEFT].bucket


@FEW
@given(histories, st.data())
def test_a_lower_rating_after_never_gives_a_worse_bucket(days, data):
    """Holds where the rating after is nobody's rating before: every trial here has its own two ratings."""
    n = data.draw(st.integers(0, len(days) - 1))
    m = data.draw(st.integers(0, len(days[n]) - 1))
    before, after, attempt = days[n][m]
    if after is None:
        return
    lower = data.draw(st.integers(0, int(after * 2)).map(lambda halves: halves / 2))
    better = [list(day) for day in days]
    better[n][m] = (before, lower, attempt)
    assert ORDER.index(bucket(better)) >= ORDER.index(bucket(days))


@FEW
@given(histories, st.data())
def test_a_correction_to_the_same_value_changes_nothing(days, data):
    given_now = [row for row in ratings_of(tell(days)[-1].records).values() if row.value is not None]
    if not given_now:
        return
    row = data.draw(st.sampled_from(given_now))
    plain, corrected = tell(days), tell(days, corrections=[(row.rating, row.value)])
    assert buckets_of(plain, today=TODAY) == buckets_of(corrected, today=TODAY)


@FEW
@given(histories, st.lists(st.tuples(st.integers(1, 2), values.filter(lambda v: v is not None)), max_size=4))
def test_the_original_of_a_corrected_rating_stays_visible(days, corrections):
    plain, corrected = (ratings_of(tell(days, corrections=c)[-1].records) for c in ((), corrections))
    assert {n: row.original for n, row in corrected.items()} == {n: row.value for n, row in plain.items()}
    for number, value in dict(corrections).items():
        assert corrected[number].value == value


@FEW
@given(histories)
def test_without_corrections_the_verdicts_are_those_of_the_session_itself(days):
    for session in tell(days):
        kept = [record for record in session.records if isinstance(record, TrialJudged)]
        assert [(row.verdict, row.decision) for row in trials_of(session)] == [
            (k.verdict, k.decision) for k in kept
        ]


@FEW
@given(histories)
def test_a_trial_with_a_missing_rating_is_never_a_reason_to_keep(days):
    missing = [[(before, None, attempt) for before, _, attempt in day] for day in days]
    assert bucket(missing) is Bucket.UNDECIDED


@FEW
@given(trials, trials, st.randoms(use_true_random=False))
def test_unrelated_movements_do_not_depend_on_each_others_order(one, other, random):
    """The records of two movements, numbered apart, are interleaved at random."""
    streams = []
    for movement, todo in (("m1", one), ("m2", other)):
        telling = Telling(SETUP)
        telling.ratings = telling.trials = 100 * len(streams)
        for before, after, attempt in todo:
            telling.trial(movement, before, after, attempt=attempt)
        # A trial's own records stay together: the engine never runs two trials at once.
        streams.append([telling.records[1:][n : n + 4] for n in range(0, 4 * len(todo), 4)])
    whole = [group for stream in streams for group in stream]
    queues, mixed = [list(stream) for stream in streams], []
    while any(queues):
        mixed.append(random.choice([queue for queue in queues if queue]).pop(0))
    started = SessionStarted(setup=SETUP)
    results = [
        buckets_of([SessionRecords("s", MONDAY, (started, *chain.from_iterable(groups)))], today=TODAY)
        for groups in (whole, mixed)
    ]
    assert results[0] == results[1]


@FEW
@given(histories, st.randoms(use_true_random=False))
def test_the_order_in_which_days_are_handed_over_does_not_matter(days, random):
    sessions = tell(days)
    mixed = random.sample(sessions, len(sessions))
    assert buckets_of(sessions, today=TODAY) == buckets_of(mixed, today=TODAY)


@FEW
@given(st.lists(st.integers(0, 20).map(lambda halves: halves / 2), min_size=2, max_size=8))
def test_verdicts_of_a_real_session_are_projected_as_the_engine_gave_them(said):
    """The engine runs; every number is answered with the next value, every confirmation with yes."""
    world = started(2)
    for value in said:
        world.run_until("baseline", "rate_before", "rate_after", "ended", "paused")
        world.rate(value).yes()
    rows = {row.trial: row for row in trials_of(SessionRecords("s", MONDAY, tuple(world.records)))}
    judged = [record for record in world.records if isinstance(record, TrialJudged)]
    assert judged or len(said) < 4
    for kept in judged:
        assert (rows[kept.trial].verdict, rows[kept.trial].decision) == (kept.verdict, kept.decision)


@FEW
@given(histories)
def test_corrections_survive_being_told_last(days):
    """A correction by review comes after the end of the session; it counts as one said within it."""
    (*_, last) = tell(days, corrections=[(1, 3.0)])
    assert isinstance(last.records[-1], RatingCorrected)
    early = SessionRecords(
        last.session, last.date, (*last.records[:2], last.records[-1], *last.records[2:-1])
    )
    assert trials_of(early) == trials_of(last)
