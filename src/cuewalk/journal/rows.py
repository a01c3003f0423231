"""Rows of the journal as entries and sessions, believed only after everything in them has been checked."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, get_args

from sqlalchemy import Label, func, select

from cuewalk.domain.records import SessionEnded
from cuewalk.domain.setup import Setup
from cuewalk.journal.api import CLIP_NAME, OPEN, Damage, Entry, SessionRow
from cuewalk.journal.checksum import checksum
from cuewalk.journal.codec import decode
from cuewalk.journal.schema import ENTRIES, SESSIONS

#: Years outside of these are damage, not a wrong clock.
_YEARS: Final = range(1900, 9000)
#: Larger numbers are damage: SQLite counts to 2**63.
LARGEST: Final = 2**53
_SUMMED: Final = ("session", "seq", "clock_ms", "wall", "kind", "payload", "clip")
#: A column of every query of sessions: the ENTRY number of the first entry.
FIRST_ENTRY: Final[Label[int | None]] = (
    select(func.min(ENTRIES.c.id)).where(ENTRIES.c.session == SESSIONS.c.id).scalar_subquery()
).label("first_entry")
_STATUSES: Final = {OPEN, *get_args(SessionEnded.model_fields["how"].annotation)}


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Up to which ENTRY number rows may be without a checksum: those of older versions.

    A session's row is as old as its first entry. ENTRY numbers are never used twice; SQLite's own numbers of
    rows are, once the last session is forgotten.
    """

    entries: int = LARGEST


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry's values by the names of its columns, with their checksum.

    Its ENTRY number is not in the sum: an import may give another one.
    """
    return {**values, "checksum": checksum(*(values[name] for name in _SUMMED))}


def session_sum(ident: str, started: str, programme: str, locale: str, setup: str) -> str:
    """Return the checksum of a session's row. Its status is not in it: that changes."""
    return checksum(ident, started, programme, locale, setup)


def entry_of(row: Any, unchecked: Unchecked) -> Entry:  # noqa: ANN401 - a row of any SQLAlchemy query
    """Return the entry in a row.

    Raises:
        ValueError: why it cannot be believed, as a part of a sentence.
    """
    texts, numbers = (row.session, row.wall, row.kind, row.payload), (row.seq, row.clock_ms)
    _right(all(isinstance(text, str) for text in texts) and isinstance(row.clip, str | None), "a text")
    _right(all(isinstance(n, int) and 0 <= n <= LARGEST for n in numbers), "a number")
    right = checksum(*(getattr(row, name) for name in _SUMMED))
    _check(row.checksum, right, may_lack=row.id <= unchecked.entries)
    _right(row.clip is None or CLIP_NAME.fullmatch(row.clip) is not None, "the name of its clip")
    item = decode(row.kind, row.payload)
    wall = moment_of(row.wall)
    fields = (row.id, row.session, row.seq, row.clock_ms, wall, row.kind, item, row.clip)
    return Entry(*fields, checked=row.checksum is not None)


def session_of(row: Any, unchecked: Unchecked) -> SessionRow:  # noqa: ANN401 - as above
    """Return the session in a row; its ``first_entry`` is None where it has no entries.

    Raises:
        ValueError: why it cannot be believed, as a part of a sentence.
    """
    texts = (row.id, row.started, row.programme, row.locale, row.setup)
    _right(all(isinstance(text, str) for text in texts), "a text")
    _check(row.checksum, session_sum(*texts), may_lack=(row.first_entry or 0) <= unchecked.entries)
    _right(row.status in _STATUSES, "how it ended")
    return SessionRow(row.id, moment_of(row.started), row.programme, row.locale, row.status)


def setup_of(row: Any, unchecked: Unchecked) -> Setup:  # noqa: ANN401 - as above
    """Return the set-up in a session's row.

    Raises:
        ValueError: if it cannot be believed.
    """
    session_of(row, unchecked)
    return Setup.model_validate_json(row.setup)


def moment_of(text: str) -> datetime:
    """Return a time of day with its offset.

    Raises:
        ValueError: if it is none.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("its time is no time") from error
    _right(moment.year in _YEARS, "its time")
    return moment.astimezone() if moment.tzinfo is None else moment


def sentence(found: Iterable[Damage]) -> str:
    """Return what is damaged or missing, why, and what became of it, "" for nothing."""
    by_problem: dict[tuple[str, str, str, str], list[Damage]] = {}
    for damage in found:
        kind = "" if damage.entry is None else damage.what or "entry"
        by_problem.setdefault((damage.session, kind, damage.problem, damage.fate), []).append(damage)
    parts = [_part(damages) for damages in by_problem.values()]
    if not parts:
        return ""
    more = f"; and {len(parts) - _MOST} more" if len(parts) > _MOST else ""
    return (
        f"Not everything in the journal can be read: {'; '.join(parts[:_MOST])}{more}. "
        "What is damaged stays in the journal as it is, and everything else is shown."
    )


#: So many kinds of damage are told one by one.
_MOST: Final = 5
_NUMBERS: Final = 8


def _part(damages: list[Damage]) -> str:
    first = damages[0]
    if first.entry is None:
        return f"session {first.session} ({first.problem}) {first.fate}"
    numbers = [str(damage.entry) for damage in damages[:_NUMBERS]]
    more = ", …" if len(damages) > _NUMBERS else ""
    what = first.what or f"{'entry' if len(damages) == 1 else 'entries'} {', '.join(numbers)}{more}"
    return f"{what} of session {first.session} ({first.problem}) {first.fate}"


def _check(kept: object, right: str, *, may_lack: bool) -> None:
    if kept is None and may_lack:
        return
    if kept is None:
        raise ValueError("its checksum is missing")
    if kept != right:
        raise ValueError("its checksum does not match")


def _right(is_right: bool, what: str) -> None:  # noqa: FBT001 - reads as the sentence it raises
    if not is_right:
        raise ValueError(f"{what} in it is damaged")


def as_text(raw: bytes) -> str:
    """Return a text column; bytes that are no UTF-8 are kept as they are, to be found out by the checksum."""
    return raw.decode("utf-8", "surrogateescape")


def read_as_text(connection: sqlite3.Connection) -> None:
    """Let a damaged text be read like any other, instead of failing the whole query."""
    connection.text_factory = as_text
