"""Rows of the journal as entries and sessions, believed only after everything in them has been checked."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final, get_args

from cuewalk.domain.records import Record, SessionEnded
from cuewalk.domain.setup import Setup
from cuewalk.engine.events import Event
from cuewalk.journal.api import CLIP_NAME, OPEN, Damage, Entry, SessionRow
from cuewalk.journal.codec import decode, encode
from cuewalk.journal.schema import value

#: Design: years outside of these are damage, not a wrong clock.
_YEARS: Final = range(1900, 9000)
#: Larger numbers are damage: SQLite counts to 2**63, and floating point holds whole numbers to here.
LARGEST: Final = 2**53
_SUMMED: Final = ("session", "seq", "clock_ms", "wall", "kind", "payload", "clip")
#: Every session, as it was written down first, with the ENTRY number of its first entry.
ALL_SESSIONS: Final = """SELECT *, (SELECT min(id) FROM entries WHERE session = sessions.id) AS first_entry
    FROM sessions"""
#: Bytes of a row's checksum: one damaged row in 2**64 goes unnoticed. It is no signature.
_SUM_BYTES: Final = 8
_STATUSES: Final = {OPEN, *get_args(SessionEnded.model_fields["how"].annotation)}

#: A row by the names of its columns; a file of an older version has no checksums.
Row = sqlite3.Row | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Up to which ENTRY number rows may be without a checksum: those of older versions.

    A session's row is as old as its first entry. ENTRY numbers are never used twice; SQLite's own numbers of
    rows are, once the last session is forgotten.
    """

    entries: int = LARGEST


def checksum(*fields: str | int | None) -> str:
    """Return the checksum of the fields in their order, 16 hexadecimal digits."""
    texts = ["-" if field is None else f"{type(field).__name__}{len(str(field))}:{field}" for field in fields]
    whole = "".join(texts).encode("utf-8", "surrogateescape")
    return blake2b(whole, digest_size=_SUM_BYTES).hexdigest()


def insert(connection: sqlite3.Connection, table: str, values: Mapping[str, Any]) -> int:
    """Put a row, by the names of its columns, into a table; return its number."""
    names, places = ", ".join(values), ", ".join("?" * len(values))
    query = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - names are ours
    return connection.execute(query, tuple(values.values())).lastrowid or 0


def insert_session(connection: sqlite3.Connection, row: SessionRow, setup: Setup) -> None:
    """Put in a session's row with its checksum, in the caller's transaction."""
    texts = {"id": row.id, "started": row.started.isoformat(), "programme": row.programme}
    texts |= {"locale": row.locale, "setup": setup.model_dump_json()}
    # Its status is not in the sum: that changes.
    insert(connection, "sessions", texts | {"status": row.status, "checksum": checksum(*texts.values())})


def insert_entry(connection: sqlite3.Connection, values: Mapping[str, Any]) -> int:
    """Put in an entry with its checksum, in the caller's transaction; return its ENTRY number.

    That number is not in the sum: an import may give another one.
    """
    summed = checksum(*(values[name] for name in _SUMMED))
    return insert(connection, "entries", {**values, "checksum": summed})


def append_items(
    connection: sqlite3.Connection,
    session: str,
    at_ms: int,
    moment: datetime,
    items: Iterable[tuple[Event | Record, str | None]],
) -> list[int]:
    """Append items with their clips behind the last entry that counts; return their ENTRY numbers.

    A damaged number is not counted on from.
    """
    last = "SELECT max(seq) FROM entries WHERE session = ? AND typeof(seq) = 'integer' AND seq < ?"
    seq = value(connection, last, session, LARGEST) or 0
    numbers = []
    for n, (item, clip) in enumerate(items, start=1):
        kind, payload = encode(item)
        values = {"session": session, "seq": seq + n, "clock_ms": at_ms, "wall": moment.isoformat()}
        numbers.append(insert_entry(connection, values | {"kind": kind, "payload": payload, "clip": clip}))
    return numbers


def entry_of(row: Row, unchecked: Unchecked) -> Entry:
    """Return the entry in a row.

    Raises:
        ValueError: why it cannot be believed, as a part of a sentence.
    """
    _right(all(isinstance(row[name], str) for name in ("session", "wall", "kind", "payload")), "a text")
    _right(isinstance(row["clip"], str | None), "a text")
    numbers = (row["seq"], row["clock_ms"])
    _right(all(isinstance(n, int) and 0 <= n <= LARGEST for n in numbers), "a number")
    right = checksum(*(row[name] for name in _SUMMED))
    checked = _check(row, right, may_lack=row["id"] <= unchecked.entries)
    clip = row["clip"]
    _right(clip is None or CLIP_NAME.fullmatch(clip) is not None, "the name of its clip")
    item = decode(row["kind"], row["payload"])
    wall = moment_of(row["wall"])
    return Entry(row["id"], row["session"], *numbers, wall, row["kind"], item, clip, checked=checked)


def session_of(row: Row, unchecked: Unchecked) -> SessionRow:
    """Return the session in a row; its ``first_entry`` is None where it has no entries.

    Raises:
        ValueError: why it cannot be believed, as a part of a sentence.
    """
    texts = tuple(row[name] for name in ("id", "started", "programme", "locale", "setup"))
    _right(all(isinstance(text, str) for text in texts), "a text")
    _check(row, checksum(*texts), may_lack=(row["first_entry"] or 0) <= unchecked.entries)
    _right(row["status"] in _STATUSES, "how it ended")
    return SessionRow(row["id"], moment_of(row["started"]), row["programme"], row["locale"], row["status"])


def setup_of(row: Row, unchecked: Unchecked) -> Setup:
    """Return the set-up in a session's row.

    Raises:
        ValueError: if it cannot be believed.
    """
    session_of(row, unchecked)
    return Setup.model_validate_json(row["setup"])


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


#: Kinds of damage that are listed, and entries of one kind. Design: more than a screen of them helps nobody.
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


def _check(row: Row, right: str, *, may_lack: bool) -> bool:
    """Return whether a row has a checksum."""
    kept = row["checksum"] if "checksum" in row.keys() else None  # noqa: SIM118 - `in` an sqlite3.Row means values
    if kept is None and not may_lack:
        raise ValueError("its checksum is missing")
    if kept not in {None, right}:
        raise ValueError("its checksum does not match")
    return kept is not None


def _right(is_right: bool, what: str) -> None:  # noqa: FBT001 - reads as the sentence it raises
    if not is_right:
        raise ValueError(f"{what} in it is damaged")


def as_text(raw: bytes) -> str:
    """Return a text column; bytes that are no UTF-8 are kept as they are, to be found out by the checksum."""
    return raw.decode("utf-8", "surrogateescape")
