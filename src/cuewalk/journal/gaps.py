"""Finds the entries that are missing: those of a session are numbered one after the other."""

import sqlite3
from collections.abc import Iterator
from typing import Final

from cuewalk.journal.api import Damage, Fate
from cuewalk.journal.schema import value

#: Entries with the one before them, of the sessions that are not numbered through. An index holds all of it.
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
    """Yield what is missing between the entries of each session; its last ones cannot be known by numbers.

    ENTRY numbers tell damage from loss: a damaged number of a session leaves no hole in them. Nor does an
    import of what was left when it was exported. A forgotten session leaves no entry that could miss others.
    """
    for session, seq, number, seq_before, id_before in connection.execute(_GAPS).fetchall():
        before = number - seq if id_before is None else id_before
        between = number - before - 1
        there = value(connection, _THERE, before, number)
        lost = min(seq - seq_before - 1, between - there)
        if lost > 0:
            known = lost == between == seq - seq_before - 1
            what = _numbers(before + 1, lost) if known else _count(lost, before, number)
            yield Damage(session, before + 1, _WHY, Fate.MISSING, what)


def _numbers(first: int, count: int) -> str:
    return f"entry {first}" if count == 1 else f"each of the entries {first} to {first + count - 1}"


def _count(count: int, before: int, after: int) -> str:
    between = f"between the entries {before} and {after}" if before > 0 else f"before entry {after}"
    return f"one entry {between}" if count == 1 else f"each of {count} entries {between}"
