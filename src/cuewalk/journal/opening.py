"""Opening the journal's file: looked at first, and only then written to."""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine

from cuewalk.domain.errors import JournalError
from cuewalk.journal.faults import damaged
from cuewalk.journal.schema import APPLICATION_ID, check_version, migrate, version_of


def connect(path: Path, *, read_only: bool, busy_ms: int) -> sqlite3.Connection:
    """Return a connection that leaves transactions to us and waits ``busy_ms`` for other writers."""
    uri = f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    connection = sqlite3.connect(
        uri, uri=True, timeout=busy_ms / 1000, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    # What `forget` deletes is overwritten with zeros, not only unlinked.
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def look(path: Path, *, read_only: bool) -> None:
    """Refuse what SQLite would silently replace or make.

    Raises:
        JournalError: for an emptied file with a write-ahead log beside it (SQLite takes the file for a new
            one and deletes the log), or when there is nothing to read.
    """
    size = path.stat().st_size if path.exists() else -1
    log = path.with_name(path.name + "-wal")
    if size <= 0 and log.exists() and log.stat().st_size > 0:
        raise damaged(path, "it is empty, but its write-ahead log is not")
    if read_only and size <= 0:
        raise JournalError(
            f"There is no journal at {path} yet.",
            remedy='A first session makes it: "cuewalk run" or "cuewalk demo".',
        )


def prepare(engine: Engine, path: Path, *, read_only: bool) -> None:
    """Check the file and bring it to the newest version.

    Raises:
        JournalError: if it is damaged, not ours, or newer than this program.
    """
    with engine.connect() as connection:
        _check(connection, path)
    if read_only:
        return
    with engine.connect() as connection:
        # A property of the file, so once would do; it cannot be set inside a transaction.
        connection.connection.execute("PRAGMA journal_mode = WAL")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        migrate(connection, f"The journal {path}")


def _check(connection: Connection, path: Path) -> None:
    verdict = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
    if verdict != "ok":
        raise damaged(path, verdict.splitlines()[-1])
    ours = connection.exec_driver_sql("PRAGMA application_id").scalar_one() == APPLICATION_ID
    empty = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one() == 0
    if not ours and not empty:
        raise JournalError(
            f"{path} is a database, but not a journal of cuewalk.",
            meaning="It was left as it is.",
            remedy="Move it away, or name another folder in CUEWALK_HOME.",
        )
    check_version(version_of(connection), f"The journal {path}")
