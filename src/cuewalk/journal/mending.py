"""Mends what an older version's start, cut off early, left: a session without its first entry."""

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Final

from cuewalk.domain.records import SessionStarted
from cuewalk.journal.opening import copy_beside, transaction
from cuewalk.journal.rows import ALL_SESSIONS, Unchecked, append_items, setup_of

#: Sessions that have no start; one whose start is there but damaged is not among them.
_BROKEN: Final = f"""SELECT *, (SELECT count(*) FROM entries WHERE session = found.id) AS entries
    FROM ({ALL_SESSIONS}) AS found
    WHERE NOT EXISTS (SELECT 1 FROM entries WHERE session = found.id AND kind = 'record:session_started')"""  # noqa: S608 - our own words


def mend(connection: sqlite3.Connection, path: Path, now: datetime) -> list[str]:
    """Give every session a start or take it out if there is nothing in it; tell the person what was done.

    A copy of the journal is kept beside it first. Where that cannot be made, nothing is mended: readers do
    without such sessions.
    """
    if not connection.execute(_BROKEN).fetchall():
        return []
    try:
        copy = copy_beside(connection, path, f"before-mending-{now:%Y%m%d-%H%M}")
    except (OSError, sqlite3.Error):
        return []
    with transaction(connection, write=True):
        done = [_mend(connection, row, now) for row in connection.execute(_BROKEN).fetchall()]
    if not any(done):
        copy.unlink(missing_ok=True)
        return []
    what = "A session whose start was" if len(done) == 1 else f"{len(done)} sessions whose starts were"
    return [f"{what} cut off was mended in your journal; the journal as it was before is kept as {copy}."]


def _mend(connection: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> bool:
    if not row["entries"]:
        return connection.execute("DELETE FROM sessions WHERE id = ?", (row["id"],)).rowcount == 1
    try:
        setup = setup_of(row, Unchecked())
    except ValueError:
        return False
    append_items(connection, row["id"], 0, now, [(SessionStarted(setup=setup), None)])
    return True
