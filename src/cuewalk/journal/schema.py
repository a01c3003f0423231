"""The tables of the journal and how older files become newer ones."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from cuewalk import places
from cuewalk.domain.errors import JournalError

#: Marks the file as a journal of cuewalk: no other program's database is ever written to.
APPLICATION_ID: Final = places.APPLICATION_ID

NO_DELETE: Final = """CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"""

#: One tuple of statements a version, never edited once released; a new version is appended.
MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        f"PRAGMA application_id = {APPLICATION_ID}",
        """CREATE TABLE sessions (
            id TEXT PRIMARY KEY NOT NULL, started TEXT NOT NULL, programme TEXT NOT NULL,
            locale TEXT NOT NULL, status TEXT NOT NULL, setup TEXT NOT NULL)""",
        """CREATE TABLE entries (
            id INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL REFERENCES sessions (id),
            seq INTEGER NOT NULL, clock_ms INTEGER NOT NULL, wall TEXT NOT NULL,
            kind TEXT NOT NULL, payload TEXT NOT NULL, clip TEXT, UNIQUE (session, seq))""",
        """CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries
            BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
        NO_DELETE,
        # INSERT OR REPLACE deletes without firing the trigger above (unless recursive_triggers is on).
        """CREATE TRIGGER entries_no_replace BEFORE INSERT ON entries
            WHEN EXISTS (SELECT 1 FROM entries WHERE id = NEW.id)
              OR EXISTS (SELECT 1 FROM entries WHERE session = NEW.session AND seq = NEW.seq)
            BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    ),
    (
        "ALTER TABLE sessions ADD COLUMN checksum TEXT",
        "ALTER TABLE entries ADD COLUMN checksum TEXT",
        # Rows from before have no checksum and are trusted without one; no later row is. The second number
        # is not used any more: SQLite gives the number of a deleted row again.
        "CREATE TABLE unchecked (entries INTEGER NOT NULL, sessions INTEGER NOT NULL)",
        """INSERT INTO unchecked SELECT (SELECT coalesce(max(id), 0) FROM entries),
            (SELECT coalesce(max(rowid), 0) FROM sessions)""",
    ),
)

#: The first version in which each row has a checksum.
CHECKED: Final = 2


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of the file, 0 for an empty one."""
    if value(connection, "SELECT count(*) FROM sqlite_master WHERE name = 'schema_version'") == 0:
        return 0
    version = value(connection, "SELECT max(version) FROM schema_version")
    if not isinstance(version, int | None):
        raise sqlite3.DatabaseError("the version of its tables is no number")
    return version or 0


def value(connection: sqlite3.Connection, query: str, *given: object) -> Any:  # noqa: ANN401 - SQLite's own types
    """Return the one value that a query gives.

    Raises:
        sqlite3.Error: also if it gives none.
    """
    row = connection.execute(query, given).fetchone()
    if row is None:
        raise sqlite3.DatabaseError("its tables cannot be read")
    return row[0]


def check_version(version: int, where: str, newest: int = len(MIGRATIONS)) -> None:
    """Refuse what a newer cuewalk wrote.

    Raises:
        JournalError: if ``version`` is newer than this program knows.
    """
    if version > newest:
        raise JournalError(
            f"{where} was written by a newer cuewalk (version {version}; this one knows {newest}).",
            meaning="It was left as it is.",
            remedy="Update cuewalk, or name another folder in CUEWALK_HOME.",
        )


def migrate(
    connection: sqlite3.Connection, where: str, migrations: Sequence[tuple[str, ...]] = MIGRATIONS
) -> None:
    """Bring the file to the newest version inside the caller's write transaction.

    Each version's statements and its own record are written together: a crash leaves the old version.
    """
    version = version_of(connection)
    check_version(version, where, len(migrations))
    connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied TEXT NOT NULL)"
    )
    for number, statements in enumerate(migrations[version:], start=version + 1):
        for statement in statements:
            connection.execute(statement)
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        connection.execute("INSERT INTO schema_version VALUES (?, ?)", (number, moment))


@cache
def columns_of(table: str) -> tuple[str, ...]:
    """Return the names of a table's columns in their order."""
    with closing(sqlite3.connect(":memory:")) as connection:
        migrate(connection, "A new journal")
        return tuple(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))
