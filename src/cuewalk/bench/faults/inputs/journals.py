"""Journals: pages of the database, values in its rows, exported lines."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

from cuewalk.bench.faults.inputs.mutating import ODD_STRINGS, mutated_lines, odd_json
from cuewalk.bench.faults.inputs.place import InputKind, InputPlace
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.evidence import evidence_of
from cuewalk.domain.projection import buckets_of
from cuewalk.journal.store import FILE_NAME, Journal
from cuewalk.review.corrections import correct_rating
from cuewalk.review.rating_log import movement_names, rating_log
from cuewalk.review.replay import replay

_TODAY: Final = date(2026, 6, 1)
_LINES_MOST: Final = 50
_PAGE: Final = 4096


def _mutated_journal(rng: Random, data: bytes) -> bytes:
    """Damage pages of a database: bits, whole pages, its end; sizes stay where that is possible."""
    found = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        page = rng.randrange(len(found) // _PAGE) * _PAGE if rng.random() < 0.8 else 0  # noqa: PLR2004
        at = page + rng.choice((rng.randrange(100), rng.randrange(_PAGE), rng.randrange(_PAGE)))
        way = rng.randrange(6)
        if way <= 1:
            found[at] ^= 1 << rng.randrange(8)
        elif way == 2:  # noqa: PLR2004 - one of six ways
            found[page : page + _PAGE] = bytes(_PAGE)
        elif way == 3:  # noqa: PLR2004
            other = rng.randrange(len(found) // _PAGE) * _PAGE
            found[page : page + _PAGE] = found[other : other + _PAGE]
        elif way == 4:  # noqa: PLR2004
            found[at : at + 8] = rng.randbytes(8)
        elif rng.random() < 0.3:  # noqa: PLR2004
            return bytes(found[: rng.randrange(len(found))])
    return bytes(found)


def _use_journal(data: bytes, place: InputPlace) -> None:
    _without_journal(place).write_bytes(data)
    _read_journal(place.home / FILE_NAME)


def _without_journal(place: InputPlace) -> Path:
    for left in place.home.glob(f"{FILE_NAME}*"):
        left.unlink()
    return place.home / FILE_NAME


def _read_journal(path: Path) -> None:
    """Do what the reading commands do, and a correction; each by itself, so that none hides another."""
    with closing(Journal(path)) as journal:
        reads: Sequence[Callable[[], object]] = (
            lambda: [rating_log(journal, row) for row in journal.sessions()],
            lambda: buckets_of(journal.histories(), today=_TODAY),
            lambda: evidence_of(journal.histories(), today=_TODAY),
            lambda: movement_names(journal),
            lambda: [replay(journal, row.id) for row in journal.sessions()],
            lambda: list(journal.export_lines()),
            journal.latest_interrupted,
            lambda: correct_rating(journal, _a_rating(path), 3.0, datetime.now(UTC).astimezone()),
        )
        for read in reads:
            with suppress(CuewalkError):
                read()


def _a_rating(path: Path) -> int:
    try:
        with closing(sqlite3.connect(path)) as raw:
            asked = "SELECT id FROM entries WHERE kind = 'record:rating_given' LIMIT 1"
            return int((raw.execute(asked).fetchone() or [1])[0])
    except (sqlite3.Error, ValueError):
        return 1


_COLUMNS: Final = (
    *(("sessions", name) for name in ("id", "started", "programme", "locale", "status", "setup")),
    *(("entries", name) for name in ("id", "session", "seq", "clock_ms", "wall", "kind", "payload", "clip")),
    *(("entries", name) for name in ("wall", "kind", "payload", "payload", "payload")),
)
#: Instead of a value: one place inside of its JSON becomes odd.
_INSIDE: Final = "inside"


def _mutated_rows(rng: Random, _data: bytes) -> bytes:
    """Return edits of a journal's rows, one a line: table, column, which row, its new value."""
    edits = []
    for _ in range(rng.randint(1, 3)):
        table, column = rng.choice(_COLUMNS)
        row = rng.randrange(600)
        if column in {"payload", "setup"} and rng.random() < 0.8:  # noqa: PLR2004 - most inside of the JSON
            edits.append(json.dumps([table, column, row, {_INSIDE: rng.randrange(1 << 30)}]))
        else:
            value = rng.choice((None, -1, 0, 2**62, 1.5, "", *ODD_STRINGS, "2026-13-45", "record:nothing"))
            edits.append(json.dumps([table, column, row, value]))
    return "\n".join(edits).encode()


def _use_rows(data: bytes, place: InputPlace) -> None:
    """Edit a journal's rows behind the product's back, then read everything in it."""
    path = _without_journal(place)
    shutil.copy(place.whole / FILE_NAME, path)
    with closing(sqlite3.connect(path)) as raw:
        for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f'DROP TRIGGER "{trigger}"')
        for line in data.decode().split("\n"):
            with suppress(sqlite3.Error, ValueError, UnicodeEncodeError, OverflowError):
                _edit_row(raw, *json.loads(line))
        raw.commit()
    _read_journal(path)


def _edit_row(raw: sqlite3.Connection, table: str, column: str, row: int, value: Any) -> None:  # noqa: ANN401
    count = raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
    asked = f"SELECT rowid, {column} FROM {table} LIMIT 1 OFFSET ?"  # noqa: S608
    ident, old = raw.execute(asked, (row % max(1, count),)).fetchone()
    if isinstance(value, dict):
        value = odd_json(Random(value[_INSIDE]), old).decode("utf-8", "replace")  # noqa: S311
    raw.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, ident))  # noqa: S608


@cache
def _lines_seed(home: Path) -> bytes:
    """Return the beginning of an export: a header, a session, some entries."""
    copy = home.parent / "export.sqlite"
    shutil.copy(home / FILE_NAME, copy)
    with closing(Journal(copy)) as journal:
        lines = list(journal.export_lines(journal.sessions()[0].id))
    return "\n".join(lines[:_LINES_MOST]).encode()


def _use_lines(data: bytes, place: InputPlace) -> None:
    """Import lines into an empty journal, and read what came of them."""
    path = _without_journal(place)
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return  # whoever reads a file of lines says so before the journal is asked
    with closing(Journal(path)) as journal:
        journal.import_lines(lines)
    _read_journal(path)


KINDS: Final = (
    InputKind("journal", FILE_NAME, _mutated_journal, _use_journal, 0.6, large=True),
    InputKind("rows", b'["entries", "clip", 1, null]', _mutated_rows, _use_rows, 0.6),
    InputKind("lines", _lines_seed, mutated_lines, _use_lines),
)
