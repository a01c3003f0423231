"""One suite over the journal in a file and the one in memory, which is read where there is none."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from cuewalk.domain.errors import JournalError
from cuewalk.domain.intents import Command, CommandSaid
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.records import (
    NoteTaken,
    RatingGiven,
    RatingPhase,
    SessionEnded,
    SessionPaused,
    SessionStarted,
    TrialStarted,
)
from cuewalk.engine.events import Begin, CueFinished, Understood
from cuewalk.journal import store
from cuewalk.journal.api import Imported
from cuewalk.journal.store import Journal
from helpers.journals import memory_journal
from helpers.sessions import heard, sample_setup

RATING = RatingGiven(rating=1, trial=None, phase=RatingPhase.BASELINE, value=6, heard=heard("six"))
STOP = Understood(intent=CommandSaid(command=Command.STOP), heard=heard("stop"))


START = datetime(2026, 11, 21, 14, 5, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture(scope="module")
def setup():
    return sample_setup()


@pytest.fixture
def start():
    return START


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite"


@pytest.fixture(params=["file", "memory"])
def journal(request, path):
    journal = Journal(path) if request.param == "file" else memory_journal()
    yield journal
    journal.close()


@pytest.fixture
def begun(journal, setup, start):
    journal.begin_session(setup, "a", start)
    journal.append("a", 0, [Begin(), SessionStarted(setup=setup)], wall=start)
    journal.append("a", 20, [STOP, RATING], wall=start)
    return journal


def copy_of(journal):
    other = memory_journal()
    other.import_lines(journal.export_lines())
    return other


def test_entries_come_back_in_order_with_clock_and_kind(begun, setup, start):
    entries = begun.entries("a")
    assert [entry.item for entry in entries] == [Begin(), SessionStarted(setup=setup), STOP, RATING]
    assert [entry.kind for entry in entries] == [
        "event:begin",
        "record:session_started",
        "event:understood",
        "record:rating_given",
    ]
    assert [(entry.seq, entry.clock_ms) for entry in entries] == [(1, 0), (2, 0), (3, 20), (4, 20)]
    assert {entry.wall for entry in entries} == {start}
    assert entries[0].wall.utcoffset() == timedelta(hours=1)


def test_entry_numbers_are_unique_over_sessions_and_find_their_entry(begun, setup, start):
    begun.begin_session(setup, "b", start)
    (number,) = begun.append("b", 0, [Begin()])
    (other,) = begun.append("a", 40, [CueFinished(cue=1)])
    assert (begun.entry(number).session, begun.entry(number).seq) == ("b", 1)
    assert (begun.entry(other).session, begun.entry(other).seq) == ("a", 5)


def test_an_empty_step_appends_nothing(begun):
    assert begun.append("a", 60, []) == []
    assert len(begun.entries("a")) == 4


def test_events_and_records_are_told_apart(begun, setup, start):
    assert begun.events("a") == [Begin(), STOP]
    assert begun.records("a") == [SessionStarted(setup=setup), RATING]
    whole = SessionRecords("a", start.date(), (SessionStarted(setup=setup), RATING), start)
    assert begun.histories() == [whole]
    assert begun.history("a") == whole


def test_the_setup_is_there_before_anything_was_appended(journal, setup, start):
    journal.begin_session(setup, "a", start)
    assert journal.setup("a") == setup
    assert journal.entries("a") == []


def test_wall_time_is_now_with_an_offset_unless_given(begun):
    (number,) = begun.append("a", 60, [Begin()])
    wall = begun.entry(number).wall
    assert wall.utcoffset() is not None
    clock = store._now() if isinstance(begun, Journal) else datetime.now().astimezone()
    assert timedelta(0) <= clock - wall < timedelta(minutes=1)


def test_sessions_are_listed_oldest_first_with_how_they_ended(begun, setup, start):
    begun.begin_session(setup, "z", start - timedelta(days=1))
    begun.append("z", 0, [SessionEnded(how="completed")])
    rows = [(row.id, row.programme, row.locale, row.status) for row in begun.sessions()]
    assert rows == [("z", "sample", "en-US", "completed"), ("a", "sample", "en-US", "open")]


def test_the_newest_unended_session_is_offered_for_resume(begun, setup, start):
    begun.begin_session(setup, "b", start + timedelta(hours=1))
    assert begun.latest_interrupted().id == "b"
    begun.append("b", 0, [SessionPaused(reason="asked"), SessionEnded(how="stopped")])
    assert begun.latest_interrupted().id == "a"
    begun.append("a", 0, [SessionEnded(how="abandoned")])
    assert begun.latest_interrupted() is None


def test_a_session_cannot_begin_twice(begun, setup, start):
    with pytest.raises(JournalError, match="a session a in the journal already"):
        begun.begin_session(setup, "a", start)


@pytest.mark.parametrize("ask", ["entries", "events", "records", "setup", "forget", "history"])
def test_an_unknown_session_is_a_sentence(begun, ask):
    with pytest.raises(JournalError, match=r"There is no session nope .* log --all"):
        getattr(begun, ask)("nope")


def test_unknown_sessions_and_entries_are_sentences_elsewhere_too(begun):
    with pytest.raises(JournalError, match="no session nope"):
        begun.append("nope", 0, [Begin()])
    with pytest.raises(JournalError, match="no session nope"):
        list(begun.export_lines("nope"))
    with pytest.raises(JournalError, match="no entry 999"):
        begun.entry(999)


def test_only_the_record_of_an_utterance_refers_to_its_clip(begun):
    note = NoteTaken(heard=heard("note").model_copy(update={"utterance": 7}))
    numbers = begun.append("a", 9, [STOP, RATING, note, Begin()], clips={1: "a-0001.wav", 2: "a-0002.wav"})
    assert [begun.entry(number).clip for number in numbers] == [None, "a-0001.wav", None, None]


class TestForget:
    def test_one_session_leaves_the_others(self, begun, setup, start):
        begun.begin_session(setup, "b", start)
        begun.append("b", 0, [Begin()])
        assert begun.forget("a") == 4
        assert [row.id for row in begun.sessions()] == ["b"]
        assert len(begun.entries("b")) == 1

    def test_everything(self, begun):
        assert begun.forget() == 4
        assert begun.sessions() == []

    def test_the_session_can_be_begun_anew_and_numbers_are_not_used_again(self, begun, setup, start):
        last = begun.entries("a")[-1].id
        begun.forget("a")
        begun.begin_session(setup, "a", start)
        assert begun.append("a", 0, [Begin()])[0] > last


class TestExportAndImport:
    def test_nothing_is_lost(self, begun):
        begun.append("a", 70, [RATING, SessionEnded(how="stopped")], clips={1: "a-0001.wav"})
        other = copy_of(begun)
        assert other.entries("a") == begun.entries("a")
        assert other.sessions() == begun.sessions()
        assert other.setup("a") == begun.setup("a")

    def test_into_the_real_journal_too(self, begun, tmp_path):
        lines = list(begun.export_lines())
        begun.forget()
        assert begun.import_lines(lines) == Imported(sessions=1, entries=4, renumbered=False)
        assert list(begun.export_lines()) == lines
        assert begun.append("a", 80, [Begin()]) == [5]

    def test_one_session_alone(self, begun, setup, start):
        begun.begin_session(setup, "b", start)
        kinds = [json.loads(line)["line"] for line in begun.export_lines("b")]
        assert kinds == ["header", "session"]

    def test_numbers_that_are_taken_are_given_anew(self, begun, setup, start):
        other = memory_journal()
        other.begin_session(setup, "b", start)
        other.append("b", 0, [Begin(), STOP])
        assert begun.import_lines(other.export_lines()).renumbered
        assert [entry.id for entry in begun.entries("b")] == [5, 6]
        assert [entry.item for entry in begun.entries("b")] == [Begin(), STOP]
        assert len(begun.entries("a")) == 4

    def test_empty_lines_are_allowed(self, begun):
        lines = [f"{line}\n" for line in begun.export_lines()]
        assert memory_journal().import_lines(["\n", *lines, "", "\n"]).entries == 4

    @pytest.mark.parametrize(
        ("number", "change", "problem"),
        [
            (1, lambda line: None, "header is missing"),
            (1, lambda line: line | {"version": 99}, "written by a newer cuewalk"),
            (1, lambda line: line | {"format": "other"}, "cuewalk-journal"),
            (2, lambda line: None, "line of session a must come before"),
            (2, lambda line: line | {"id": "../a"}, "id: String should match"),
            (2, lambda line: line | {"started": "2026-11-21T14:05:00"}, "needs its offset"),
            (2, lambda line: line | {"setup": {}}, "setup.programme: Field required"),
            (3, lambda line: line | {"id": 2}, "Entry number 2 is there twice"),
            (3, lambda line: line | {"id": 2**63}, "id: Input should be less than"),
            (4, lambda line: line | {"seq": 1}, "seq 1 does not come after 1"),
            (5, lambda line: line | {"kind": "event:dreamt"}, 'holds "understood"'),
            (5, lambda line: line | {"kind": "thought:understood"}, "neither an event nor a record"),
            (5, lambda line: line | {"item": {"kind": "dreamt"}}, "does not match any of the expected tags"),
            (6, lambda line: line | {"clip": "../../secret.wav"}, "clip: String should match"),
            (6, lambda line: line | {"wall": "yesterday"}, "wall: "),
            (6, lambda line: line | {"extra": 1}, "extra: Extra inputs"),
        ],
    )
    def test_a_wrong_line_is_named_and_nothing_is_imported(self, begun, number, change, problem):
        lines = list(begun.export_lines())
        changed = change(json.loads(lines[number - 1]))
        lines[number - 1] = json.dumps(changed) if changed else "\n"
        begun.forget()
        with pytest.raises(JournalError) as caught:
            begun.import_lines(lines)
        located = number + 1 if changed is None or "twice" in problem else number
        assert f"Line {located} of the export cannot be read" in str(caught.value) or "newer" in problem
        assert problem in str(caught.value)
        assert "Nothing was imported" in str(caught.value) or "newer" in problem
        assert begun.sessions() == []

    def test_a_torn_line_is_named(self, begun):
        lines = list(begun.export_lines())
        with pytest.raises(JournalError, match="Line 6 of the export cannot be read: Invalid JSON"):
            memory_journal().import_lines([*lines[:5], lines[5][:-9]])

    def test_a_session_that_is_here_already_is_not_imported_twice(self, begun):
        lines = list(begun.export_lines())
        with pytest.raises(JournalError, match=r"Line 2 .*Session a is in the journal already"):
            begun.import_lines(lines)
        assert list(begun.export_lines()) == lines

    def test_a_trial_before_the_start_of_its_session_is_refused(self, journal, setup, start):
        trial = TrialStarted(
            trial=1, movement="m1", side="left", attempt=1, before=None, pace=1, range_level=1
        )
        journal.begin_session(setup, "a", start)
        journal.append("a", 0, [trial])
        with pytest.raises(JournalError, match=r"Line 3 .*before its session has started"):
            copy_of(journal)
