"""A start that is killed leaves a home in which everything else is still there, and the next start works.

A process kills itself with SIGKILL in the middle of a real start (engine, logbook, SQLite), at each step of
it; another one then reads and starts again.
"""

import json
import os
import signal
import sqlite3
import warnings
from contextlib import closing
from datetime import UTC, datetime

import pytest
import typer
from typer.testing import CliRunner

from cuewalk.app import live_session
from cuewalk.cli.buckets import buckets
from cuewalk.cli.evidence import evidence
from cuewalk.cli.log import log
from cuewalk.cli.replay import replay
from cuewalk.content.load import load_catalogue
from cuewalk.domain.records import RatingGiven, RatingPhase, SessionEnded, SessionStarted
from cuewalk.engine.effects import Append
from cuewalk.engine.events import Begin
from cuewalk.engine.session import Session
from cuewalk.journal import opening, store
from cuewalk.journal.store import FILE_NAME, Journal, open_journal, read_journal
from cuewalk.session.logbook import JournalLogbook
from cuewalk.session.notices import NoticeBoard
from cuewalk.session.stage import why_not_taken_up
from cuewalk.settings import Settings
from helpers.histories import Telling
from helpers.sessions import sample_setup

#: Whose function it is that the process dies before or after.
OWNERS = {
    "way_to_write": store,
    "migrate": opening,
    "prepare": live_session,
    "_has": store,
    "insert_session": store,
    "append_items": store,
    "begin_session": Journal,
    "write": JournalLogbook,
    "step": Session,
    "begin": live_session,
    "close": Journal,
}


class NoStage:
    """Everything of a stage that a start needs."""

    settings, notices, voices = Settings(), NoticeBoard(), ()


def start(place):
    """Start a session as a live one does, in a process of its own; return how that ended.

    ``place`` is "function:before" or "function:after"; there the process kills itself.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # numpy has threads; the child uses none of them
        child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        name, when = place.split(":")
        if name in OWNERS:
            setattr(OWNERS[name], name, dying(getattr(OWNERS[name], name), when))
        with closing(open_journal()) as journal:
            request = live_session.SessionRequest("feet-up", take_up=lambda row: False)
            session_id, session, first, _ = live_session._start(
                journal, NoStage(), CATALOGUE, request, datetime.now(UTC)
            )
            records = [effect.record for effect in session.step(first) if isinstance(effect, Append)]
            JournalLogbook(journal, session_id, None).write(0, first, records)
        os._exit(0)
    finally:
        os._exit(1)


def dying(function, when):
    def call(*arguments, **named):
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        function(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return call


CATALOGUE = load_catalogue("en-US")
PLACES = [
    f"{place}:{when}"
    for place in (
        "way_to_write",
        "prepare",
        "begin",
        "step",
        "write",
        "begin_session",
        "_has",
        "insert_session",
    )
    for when in ("before", "after")
] + [
    "migrate:before",
    "migrate:after",
    "append_items:before",
    "append_items:after",
    "close:before",
    "close:after",
]

app = typer.Typer()
for command in (log, buckets, evidence, replay):
    app.command()(command)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def lived_in(home):
    """A home with one whole session in it."""
    telling = Telling()
    telling.trial("m1", 6, 3)
    with closing(open_journal()) as journal:
        at = datetime(2026, 1, 2, 8, tzinfo=UTC)
        journal.begin_session(telling.setup, "whole", at, [Begin(), *telling.records])
        journal.append("whole", 9000, [SessionEnded(how="completed")])
    return home


def run(*arguments):
    result = CliRunner().invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.output


@pytest.mark.parametrize("place", PLACES)
def test_a_start_killed_anywhere_hides_nothing_and_the_next_one_works(lived_in, place):
    assert start(place) == -signal.SIGKILL
    assert "whole" in run("log", "--all")
    assert "improved" in run("log", "whole")
    assert "Keep" in run("buckets")
    assert json.loads(run("evidence", "--json"))["movements"][0]["n"] == 1
    with closing(read_journal()) as journal:
        assert journal.left_out() == []
        kept = [row.id for row in journal.sessions()]
        assert all(journal.history(row).has_start for row in kept), "a session without its start"
        assert [history.session for history in journal.histories()] == kept
    assert start("nowhere:after") == 0
    with closing(read_journal()) as journal:
        assert len(journal.histories()) == len(kept) + 1
        assert journal.sessions()[-1].status == "open"


@pytest.mark.parametrize(
    "place", ["way_to_write:after", "migrate:before", "migrate:after", "append_items:after"]
)
def test_the_very_first_start_killed_leaves_an_empty_home(home, place):
    assert start(place) == -signal.SIGKILL
    assert "The journal is empty" in run("log")
    assert start("nowhere:after") == 0
    with closing(read_journal()) as journal:
        assert len(journal.histories()) == 1


def broken(home, *, entries=()):
    """Leave a session as an older version's start did that was cut off: its row without its first entry."""
    with closing(Journal(home / FILE_NAME)) as journal:
        journal.begin_session(sample_setup(), "cut-off", datetime(2026, 1, 3, 8, tzinfo=UTC))
        if entries:
            journal.append("cut-off", 0, list(entries))


def test_a_home_with_a_start_cut_off_by_an_older_version_is_read_and_the_session_named(lived_in):
    broken(lived_in)
    assert "whole" in run("log", "--all")
    assert "Keep" in run("buckets")
    told = run("evidence")
    assert "session cut-off (its start was not kept)" in told
    assert told.count("cut-off") == 1


def test_opening_it_for_writing_mends_it_and_keeps_a_copy_first(lived_in):
    broken(lived_in)
    with closing(open_journal()) as journal:
        (told,) = journal.notices
        assert [row.id for row in journal.sessions()] == ["whole"]
        assert journal.left_out() == []
    copies = list(lived_in.glob("*.before-mending-*"))
    assert len(copies) == 1
    assert str(copies[0]) in told
    assert copies[0].stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(copies[0])) as raw:
        assert raw.execute("SELECT count(*) FROM sessions").fetchone() == (2,), "the copy is as it was before"
    with closing(open_journal()) as journal:
        assert journal.notices == [], "it is mended once"
    assert list(lived_in.glob("*.before-mending-*")) == copies


def test_what_such_a_session_holds_besides_is_never_taken_out(lived_in):
    rating = RatingGiven(rating=1, trial=None, phase=RatingPhase.BASELINE, value=4)
    broken(lived_in, entries=[rating])
    with closing(open_journal()) as journal:
        assert len(journal.notices) == 1
        assert journal.history("cut-off").records == (rating, SessionStarted(setup=sample_setup()))
        assert {history.session for history in journal.histories()} == {"whole", "cut-off"}


def test_without_room_for_the_copy_nothing_is_mended_and_everything_else_works(lived_in, monkeypatch):
    broken(lived_in)

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cuewalk.journal.opening.copy_beside", full)
    with closing(open_journal()) as journal:
        assert journal.notices == []
        assert [history.session for history in journal.histories()] == ["whole"]
        assert len(journal.sessions()) == 2


def test_a_session_without_its_start_is_not_taken_up_and_that_is_said(lived_in):
    """It would begin nowhere and say nothing for ever."""
    broken(lived_in)
    with closing(read_journal()) as journal:
        row = journal.latest_interrupted()
        told = why_not_taken_up(journal, row)
    assert "cannot be taken up: its start was not kept" in told
    assert "a new session begins" in told
