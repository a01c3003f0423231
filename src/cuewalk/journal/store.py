"""The journal in SQLite: durable when `append` returns, append-only, never written over when damaged.

It has a write-ahead log, and every commit is on the disk before the session goes on. Writers begin with
``BEGIN IMMEDIATE``; readers see one moment. Triggers refuse to change or delete entries; `forget` drops the
deleting one inside its own transaction, deletes, and makes it again: a crash leaves everything as it was.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Final

from cuewalk import places
from cuewalk.domain.clock import as_they_came
from cuewalk.domain.errors import BugError, JournalError
from cuewalk.domain.heard import Heard
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.records import RatingGiven, Record, SessionEnded, SessionStarted
from cuewalk.domain.setup import Setup
from cuewalk.engine.events import Event
from cuewalk.journal.api import OPEN, Damage, Entry, Fate, Imported, SessionRow
from cuewalk.journal.export import entry_line, header_line, read_lines, session_line
from cuewalk.journal.faults import DamagedJournalError, damaged, journal_faults
from cuewalk.journal.opening import (
    Way,
    check,
    is_there,
    look,
    mend,
    prepare,
    transaction,
    way_to_read,
    way_to_write,
)
from cuewalk.journal.rows import (
    ALL_SESSIONS,
    EVENTS,
    RECORDS,
    JournalRow,
    Unchecked,
    append_items,
    entry_of,
    insert_entry,
    insert_session,
    missing,
    session_of,
    setup_of,
)
from cuewalk.journal.salvage import way_to_what_is_left
from cuewalk.journal.schema import CHECKED, NO_DELETE, version_of

FILE_NAME: Final = "journal.sqlite"
#: Stands for a session id that is damaged.
_NO_NAME: Final = "unknown"


def open_journal() -> "Journal":
    """Open the person's journal in their data folder, for writing.

    Raises:
        CuewalkError: if the folder or the file cannot be used.
    """
    return Journal(places.writable_data_dir() / FILE_NAME)


def read_journal() -> "Journal":
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
            there = True  # emptied, but its write-ahead log can still be read
    if there:
        journal = Journal(path, read_only=True)
        if journal.version:
            return journal
        journal.close()  # its first opening was cut off before there was a table in it
    return Journal(path, way=Way(":memory:", busy_ms=0))


def _now() -> datetime:
    return datetime.now().astimezone()


class Journal:
    """The append-only log of every session, in one file.

    Every method raises `JournalError` when the journal cannot be read or written, and for a session or an
    entry that is not in it. What has been appended is never changed; `forget` deletes. Each row has a
    checksum (`rows`); what does not match it is left out of everything that is read, and `left_out` names it.

    Args:
        path: the file; it is made if it is missing, its folder is not.
        read_only: never write, not even a migration or a mending; for screens and exports. Of a damaged
            file what is left is read, from a private copy (`salvage`).
        busy_ms: how long to wait for another program that is writing.
        now: the wall clock, for entries appended without their own.
        vfs: SQLite's name for how the file system is used; "" for the usual one.
        way: how the file is opened, if not by its path.

    Raises:
        JournalError: if the file cannot be opened, is foreign or newer, or is damaged; when reading, only if
            no row of it is left.
    """

    def __init__(
        self,
        path: Path,
        *,
        read_only: bool = False,
        busy_ms: int = 5000,
        now: Callable[[], datetime] = _now,
        vfs: str = "",
        way: Way | None = None,
    ) -> None:
        self.path = path
        #: Sentences for the person about the file itself, to be shown once.
        self.notices: list[str] = []
        #: Of the file's tables; 0 if there are none yet.
        self.version = 0
        self._now = now
        self._reading = read_only
        self._unchecked = Unchecked()
        self._found: dict[tuple[str, int | None], Damage] = {}
        self._connection: sqlite3.Connection | None = None
        #: One connection serves every thread, one after the other.
        self._turn = RLock()
        with journal_faults(path, reading=read_only, opening=True):
            if not read_only:
                self._open(way or way_to_write(path, busy_ms, vfs))
                return
            try:
                with journal_faults(path, reading=True, opening=True):
                    self._open(way_to_read(path, busy_ms, vfs))
            except DamagedJournalError as error:
                left, told = way_to_what_is_left(path, busy_ms, error)
                self._open(left)
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
            self.version = version_of(connection)
            if self.version >= CHECKED:
                row = connection.execute("SELECT entries FROM unchecked").fetchone()
                self._unchecked = Unchecked(row[0]) if row and isinstance(row[0], int) else Unchecked()
            for damage in missing(connection) if self.version else ():
                self._note(damage)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Release the file; a second call does nothing."""
        with self._turn:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        if hasattr(self, "_way"):
            self._way.done()

    @contextmanager
    def _transaction(self, *, write: bool) -> Iterator[sqlite3.Connection]:
        with journal_faults(self.path, reading=not write), self._turn:
            if self._connection is None:
                raise BugError("The journal was used after it was closed.")
            with transaction(self._connection, write=write):
                yield self._connection

    @contextmanager
    def _write(self, session_id: str | None = None) -> Iterator[sqlite3.Connection]:
        """Give the connection to a block that writes all it does, or nothing; check the session first."""
        with self._transaction(write=True) as connection:
            if session_id is not None and not _has(connection, session_id):
                raise _no_session(session_id)
            yield connection

    def _query(self, query: str, *given: object) -> list[sqlite3.Row]:
        with self._transaction(write=False) as connection:
            return connection.execute(query, given).fetchall()

    def begin_session(
        self, setup: Setup, session_id: str, at: datetime, items: Sequence[Event | Record] = ()
    ) -> list[int]:
        """Begin a session at ``at`` with its first step, both or neither of them; return the ENTRY numbers.

        ``items`` hold its `SessionStarted`: a session without one cannot be read. Durable on return.
        """
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
        """Append all items of one engine step, or none of them, and return their ENTRY numbers.

        Durable on return. A record whose ``heard.utterance`` is in ``clips`` refers to that clip, which may
        be saved later. ``wall`` is now unless given.
        """
        with_clips = [(item, _clip_of(item, clips or {})) for item in items]
        with self._write(session_id) as connection:
            moment = _with_offset(wall or self._now())
            numbers = append_items(connection, session_id, at_ms, moment, with_clips)
            for item in items:
                if isinstance(item, SessionEnded):
                    connection.execute("UPDATE sessions SET status = ? WHERE id = ?", (item.how, session_id))
        return numbers

    def import_lines(self, lines: Iterable[str]) -> Imported:
        """Add exported sessions: all of them, or none with the number of the line that is wrong.

        ENTRY numbers are kept unless one of them is taken here.
        """
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
                insert_entry(connection, entry, with_id=not renumbered)
        return Imported(len(read), len(entries), renumbered)

    def forget(self, session_id: str | None = None) -> int:
        """Delete one session, or all, and return how many entries are gone. Clips are not touched."""
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

    def left_out(self) -> Sequence[Damage]:
        """Return the damage found by all reads so far."""
        return list(self._found.values())

    def _note(self, damage: Damage) -> None:
        self._found.setdefault((damage.session, damage.entry), damage)

    def entries(self, session_id: str) -> list[Entry]:
        """Return every entry of a session in its order."""
        return self._entries(session_id)

    def events(self, session_id: str) -> list[Event]:
        """Return what the engine was told, in order."""
        return [entry.item for entry in self._entries(session_id) if isinstance(entry.item, EVENTS)]

    def records(self, session_id: str) -> list[Record]:
        """Return what the engine kept, and later corrections, in order; the many events are not read."""
        # What is no event by its kind is read, so that a damaged kind is found out.
        items = (entry.item for entry in self._entries(session_id, "AND kind NOT LIKE 'event:%'"))
        return [item for item in items if isinstance(item, RECORDS)]

    def _entries(self, session_id: str, which: str = "") -> list[Entry]:
        rows = self._query(f"SELECT * FROM entries WHERE session = ? {which} ORDER BY seq", session_id)  # noqa: S608
        if not rows and not self._query("SELECT 1 FROM sessions WHERE id = ?", session_id):
            raise _no_session(session_id)
        return [entry for row in rows if (entry := self._entry(row)) is not None]

    def entry(self, entry_id: int) -> Entry:
        """Return one entry by its ENTRY number."""
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

    def _entry(self, row: JournalRow) -> Entry | None:
        try:
            return entry_of(row, self._unchecked)
        except ValueError as error:
            session = row["session"] if isinstance(row["session"], str) else _NO_NAME
            self._note(Damage(session, row["id"], str(error).rstrip(".")))
            return None

    def sessions(self) -> list[SessionRow]:
        """Return every session by its date, oldest first."""
        return sorted(self._rows(), key=lambda row: row.started)

    def latest_interrupted(self) -> SessionRow | None:
        """Return the newest session without an end, if there is one."""
        return next((row for row in reversed(self.sessions()) if row.status == OPEN), None)

    def _rows(self) -> list[SessionRow]:
        """Return every session in the order in which it was written, whatever its date."""
        rows = self._query(f"{ALL_SESSIONS} ORDER BY rowid")
        # Of a session whose row is damaged or lost the entries remain.
        orphans = self._query("SELECT * FROM entries WHERE session NOT IN (SELECT id FROM sessions)")
        found = [self._session(row) for row in rows]
        names = {entry.session for row in orphans if (entry := self._entry(row)) is not None}
        found += [self._from_entries(name, "its own row is lost") for name in sorted(names)]
        return [session for session in found if session is not None]

    def _session(self, row: JournalRow) -> SessionRow | None:
        try:
            return session_of(row, self._unchecked)
        except ValueError as error:
            problem = f"its own row: {error}"
            if isinstance(row["id"], str):
                return self._from_entries(row["id"], problem)
            self._note(Damage(_NO_NAME, None, problem))
            return None

    def _from_entries(self, session_id: str, problem: str) -> SessionRow | None:
        """Return a session whose row cannot be trusted as its entries tell of it, None if they do not."""
        entries = self.entries(session_id)
        setups = [entry.item.setup for entry in entries if isinstance(entry.item, SessionStarted)]
        self._note(Damage(session_id, None, problem, Fate.SHOWN if setups else Fate.LEFT_OUT))
        if not setups:
            return None
        ends = [entry.item.how for entry in entries if isinstance(entry.item, SessionEnded)]
        programme, locale = setups[0].programme.id, setups[0].locale
        return SessionRow(session_id, entries[0].wall, programme, locale, ends[-1] if ends else OPEN)

    def setup(self, session_id: str) -> Setup:
        """Return the set-up that the session started with."""
        for record in self.records(session_id):
            if isinstance(record, SessionStarted):
                return record.setup
        rows = self._query(f"{ALL_SESSIONS} WHERE id = ?", session_id)
        if not rows:
            raise _no_session(session_id)
        try:
            return setup_of(rows[0], self._unchecked)
        except ValueError as error:
            raise damaged(self.path, f"the set-up of session {session_id} cannot be read") from error

    def histories(self) -> list[SessionRecords]:
        """Return the records of every session that can be judged, as the projections want them."""
        rows = self._rows()
        began = as_they_came([row.started for row in rows], self._now())
        histories = [self._history(row, at) for row, at in zip(rows, began, strict=True)]
        for history in histories:
            if not history.has_start:
                self._note(Damage(history.session, None, "its start was not kept"))
        kept = [history for history in histories if history.has_start]
        return sorted(kept, key=lambda history: history.began or began[0])

    def history(self, session_id: str) -> SessionRecords:
        """Return the records of one session, also of one whose start is missing."""
        for row in self._rows():
            if row.id == session_id:
                return self._history(row, row.started)
        raise _no_session(session_id)

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

    def export_lines(self, session_id: str | None = None) -> Iterator[str]:
        """Return one session, or all, as JSON Lines (no line ends), a header first."""
        rows = [row for row in self.sessions() if session_id in {None, row.id}]
        if session_id is not None and not rows:
            raise _no_session(session_id)
        return self._export(rows)

    def _export(self, rows: list[SessionRow]) -> Iterator[str]:
        yield header_line()
        for row in rows:
            yield session_line(row, self.setup(row.id))
            yield from map(entry_line, self.entries(row.id))


def _no_session(session_id: str) -> JournalError:
    return JournalError(
        f"There is no session {session_id} in the journal.", remedy='"cuewalk log --all" lists them.'
    )


def _has(connection: sqlite3.Connection, session_id: str) -> bool:
    return connection.execute("SELECT 1 FROM sessions WHERE id = ?", (session_id,)).fetchone() is not None


def _with_offset(moment: datetime) -> datetime:
    """Return a wall time that says its offset; a naive one is taken as local time."""
    return moment.astimezone() if moment.tzinfo is None else moment


def _clip_of(item: Event | Record, clips: Mapping[int, str]) -> str | None:
    """Return the clip that a record's utterance was saved as."""
    heard = getattr(item, "heard", None)
    if isinstance(item, EVENTS) or not isinstance(heard, Heard) or heard.utterance is None:
        return None
    return clips.get(heard.utterance)
