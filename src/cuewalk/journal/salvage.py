"""What is left of a journal that SQLite refuses: the rows that can still be trusted, in a private copy.

The damaged file is only read. The checksum of a row shows whether it is whole.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from cuewalk.domain.records import RatingGiven
from cuewalk.files.reading import open_ordinary
from cuewalk.journal.faults import DamagedJournalError
from cuewalk.journal.opening import Way, aside, log_of
from cuewalk.journal.pages import Value, pages_of, rows_in
from cuewalk.journal.rows import Unchecked, entry_of, insert, session_of
from cuewalk.journal.schema import MIGRATIONS, columns_of

#: Bytes; ten years of daily sessions take 700 MB.
_LARGEST: Final = 1_000_000_000


class _Left:
    """The rows that can be trusted, by their keys."""

    def __init__(self, rows: list[tuple[int, list[Value]]]) -> None:
        self.entries: dict[int, dict[str, Value]] = {}
        self.sessions: dict[str, dict[str, Value]] = {}
        self.ratings = 0
        #: The largest ENTRY number that was ever given, and the version of the tables.
        self.last = self.version = 0
        #: Rows from before there were checksums are shorter: columns were added, rows were not rewritten.
        short = len(columns_of("entries")) - 1
        self.unchecked = max(
            (n for n, values in rows if len(values) == short and values[0] is None), default=0
        )
        self._seqs: set[tuple[Value, Value]] = set()
        for number, values in rows:
            match values:
                case [None, str(_)]:
                    self.version = max(self.version, number)
                case ["entries", int(last)]:
                    self.last = max(self.last, last)
                case [None, *_]:
                    self._take_entry(number, values)
                case [str(_), *_]:
                    self._take_session(values)

    def _take_entry(self, number: int, values: list[Value]) -> None:
        row = _named(values, "entries")
        if row is None or number in self.entries or (row["session"], row["seq"]) in self._seqs:
            return
        row["id"] = number
        try:
            entry = entry_of(row, Unchecked(self.unchecked))
        except ValueError:
            return
        self._seqs.add((row["session"], row["seq"]))
        self.entries[number] = row
        self.ratings += isinstance(entry.item, RatingGiven)

    def _take_session(self, values: list[Value]) -> None:
        row = _named(values, "sessions")
        if row is None:
            return
        # A row from before there were checksums is shorter; a later one without its checksum is damaged.
        first = 0 if len(values) < len(row) else self.unchecked + 1
        try:
            session_of({**row, "first_entry": first}, Unchecked(self.unchecked))
        except ValueError:
            return
        self.sessions[str(row["id"])] = row


def _named(values: list[Value], table: str) -> dict[str, Value] | None:
    """Return a row by the names of its columns, None where it is none of this table."""
    names = columns_of(table)
    missing = len(names) - len(values)
    return dict(zip(names, [*values, *[None] * missing], strict=True)) if missing in {0, 1} else None


def way_to_what_is_left(path: Path, busy_ms: int, error: DamagedJournalError) -> tuple[Way, str]:
    """Return the way to a copy with what can be read of a damaged journal, and what to tell the person.

    Raises:
        DamagedJournalError: ``error``, if no entry can be read, or a newer cuewalk wrote it.
        OSError, sqlite3.Error: if there is no room for a copy.
    """
    left = _Left(list(rows_in(pages_of(_read(path), _read(log_of(path))))))
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


def _write(copy: Path, left: _Left) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        for number, statements in enumerate(MIGRATIONS, start=1):
            for statement in statements:
                connection.execute(statement)
            if number == 1:
                connection.execute("CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied TEXT)")
            connection.execute("INSERT INTO schema_version VALUES (?, '')", (number,))
        connection.execute("UPDATE unchecked SET entries = ?", (left.unchecked,))
        for session in left.sessions.values():
            insert(connection, "sessions", session)
        for _, entry in sorted(left.entries.items()):
            insert(connection, "entries", entry)
