"""What the log, the summary, a replay and a correction say, as a person reads it."""

import datetime as dt
from io import StringIO

import pytest
from rich.console import Console

from cuewalk.domain.errors import JournalError
from cuewalk.domain.intents import Side
from cuewalk.domain.projection import SessionRecords, trials_of
from cuewalk.domain.records import RatingGiven, RatingPhase, TrialStarted
from cuewalk.engine.events import Begin
from cuewalk.journal.api import Damage
from cuewalk.review.corrections import correct_rating
from cuewalk.review.rating_log import rating_log, rating_words
from cuewalk.review.replay import replay
from cuewalk.review.summary import show_summary
from helpers.histories import MONDAY, Telling
from helpers.journals import memory_journal
from helpers.sessions import sample_setup, started

_BEGAN = dt.datetime(2026, 11, 21, 14, 5, tzinfo=dt.UTC)


def _lived() -> Telling:
    """Tell a session: a retry that helped after a correction, one skipped, one without a number after."""
    telling = Telling(sample_setup(4))
    telling.trial("m1", 5, 5)
    _, after = telling.trial("m1", 5, 5, attempt=2)
    telling.correct(after, 3)
    telling.skipped("m2", 4.5)
    telling.trial("m3", 5, None)
    return telling


def _kept(telling: Telling):
    journal = memory_journal()
    journal.begin_session(telling.setup, "a", _BEGAN, [Begin(), *telling.records[:1]])
    journal.append("a", 9000, telling.records[1:], wall=_BEGAN)
    return journal


def _shown(*, plain: bool) -> list[str]:
    out = StringIO()
    show_summary(_lived().on(), Console(file=out, width=120), plain=plain)
    return [line.rstrip() for line in out.getvalue().splitlines() if line.strip()]


def test_the_summary_is_a_table_of_every_trial() -> None:
    title, headings, _, *rows = _shown(plain=False)
    assert title == "What this session showed"
    assert headings.split() == ["movement", "side", "try", "before", "after", "verdict", "bucket"]
    assert [" ".join(row.split()) for row in rows] == [
        "Movement m1 left 1 5 5 unchanged tried again",
        "Movement m1 left 2 5 3 improved (clear) (corrected) keep",
        "Movement m2 left 1 4.5 \N{EN DASH} skipped \N{EN DASH}",
        "Movement m3 left 1 5 \N{EN DASH} not rated undecided",
    ]


def test_the_plain_summary_names_each_value() -> None:
    title, *rest = _shown(plain=True)
    assert title == "What this session showed"
    assert [" ".join(line.split()) for line in rest[:7]] == [
        "movement: Movement m1", "side: left", "try: 1", "before: 5", "after: 5", "verdict: unchanged",
        "bucket: tried again",
    ]  # fmt: skip


def test_a_corrected_rating_shows_its_original_struck_through() -> None:
    lines = rating_log(_kept(_lived()), _kept(_lived()).sessions()[0])
    assert [str(rating_words(line)) for line in lines] == ["5", "5", "5", "5 → 3", "4.5", "5", "\N{EN DASH}"]
    told = rating_words(lines[3])
    assert [(str(told)[span.start : span.end], span.style) for span in told.spans] == [
        ("5", "strike dim"),
        ("3", "bold"),
    ]


def test_a_line_of_the_log_says_where_a_number_belongs() -> None:
    telling = _lived()
    telling.begin("no-such-movement", telling.rate(RatingPhase.BEFORE, 4), Side.RIGHT)
    given = next(record for record in telling.records if isinstance(record, RatingGiven))
    journal = _kept(telling)
    journal.append("a", 9500, [given.model_copy(update={"rating": 9})], clips={1: "u1.wav"}, wall=_BEGAN)
    lines = rating_log(journal, journal.sessions()[0])
    assert [(line.movement, line.side, line.clip) for line in lines[-3:]] == [
        ("Movement m3", Side.LEFT, None),
        ("no-such-movement", Side.RIGHT, None),
        ("", None, "u1.wav"),
    ]
    assert [line.missing_reason for line in lines if line.value is None] == ["silence"]


@pytest.mark.parametrize(("damaged", "part"), [(True, "a part"), (False, "the start")])
def test_a_session_that_is_not_whole_is_not_replayed(monkeypatch, damaged, part) -> None:
    telling = Telling()
    journal = memory_journal()
    events = [Begin()] if damaged else []
    journal.begin_session(telling.setup, "a", _BEGAN, [*events, *telling.records])
    monkeypatch.setattr(journal, "left_out", lambda: [Damage("a" if damaged else "b", 3, "test")])
    with pytest.raises(JournalError) as caught:
        replay(journal, "a")
    assert str(caught.value) == (
        f"Session a cannot be replayed: {part} of it is missing. Nothing was changed. What can be read of it "
        "is shown by the other commands. cuewalk log a"
    )


def test_damage_of_another_session_is_no_reason() -> None:
    world = started(1)
    journal = memory_journal()
    journal.begin_session(world.session.setup, "a", _BEGAN, [Begin(), *world.records])
    journal.left_out = lambda: [Damage("b", 3, "test")]
    found = replay(journal, "a")
    assert (found.events, found.agrees, found.differing) == (1, True, [])


def test_a_number_of_another_session_is_not_corrected() -> None:
    journal = _kept(_lived())
    with pytest.raises(JournalError) as caught:
        correct_rating(journal, 2, 4, _BEGAN)
    assert str(caught.value) == (
        'Entry 2 is not a rating but "session started". Nothing was changed. "cuewalk log" shows the number '
        "of every rating."
    )
    journal.histories = list
    with pytest.raises(JournalError) as caught:
        correct_rating(journal, 3, 4, _BEGAN)
    assert str(caught.value) == (
        'Entry 3 belongs to a session that cannot be read. Nothing was changed. "cuewalk log" names what is '
        "damaged."
    )


def test_a_correction_of_a_rating_that_is_gone_says_so() -> None:
    telling = Telling()
    telling.correct(7, 3)
    journal = _kept(telling)
    with pytest.raises(JournalError, match="Correct the rating itself: entry unknown"):
        correct_rating(journal, 3, 4, _BEGAN)


def test_a_correction_leaves_other_sessions_alone() -> None:
    journal = _kept(_lived())
    other = Telling(sample_setup(4))
    other.trial("m1", 6, 6)
    journal.begin_session(other.setup, "b", _BEGAN + dt.timedelta(days=1), [Begin(), *other.records])
    first = next(entry for entry in journal.entries("a") if isinstance(entry.item, RatingGiven))
    done = correct_rating(journal, first.id, 8, _BEGAN + dt.timedelta(days=2))
    assert [now.before for _, now in done.trials] == [8]
    assert journal.records("b") == other.records


def test_a_trial_that_began_without_any_number_has_none_before() -> None:
    telling = Telling()
    telling.begin("m1", None)
    (row,) = trials_of(SessionRecords("a", MONDAY, tuple(telling.records)))
    assert isinstance(telling.records[-1], TrialStarted)
    assert (row.before, row.before_rating, row.after, row.judged) == (None, None, None, False)
