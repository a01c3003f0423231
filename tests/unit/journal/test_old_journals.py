"""Journals of older versions open and give the verdicts, buckets and ratings that those versions gave.

`tools/old_journals.py` has made them: every programme demonstrated, ratings corrected, a session cut off by
``kill -9`` and taken up again.
"""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tools.old_journals import told, unpack

from cuewalk.domain.records import SessionStarted
from cuewalk.engine.events import Begin
from cuewalk.journal.store import Journal
from cuewalk.review.replay import replay

_FOLDER = Path(__file__).parents[2] / "data" / "old_journals"
_LATER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(params=sorted(path.stem for path in _FOLDER.glob("*.jsonl")))
def old(request, tmp_path):
    """The file of a journal as the older version left it, and what that version told of it."""
    path = tmp_path / "journal.sqlite"
    unpack((_FOLDER / f"{request.param}.jsonl").read_text("utf-8").splitlines(), path)
    return path, json.loads((_FOLDER / f"{request.param}.json").read_text("utf-8"))


def test_it_is_read_as_it_is_with_the_same_verdicts(old):
    path, then = old
    before = path.read_bytes()
    assert told(path) == then
    assert path.read_bytes() == before, "reading is no reason to change an old file"


def test_it_gives_the_same_verdicts_after_it_was_brought_to_the_newest_version(old):
    path, then = old
    with closing(sqlite3.connect(path)) as raw:
        summed = "checksum" in {column[1] for column in raw.execute("PRAGMA table_info(entries)")}
    with closing(Journal(path, now=lambda: _LATER)) as journal:
        assert journal.notices == []
        assert journal.histories()
        assert journal.left_out() == [], "nothing of it is missing"
        entries = [entry for row in journal.sessions() for entry in journal.entries(row.id)]
        vouched = {entry.checked for entry in entries}
        assert vouched == {summed}, "nothing vouches for what was there before entries had a checksum"
    assert told(path) == then


def test_every_session_replays_to_the_same_verdicts(old):
    path, then = old
    with closing(Journal(path, read_only=True, now=lambda: _LATER)) as journal:
        for session, *_ in then["sessions"]:
            again = replay(journal, session)
            assert again.agrees, session
            assert [row.trial for row in again.now] == [row[0] for row in then["trials"][session]]


def test_it_goes_on_being_written_with_checksums(old):
    path, then = old
    session = then["sessions"][-1][0]
    with closing(Journal(path, now=lambda: _LATER)) as journal:
        items = list(journal.records(session))[-1:]
        (number,) = journal.append(session, 10**9, items)
        assert journal.entry(number).checked
        assert len(journal.entries(session)) == then["entries"][session] + 1


def test_an_export_of_it_imported_elsewhere_is_the_same(old, tmp_path):
    path, then = old
    other = tmp_path / "other.sqlite"
    with (
        closing(Journal(path, read_only=True)) as journal,
        closing(Journal(other, now=lambda: _LATER)) as new,
    ):
        new.import_lines(journal.export_lines())
        assert list(new.export_lines()) == list(journal.export_lines())
        assert all(entry.checked for entry in new.entries(then["sessions"][0][0]))
    assert told(other) == then


def test_a_session_begun_after_the_last_old_one_was_forgotten_is_not_believed_without_its_checksum(old):
    path, then = old
    setup_of = then["sessions"][0][0]
    with closing(Journal(path, now=lambda: _LATER)) as journal:
        setup = journal.setup(setup_of)
        for session, *_ in then["sessions"][-2:]:
            journal.forget(session)
        journal.begin_session(setup, "new-1", _LATER, [Begin(), SessionStarted(setup=setup)])
        assert journal.histories()
        assert journal.left_out() == [], "nothing of it is missing"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE sessions SET checksum = NULL, programme = 'other' WHERE id = 'new-1'")
    with closing(Journal(path, now=lambda: _LATER)) as journal:
        journal.sessions()
        assert [(each.session, each.problem) for each in journal.left_out()] == [
            ("new-1", "its own row: its checksum is missing")
        ]


def test_old_sessions_are_believed_after_others_were_forgotten(old):
    path, then = old
    ids = [session for session, *_ in then["sessions"]]
    with closing(Journal(path, now=lambda: _LATER)) as journal:
        journal.forget(ids[0])
        assert {row.id for row in journal.sessions()} == set(ids[1:])
        assert journal.histories()
        assert journal.left_out() == [], "nothing of it is missing"


def test_of_one_that_is_cut_off_what_is_left_is_read_without_checksums(old):
    path, _ = old
    with closing(Journal(path, read_only=True)) as journal:
        whole = {row.id: journal.entries(row.id) for row in journal.sessions()}
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with closing(Journal(path, read_only=True)) as journal:
        assert "can still be read" in " ".join(journal.notices)
        left = [entry for row in journal.sessions() for entry in journal.entries(row.id)]
        assert len(left) > 50
        assert all(entry in whole[entry.session] for entry in left)
