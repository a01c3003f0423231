"""Turns what SQLite says into sentences for the person; no other module speaks of SQLite errors."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cuewalk.domain.errors import JournalError
from cuewalk.files.faults import reason, remedy
from cuewalk.files.writing import full

_NOT_KEPT = "The last step was not kept; everything before it is safe."
_NOT_READ = "Nothing was shown, and nothing was changed."
#: What SQLite also says on a full disk, or where a person's share of it is used up: it cannot make its files.
_WITHOUT_ROOM: Final = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}

_DAMAGED: Final = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
#: What has a sentence of its own also where nothing was to be kept.
_WHILE_READING: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN}


class DamagedJournalError(JournalError):
    """The file cannot be trusted as a whole; some of its rows may still be read."""


@contextmanager
def journal_faults(path: Path, *, reading: bool = False, opening: bool = False) -> Iterator[None]:
    """Raise `JournalError` for whatever goes wrong with the file at ``path`` in the block.

    ``reading``: nothing was to be kept, so nothing is said of it. ``opening``: what SQLite makes no sense of
    (the number of its format, its tables) is damaged.
    """
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise _sentence(path, error, reading=reading, opening=opening) from error
    except (UnicodeError, OverflowError) as error:
        # SQLite's own words hold bytes of the file.
        raise damaged(path, "its tables cannot be read") from error


def damaged(path: Path, detail: str) -> DamagedJournalError:
    """Return the error for a file that cannot be trusted. The file itself is never touched."""
    return DamagedJournalError(
        f"The journal {path} is damaged ({detail}).",
        meaning="It was left exactly as it is, and nothing was written to it.",
        remedy=(
            f'To start a new one, move it away: mv "{path}" "{path}.damaged" '
            f'(and "{path}-wal" the same way, if it is there).'
        ),
    )


def _sentence(path: Path, error: BaseException | None, *, reading: bool, opening: bool) -> JournalError:
    if isinstance(error, OSError):
        return JournalError(
            f"The journal {path} cannot be opened: {reason(error)}.",
            meaning="Nothing was read or written.",
            remedy=remedy(error),
        )
    # The low byte is the primary code; the rest says where in SQLite it happened.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED or (opening and code == sqlite3.SQLITE_ERROR):
        return damaged(path, str(error))
    if reading:
        return _KNOWN[code](path) if code in _WHILE_READING else _unread(path, error)
    if code in _WITHOUT_ROOM and full(path.parent):
        return _full(path)
    return _KNOWN[code](path) if code in _KNOWN else _other(path, error)


def _unread(path: Path, error: BaseException | None) -> JournalError:
    return JournalError(
        f"The journal {path} cannot be read: {error}.",
        meaning=_NOT_READ,
        remedy=f"Check the disk of {path.parent}, or copy it to another one and name that in CUEWALK_HOME.",
    )


def _full(path: Path) -> JournalError:
    return JournalError(
        f"There is no room left for the journal {path}.",
        meaning=_NOT_KEPT,
        remedy=f"Free some space on the disk of {path.parent}, then try again.",
    )


def _read_only(path: Path) -> JournalError:
    return JournalError(
        f"The journal {path} is read-only.",
        meaning=_NOT_KEPT,
        remedy="Make the file and its folder writable, or name another folder in CUEWALK_HOME.",
    )


def _locked(path: Path) -> JournalError:
    return JournalError(
        f"Another program is writing to the journal {path} and does not let go.",
        meaning=_NOT_KEPT,
        remedy="Close the other cuewalk (or the database tool) and try again.",
    )


def _cannot_open(path: Path) -> JournalError:
    return JournalError(
        f"The journal {path} cannot be opened.",
        meaning="Nothing was read or written.",
        remedy="Check that it is a file in a folder of yours, or name another folder in CUEWALK_HOME.",
    )


def _other(path: Path, error: BaseException | None) -> JournalError:
    return JournalError(
        f"The journal {path} cannot be used: {error}.",
        meaning=_NOT_KEPT,
        remedy=f"Check the disk of {path.parent}, then try again.",
    )


_KNOWN: Final = {
    sqlite3.SQLITE_FULL: _full,
    sqlite3.SQLITE_READONLY: _read_only,
    sqlite3.SQLITE_BUSY: _locked,
    sqlite3.SQLITE_LOCKED: _locked,
    sqlite3.SQLITE_CANTOPEN: _cannot_open,
}
