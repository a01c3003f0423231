"""What a person reads and hears of their own trials."""

import datetime as dt
from dataclasses import replace

import pytest

from cuewalk.domain.belief import Go, believe
from cuewalk.domain.buckets import Bucket, BucketState
from cuewalk.domain.evidence import Counts, evidence_of
from cuewalk.domain.intents import Side
from cuewalk.domain.projection import SessionRecords, buckets_of
from cuewalk.domain.records import BucketChosen, TrialStarted
from cuewalk.domain.words import change_words, percent, spoken, summary
from cuewalk.planning.own_programmes import orders_of, retests
from helpers.histories import MONDAY, Telling
from helpers.sessions import sample_rules

LEFT = ("m1", Side.LEFT)
TODAY = MONDAY + dt.timedelta(days=3)


def told(*days):
    sessions = []
    for n, trials in enumerate(days):
        telling = Telling()
        for before, after, *attempt in trials:
            telling.trial("m1", before, after, attempt=attempt[0] if attempt else 1)
        sessions.append(telling.on(MONDAY + dt.timedelta(days=n)))
    return sessions


def evidence(*days):
    return evidence_of(told(*days), today=TODAY)[LEFT]


def test_three_good_trials_say_how_much_how_sure_and_how_likely():
    found = evidence([(6, 3)], [(5, 3)], [(6, 4)])
    assert (found.n, found.sessions) == (3, 3)
    assert found.figures.change == pytest.approx(-1.74, abs=0.01)
    assert summary(found) == (
        "3 trials in 3 sessions. On average it went down by about 1.7 points, "
        "somewhere between 0.7 and 2.8. Chance that it helps you by a point or more: 92 %."
    )
    assert spoken(found) == (
        "Three trials. On average it went down by about a point and a half. "
        "The chance that it helps is about nine in ten."
    )


def test_one_trial_says_little_and_says_so():
    found = evidence([(6, 4)])
    assert summary(found).startswith("1 trial in 1 session. ")
    assert summary(found).endswith("So few trials say little.")
    assert found.figures.helps < 0.65


def test_a_rise_is_told_as_one():
    found = evidence([(4, 6), (4, 7, 2)], [(4, 6)])
    assert "went up by about" in summary(found)
    assert "went up by about a point" in spoken(found)
    assert found.figures.helps < 0.05


def test_hardly_any_change_is_not_called_a_drop():
    found = evidence([(5, 5), (5, 5, 2)], [(5, 5)])
    assert summary(found).startswith(
        "2 trials in 2 sessions. On average it hardly changed, somewhere between"
    )
    assert spoken(found) == (
        "Two trials. On average it hardly changed. The chance that it helps is about one in ten."
    )


def test_where_it_may_have_gone_either_way_both_are_named():
    assert "down and" in summary(evidence([(5, 5)]))


def test_nothing_that_counts_gives_no_figure():
    found = evidence([(0, 0)], [(None, 3)])
    assert (found.n, found.figures) == (0, None)
    assert "nothing to go by" in summary(found)
    assert "nothing to go by" in spoken(found)


def test_every_trial_is_listed_with_whether_it_counts():
    found = evidence([(5, 5), (5, 4, 2)], [(0, 0)], [(6, None)])
    assert [trial.counts for trial in found.trials] == [
        Counts.COUNTED,
        Counts.RETRY,
        Counts.NO_ROOM,
        Counts.NOT_RATED,
    ]
    assert found.n == 1
    telling = Telling()
    telling.skipped("m1", 5)
    skipped = evidence_of([telling.on()], today=TODAY)[LEFT]
    assert [trial.counts for trial in skipped.trials] == [Counts.NOT_DONE]


def test_a_retry_that_improves_does_not_wipe_out_the_first_try():
    assert evidence([(5, 3)]).figures.helps > evidence([(5, 5), (5, 3, 2)]).figures.helps


def test_a_correction_counts():
    telling = Telling()
    _, after = telling.trial("m1", 6, 6)
    telling.correct(after, 3)
    corrected = evidence_of([telling.on()], today=TODAY)[LEFT]
    assert corrected.figures == evidence([(6, 3)]).figures


def test_a_movement_that_was_only_spoken_of_has_no_trials():
    chosen = BucketChosen(movement="m1", side=Side.LEFT, bucket=Bucket.KEEP)
    session = SessionRecords("s", MONDAY, (*Telling().records, chosen))
    found = evidence_of([session], today=TODAY)[LEFT]
    assert (found.trials, found.n, found.figures) == ((), 0, None)
    assert found.bucket.by_person


def test_the_figures_by_hand():
    """One trial of 6 to 4: prior -0.3 (sd 1), error of a difference 0.99, spread between sessions 0.5."""
    variance = 2 * 0.7**2 + 0.5**2
    weight = 1 + 1 / variance
    belief = believe([Go(session="a", before=6, afters=(4,))], sample_rules())
    assert belief.change == pytest.approx((-0.3 - 2 / variance) / weight)
    assert belief.sd == pytest.approx(weight**-0.5)
    assert belief.high - belief.low == pytest.approx(2 * 1.96 * belief.sd, rel=1e-4)
    assert belief.chance_of_drop(-belief.change) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("share", "words"), [(0, "under 1 %"), (0.86, "86 %"), (0.999, "over 99 %"), (1, "over 99 %")]
)
def test_nothing_is_ever_certain(share, words):
    assert percent(share) == words


def test_changes_in_a_table():
    assert [change_words(value) for value in (-1.64, 0.44, 0.01, -0.04)] == ["-1.6", "+0.4", "0", "0"]


class TestForTheDraw:
    def test_not_now_waits_for_its_date_and_then_is_due(self):
        sessions = told([(4, 4), (4, 4, 2)])
        for days, expected in ((6, ({"m1"}, set())), (7, (set(), {"m1"}))):
            entries = buckets_of(sessions, today=MONDAY + dt.timedelta(days=days))
            assert retests(entries) == expected

    def test_one_side_that_waits_holds_back_the_movement(self):
        telling, later = Telling(), Telling()
        telling.trial("m1", 7, 8, side=Side.LEFT)
        later.trial("m1", 7, 8, side=Side.RIGHT)
        sessions = [telling.on(), later.on(MONDAY + dt.timedelta(days=5))]
        entries = buckets_of(sessions, today=MONDAY + dt.timedelta(days=8))
        assert entries[LEFT].state is BucketState.DUE_FOR_RETEST
        assert retests(entries) == ({"m1"}, set())

    def test_the_orders_so_far_are_those_of_the_sessions(self):
        telling = Telling()
        for movement in ("m2", "m1", "m1"):
            telling.trial(movement, 5, 4)
        tuesday = telling.on(MONDAY + dt.timedelta(days=1))
        assert orders_of([tuesday, *told([(5, 4)]), Telling().on()]) == [("m1",), ("m2", "m1")]


def test_a_trial_that_began_far_from_the_first_number_is_named_as_weaker():
    """Something before it may still have been at work."""
    [session] = told([(4, 2)])
    far = [
        record.model_copy(update={"carry_over": True}) if isinstance(record, TrialStarted) else record
        for record in session.records
    ]
    assert _counted(replace(session, records=tuple(far))) == [Counts.WEAKER]
    assert _counted(*told([(4, 2)])) == [Counts.COUNTED]


def _counted(*sessions):
    return [trial.counts for trial in evidence_of(sessions, today=TODAY)[LEFT].trials]
