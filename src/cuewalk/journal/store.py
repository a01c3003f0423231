"""The journal in SQLite: durable when `append` returns, append-only, never written over when damaged.

Write-ahead log with every commit on the disk before the session goes on. Writers begin with
``BEGIN IMMEDIATE``; readers see one moment. Triggers refuse to change or delete entries; `forget`
drops the deleting one inside its own transaction, deletes, and makes it again: a crash leaves all as it was.
Each row has a checksum (`rows`); what does not match it is left out and named (`reader`).
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Final

from cuewalk import places
from cuewalk.domain.errors import BugError, JournalError
from cuewalk.domain.heard import Heard
from cuewalk.domain.records import Record, SessionEnded
from cuewalk.domain.setup import Setup
from cuewalk.engine.events import Event
from cuewalk.journal.api import OPEN, Imported, Journal, SessionRow
from cuewalk.journal.codec import encode, is_event
from cuewalk.journal.export import read_lines
from cuewalk.journal.faults import DamagedJournalError, journal_faults
from cuewalk.journal.mending import mend
from cuewalk.journal.opening import (
    Way,
    check,
    is_there,
    look,
    prepare,
    transaction,
    way_to_read,
    way_to_write,
)
from cuewalk.journal.reader import JournalReader, no_session
from cuewalk.journal.rows import append_items, insert_entry, insert_session
from cuewalk.journal.salvage import way_to_what_is_left
from cuewalk.journal.schema import NO_DELETE

FILE_NAME: Final = "journal.sqlite"


def open_journal() -> "SqliteJournal":
    """Open the person's journal in their data folder, for writing.

    Raises:
        CuewalkError: if the folder or the file cannot be used.
    """
    return SqliteJournal(places.writable_data_dir() / FILE_NAME)


def read_journal() -> Journal:
    """Open the person's journal for reading, also where nothing can be written; empty if there is none.

    Raises:
        JournalError: if there is one and it cannot be read.
    """
    path = places.data_dir() / FILE_NAME
    with journal_faults(path, reading=True):
        try:
            look(path)
            there = is_there(path)
        except DamagedJournalError:
            there = True  # emptied beside its log: what is in that can be read
    if there:
        journal = SqliteJournal(path, read_only=True)
        if journal.version:
            return journal
        journal.close()  # its first opening was cut off before there was a table in it
    return SqliteJournal(path, way=Way(":memory:", busy_ms=0))


def _now() -> datetime:
    return datetime.now().astimezone()


class SqliteJournal(JournalReader):
    """A `Journal` in one file.

    Args:
        path: the file; it is made if it is missing, its folder is not.
        read_only: never write, not even a migration or a mending; for screens and exports. Of a damaged
            file what is left is read, from a private copy (`salvage`).
        busy_ms: how long to wait for another program that is writing.
        now: the wall clock, for entries appended without their own.
        vfs: SQLite's name for how the file system is used; "" for the usual one.
        way: how the file is opened, if not by its path.

    Raises:
        JournalError: if the file cannot be opened, is foreign or newer, or is so damaged that, to
            be read, no row of it is left.
    """

    def __init__(
        self,
        path: Path,
        *,
        read_only: bool = False,
        busy_ms: int = 5000,
        now: Callable[[], datetime] | None = None,
        vfs: str = "",
        way: Way | None = None,
    ) -> None:
        super().__init__(path, now or _now)
        self.notices: list[str] = []
        self._reading = read_only
        self._connection: sqlite3.Connection | None = None
        #: One connection serves every thread, one after the other.
        self._turn = RLock()
        with journal_faults(path, reading=read_only, opening=True):
            if read_only:
                self._open_to_read(busy_ms, vfs)
            else:
                self._open(way or way_to_write(path, busy_ms, vfs))

    def _open_to_read(self, busy_ms: int, vfs: str) -> None:
        try:
            with journal_faults(self.path, reading=True, opening=True):
                self._open(way_to_read(self.path, busy_ms, vfs))
        except DamagedJournalError as error:
            way, told = way_to_what_is_left(self.path, busy_ms, error)
            self._open(way)
            self.notices.append(told)

    def _open(self, way: Way) -> None:
        self._way = way
        try:
            self._connection = connection = way.connect()
            if self._reading:
                check(connection, self.path)
            else:
                self.notices += prepare(connection, self.path)
                self.notices += mend(connection, self.path, self._now())
            self._look(connection)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def _read(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        with journal_faults(self.path, reading=not write), self._turn:
            if self._connection is None:
                raise BugError("The journal was used after it was closed.")
            with transaction(self._connection, write=write):
                yield self._connection

    @contextmanager
    def _write(self, session_id: str | None = None) -> Iterator[sqlite3.Connection]:
        """Return the connection for a block that writes all it does, or nothing; check the session first."""
        with self._read(write=True) as connection:
            if session_id is not None and not _has(connection, session_id):
                raise no_session(session_id)
            yield connection

    def begin_session(
        self, setup: Setup, session_id: str, at: datetime, items: Sequence[Event | Record] = ()
    ) -> list[int]:
        """See `Journal.begin_session`."""
        moment = _with_offset(at)
        with self._write() as connection:
            if _has(connection, session_id):
                raise JournalError(
                    f"There is a session {session_id} in the journal already.",
                    meaning="It was left as it is.",
                )
            row = SessionRow(session_id, moment, setup.programme.id, setup.locale, OPEN)
            insert_session(connection, row, setup)
            return append_items(connection, session_id, 0, moment, [(item, None) for item in items])

    def append(
        self,
        session_id: str,
        at_ms: int,
        items: Sequence[Event | Record],
        *,
        clips: Mapping[int, str] | None = None,
        wall: datetime | None = None,
    ) -> list[int]:
        """See `Journal.append`."""
        with_clips = [(item, _clip_of(item, clips or {})) for item in items]
        with self._write(session_id) as connection:
            moment = _with_offset(wall or self._now())
            numbers = append_items(connection, session_id, at_ms, moment, with_clips)
            for item in items:
                if isinstance(item, SessionEnded):
                    connection.execute("UPDATE sessions SET status = ? WHERE id = ?", (item.how, session_id))
        return numbers

    def import_lines(self, lines: Iterable[str]) -> Imported:
        """See `Journal.import_lines`."""
        with self._write() as connection:
            known, taken = (
                frozenset(row[0] for row in connection.execute(f"SELECT id FROM {table}"))  # noqa: S608
                for table in ("sessions", "entries")
            )
            read = read_lines(lines, known)
            entries = sorted((e for session in read for e in session.entries), key=lambda entry: entry.id)
            renumbered = any(entry.id in taken for entry in entries)
            for session in read:
                insert_session(connection, session.row, session.setup)
            for entry in entries:
                kind, payload = encode(entry.item)
                values = {"session": entry.session, "seq": entry.seq, "clock_ms": entry.clock_ms}
                values |= {"wall": entry.wall.isoformat(), "kind": kind, "payload": payload}
                number = {} if renumbered else {"id": entry.id}
                insert_entry(connection, values | {"clip": entry.clip} | number)
        return Imported(len(read), len(entries), renumbered)

    def forget(self, session_id: str | None = None) -> int:
        """See `Journal.forget`."""
        with self._write(session_id) as connection:
            which, given = ("", ()) if session_id is None else (" WHERE session = ?", (session_id,))
            connection.execute("DROP TRIGGER entries_no_delete")
            gone = connection.execute(f"DELETE FROM entries{which}", given).rowcount  # noqa: S608
            connection.execute(NO_DELETE)
            which = which.replace("session", "id")
            connection.execute(f"DELETE FROM sessions{which}", given)  # noqa: S608
        with journal_faults(self.path), self._turn:
            # The log still holds the deleted pages: write it back and cut it to nothing.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone

    def close(self) -> None:
        """See `Journal.close`."""
        with self._turn:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        if hasattr(self, "_way"):
            self._way.done()


def _has(connection: sqlite3.Connection, session_id: str) -> bool:
    return connection.execute("SELECT 1 FROM sessions WHERE id = ?", (session_id,)).fetchone() is not None


def _with_offset(moment: datetime) -> datetime:
    """Return a wall time that says its offset; a naive one is taken as local time."""
    return moment.astimezone() if moment.tzinfo is None else moment


def _clip_of(item: Event | Record, clips: Mapping[int, str]) -> str | None:
    """Return the clip an item refers to: a record's own utterance, when it was saved."""
    heard = getattr(item, "heard", None)
    if is_event(item) or not isinstance(heard, Heard) or heard.utterance is None:
        return None
    return clips.get(heard.utterance)
