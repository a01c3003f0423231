"""Correcting a rating afterwards, and the log that shows it."""

from datetime import UTC, datetime, timedelta

import pytest

from cuewalk.domain.buckets import Bucket
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.heard import InputMode
from cuewalk.domain.intents import Side
from cuewalk.domain.records import RatingCorrected, RatingPhase
from cuewalk.domain.verdicts import Outcome
from cuewalk.engine.events import Begin
from cuewalk.review.corrections import correct_rating
from cuewalk.review.rating_log import movement_names, rating_log
from helpers.histories import Telling
from helpers.journals import memory_journal
from helpers.sessions import sample_setup

_START = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)


@pytest.fixture
def later():
    return _START + timedelta(hours=3)


@pytest.fixture
def told():
    """Entries: 1 begin, 2 start, 3 baseline, 4 before, 5 trial, 6 after, 7 verdict; 6 serves m2 as well."""
    setup = sample_setup()
    journal, telling = memory_journal(), Telling(setup)
    telling.rate(RatingPhase.BASELINE, 6)
    _, after = telling.trial("m1", 6, 6)
    trial = telling.begin("m2", after)
    telling.judge(trial, telling.rate(RatingPhase.AFTER, 5, trial=trial), 6, 5, 1)
    journal.begin_session(setup, "a", _START)
    journal.append("a", 0, [Begin()], wall=_START)
    journal.append("a", 9000, telling.records, wall=_START)
    return journal


def test_verdict_and_bucket_follow_and_are_shown_before_and_after(told, later):
    done = correct_rating(told, 6, 4, later)
    assert (done.entry, done.appended, done.value) == (6, 11, (6, 4))
    (m1_was, m1_now), (m2_was, m2_now) = done.trials
    assert (m1_was.verdict.outcome, m1_now.verdict.outcome) == (Outcome.UNCHANGED, Outcome.IMPROVED)
    assert (m2_was.before, m2_now.before) == (6, 4), "the corrected number is the one before m2, too"
    buckets = {key: (was.bucket, now.bucket) for key, was, now in done.buckets}
    assert buckets == {
        ("m1", Side.LEFT): (Bucket.NOT_NOW, Bucket.KEEP),
        ("m2", Side.LEFT): (Bucket.KEEP, Bucket.UNDECIDED),
    }


def test_it_is_appended_as_said_by_the_person_and_the_original_stays(told, later):
    before = told.entries("a")
    done = correct_rating(told, 6, 4.5, later)
    entry = told.entry(done.appended)
    assert told.entries("a")[:-1] == before
    assert (entry.wall, entry.clock_ms) == (later, 9000)
    assert isinstance(entry.item, RatingCorrected)
    assert (entry.item.value, entry.item.heard.mode, entry.item.heard.engine) == (
        4.5,
        InputMode.REVIEW,
        "person",
    )


def test_again_starts_from_the_first_correction(told, later):
    correct_rating(told, 6, 4, later)
    assert correct_rating(told, 6, 5, later).value == (4, 5)


def test_a_rating_outside_any_trial_changes_no_verdict(told, later):
    done = correct_rating(told, 3, 5, later)
    assert (done.trials, done.buckets) == ((), ())


@pytest.mark.parametrize("value", [-1, 10.5, 3.3, float("nan"), float("inf")])
def test_what_is_no_rating_changes_nothing(told, later, value):
    with pytest.raises(CuewalkError, match=r"not a rating.*Nothing was changed"):
        correct_rating(told, 6, value, later)
    assert len(told.entries("a")) == 10


@pytest.mark.parametrize(("entry", "what"), [(1, "begin"), (5, "trial started"), (7, "trial judged")])
def test_an_entry_that_is_no_rating_is_named(told, later, entry, what):
    with pytest.raises(CuewalkError, match=f'Entry {entry} is not a rating but "{what}"'):
        correct_rating(told, entry, 4, later)
    assert len(told.entries("a")) == 10


def test_the_entry_of_a_correction_points_to_its_rating(told, later):
    done = correct_rating(told, 6, 4, later)
    with pytest.raises(CuewalkError, match="Correct the rating itself: entry 6"):
        correct_rating(told, done.appended, 3, later)


def test_the_log_shows_every_rating_with_its_original(told, later):
    correct_rating(told, 6, 4, later)
    lines = rating_log(told, told.sessions()[0])
    rows = [(n.entry, n.movement, n.phase.value, n.original, n.value, n.corrected) for n in lines]
    assert rows == [
        (3, "", "baseline", 6, 6, False),
        (4, "Movement m1", "before", 6, 6, False),
        (6, "Movement m1", "after", 6, 4, True),
        (9, "Movement m2", "after", 5, 5, False),
    ]
    assert [line.verdict.outcome if line.verdict else None for line in lines] == [
        None,
        None,
        Outcome.IMPROVED,
        Outcome.WORSE,
    ]
    assert lines[2].heard.text == "6"


def test_movements_are_shown_by_name(told):
    assert movement_names(told)["m1"] == "Movement m1"


def test_minus_nought_is_nought(told, later):
    done = correct_rating(told, 6, -0.0, later)
    assert str(done.value[1]) == "0.0"


def test_a_rating_of_a_session_that_cannot_be_read_is_left_as_it_is(told, later, monkeypatch):
    monkeypatch.setattr(told, "histories", list)  # what is damaged is left out
    before = told.entries("a")
    with pytest.raises(CuewalkError, match="cannot be read"):
        correct_rating(told, 6, 4, later)
    assert told.entries("a") == before


def test_the_ratings_of_other_sessions_stay_as_they_were(told, later):
    """Ratings are numbered anew in every session, so theirs have the same numbers."""
    telling = Telling()
    telling.rate(RatingPhase.BASELINE, 6)
    telling.trial("m1", 6, 6)
    told.begin_session(telling.setup, "b", _START + timedelta(hours=1), telling.records)
    done = correct_rating(told, 6, 4, later)
    [now] = [now for (movement, _), _, now in done.buckets if movement == "m1"]
    assert {row.session: row.after for row in now.evidence} == {"a": 4, "b": 6}
