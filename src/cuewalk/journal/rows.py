"""Rows of the journal as entries and sessions: checksums, JSON, and which rows can be trusted.

Events and records share one table; a prefix of the kind tells them apart.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final, get_args

from pydantic import TypeAdapter, ValidationError

from cuewalk.domain.errors import BugError
from cuewalk.domain.records import Record, SessionEnded
from cuewalk.domain.setup import Setup
from cuewalk.engine.events import Event
from cuewalk.journal.api import CLIP_NAME, OPEN, Damage, Entry, Fate, SessionRow
from cuewalk.journal.schema import value

EVENTS: Final[tuple[type[Event], ...]] = get_args(get_args(Event)[0])
RECORDS: Final[tuple[type[Record], ...]] = get_args(get_args(Record)[0])
_ADAPTERS: Final[dict[str, TypeAdapter[Event | Record]]] = {
    "event": TypeAdapter(Event),
    "record": TypeAdapter(Record),
}

#: Design: years outside of these are damage, not a wrong clock.
_YEARS: Final = range(1900, 9000)
#: Larger numbers are damage: SQLite counts to 2**63, and floating point holds whole numbers to here.
LARGEST: Final = 2**53
_SUMMED: Final = ("session", "seq", "clock_ms", "wall", "kind", "payload", "clip")
#: Bytes of a row's checksum: one damaged row in 2**64 goes unnoticed. It is no signature.
_SUM_BYTES: Final = 8
_STATUSES: Final = {OPEN, *get_args(SessionEnded.model_fields["how"].annotation)}
#: Every session with the ENTRY number of its first entry.
ALL_SESSIONS: Final = """SELECT *, (SELECT min(id) FROM entries WHERE session = sessions.id) AS first_entry
    FROM sessions"""

#: A row by the names of its columns; a file of an older version has no checksums.
JournalRow = sqlite3.Row | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Up to which ENTRY number rows may be without a checksum: those of older versions.

    A session's row is as old as its first entry. ENTRY numbers are never used twice; SQLite's own numbers of
    rows are, once the last session is forgotten.
    """

    entries: int = LARGEST


def encode(item: Event | Record) -> tuple[str, str]:
    """Return the kind ("event:begin", "record:rating_given") and the JSON of an item.

    Raises:
        BugError: if it could not be read back as it is (a confidence that is NaN, say): one such entry would
            make its whole session unreadable.
    """
    prefix = "event" if isinstance(item, EVENTS) else "record"
    kind, payload = f"{prefix}:{item.kind}", item.model_dump_json()
    try:
        same = decode(kind, payload) == item
    except ValueError:
        same = False
    if not same:
        raise BugError(f"{item!r} cannot be kept: it does not survive being written as JSON")
    return kind, payload


def decode(kind: str, payload: str) -> Event | Record:
    """Return the item of this kind.

    Raises:
        ValueError: a short sentence, if no such kind is known or the payload does not fit it.
    """
    prefix, _, name = kind.partition(":")
    if prefix not in _ADAPTERS:
        raise ValueError(f'"{kind}" is neither an event nor a record.')
    try:
        item = _ADAPTERS[prefix].validate_json(payload)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole entry"
        raise ValueError(f'"{kind}" cannot be read: {place}: {first["msg"]}.') from error
    if item.kind != name:
        raise ValueError(f'"{kind}" holds "{item.kind}".')
    return item


def checksum(*fields: str | int | None) -> str:
    """Return the checksum of the fields in their order, 16 hexadecimal digits."""
    texts = ["-" if field is None else f"{type(field).__name__}{len(str(field))}:{field}" for field in fields]
    whole = "".join(texts).encode("utf-8", "surrogateescape")
    return blake2b(whole, digest_size=_SUM_BYTES).hexdigest()


def insert(connection: sqlite3.Connection, table: str, values: Mapping[str, Any]) -> int:
    """Insert a row, by the names of its columns, into a table; return its number."""
    names, places = ", ".join(values), ", ".join("?" * len(values))
    query = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - names are ours
    return connection.execute(query, tuple(values.values())).lastrowid or 0


def insert_session(connection: sqlite3.Connection, row: SessionRow, setup: Setup) -> None:
    """Insert a session's row with its checksum, in the caller's transaction."""
    texts = {"id": row.id, "started": row.started.isoformat(), "programme": row.programme}
    texts |= {"locale": row.locale, "setup": setup.model_dump_json()}
    # Its status is not in the sum: that changes.
    insert(connection, "sessions", texts | {"status": row.status, "checksum": checksum(*texts.values())})


def insert_entry(connection: sqlite3.Connection, entry: Entry, *, with_id: bool) -> int:
    """Insert an entry with its checksum, in the caller's transaction; return its ENTRY number.

    That number is not in the sum: without ``with_id`` the entry gets the next one that is free.
    """
    kind, payload = encode(entry.item)
    values: dict[str, str | int | None] = {
        "session": entry.session,
        "seq": entry.seq,
        "clock_ms": entry.clock_ms,
    }
    values |= {"wall": entry.wall.isoformat(), "kind": kind, "payload": payload, "clip": entry.clip}
    number = {"id": entry.id} if with_id else {}
    return insert(connection, "entries", values | number | {"checksum": checksum(*values.values())})


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
    first = (value(connection, last, session, LARGEST) or 0) + 1
    entries = (
        Entry(0, session, seq, at_ms, moment, "", item, clip)
        for seq, (item, clip) in enumerate(items, start=first)
    )
    return [insert_entry(connection, entry, with_id=False) for entry in entries]


def entry_of(row: JournalRow, unchecked: Unchecked) -> Entry:
    """Return the entry in a row.

    Raises:
        ValueError: why it cannot be trusted, as a part of a sentence.
    """
    clip = row["clip"]
    _right(all(isinstance(row[name], str) for name in ("session", "wall", "kind", "payload")), "a text")
    _right(isinstance(clip, str | None), "a text")
    numbers = (row["seq"], row["clock_ms"])
    _right(all(isinstance(n, int) and 0 <= n <= LARGEST for n in numbers), "a number")
    right = checksum(*(row[name] for name in _SUMMED))
    checked = _check(row, right, may_lack=row["id"] <= unchecked.entries)
    _right(clip is None or CLIP_NAME.fullmatch(clip) is not None, "the name of its clip")
    item = decode(row["kind"], row["payload"])
    wall = _moment(row["wall"])
    return Entry(row["id"], row["session"], *numbers, wall, row["kind"], item, clip, checked=checked)


def session_of(row: JournalRow, unchecked: Unchecked) -> SessionRow:
    """Return the session in a row; its ``first_entry`` is None where it has no entries.

    Raises:
        ValueError: why it cannot be trusted, as a part of a sentence.
    """
    texts = tuple(row[name] for name in ("id", "started", "programme", "locale", "setup"))
    _right(all(isinstance(text, str) for text in texts), "a text")
    _check(row, checksum(*texts), may_lack=(row["first_entry"] or 0) <= unchecked.entries)
    _right(row["status"] in _STATUSES, "how it ended")
    return SessionRow(row["id"], _moment(row["started"]), row["programme"], row["locale"], row["status"])


def setup_of(row: JournalRow, unchecked: Unchecked) -> Setup:
    """Return the set-up in a session's row.

    Raises:
        ValueError: if it cannot be trusted.
    """
    session_of(row, unchecked)
    return Setup.model_validate_json(row["setup"])


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("its time is no time") from error
    _right(moment.year in _YEARS, "its time")
    return moment.astimezone() if moment.tzinfo is None else moment


def _check(row: JournalRow, right: str, *, may_lack: bool) -> bool:
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


#: Entries with the one before them, of the sessions with gaps in their numbers. An index holds all of it.
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
    """Yield what is missing between the entries of each session; lost last entries leave no gap.

    ENTRY numbers tell damage from loss: a damaged ``seq`` leaves no hole in them. Nor does an import of what
    was left when it was exported. A forgotten session leaves no entry that could miss others.
    """
    for session, seq, number, seq_before, id_before in connection.execute(_GAPS).fetchall():
        before = number - seq if id_before is None else id_before
        between = number - before - 1
        lost = min(seq - seq_before - 1, between - value(connection, _THERE, before, number))
        if lost <= 0:
            continue
        if lost == between == seq - seq_before - 1:
            many = f"each of the entries {before + 1} to {before + lost}"
            what = f"entry {before + 1}" if lost == 1 else many
        else:
            where = f"between the entries {before} and {number}" if before > 0 else f"before entry {number}"
            what = f"one entry {where}" if lost == 1 else f"each of {lost} entries {where}"
        yield Damage(session, before + 1, _WHY, Fate.MISSING, what)


#: Kinds of damage that are listed, and entries of one kind. Design: one screen.
_MOST: Final = 5
_NUMBERS: Final = 8


def sentence(found: Iterable[Damage]) -> str:
    """Return what is damaged or missing, why, and what became of it; "" for nothing."""
    by_problem: dict[tuple[str, str, str, str], list[Damage]] = {}
    for damage in found:
        kind = "" if damage.entry is None else damage.what or "entry"
        by_problem.setdefault((damage.session, kind, damage.problem, damage.fate), []).append(damage)
    if not by_problem:
        return ""
    parts = [_part(damages) for damages in list(by_problem.values())[:_MOST]]
    more = f"; and {len(by_problem) - _MOST} more" if len(by_problem) > _MOST else ""
    return (
        f"Not everything in the journal can be read: {'; '.join(parts)}{more}. "
        "What is damaged stays in the journal as it is, and everything else is shown."
    )


def _part(damages: list[Damage]) -> str:
    first = damages[0]
    if first.entry is None:
        return f"session {first.session} ({first.problem}) {first.fate}"
    numbers = ", ".join(str(damage.entry) for damage in damages[:_NUMBERS])
    more = ", …" if len(damages) > _NUMBERS else ""
    what = first.what or f"{'entry' if len(damages) == 1 else 'entries'} {numbers}{more}"
    return f"{what} of session {first.session} ({first.problem}) {first.fate}"
