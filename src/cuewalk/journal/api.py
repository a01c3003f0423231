"""What the session, the review and the commands need of a journal."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.records import Record
from cuewalk.domain.setup import Setup
from cuewalk.engine.events import Event

#: Session ids and clip names become parts of file names, so they hold nothing else.
SESSION_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
CLIP_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}\.wav")
#: Status of a session without a `SessionEnded`; else the status is that record's ``how``.
OPEN: Final = "open"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal. ``id`` is the ENTRY number shown to people, ``seq`` counts within the session.

    ``clock_ms`` is the session's clock, ``wall`` the time of day with its offset. ``kind`` is
    "event:understood", "record:rating_given" and so on.
    """

    id: int
    session: str
    seq: int
    clock_ms: int
    wall: datetime
    kind: str
    item: Event | Record
    clip: str | None = None
    #: False for an entry of an older version, which kept no checksum.
    checked: bool = True


class Fate(StrEnum):
    """What became of something that is damaged, as a part of a sentence."""

    LEFT_OUT = "was left out"
    #: A session whose own row is damaged: its entries say the same.
    SHOWN = "is shown as its entries tell of it"
    #: It was kept once, and is not in the file any more.
    MISSING = "is missing"
    #: A session that was ended, and whose end is not in the file any more.
    CUT_OFF = "is shown as far as it goes"


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in the journal that cannot be believed, which stays in the file untouched, or that is gone.

    ``entry`` is its ENTRY number, None for the session itself; of several in a row that are missing it is the
    first, and ``what`` names all. ``problem`` is why, as a part of a sentence.
    """

    session: str
    entry: int | None
    problem: str
    fate: Fate = Fate.LEFT_OUT
    what: str = ""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session: ``status`` is `OPEN` until its `SessionEnded` says how it ended."""

    id: str
    started: datetime
    programme: str
    locale: str
    status: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import added. ``renumbered``: the entries got new ENTRY numbers, theirs being taken here."""

    sessions: int
    entries: int
    renumbered: bool


class Journal(Protocol):
    """The append-only log of every session.

    Every method raises `JournalError` when the journal cannot be read or written, and for a session or an
    entry that is not in it. What has been appended is never changed; `forget` deletes. What is damaged is
    left out of everything that is read, and `left_out` names it.
    """

    #: Sentences for the person about the file itself, to be shown once.
    notices: list[str]

    def begin_session(
        self, setup: Setup, session_id: str, at: datetime, items: Sequence[Event | Record] = ()
    ) -> list[int]:
        """Begin a session at ``at`` (a time with its offset) with its first step, both or neither of them.

        ``items`` hold its `SessionStarted`: a session without one cannot be read. Durable on return; returns
        their ENTRY numbers.
        """
        ...

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

        Durable on return. A record whose ``heard.utterance`` is in ``clips`` refers to that clip, which must
        have been saved before. ``wall`` is now unless given.
        """
        ...

    def entries(self, session_id: str) -> list[Entry]:
        """Return every entry of a session in its order."""
        ...

    def entry(self, entry_id: int) -> Entry:
        """Return one entry by its ENTRY number."""
        ...

    def sessions(self) -> list[SessionRow]:
        """Return every session by its date, oldest first."""
        ...

    def left_out(self) -> Sequence[Damage]:
        """Return the damage found by all reads so far."""
        ...

    def setup(self, session_id: str) -> Setup:
        """Return the set-up that the session started with."""
        ...

    def latest_interrupted(self) -> SessionRow | None:
        """Return the newest session without an end, if there is one."""
        ...

    def events(self, session_id: str) -> list[Event]:
        """Return what the engine was told, in order."""
        ...

    def records(self, session_id: str) -> list[Record]:
        """Return what the engine kept, and later corrections, in order."""
        ...

    def histories(self) -> list[SessionRecords]:
        """Return the records of every session that can be judged, as the projections want them."""
        ...

    def history(self, session_id: str) -> SessionRecords:
        """Return the records of one session, also of one whose start is missing."""
        ...

    def export_lines(self, session_id: str | None = None) -> Iterator[str]:
        """Yield one session, or all, as JSON Lines (no line ends), a header first."""
        ...

    def import_lines(self, lines: Iterable[str]) -> Imported:
        """Add exported sessions: all of them, or none with the number of the line that is wrong.

        ENTRY numbers are kept unless one of them is taken here.
        """
        ...

    def forget(self, session_id: str | None = None) -> int:
        """Delete one session, or all, and return how many entries are gone. Clips are not touched."""
        ...

    def close(self) -> None:
        """Release the file; a second call does nothing."""
        ...
