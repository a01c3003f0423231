"""The journal in SQLite: durable when `append` returns, append-only, never written over when damaged.

Write-ahead log with every commit on the disk before the session goes on. Writers begin with
``BEGIN IMMEDIATE``; readers see one moment. Triggers refuse to change or delete entries; `forget`
drops the deleting one inside its own transaction, deletes, and makes it again: a crash leaves all as it was.
Each row has a checksum (`inserting`); what does not match it is left out and named (`reader`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, QueuePool, create_engine, delete, event, select, update

from cuewalk import places
from cuewalk.domain.records import Record, SessionEnded
from cuewalk.domain.setup import Setup
from cuewalk.engine.events import Event
from cuewalk.journal.api import OPEN, Imported, Journal, SessionRow
from cuewalk.journal.codec import encode
from cuewalk.journal.faults import DamagedJournalError, journal_faults
from cuewalk.journal.inserting import add_entries, insert_entry, insert_session, row_of
from cuewalk.journal.lines import read_lines
from cuewalk.journal.memory import MemoryJournal
from cuewalk.journal.mending import mend
from cuewalk.journal.opening import Way, check, is_there, look, prepare, way_to_read, way_to_write
from cuewalk.journal.reader import TableReader
from cuewalk.journal.salvage import way_to_what_is_left
from cuewalk.journal.schema import ENTRIES, NO_DELETE, SESSIONS
from cuewalk.journal.shared import clip_of, no_session, twice, with_offset

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
    return MemoryJournal()


def _now() -> datetime:
    return datetime.now().astimezone()


class SqliteJournal(TableReader):
    """A `Journal` in one file.

    Args:
        path: the file; it is made if it is missing, its folder is not.
        read_only: never write, not even a migration or a mending; for screens and exports. Of a damaged
            file what is left is read, from a private copy (`salvage`).
        busy_ms: how long to wait for another program that is writing.
        now: the wall clock, for entries appended without their own.
        vfs: SQLite's name for how the file system is used; "" for the usual one.

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
    ) -> None:
        super().__init__(path, now or _now)
        self.notices: list[str] = []
        self._reading = read_only
        with journal_faults(path, reading=read_only, opening=True):
            if read_only:
                self._open_to_read(busy_ms, vfs)
            else:
                self._open(way_to_write(path, busy_ms, vfs))

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
            self._engine = create_engine("sqlite://", poolclass=QueuePool, creator=way.connect)
            event.listen(self._engine, "begin", _begin)
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        if self._reading:
            with self._engine.connect() as connection:
                check(connection, self.path)
        else:
            self.notices += prepare(self._engine, self.path)
            self.notices += mend(self._engine, self.path, self._now())
        with self._engine.connect() as connection:
            self._look(connection)

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with journal_faults(self.path, reading=True), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with (
            journal_faults(self.path),
            self._engine.connect().execution_options(write=True) as connection,
            connection.begin(),
        ):
            yield connection

    def begin_session(
        self, setup: Setup, session_id: str, at: datetime, items: Sequence[Event | Record] = ()
    ) -> list[int]:
        """See `Journal.begin_session`."""
        moment = with_offset(at)
        coded = [(*encode(item), None) for item in items]
        with self._write() as connection:
            if row_of(connection, session_id) is not None:
                raise twice(session_id)
            row = SessionRow(session_id, moment, setup.programme.id, setup.locale, OPEN)
            insert_session(connection, row, setup)
            return add_entries(connection, (session_id, 0, moment.isoformat()), coded)

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
        moment = with_offset(wall or self._now()).isoformat()
        coded = [(*encode(item), clip_of(item, clips or {})) for item in items]
        with self._write() as connection:
            if row_of(connection, session_id) is None:
                raise no_session(session_id)
            numbers = add_entries(connection, (session_id, at_ms, moment), coded)
            for item in items:
                if isinstance(item, SessionEnded):
                    ended = update(SESSIONS).where(SESSIONS.c.id == session_id).values(status=item.how)
                    connection.execute(ended)
        return numbers

    def import_lines(self, lines: Iterable[str]) -> Imported:
        """See `Journal.import_lines`."""
        with self._write() as connection:
            known = frozenset(connection.execute(select(SESSIONS.c.id)).scalars())
            read = read_lines(lines, known)
            taken = frozenset(connection.execute(select(ENTRIES.c.id)).scalars())
            entries = sorted((e for session in read for e in session.entries), key=lambda entry: entry.id)
            renumbered = any(entry.id in taken for entry in entries)
            for session in read:
                insert_session(connection, session.row, session.setup)
            for entry in entries:
                insert_entry(connection, entry, keep_number=not renumbered)
        return Imported(len(read), len(entries), renumbered)

    def forget(self, session_id: str | None = None) -> int:
        """See `Journal.forget`."""
        with self._write() as connection:
            if session_id is not None and row_of(connection, session_id) is None:
                raise no_session(session_id)
            entries, sessions = delete(ENTRIES), delete(SESSIONS)
            if session_id is not None:
                entries = entries.where(ENTRIES.c.session == session_id)
                sessions = sessions.where(SESSIONS.c.id == session_id)
            connection.exec_driver_sql("DROP TRIGGER entries_no_delete")
            gone = connection.execute(entries).rowcount
            connection.exec_driver_sql(NO_DELETE)
            connection.execute(sessions)
        with self._read() as connection:
            # The log still holds the deleted pages: write it back and cut it to nothing.
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone

    def close(self) -> None:
        """See `Journal.close`."""
        if hasattr(self, "_engine"):
            self._engine.dispose()
        self._way.done()


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
