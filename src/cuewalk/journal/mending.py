"""Mends what an older version's start, cut off early, left: a session without its first entry."""

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select
from sqlalchemy.exc import DBAPIError

from cuewalk.domain.records import SessionStarted
from cuewalk.journal.codec import encode
from cuewalk.journal.opening import copy_beside
from cuewalk.journal.rows import FIRST_ENTRY, Unchecked, checked, setup_of
from cuewalk.journal.schema import ENTRIES, SESSIONS

_STARTED: Final = "record:session_started"


def mend(engine: Engine, path: Path, now: datetime) -> list[str]:
    """Give every session a start or take it out if there is nothing in it; tell the person what was done.

    A copy of the journal is kept beside it first. Where that cannot be made, nothing is mended: readers do
    without such sessions.
    """
    with engine.connect() as connection:
        if not _broken(connection):
            return []
        try:
            copy = copy_beside(connection, path, f"before-mending-{now:%Y%m%d-%H%M}")
        except (OSError, sqlite3.Error, DBAPIError):
            return []
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        done = [_mend(connection, row, now) for row in _broken(connection)]
    if not any(done):
        copy.unlink(missing_ok=True)
        return []
    what = "A session whose start was" if len(done) == 1 else f"{len(done)} sessions whose starts were"
    return [f"{what} cut off was mended in your journal; the journal as it was before is kept as {copy}."]


def _broken(connection: Connection) -> list[Row[Any]]:
    """Return the sessions that have no start; one whose start is there but damaged is not among them."""
    begun = select(ENTRIES.c.session).where(ENTRIES.c.kind == _STARTED, ENTRIES.c.session == SESSIONS.c.id)
    entries = select(func.count()).where(ENTRIES.c.session == SESSIONS.c.id).scalar_subquery()
    query = select(SESSIONS, entries.label("entries"), FIRST_ENTRY).where(~begun.exists())
    return list(connection.execute(query).all())


def _mend(connection: Connection, row: Row[Any], now: datetime) -> bool:
    if not row.entries:
        return connection.execute(delete(SESSIONS).where(SESSIONS.c.id == row.id)).rowcount == 1
    try:
        setup = setup_of(row, Unchecked())
    except ValueError:
        return False
    kind, payload = encode(SessionStarted(setup=setup))
    last = connection.execute(select(func.max(ENTRIES.c.seq)).where(ENTRIES.c.session == row.id)).scalar_one()
    values = {"session": row.id, "seq": last + 1, "clock_ms": 0, "wall": now.isoformat(), "clip": None}
    values |= {"kind": kind, "payload": payload}
    connection.execute(insert(ENTRIES).values(checked(values)))
    return True
