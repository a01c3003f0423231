"""The journal as JSON Lines: a header, then for each session its line and its entries. Nothing is lost."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from cuewalk.domain.errors import JournalError
from cuewalk.domain.frozen import Frozen
from cuewalk.domain.records import SessionEnded, SessionStarted, TrialStarted
from cuewalk.domain.setup import Setup
from cuewalk.journal.api import CLIP_NAME, OPEN, SESSION_ID, Entry, SessionRow
from cuewalk.journal.rows import decode, encode
from cuewalk.journal.schema import MIGRATIONS, check_version

FORMAT: Final = "cuewalk-journal"


def _with_offset(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("a time needs its offset, as in 2026-11-21T14:05:00+01:00")
    return text


SessionId = Annotated[str, Field(pattern=f"^{SESSION_ID.pattern}$")]
Moment = Annotated[str, AfterValidator(_with_offset)]
#: SQLite counts on from the largest number: a number at its limit would be the last entry ever.
EntryNumber = Annotated[int, Field(ge=1, le=2**53)]


class HeaderLine(Frozen):
    """The first line of an export."""

    line: Literal["header"] = "header"
    format: Literal["cuewalk-journal"] = FORMAT
    version: int = len(MIGRATIONS)


class SessionLine(Frozen):
    """One session; its status follows from its entries."""

    line: Literal["session"] = "session"
    id: SessionId
    started: Moment
    setup: Setup


class EntryLine(Frozen):
    """One entry of the session above it."""

    line: Literal["entry"] = "entry"
    id: EntryNumber
    session: SessionId
    seq: EntryNumber
    clock_ms: Annotated[int, Field(ge=0, le=2**53)]
    wall: Moment
    kind: str
    item: dict[str, Any]
    clip: Annotated[str, Field(pattern=f"^{CLIP_NAME.pattern}$")] | None = None


_LINE: Final[TypeAdapter[HeaderLine | SessionLine | EntryLine]] = TypeAdapter(
    Annotated[HeaderLine | SessionLine | EntryLine, Field(discriminator="line")]
)


@dataclass(slots=True)
class ReadSession:
    """One session of an export, checked."""

    row: SessionRow
    setup: Setup
    entries: list[Entry] = field(default_factory=list)
    #: The number of the last entry in the export, where some may have been left out.
    last_seq: int = 0


def header_line() -> str:
    """Return the first line."""
    return HeaderLine().model_dump_json()


def session_line(row: SessionRow, setup: Setup) -> str:
    """Return the line of a session."""
    return SessionLine(id=row.id, started=row.started.isoformat(), setup=setup).model_dump_json()


def entry_line(entry: Entry) -> str:
    """Return the line of an entry."""
    kind, payload = encode(entry.item)
    line = {"line": "entry", "id": entry.id, "session": entry.session, "seq": entry.seq}
    line |= {"clock_ms": entry.clock_ms, "wall": entry.wall.isoformat(), "kind": kind}
    return json.dumps(line | {"item": json.loads(payload), "clip": entry.clip})


def read_lines(lines: Iterable[str], known: frozenset[str]) -> list[ReadSession]:
    """Return the sessions of an export, all checked; ``known`` are the sessions that are already here.

    Raises:
        JournalError: with the number of the first line that is wrong.
    """
    found: dict[str, ReadSession] = {}
    numbers: set[int] = set()
    headed = False
    for number, line in _parsed(lines):
        try:
            if isinstance(line, HeaderLine):
                check_version(line.version, "The export")
                headed = True
            elif not headed:
                raise ValueError("The header is missing; the file is not a whole export.")  # noqa: TRY301 (located below)
            elif isinstance(line, SessionLine):
                _add_session(line, found, known)
            else:
                _add_entry(line, found, numbers)
        except ValueError as error:
            raise _wrong(number, str(error)) from error
    return list(found.values())


def _parsed(lines: Iterable[str]) -> Iterator[tuple[int, HeaderLine | SessionLine | EntryLine]]:
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            yield number, _LINE.validate_json(text)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in first["loc"][1:])
            raise _wrong(number, f"{place}: {first['msg']}." if place else f"{first['msg']}.") from error


def _add_session(line: SessionLine, found: dict[str, ReadSession], known: frozenset[str]) -> None:
    if line.id in known or line.id in found:
        raise ValueError(f"Session {line.id} is in the journal already.")
    started = datetime.fromisoformat(line.started)
    row = SessionRow(line.id, started, line.setup.programme.id, line.setup.locale, OPEN)
    found[line.id] = ReadSession(row, line.setup)


def _add_entry(line: EntryLine, found: dict[str, ReadSession], numbers: set[int]) -> None:
    session = found.get(line.session)
    if session is None:
        raise ValueError(f"The line of session {line.session} must come before its entries.")
    if line.id in numbers:
        raise ValueError(f"Entry number {line.id} is there twice.")
    if line.seq <= session.last_seq:
        raise ValueError(f"seq {line.seq} does not come after {session.last_seq}.")
    session.last_seq = line.seq
    item = decode(line.kind, json.dumps(line.item))
    if isinstance(item, TrialStarted) and not any(
        isinstance(e.item, SessionStarted) for e in session.entries
    ):
        raise ValueError("A trial stands before its session has started.")
    numbers.add(line.id)
    wall = datetime.fromisoformat(line.wall)
    # Gaps and damage are reported where the export was made; here entries are numbered without gaps.
    seq = len(session.entries) + 1
    session.entries.append(Entry(line.id, line.session, seq, line.clock_ms, wall, line.kind, item, line.clip))
    if isinstance(item, SessionEnded):
        session.row = replace(session.row, status=item.how)


def _wrong(number: int, problem: str) -> JournalError:
    return JournalError(
        f"Line {number} of the export cannot be read: {problem}",
        meaning="Nothing was imported.",
        remedy="Correct that line, or export the journal again where it came from.",
    )
