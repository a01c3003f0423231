"""What every journal can do once it can append and read: the derived half of the `Journal` api."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from cuewalk.domain.errors import JournalError
from cuewalk.domain.heard import Heard
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.records import Record
from cuewalk.domain.setup import Setup
from cuewalk.engine.events import Event
from cuewalk.journal.api import OPEN, Damage, Entry, SessionRow
from cuewalk.journal.codec import EVENTS, RECORDS, is_event
from cuewalk.journal.lines import entry_line, header_line, session_line


class DerivedJournal(ABC):
    """Reads of the `Journal` api that follow from its other methods."""

    @abstractmethod
    def entries(self, session_id: str) -> list[Entry]:
        """See `Journal.entries`."""

    @abstractmethod
    def sessions(self) -> list[SessionRow]:
        """See `Journal.sessions`."""

    @abstractmethod
    def setup(self, session_id: str) -> Setup:
        """See `Journal.setup`."""

    def latest_interrupted(self) -> SessionRow | None:
        """See `Journal.latest_interrupted`."""
        unended = [row for row in self.sessions() if row.status == OPEN]
        return unended[-1] if unended else None

    def events(self, session_id: str) -> list[Event]:
        """See `Journal.events`."""
        return [entry.item for entry in self.entries(session_id) if isinstance(entry.item, EVENTS)]

    def records(self, session_id: str) -> list[Record]:
        """See `Journal.records`."""
        return [entry.item for entry in self.entries(session_id) if isinstance(entry.item, RECORDS)]

    def left_out(self) -> Sequence[Damage]:
        """See `Journal.left_out`."""
        return ()

    def histories(self) -> list[SessionRecords]:
        """See `Journal.histories`."""
        told = [self.history(row.id) for row in self.sessions()]
        return [history for history in told if history.has_start]

    def history(self, session_id: str) -> SessionRecords:
        """See `Journal.history`."""
        for row in self.sessions():
            if row.id == session_id:
                records = tuple(self.records(row.id))
                return SessionRecords(row.id, row.started.date(), records, row.started)
        raise no_session(session_id)

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


def no_entry(entry_id: int) -> JournalError:
    """Return the error for an entry that is not in the journal."""
    return JournalError(
        f"There is no entry {entry_id} in the journal.",
        remedy='"cuewalk log" shows the number of every rating.',
    )


def twice(session_id: str) -> JournalError:
    """Return the error for a second beginning of one session."""
    return JournalError(
        f"There is a session {session_id} in the journal already.", meaning="It was left as it is."
    )


def with_offset(moment: datetime) -> datetime:
    """Return a wall time that says its offset; a naive one is taken as local time."""
    return moment.astimezone() if moment.tzinfo is None else moment


def clip_of(item: Event | Record, clips: Mapping[int, str]) -> str | None:
    """Return the clip an item refers to: a record's own utterance, when it was saved."""
    heard = getattr(item, "heard", None)
    if is_event(item) or not isinstance(heard, Heard) or heard.utterance is None:
        return None
    return clips.get(heard.utterance)
