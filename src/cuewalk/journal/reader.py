"""Reading the journal's tables: what can be believed of them, and what has to be left out and named."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Final

from cuewalk.domain.clock import as_they_came
from cuewalk.domain.errors import JournalError
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.records import RatingGiven, Record, SessionEnded, SessionStarted
from cuewalk.domain.setup import Setup
from cuewalk.engine.events import Event
from cuewalk.journal.api import OPEN, Damage, Entry, Fate, SessionRow
from cuewalk.journal.codec import EVENTS, RECORDS
from cuewalk.journal.export import entry_line, header_line, session_line
from cuewalk.journal.faults import damaged
from cuewalk.journal.rows import ALL_SESSIONS, Row, Unchecked, entry_of, session_of, setup_of
from cuewalk.journal.schema import CHECKED, value, version_of

#: In the place of a session's id that is damaged.
_NO_NAME: Final = "unknown"


class JournalReader:
    """The reading half of a journal in SQLite; the class that has the connection derives from it.

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

    def _read(self) -> AbstractContextManager[sqlite3.Connection]:
        """Return the connection, which sees one moment for the block."""
        raise NotImplementedError

    def _query(self, query: str, *given: object) -> list[sqlite3.Row]:
        with self._read() as connection:
            return connection.execute(query, given).fetchall()

    def _look(self, connection: sqlite3.Connection) -> None:
        """Find out the version of the tables and which rows may lack a checksum."""
        self.version = version_of(connection)
        if self.version >= CHECKED:
            row = connection.execute("SELECT entries FROM unchecked").fetchone()
            self._unchecked = Unchecked(row[0]) if row and isinstance(row[0], int) else Unchecked()
        for damage in missing(connection) if self.version else ():
            self._note(damage)

    def entries(self, session_id: str) -> list[Entry]:
        """See `Journal.entries`."""
        return self._entries(session_id)

    def events(self, session_id: str) -> list[Event]:
        """See `Journal.events`."""
        return [entry.item for entry in self._entries(session_id) if isinstance(entry.item, EVENTS)]

    def records(self, session_id: str) -> list[Record]:
        """See `Journal.records`; the many events of a session are not even read."""
        # What is no event by its kind is read, so that a damaged kind is found out.
        items = (entry.item for entry in self._entries(session_id, "AND kind NOT LIKE 'event:%'"))
        return [item for item in items if isinstance(item, RECORDS)]

    def _entries(self, session_id: str, which: str = "") -> list[Entry]:
        rows = self._query(f"SELECT * FROM entries WHERE session = ? {which} ORDER BY seq", session_id)  # noqa: S608
        if not rows and not self._query("SELECT 1 FROM sessions WHERE id = ?", session_id):
            raise no_session(session_id)
        return [entry for row in rows if (entry := self._entry(row)) is not None]

    def entry(self, entry_id: int) -> Entry:
        """See `Journal.entry`."""
        rows = self._query("SELECT * FROM entries WHERE id = ?", entry_id)
        if not rows:
            raise JournalError(
                f"There is no entry {entry_id} in the journal.",
                remedy='"cuewalk log" shows the number of every rating.',
            )
        entry = self._entry(rows[0])
        if entry is None:
            problem = next(damage.problem for damage in self._found.values() if damage.entry == entry_id)
            raise JournalError(
                f"Entry {entry_id} is damaged: {problem}.",
                meaning="It was left as it is, and nothing was changed.",
                remedy='"cuewalk log" shows the ratings that can be read.',
            )
        return entry

    def _entry(self, row: Row) -> Entry | None:
        try:
            return entry_of(row, self._unchecked)
        except ValueError as error:
            session = row["session"] if isinstance(row["session"], str) else _NO_NAME
            self._note(Damage(session, row["id"], str(error).rstrip(".")))
            return None

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
        # In the order in which they were written down, whatever their dates say.
        rows = self._query(f"{ALL_SESSIONS} ORDER BY rowid")
        # Of a session whose row is damaged or lost the entries remain.
        orphans = self._query("SELECT * FROM entries WHERE session NOT IN (SELECT id FROM sessions)")
        found = [session for row in rows if (session := self._session(row)) is not None]
        names = {entry.session for row in orphans if (entry := self._entry(row)) is not None}
        lost = [self._from_entries(name, "its own row is lost") for name in sorted(names)]
        return found + [session for session in lost if session is not None]

    def _session(self, row: Row) -> SessionRow | None:
        try:
            return session_of(row, self._unchecked)
        except ValueError as error:
            if not isinstance(row["id"], str):
                self._note(Damage(_NO_NAME, None, f"its own row: {error}"))
                return None
            return self._from_entries(row["id"], f"its own row: {error}")

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
        rows = self._query(f"{ALL_SESSIONS} WHERE id = ?", session_id)
        if not rows:
            raise no_session(session_id)
        try:
            return setup_of(rows[0], self._unchecked)
        except ValueError as error:
            raise damaged(self.path, f"the set-up of session {session_id} cannot be read") from error

    def histories(self) -> list[SessionRecords]:
        """See `Journal.histories`."""
        rows = self._rows()
        began = as_they_came([row.started for row in rows], self._now())
        histories = [self._history(row, at) for row, at in zip(rows, began, strict=True)]
        for history in histories:
            if not history.has_start:
                self._note(Damage(history.session, None, "its start was not kept"))
        kept = [history for history in histories if history.has_start]
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

    def latest_interrupted(self) -> SessionRow | None:
        """See `Journal.latest_interrupted`."""
        return next((row for row in reversed(self.sessions()) if row.status == OPEN), None)

    def export_lines(self, session_id: str | None = None) -> Iterator[str]:
        """See `Journal.export_lines`."""
        rows = [row for row in self.sessions() if session_id in {None, row.id}]
        if session_id is not None and not rows:
            raise no_session(session_id)
        return self._export(rows)

    def _export(self, rows: list[SessionRow]) -> Iterator[str]:
        yield header_line()
        for row in rows:
            yield session_line(row, self.setup(row.id))
            yield from map(entry_line, self.entries(row.id))


def no_session(session_id: str) -> JournalError:
    """Return the error for a session that is not in the journal."""
    return JournalError(
        f"There is no session {session_id} in the journal.", remedy='"cuewalk log --all" lists them.'
    )


#: Entries with the one before them, of the sessions that are not numbered through. An index holds all of it.
_GAPS: Final = """
    SELECT * FROM (
        SELECT session, seq, id, lag(seq, 1, 0) OVER entry AS seq_before, lag(id) OVER entry AS id_before
        FROM entries WHERE typeof(seq) = 'integer' AND seq > 0 AND session IN (
            SELECT session FROM entries WHERE typeof(session) = 'text'
            GROUP BY session HAVING min(seq) != 1 OR max(seq) != count(*))
        WINDOW entry AS (PARTITION BY session ORDER BY seq))
    WHERE seq > seq_before + 1 ORDER BY id"""
_THERE: Final = "SELECT count(*) FROM entries WHERE id > ? AND id < ?"
_WHY: Final = "kept once, and not in the file any more"


def missing(connection: sqlite3.Connection) -> Iterator[Damage]:
    """Yield what is missing between the entries of each session; its last ones cannot be known by numbers.

    ENTRY numbers tell damage from loss: a damaged number of a session leaves no hole in them. Nor does an
    import of what was left when it was exported. A forgotten session leaves no entry that could miss others.
    """
    for session, seq, number, seq_before, id_before in connection.execute(_GAPS).fetchall():
        before = number - seq if id_before is None else id_before
        between = number - before - 1
        there = value(connection, _THERE, before, number)
        lost = min(seq - seq_before - 1, between - there)
        if lost > 0:
            known = lost == between == seq - seq_before - 1
            what = _numbers(before + 1, lost) if known else _count(lost, before, number)
            yield Damage(session, before + 1, _WHY, Fate.MISSING, what)


def _numbers(first: int, count: int) -> str:
    return f"entry {first}" if count == 1 else f"each of the entries {first} to {first + count - 1}"


def _count(count: int, before: int, after: int) -> str:
    between = f"between the entries {before} and {after}" if before > 0 else f"before entry {after}"
    return f"one entry {between}" if count == 1 else f"each of {count} entries {between}"
