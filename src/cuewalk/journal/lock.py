"""One session at a time: a lock that the system itself lets go when a program dies."""

import fcntl
import logging
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from cuewalk import places
from cuewalk.domain.errors import JournalError
from cuewalk.files.faults import reason
from cuewalk.logs import ignoring

_log = logging.getLogger(__package__)

LOCK_NAME: Final = "session.lock"


@contextmanager
def session_lock(folder: Path, wanted: str = "A session cannot start") -> Iterator[None]:
    """Hold the lock of the data folder for the block.

    The file stays when the lock is released: deleting it would let two programs hold "the" lock.

    Raises:
        JournalError: if another program (or this one) holds it; ``wanted`` is what cannot be done.
    """
    try:
        handle = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise JournalError(
            f"{wanted}: {folder / LOCK_NAME} cannot be opened: {reason(error)}.",
            remedy="Make the folder writable, or name another folder in CUEWALK_HOME.",
        ) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise JournalError(
            f"{wanted}: {folder / LOCK_NAME} cannot be used: it is no ordinary file.", remedy="Move it away."
        )
    try:
        _take(handle, wanted)
        yield
        # The owner's number is for messages only.
        with ignoring(_log, OSError, doing="clearing the lock's number"):
            os.truncate(handle, 0)
    finally:
        os.close(handle)


Given = ParamSpec("Given")
Result = TypeVar("Result")


def not_during_a_session(wanted: str) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Let a function hold the lock of the person's data folder; ``wanted`` is what cannot be done without."""

    def locked(function: Callable[Given, Result]) -> Callable[Given, Result]:
        @wraps(function)
        def call(*arguments: Given.args, **named: Given.kwargs) -> Result:
            with session_lock(places.writable_data_dir(), wanted):
                return function(*arguments, **named)

        return call

    return locked


def _take(handle: int, wanted: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        owner = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
        raise JournalError(
            f"{wanted} while a session is running (process {owner}).",
            meaning="Nothing was changed.",
            remedy='Say "stop" there, or close it, and try again.',
        ) from error
    except OSError as error:
        raise JournalError(
            f"{wanted}: its lock cannot be taken: {reason(error)}.",
            meaning="Nothing was changed.",
            remedy="Try again, or name another folder in CUEWALK_HOME.",
        ) from error
    # On a full or failing disk the lock holds as well without its owner's number.
    with ignoring(_log, OSError, doing="writing the lock's number"):
        os.truncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode("ascii"), 0)
