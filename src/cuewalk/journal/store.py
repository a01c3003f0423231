"""The journal in SQLite: durable when `append` returns, append-only, never written over when damaged.

Write-ahead log with ``synchronous=FULL``: a commit is on the disk before the session goes on. Writers begin
with ``BEGIN IMMEDIATE``; readers see one moment. Triggers refuse to change or delete entries; `forget`
drops the deleting one inside its own transaction, deletes, and makes it again: a crash leaves all as it was.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, QueuePool, Row, create_engine, delete, event, func, insert, select, update

from cuewalk import places
from cuewalk.domain.records import Record, SessionEnded
from cuewalk.domain.setup import Setup
from cuewalk.engine.events import Event
from cuewalk.journal.api import OPEN, Entry, Imported, SessionRow
from cuewalk.journal.codec import RECORDS, decode, encode
from cuewalk.journal.faults import damaged, journal_faults
from cuewalk.journal.lines import read_lines
from cuewalk.journal.opening import connect, look, prepare
from cuewalk.journal.schema import ENTRIES, NO_DELETE, SESSIONS
from cuewalk.journal.shared import DerivedJournal, clip_of, no_entry, no_session, twice, with_offset

FILE_NAME: Final = "journal.sqlite"


def open_journal(*, read_only: bool = False) -> "SqliteJournal":
    """Open the person's journal in their data folder.

    Raises:
        CuewalkError: if the folder or the file cannot be used.
    """
    return SqliteJournal(places.data_dir() / FILE_NAME, read_only=read_only)


def _now() -> datetime:
    return datetime.now().astimezone()


class SqliteJournal(DerivedJournal):
    """A `Journal` in one file.

    Args:
        path: the file; it is made if it is missing, its folder is not.
        read_only: never write, not even a migration; for screens and exports.
        busy_ms: how long to wait for another program that is writing.
        now: the wall clock, for entries appended without their own.

    Raises:
        JournalError: if the file cannot be opened, is damaged, foreign or newer.
    """

    def __init__(
        self,
        path: Path,
        *,
        read_only: bool = False,
        busy_ms: int = 5000,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self.path = path
        self._now = now
        self._engine = create_engine(
            "sqlite://",
            poolclass=QueuePool,
            creator=lambda: connect(path, read_only=read_only, busy_ms=busy_ms),
        )
        event.listen(self._engine, "begin", _begin)
        with journal_faults(path):
            look(path, read_only=read_only)
            try:
                prepare(self._engine, path, read_only=read_only)
            except BaseException:
                self._engine.dispose()
                raise

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with journal_faults(self.path), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with (
            journal_faults(self.path),
            self._engine.connect().execution_options(write=True) as connection,
            connection.begin(),
        ):
            yield connection

    def begin_session(self, setup: Setup, session_id: str, at: datetime) -> None:
        """See `Journal.begin_session`."""
        with self._write() as connection:
            if _session(connection, session_id) is not None:
                raise twice(session_id)
            row = SessionRow(session_id, with_offset(at), setup.programme.id, setup.locale, OPEN)
            _insert_session(connection, row, setup)

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
            if _session(connection, session_id) is None:
                raise no_session(session_id)
            last = select(func.max(ENTRIES.c.seq)).where(ENTRIES.c.session == session_id)
            seq = connection.execute(last).scalar() or 0
            numbers = []
            for n, (kind, payload, clip) in enumerate(coded, start=1):
                row = {"session": session_id, "seq": seq + n, "clock_ms": at_ms, "wall": moment}
                row |= {"kind": kind, "payload": payload, "clip": clip}
                added = connection.execute(insert(ENTRIES).values(row).returning(ENTRIES.c.id))
                numbers.append(int(added.scalar_one()))
            for item in items:
                if isinstance(item, SessionEnded):
                    ended = update(SESSIONS).where(SESSIONS.c.id == session_id).values(status=item.how)
                    connection.execute(ended)
        return numbers

    def entries(self, session_id: str) -> list[Entry]:
        """See `Journal.entries`."""
        return self._entries(session_id, "%")

    def records(self, session_id: str) -> list[Record]:
        """See `Journal.records`; the many events of a session are not even read."""
        items = (entry.item for entry in self._entries(session_id, "record:%"))
        return [item for item in items if isinstance(item, RECORDS)]

    def _entries(self, session_id: str, kinds: str) -> list[Entry]:
        with self._read() as connection:
            if _session(connection, session_id) is None:
                raise no_session(session_id)
            mine = select(ENTRIES).where(ENTRIES.c.session == session_id, ENTRIES.c.kind.like(kinds))
            rows = connection.execute(mine.order_by(ENTRIES.c.seq)).all()
        return [self._entry(row) for row in rows]

    def entry(self, entry_id: int) -> Entry:
        """See `Journal.entry`."""
        with self._read() as connection:
            row = connection.execute(select(ENTRIES).where(ENTRIES.c.id == entry_id)).first()
        if row is None:
            raise no_entry(entry_id)
        return self._entry(row)

    def _entry(self, row: Row[Any]) -> Entry:
        try:
            item = decode(row.kind, row.payload)
        except ValueError as error:
            raise damaged(self.path, f"entry {row.id}: {error}") from error
        wall = datetime.fromisoformat(row.wall)
        return Entry(row.id, row.session, row.seq, row.clock_ms, wall, row.kind, item, row.clip)

    def sessions(self) -> list[SessionRow]:
        """See `Journal.sessions`."""
        with self._read() as connection:
            rows = connection.execute(select(SESSIONS)).all()
        found = [
            SessionRow(row.id, datetime.fromisoformat(row.started), row.programme, row.locale, row.status)
            for row in rows
        ]
        return sorted(found, key=lambda row: row.started)

    def setup(self, session_id: str) -> Setup:
        """See `Journal.setup`."""
        with self._read() as connection:
            row = _session(connection, session_id)
        if row is None:
            raise no_session(session_id)
        try:
            return Setup.model_validate_json(row.setup)
        except ValueError as error:
            raise damaged(self.path, f"the set-up of session {session_id} cannot be read") from error

    def import_lines(self, lines: Iterable[str]) -> Imported:
        """See `Journal.import_lines`."""
        with self._write() as connection:
            known = frozenset(connection.execute(select(SESSIONS.c.id)).scalars())
            read = read_lines(lines, known)
            taken = frozenset(connection.execute(select(ENTRIES.c.id)).scalars())
            entries = sorted((e for session in read for e in session.entries), key=lambda entry: entry.id)
            renumbered = any(entry.id in taken for entry in entries)
            for session in read:
                _insert_session(connection, session.row, session.setup)
            for entry in entries:
                _insert_entry(connection, entry, keep_number=not renumbered)
        return Imported(len(read), len(entries), renumbered)

    def forget(self, session_id: str | None = None) -> int:
        """See `Journal.forget`."""
        with self._write() as connection:
            if session_id is not None and _session(connection, session_id) is None:
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
        self._engine.dispose()


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _session(connection: Connection, session_id: str) -> Row[Any] | None:
    return connection.execute(select(SESSIONS).where(SESSIONS.c.id == session_id)).first()


def _insert_session(connection: Connection, row: SessionRow, setup: Setup) -> None:
    connection.execute(
        insert(SESSIONS).values(
            id=row.id,
            started=row.started.isoformat(),
            programme=row.programme,
            locale=row.locale,
            status=row.status,
            setup=setup.model_dump_json(),
        )
    )


def _insert_entry(connection: Connection, entry: Entry, *, keep_number: bool) -> None:
    kind, payload = encode(entry.item)
    number = {"id": entry.id} if keep_number else {}
    values = {"session": entry.session, "seq": entry.seq, "clock_ms": entry.clock_ms, "clip": entry.clip}
    wall = entry.wall.isoformat()
    connection.execute(insert(ENTRIES).values(**number, **values, wall=wall, kind=kind, payload=payload))
