"""A journal that forgets everything when the program ends: what is read where there is none yet."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from cuewalk.domain.records import Record, SessionEnded
from cuewalk.domain.setup import Setup
from cuewalk.engine.events import Event
from cuewalk.journal.api import OPEN, Entry, Imported, SessionRow
from cuewalk.journal.codec import decode, encode
from cuewalk.journal.lines import read_lines, status_after
from cuewalk.journal.shared import DerivedJournal, clip_of, no_entry, no_session, twice, with_offset


class MemoryJournal(DerivedJournal):
    """Behaves as `SqliteJournal` does; items pass through JSON here too."""

    def __init__(self, now: Callable[[], datetime] = datetime.now) -> None:
        self._now = now
        self._rows: dict[str, SessionRow] = {}
        self._setups: dict[str, Setup] = {}
        self._entries: dict[int, Entry] = {}
        self._last = 0
        self.notices: list[str] = []

    def begin_session(
        self, setup: Setup, session_id: str, at: datetime, items: Sequence[Event | Record] = ()
    ) -> list[int]:
        """See `Journal.begin_session`."""
        if session_id in self._rows:
            raise twice(session_id)
        self._rows[session_id] = SessionRow(
            session_id, with_offset(at), setup.programme.id, setup.locale, OPEN
        )
        self._setups[session_id] = setup
        return self.append(session_id, 0, items, wall=at)

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
        seq = self.entries(session_id)[-1].seq if self.entries(session_id) else 0
        moment = with_offset(wall or self._now())
        coded = [(item, *encode(item), clip_of(item, clips or {})) for item in items]
        added = [
            Entry(self._last + n, session_id, seq + n, at_ms, moment, kind, decode(kind, payload), clip)
            for n, (_, kind, payload, clip) in enumerate(coded, start=1)
        ]
        self._add(added)
        return [entry.id for entry in added]

    def _add(self, added: Sequence[Entry]) -> None:
        for entry in added:
            self._entries[entry.id] = entry
            self._last = max(self._last, entry.id)
            if isinstance(entry.item, SessionEnded):
                self._rows[entry.session] = status_after(self._rows[entry.session], entry.item)

    def entries(self, session_id: str) -> list[Entry]:
        """See `Journal.entries`."""
        if session_id not in self._rows:
            raise no_session(session_id)
        mine = (entry for entry in self._entries.values() if entry.session == session_id)
        return sorted(mine, key=lambda entry: entry.seq)

    def entry(self, entry_id: int) -> Entry:
        """See `Journal.entry`."""
        if entry_id not in self._entries:
            raise no_entry(entry_id)
        return self._entries[entry_id]

    def sessions(self) -> list[SessionRow]:
        """See `Journal.sessions`."""
        return sorted(self._rows.values(), key=lambda row: row.started)

    def setup(self, session_id: str) -> Setup:
        """See `Journal.setup`."""
        if session_id not in self._setups:
            raise no_session(session_id)
        return self._setups[session_id]

    def import_lines(self, lines: Iterable[str]) -> Imported:
        """See `Journal.import_lines`."""
        read = read_lines(lines, frozenset(self._rows))
        entries = sorted((entry for session in read for entry in session.entries), key=lambda entry: entry.id)
        renumbered = any(entry.id in self._entries for entry in entries)
        if renumbered:
            entries = [replace(entry, id=self._last + n) for n, entry in enumerate(entries, start=1)]
        for session in read:
            self._rows[session.row.id], self._setups[session.row.id] = session.row, session.setup
        self._add(entries)
        return Imported(len(read), len(entries), renumbered)

    def forget(self, session_id: str | None = None) -> int:
        """See `Journal.forget`."""
        if session_id is not None and session_id not in self._rows:
            raise no_session(session_id)
        gone = [e.id for e in self._entries.values() if session_id in {None, e.session}]
        for number in gone:
            del self._entries[number]
        for row in [row for row in self._rows if session_id in {None, row}]:
            del self._rows[row], self._setups[row]
        return len(gone)

    def close(self) -> None:
        """See `Journal.close`."""
