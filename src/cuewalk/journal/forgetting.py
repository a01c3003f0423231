"""Deleting everything that a person left behind, by name: a folder may hold other things too."""

import os
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from cuewalk.domain.errors import JournalError
from cuewalk.files.faults import reason
from cuewalk.files.looking import there
from cuewalk.files.removing import remove_tree
from cuewalk.files.writing import PRIVATE_FOLDER
from cuewalk.journal.lock import session_lock
from cuewalk.journal.store import FILE_NAME, Journal

CLIPS: Final = "clips"
#: In the data folder: the journal with its logs and set-aside copies, clips, settings, learned voices, logs;
#: with a dot before them, what killed writers left of them.
_PERSONAL: Final = (
    *(f"{FILE_NAME}*", CLIPS, "settings.*", "heads", "cuewalk*.log"),
    *(f".{FILE_NAME}*", ".settings.*", ".heads.*", ".cuewalk*.log.*"),
)
#: In the cache folder. Downloaded models say nothing about a person and stay.
_CACHED: Final = ("cues",)


def personal_files(data: Path, cache: Path) -> list[Path]:
    """Return the files and folders of the person that are there, in the order in which they are deleted."""
    found = [path for pattern in _PERSONAL for path in sorted(data.glob(pattern))]
    return found + [cache / name for name in _CACHED if there(cache / name)]


def forget_person(data: Path, cache: Path) -> list[Path]:
    """Delete the person's journal, clips, settings and cached cues, and return what is gone.

    The journal's rows are overwritten first, so that another program which has it open does not keep them.

    Raises:
        JournalError: while a session is running (nothing is gone), or if something cannot be deleted.
    """
    with session_lock(data, "Nothing can be deleted"):
        _open(cache)
        _empty_journal(data / FILE_NAME)
        gone = personal_files(data, cache)
        for path in gone:
            try:
                remove_tree(path)
            except OSError as error:
                raise JournalError(
                    f"{path} cannot be deleted: {reason(error)}.",
                    meaning="What comes before it in the list is gone; this and the rest are still there.",
                    remedy="Make it writable and try again, or delete it yourself.",
                ) from error
    return gone


def _open(folder: Path) -> None:
    """Open a folder of the person's own that they have closed: what is in it is to be deleted."""
    with suppress(OSError):  # deleting reports what it cannot delete
        found = folder.stat()
        if found.st_uid == os.geteuid() and found.st_mode & PRIVATE_FOLDER != PRIVATE_FOLDER:
            folder.chmod(found.st_mode | PRIVATE_FOLDER)


def _empty_journal(path: Path) -> None:
    if not there(path):
        return
    try:
        journal = Journal(path)
    except JournalError:
        return  # damaged or foreign rows cannot be overwritten one by one; the file is deleted whole
    with closing(journal):
        journal.forget()
