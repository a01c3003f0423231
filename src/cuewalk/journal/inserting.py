"""Rows into the journal's tables, each with its checksum. The transaction is the caller's."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from cuewalk.domain.setup import Setup
from cuewalk.journal.api import Entry, SessionRow
from cuewalk.journal.codec import encode
from cuewalk.journal.rows import LARGEST, checked, session_sum
from cuewalk.journal.schema import ENTRIES, SESSIONS


def row_of(connection: Connection, session_id: str) -> Row[Any] | None:
    """Return the row of a session with its id alone, None if there is none."""
    return connection.execute(select(SESSIONS.c.id).where(SESSIONS.c.id == session_id)).first()


def add_entries(
    connection: Connection, place: tuple[str, int, str], coded: Iterable[tuple[str, str, str | None]]
) -> list[int]:
    """Append entries behind the last one that counts: a damaged number must not be counted on from."""
    session, at_ms, moment = place
    last = select(func.max(ENTRIES.c.seq)).where(ENTRIES.c.session == session)
    whole = (func.typeof(ENTRIES.c.seq) == "integer", ENTRIES.c.seq < LARGEST)
    seq = connection.execute(last.where(*whole)).scalar() or 0
    numbers = []
    for n, (kind, payload, clip) in enumerate(coded, start=1):
        values = {"session": session, "seq": seq + n, "clock_ms": at_ms, "wall": moment}
        values |= {"kind": kind, "payload": payload, "clip": clip}
        added = connection.execute(insert(ENTRIES).values(checked(values)).returning(ENTRIES.c.id))
        numbers.append(int(added.scalar_one()))
    return numbers


def insert_session(connection: Connection, row: SessionRow, setup: Setup) -> None:
    """Put in a session's row."""
    started, text = row.started.isoformat(), setup.model_dump_json()
    connection.execute(
        insert(SESSIONS).values(
            id=row.id,
            started=started,
            programme=row.programme,
            locale=row.locale,
            status=row.status,
            setup=text,
            checksum=session_sum(row.id, started, row.programme, row.locale, text),
        )
    )


def insert_entry(connection: Connection, entry: Entry, *, keep_number: bool) -> None:
    """Put in an entry of another journal, under its own ENTRY number or the next one."""
    _, payload = encode(entry.item)
    values = {"session": entry.session, "seq": entry.seq, "clock_ms": entry.clock_ms, "clip": entry.clip}
    values |= {"wall": entry.wall.isoformat(), "kind": entry.kind, "payload": payload}
    number = {"id": entry.id} if keep_number else {}
    connection.execute(insert(ENTRIES).values(checked(values) | number))
