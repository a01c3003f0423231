"""Of a journal that SQLite refuses, what can still be believed is shown; the file itself is never touched."""

import re
import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cuewalk.checkup.checking import check_everything
from cuewalk.domain.errors import JournalError
from cuewalk.domain.projection import ratings_of
from cuewalk.engine.events import Begin
from cuewalk.journal import opening
from cuewalk.journal.pages import pages_of, rows_in
from cuewalk.journal.store import FILE_NAME, Journal, open_journal, read_journal
from helpers.histories import Telling

SESSIONS = 12


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A journal of many pages, with texts that are longer than one of them."""
    path = tmp_path_factory.mktemp("whole") / FILE_NAME
    start = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
    with closing(Journal(path)) as journal:
        for number in range(SESSIONS):
            telling = Telling()
            telling.trial("m1", 6, 3)
            name = f"s{number:02}"
            journal.begin_session(telling.setup, name, start, [Begin(), *telling.records])
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
    return path


def tables(path):
    with closing(sqlite3.connect(path)) as raw:
        return {
            table: set(raw.execute(f"SELECT rowid, * FROM {table}").fetchall())
            for table in ("entries", "sessions")
        }


def test_the_rows_are_those_that_sqlite_reads(whole):
    found = list(rows_in(pages_of(whole.read_bytes())))
    entries = {(number, number, *values[1:]) for number, values in found if len(values) == 9}
    sessions = {(number, *values) for number, values in found if len(values) == 7}
    assert {"entries": entries, "sessions": sessions} == tables(whole)


def broken(whole, tmp_path, change):
    path = tmp_path / FILE_NAME
    data = bytearray(whole.read_bytes())
    path.write_bytes(change(data))
    return path


def cut(data):
    return data[: len(data) * 6 // 10]


def without_header(data):
    data[:100] = bytes(100)
    return data


def without_schema(data):
    data[:4096] = b"\xa5" * 4096
    return data


def a_page_overwritten(data):
    data[9 * 4096 : 10 * 4096] = b"\xa5" * 4096
    return data


@pytest.mark.parametrize(
    ("change", "at_least"),
    [(cut, 20), (without_header, 6 * SESSIONS - 2), (without_schema, 60), (a_page_overwritten, 50)],
)
def test_what_is_left_is_shown_with_how_much_it_is_and_the_file_is_not_touched(
    whole, tmp_path, monkeypatch, change, at_least
):
    path = broken(whole, tmp_path, change)
    before = path.read_bytes()
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    with closing(read_journal()) as journal:
        (told,) = journal.notices
        entries = [entry for row in journal.sessions() for entry in journal.entries(row.id)]
        ratings = [ratings_of(history.records) for history in journal.histories()]
        found = re.search(r"(\d+) (of 72 )?entries can still be read, with (\d+) ratings in them", told)
        assert found
        assert at_least <= len(entries) <= int(found[1])
        assert sum(map(len, ratings)) <= int(found[3]) <= 2 * SESSIONS
        assert found[2] or int(found[1]) == 6 * SESSIONS
        assert "left exactly as it is, and nothing can be added" in told
        assert f'mv "{path}"' in told
        assert {row.value for rows in ratings for row in rows.values()} <= {6, 3}
    with pytest.raises(JournalError, match="is damaged"):
        open_journal()
    checks = {check.name: check for check in check_everything(listen=False)}
    assert not checks["journal"].ok
    assert "can still be read" in checks["journal"].says
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == [FILE_NAME], "a copy stayed"


def test_what_is_only_in_the_log_is_read_as_well(whole, tmp_path, start, monkeypatch):
    """A machine that lost power in the midst of a session, and then the first page of the file."""
    path = tmp_path / "live" / FILE_NAME
    path.parent.mkdir()
    shutil.copy(whole, path)
    home = tmp_path / "home"
    home.mkdir()
    with closing(Journal(path)) as journal:
        journal.append("s00", 20, [Begin()] * 40)
        for file in (path, path.with_name(path.name + "-wal")):
            shutil.copy(file, home / file.name)
    damaged = bytearray((home / FILE_NAME).read_bytes())
    damaged[4096 * 2 : 4096 * 4] = b"\xa5" * 8192
    for content in (bytes(damaged), b""):
        (home / FILE_NAME).write_bytes(content)
        log = (home / f"{FILE_NAME}-wal").read_bytes()
        monkeypatch.setenv("CUEWALK_HOME", str(home))
        with closing(read_journal()) as journal:
            assert "can still be read" in " ".join(journal.notices)
            assert sum(entry.clock_ms == 20 for entry in journal.entries("s00")) == 40
        assert (home / FILE_NAME).read_bytes() == content
        assert (home / f"{FILE_NAME}-wal").read_bytes() == log


@given(
    keep=st.floats(0.02, 1),
    marks=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=300)), max_size=8
    ),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_happens_to_the_file_only_what_was_kept_is_shown(whole, tmp_path, keep, marks):
    data = bytearray(whole.read_bytes())
    for place, noise in marks:
        at = int(place * len(data))
        data[at : at + len(noise)] = noise
    path = tmp_path / FILE_NAME
    path.write_bytes(data[: int(len(data) * keep)])
    true = {row[1:4] for row in tables(whole)["entries"]}
    try:
        journal = Journal(path, read_only=True)
    except JournalError:
        return  # nothing is left, or it is no journal of ours any more
    with closing(journal):
        for row in journal.sessions():
            for entry in journal.entries(row.id):
                assert (entry.id, entry.session, entry.seq) in true


def test_no_copy_of_a_damaged_journal_is_left_behind(whole, tmp_path, monkeypatch):
    """Where nothing can be written beside it a copy is opened first, and then what is left of the file."""
    path, elsewhere = broken(whole, tmp_path, without_schema), tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    monkeypatch.setattr(opening, "_beside", _cannot)
    monkeypatch.setattr(opening, "_unchanging", _cannot)
    path.with_name(path.name + "-wal").touch()
    with closing(Journal(path, read_only=True)) as journal:
        assert journal.notices
        assert len(journal.sessions()) == SESSIONS
    assert list(elsewhere.iterdir()) == []


def _cannot(*_arguments):
    raise sqlite3.OperationalError("unable to open database file")
