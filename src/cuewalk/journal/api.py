"""What a journal gives to those who read it."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from cuewalk.domain.records import Record
from cuewalk.engine.events import Event

#: Session ids and clip names become parts of file names, so they hold nothing else.
SESSION_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
CLIP_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}\.wav")
#: Status of a session without a `SessionEnded`; else the status is that record's ``how``.
OPEN: Final = "open"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal."""

    id: int  # the ENTRY number shown to people, unique in the journal
    session: str
    seq: int  # counts within the session, from 1
    clock_ms: int  # of the session's clock
    wall: datetime  # time of day with its offset
    kind: str  # "event:understood", "record:rating_given" and so on
    item: Event | Record
    clip: str | None = None
    checked: bool = True  # False for an entry of an older version, which kept no checksum


class Fate(StrEnum):
    """What became of damaged data, as a part of a sentence."""

    LEFT_OUT = "was left out"
    #: A session whose own row is damaged: its entries hold the same.
    SHOWN = "is shown as its entries tell of it"
    #: It was kept once, and is no longer in the file.
    MISSING = "is missing"
    #: An ended session whose end is no longer in the file.
    CUT_OFF = "is shown as far as it goes"


@dataclass(frozen=True, slots=True)
class Damage:
    """A part of the journal that cannot be trusted, which stays in the file untouched, or that is lost."""

    session: str
    entry: int | None  # ENTRY number, of several missing in a row the first; None for the session itself
    problem: str  # a part of a sentence
    fate: Fate = Fate.LEFT_OUT
    what: str = ""  # names all entries where several are missing


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
