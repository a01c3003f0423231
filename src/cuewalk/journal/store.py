"""The journal in SQLite: durable when `append` returns, append-only, never written over when damaged.

Write-ahead log with every commit on the disk before the session goes on. Writers begin with
``BEGIN IMMEDIATE``; readers see one moment. Triggers refuse to change or delete entries; `forget`
drops the deleting one inside its own transaction, deletes, and makes it again: a crash leaves all as it was.
Each row has a checksum; what does not match it is left out and named.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    QueuePool,
    Row,
    Select,
    create_engine,
    delete,
    event,
    func,
    insert,
    literal_column,
    null,
    select,
    update,
)

from cuewalk import places
from cuewalk.domain.clock import as_they_came
from cuewalk.domain.errors import JournalError
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.records import RatingGiven, Record, SessionEnded, SessionStarted
from cuewalk.domain.setup import Setup
from cuewalk.engine.events import Event
from cuewalk.journal.api import OPEN, Damage, Entry, Imported, Journal, SessionRow
from cuewalk.journal.codec import RECORDS, encode
from cuewalk.journal.faults import damaged, journal_faults
from cuewalk.journal.lines import read_lines
from cuewalk.journal.memory import MemoryJournal
from cuewalk.journal.mending import mend
from cuewalk.journal.opening import check, is_there, look, prepare, way_to_read, way_to_write
from cuewalk.journal.rows import (
    LARGEST,
    Unchecked,
    checked,
    entry_of,
    session_of,
    session_sum,
    setup_of,
)
from cuewalk.journal.schema import CHECKED, ENTRIES, NO_DELETE, SESSIONS, version_of
from cuewalk.journal.shared import DerivedJournal, clip_of, no_entry, no_session, twice, with_offset

#: In the place of a session's id that is damaged.
_NO_NAME: Final = "unknown"
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
        look(path)
        there = is_there(path)
    if there:
        journal = SqliteJournal(path, read_only=True)
        if journal.version:
            return journal
        journal.close()  # its first opening was cut off before there was a table in it
    return MemoryJournal()


def _now() -> datetime:
    return datetime.now().astimezone()


class SqliteJournal(DerivedJournal):
    """A `Journal` in one file.

    Args:
        path: the file; it is made if it is missing, its folder is not.
        read_only: never write, not even a migration or a mending; for screens and exports.
        busy_ms: how long to wait for another program that is writing.
        now: the wall clock, for entries appended without their own.
        vfs: SQLite's name for how the file system is used; "" for the usual one.

    Raises:
        JournalError: if the file cannot be opened, is damaged, foreign or newer.
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
        self.path = path
        self.notices: list[str] = []
        self._now, self._reading = now or _now, read_only
        self._found: dict[tuple[str, int | None], Damage] = {}
        with journal_faults(path, reading=read_only):
            self._way = way_to_read(path, busy_ms, vfs) if read_only else way_to_write(path, busy_ms, vfs)
            try:
                self._engine = create_engine("sqlite://", poolclass=QueuePool, creator=self._way.connect)
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
            #: Of the file's tables; 0 if there are none yet.
            self.version = version_of(connection)
            self._unchecked = _unchecked(connection) if self.version >= CHECKED else Unchecked()

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
            if _row(connection, session_id) is not None:
                raise twice(session_id)
            row = SessionRow(session_id, moment, setup.programme.id, setup.locale, OPEN)
            _insert_session(connection, row, setup)
            return _add(connection, (session_id, 0, moment.isoformat()), coded)

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
            if _row(connection, session_id) is None:
                raise no_session(session_id)
            numbers = _add(connection, (session_id, at_ms, moment), coded)
            for item in items:
                if isinstance(item, SessionEnded):
                    ended = update(SESSIONS).where(SESSIONS.c.id == session_id).values(status=item.how)
                    connection.execute(ended)
        return numbers

    def entries(self, session_id: str) -> list[Entry]:
        """See `Journal.entries`."""
        return self._entries(session_id)

    def records(self, session_id: str) -> list[Record]:
        """See `Journal.records`; the many events of a session are not even read."""
        # What is no event by its kind is read, so that a damaged kind is found out.
        items = (entry.item for entry in self._entries(session_id, ENTRIES.c.kind.not_like("event:%")))
        return [item for item in items if isinstance(item, RECORDS)]

    def _entries(self, session_id: str, *which: ColumnElement[bool]) -> list[Entry]:
        with self._read() as connection:
            mine = self._all_entries().where(ENTRIES.c.session == session_id, *which)
            rows = connection.execute(mine.order_by(ENTRIES.c.seq)).all()
            if not rows and _row(connection, session_id) is None:
                raise no_session(session_id)
        return [entry for row in rows if (entry := self._entry(row)) is not None]

    def entry(self, entry_id: int) -> Entry:
        """See `Journal.entry`."""
        with self._read() as connection:
            row = connection.execute(self._all_entries().where(ENTRIES.c.id == entry_id)).first()
        if row is None:
            raise no_entry(entry_id)
        entry = self._entry(row)
        if entry is None:
            raise JournalError(
                f"Entry {entry_id} is damaged: {self._problem(entry_id)}.",
                meaning="It was left as it is, and nothing was changed.",
                remedy='"cuewalk log" shows the ratings that can be read.',
            )
        return entry

    def _all_entries(self) -> Select[Any]:
        return select(*self._columns(ENTRIES.c))

    def _all_sessions(self) -> Select[Any]:
        # In the order in which they were written down, whatever their dates say.
        number: ColumnElement[int] = literal_column("sessions.rowid").label("number")
        return select(*self._columns(SESSIONS.c), number).order_by(number)

    def _columns(self, columns: Iterable[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
        """Return the columns; a file of an older version has no checksums, and is read as it is."""
        if self.version >= CHECKED:
            return list(columns)
        return [null().label("checksum") if column.key == "checksum" else column for column in columns]

    def _entry(self, row: Row[Any]) -> Entry | None:
        try:
            return entry_of(row, self._unchecked)
        except ValueError as error:
            session = row.session if isinstance(row.session, str) else _NO_NAME
            self._note(Damage(session, row.id, str(error).rstrip(".")))
            return None

    def _problem(self, entry_id: int) -> str:
        return next(damage.problem for damage in self._found.values() if damage.entry == entry_id)

    def _note(self, damage: Damage) -> None:
        self._found.setdefault((damage.session, damage.entry), damage)

    def left_out(self) -> Sequence[Damage]:
        """See `Journal.left_out`."""
        return list(self._found.values())

    def sessions(self) -> list[SessionRow]:
        """See `Journal.sessions`."""
        return sorted(self._rows(), key=lambda row: row.started)

    def _rows(self) -> list[SessionRow]:
        """Return every session in the order in which it was written down."""
        with self._read() as connection:
            rows = connection.execute(self._all_sessions()).all()
            # Of a session whose row is damaged or lost the entries remain.
            known = select(SESSIONS.c.id)
            orphans = connection.execute(self._all_entries().where(ENTRIES.c.session.not_in(known))).all()
        found = [session for row in rows if (session := self._session(row)) is not None]
        names = {entry.session for row in orphans if (entry := self._entry(row)) is not None}
        lost = [self._from_entries(name, "its own row is lost") for name in sorted(names)]
        return found + [session for session in lost if session is not None]

    def _session(self, row: Row[Any]) -> SessionRow | None:
        try:
            return session_of(row, self._unchecked)
        except ValueError as error:
            if not isinstance(row.id, str):
                self._note(Damage(_NO_NAME, None, f"its own row: {error}"))
                return None
            return self._from_entries(row.id, f"its own row: {error}")

    def _from_entries(self, session_id: str, problem: str) -> SessionRow | None:
        """Return a session whose row cannot be believed as its entries tell of it, None if they do not."""
        self._note(Damage(session_id, None, problem))
        entries = self.entries(session_id)
        setups = [entry.item.setup for entry in entries if isinstance(entry.item, SessionStarted)]
        if not setups:
            return None
        ends = [entry.item.how for entry in entries if isinstance(entry.item, SessionEnded)]
        programme, locale = setups[0].programme.id, setups[0].locale
        return SessionRow(session_id, entries[0].wall, programme, locale, ends[-1] if ends else OPEN)

    def setup(self, session_id: str) -> Setup:
        """See `Journal.setup`."""
        for record in self.records(session_id):
            if isinstance(record, SessionStarted):
                return record.setup
        with self._read() as connection:
            row = connection.execute(self._all_sessions().where(SESSIONS.c.id == session_id)).first()
        if row is None:
            raise no_session(session_id)
        try:
            return setup_of(row, self._unchecked)
        except ValueError as error:
            raise damaged(self.path, f"the set-up of session {session_id} cannot be read") from error

    def histories(self) -> list[SessionRecords]:
        """See `Journal.histories`."""
        rows = self._rows()
        began = as_they_came([row.started for row in rows], self._now())
        told = [self._history(row, at) for row, at in zip(rows, began, strict=True)]
        for history in told:
            if not history.has_start:
                self._note(Damage(history.session, None, "its start was not kept"))
        kept = [history for history in told if history.has_start]
        return sorted(kept, key=lambda history: history.began or began[0])

    def history(self, session_id: str) -> SessionRecords:
        """See `Journal.history`."""
        for row in self._rows():
            if row.id == session_id:
                return self._history(row, row.started)
        raise no_session(session_id)

    def _history(self, row: SessionRow, began: datetime) -> SessionRecords:
        records = self.records(row.id)
        history = SessionRecords(row.id, began.date(), tuple(records), began)
        if history.has_start or not any(isinstance(record, RatingGiven) for record in records):
            return history
        # The session's row holds its set-up too: where only its start is damaged, nothing is lost.
        try:
            started = SessionStarted(setup=self.setup(row.id))
        except JournalError:
            return history
        return SessionRecords(row.id, began.date(), (started, *records), began)

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
            if session_id is not None and _row(connection, session_id) is None:
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


def _unchecked(connection: Connection) -> Unchecked:
    row = connection.exec_driver_sql("SELECT entries, sessions FROM unchecked").first()
    numbers = tuple(row) if row is not None else ()
    return Unchecked(*numbers) if numbers and all(isinstance(n, int) for n in numbers) else Unchecked()


def _row(connection: Connection, session_id: str) -> Row[Any] | None:
    return connection.execute(select(SESSIONS.c.id).where(SESSIONS.c.id == session_id)).first()


def _add(
    connection: Connection, place: tuple[str, int, str], coded: Iterable[tuple[str, str, str | None]]
) -> list[int]:
    """Append entries behind the last one that counts: a damaged number must not be counted on from."""
    session, at_ms, moment = place
    last = select(func.max(ENTRIES.c.seq)).where(ENTRIES.c.session == session)
    whole = (func.typeof(ENTRIES.c.seq) == "integer", ENTRIES.c.seq < LARGEST)
    seq = connection.execute(last.where(*whole)).scalar() or 0
    numbers = []
    for n, (kind, payload, clip) in enumerate(coded, start=1):
        values = {"session": session, "seq": seq + n, "clock_ms": at_ms, "wall": moment}
        values |= {"kind": kind, "payload": payload, "clip": clip}
        added = connection.execute(insert(ENTRIES).values(checked(values)).returning(ENTRIES.c.id))
        numbers.append(int(added.scalar_one()))
    return numbers


def _insert_session(connection: Connection, row: SessionRow, setup: Setup) -> None:
    started, text = row.started.isoformat(), setup.model_dump_json()
    connection.execute(
        insert(SESSIONS).values(
            id=row.id,
            started=started,
            programme=row.programme,
            locale=row.locale,
            status=row.status,
            setup=text,
            checksum=session_sum(row.id, started, row.programme, row.locale, text),
        )
    )


def _insert_entry(connection: Connection, entry: Entry, *, keep_number: bool) -> None:
    _, payload = encode(entry.item)
    values = {"session": entry.session, "seq": entry.seq, "clock_ms": entry.clock_ms, "clip": entry.clip}
    values |= {"wall": entry.wall.isoformat(), "kind": entry.kind, "payload": payload}
    number = {"id": entry.id} if keep_number else {}
    connection.execute(insert(ENTRIES).values(checked(values) | number))
