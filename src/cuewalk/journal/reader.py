"""Reading the journal's tables: what can be believed of them, and what has to be left out and named."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, literal_column, null, select

from cuewalk.domain.clock import as_they_came
from cuewalk.domain.errors import JournalError
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.records import RatingGiven, Record, SessionEnded, SessionStarted
from cuewalk.domain.setup import Setup
from cuewalk.journal.api import OPEN, Damage, Entry, Fate, SessionRow
from cuewalk.journal.codec import RECORDS
from cuewalk.journal.faults import damaged
from cuewalk.journal.gaps import missing
from cuewalk.journal.inserting import row_of
from cuewalk.journal.rows import FIRST_ENTRY, Unchecked, entry_of, session_of, setup_of
from cuewalk.journal.schema import CHECKED, ENTRIES, SESSIONS, version_of
from cuewalk.journal.shared import DerivedJournal, no_entry, no_session

#: In the place of a session's id that is damaged.
_NO_NAME: Final = "unknown"


class TableReader(DerivedJournal):
    """The reading half of a journal in SQLite; whoever has the connections is its child.

    Args:
        path: the file, for sentences.
        now: the wall clock, to judge dates that lie ahead.
    """

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self.path = path
        self._now = now
        #: Of the file's tables; 0 if there are none yet.
        self.version = 0
        self._unchecked = Unchecked()
        self._found: dict[tuple[str, int | None], Damage] = {}

    @abstractmethod
    def _read(self) -> AbstractContextManager[Connection]:
        """Return a connection that sees one moment."""

    def _look(self, connection: Connection) -> None:
        """Find out the version of the tables and which rows may lack a checksum."""
        self.version = version_of(connection)
        self._unchecked = _unchecked(connection) if self.version >= CHECKED else Unchecked()
        for damage in missing(connection) if self.version else ():
            self._note(damage)

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
            if not rows and row_of(connection, session_id) is None:
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
        as_written: ColumnElement[int] = literal_column("sessions.rowid")
        return select(*self._columns(SESSIONS.c), FIRST_ENTRY).order_by(as_written)

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
        entries = self.entries(session_id)
        setups = [entry.item.setup for entry in entries if isinstance(entry.item, SessionStarted)]
        self._note(Damage(session_id, None, problem, Fate.SHOWN if setups else Fate.LEFT_OUT))
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
        ended = any(isinstance(record, SessionEnded) for record in records)
        if row.status != OPEN and not ended and not any(row.id == each.session for each in self.left_out()):
            self._note(Damage(row.id, None, "its last entries are missing", Fate.CUT_OFF))
        history = SessionRecords(row.id, began.date(), tuple(records), began)
        if history.has_start or not any(isinstance(record, RatingGiven) for record in records):
            return history
        # The session's row holds its set-up too: where only its start is damaged, nothing is lost.
        try:
            started = SessionStarted(setup=self.setup(row.id))
        except JournalError:
            return history
        return SessionRecords(row.id, began.date(), (started, *records), began)


def _unchecked(connection: Connection) -> Unchecked:
    row = connection.exec_driver_sql("SELECT entries FROM unchecked").first()
    return Unchecked(row[0]) if row is not None and isinstance(row[0], int) else Unchecked()
