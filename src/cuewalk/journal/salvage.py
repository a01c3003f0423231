"""What is left of a journal that SQLite refuses: the rows that can still be believed, in a private copy.

The damaged file is only read. A row of ours tells by itself, with its checksum, whether it is whole.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from cuewalk.domain.records import RatingGiven
from cuewalk.files.reading import open_ordinary
from cuewalk.journal.api import Entry
from cuewalk.journal.faults import DamagedJournalError
from cuewalk.journal.opening import Way, aside, log_of
from cuewalk.journal.pages import Value, pages_of, rows_in
from cuewalk.journal.rows import Unchecked, entry_of, session_of
from cuewalk.journal.schema import ENTRIES, MIGRATIONS, SESSIONS

#: Bytes; ten years of daily sessions take 700 MB.
_LARGEST: Final = 1_000_000_000
_ENTRY: Final = tuple(column.key for column in ENTRIES.columns)
_SESSION: Final = tuple(column.key for column in SESSIONS.columns)


@dataclass(slots=True)
class _Left:
    """The rows by their keys; ``last`` is the largest ENTRY number that was ever given."""

    entries: dict[int, tuple[Value, ...]] = field(default_factory=dict)
    sessions: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    ratings: int = 0
    last: int = 0
    unchecked: int = 0
    version: int = 0


def way_to_what_is_left(path: Path, busy_ms: int, error: DamagedJournalError) -> tuple[Way, str]:
    """Return the way to a copy with what can be read of a damaged journal, and what to tell the person.

    Raises:
        DamagedJournalError: ``error``, if no entry can be read, or a newer cuewalk wrote it.
        OSError, sqlite3.Error: if there is no room for a copy.
    """
    left = _left(_read(path), _read(log_of(path)))
    if not left.entries or left.version > len(MIGRATIONS):
        raise error
    way = aside(path, busy_ms, lambda copy: _write(copy, left))
    known = len(left.entries)
    of = f" of {left.last}" if left.last > known else ""
    told = (
        f"{error.what} {known}{of} entries can still be read, with {left.ratings} "
        f"rating{'s' * (left.ratings != 1)} in them. "
        f"The file was left exactly as it is, and nothing can be added to it. {error.remedy}"
    )
    return way, told


def _read(path: Path) -> bytes:
    try:
        with open_ordinary(path) as file:
            return file.read(_LARGEST)
    except FileNotFoundError:
        return b""


def _left(data: bytes, log: bytes) -> _Left:
    left, rows = _Left(), list(rows_in(pages_of(data, log)))
    # Rows from before there were checksums are shorter: columns were added, and rows were not written anew.
    old = [number for number, values in rows if len(values) == len(_ENTRY) - 1 and _is_entry(values)]
    left.unchecked = max(old, default=0)
    seqs: set[tuple[Value, Value]] = set()
    for number, values in rows:
        match values:
            case [None, str(_)]:
                left.version = max(left.version, number)
            case ["entries", int(last)]:
                left.last = max(left.last, last)
            case [None, session, seq, *_] if _is_entry(values):
                entry = _entry(number, values, left.unchecked)
                if entry is not None and number not in left.entries and (session, seq) not in seqs:
                    seqs.add((session, seq))
                    left.entries[number] = tuple(_padded(values, _ENTRY)[1:])
                    left.ratings += isinstance(entry.item, RatingGiven)
            case [str(ident), *_] if _is_session(values, left.unchecked):
                left.sessions[ident] = tuple(_padded(values, _SESSION))
    return left


def _is_entry(values: list[Value]) -> bool:
    return len(values) in {len(_ENTRY), len(_ENTRY) - 1} and values[0] is None


def _entry(number: int, values: list[Value], unchecked: int) -> Entry | None:
    row = dict(zip(_ENTRY, _padded(values, _ENTRY), strict=True)) | {"id": number}
    try:
        return entry_of(SimpleNamespace(**row), Unchecked(unchecked))
    except ValueError:
        return None


def _is_session(values: list[Value], unchecked: int) -> bool:
    if len(values) not in {len(_SESSION), len(_SESSION) - 1}:
        return False
    row: dict[str, Any] = dict(zip(_SESSION, _padded(values, _SESSION), strict=True))
    # A row from before there were checksums is shorter; a later one without its checksum is damaged.
    row["first_entry"] = 0 if len(values) < len(_SESSION) else unchecked + 1
    try:
        session_of(SimpleNamespace(**row), Unchecked(unchecked))
    except ValueError:
        return False
    return True


def _padded(values: list[Value], names: tuple[str, ...]) -> list[Value]:
    return [*values, *[None] * (len(names) - len(values))]


def _write(copy: Path, left: _Left) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        for number, statements in enumerate(MIGRATIONS, start=1):
            for statement in statements:
                connection.execute(statement)
            if number == 1:
                connection.execute("CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied TEXT)")
            connection.execute("INSERT INTO schema_version VALUES (?, '')", (number,))
        connection.execute("UPDATE unchecked SET entries = ?", (left.unchecked,))
        connection.executemany(_insert("sessions", len(_SESSION)), left.sessions.values())
        rows = ((number, *values) for number, values in sorted(left.entries.items()))
        connection.executemany(_insert("entries", len(_ENTRY)), rows)


def _insert(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"  # noqa: S608 - both are ours
