"""Turns what SQLite says into sentences for the person; no other module speaks of SQLite errors."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cuewalk.domain.errors import JournalError
from cuewalk.files.faults import reason, remedy
from cuewalk.files.writing import full

_NOT_KEPT: Final = "The last step was not kept; everything before it is safe."
_LOCKED: Final = (
    "Another program is writing to the journal {path} and does not let go.",
    _NOT_KEPT,
    "Close the other cuewalk (or the database tool) and try again.",
)
#: Error code → what happened, what it means, what to do.
_KNOWN: Final = {
    sqlite3.SQLITE_FULL: (
        "There is no room left for the journal {path}.",
        _NOT_KEPT,
        "Free some space on the disk of {folder}, then try again.",
    ),
    sqlite3.SQLITE_READONLY: (
        "The journal {path} is read-only.",
        _NOT_KEPT,
        "Make the file and its folder writable, or name another folder in CUEWALK_HOME.",
    ),
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_CANTOPEN: (
        "The journal {path} cannot be opened.",
        "Nothing was read or written.",
        "Check that it is a file in a folder of yours, or name another folder in CUEWALK_HOME.",
    ),
}
_OTHER: Final = (
    "The journal {path} cannot be used: {error}.",
    _NOT_KEPT,
    "Check the disk of {folder}, then try again.",
)
_UNREAD: Final = (
    "The journal {path} cannot be read: {error}.",
    "Nothing was shown, and nothing was changed.",
    "Check the disk of {folder}, or copy it to another one and name that in CUEWALK_HOME.",
)
_DAMAGED: Final = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
#: Codes that have the same sentence where nothing was to be kept.
_WHILE_READING: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN}
#: What SQLite also says on a full disk, or where a person's share of it is used up: it cannot make its files.
_WITHOUT_ROOM: Final = {*_WHILE_READING, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_IOERR}


class DamagedJournalError(JournalError):
    """The file cannot be trusted as a whole; some of its rows may still be read."""


@contextmanager
def journal_faults(path: Path, *, reading: bool = False, opening: bool = False) -> Iterator[None]:
    """Raise `JournalError` for whatever goes wrong with the file at ``path`` in the block.

    Args:
        path: the journal's file.
        reading: nothing was to be kept, so the sentence does not speak of it.
        opening: what SQLite makes no sense of (the number of its format, its tables) is damaged.
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


def _sentence(path: Path, error: Exception, *, reading: bool, opening: bool) -> JournalError:
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
        texts = _KNOWN[code] if code in _WHILE_READING else _UNREAD
    else:
        code = sqlite3.SQLITE_FULL if code in _WITHOUT_ROOM and full(path.parent) else code
        texts = _KNOWN.get(code, _OTHER)
    what, meaning, advice = (text.format(path=path, folder=path.parent, error=error) for text in texts)
    return JournalError(what, meaning=meaning, remedy=advice)
