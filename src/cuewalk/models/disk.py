"""What a disk refuses, as sentences; and one fetch at a time."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cuewalk.domain.errors import ModelError
from cuewalk.files.looking import what_else
from cuewalk.files.writing import PRIVATE_FILE

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_ELSEWHERE = "name another folder in the environment variable CUEWALK_HOME"


@contextmanager
def disk_sentences(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses inside the block into a `ModelError` that names ``folder``."""
    try:
        yield
    except OSError as error:
        raise _sentence(error, folder) from error


@contextmanager
def exclusive(path: Path, name: str) -> Iterator[None]:
    """Hold the lock file ``path``; it is free again when the process ends, however it ends.

    Raises:
        ModelError: another process holds it.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, PRIVATE_FILE)
    with os.fdopen(handle, "rb") as lock:
        if what := what_else(path):
            raise ModelError(
                f"{path} is in the way: {what}.", meaning="Nothing was fetched.", remedy="Move it away."
            )
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ModelError(
                f"{name} is being fetched by another cuewalk.",
                remedy="Wait for it, or end it and fetch again.",
            ) from error
        yield


def need_space(folder: Path, needed: int) -> None:
    """Check that ``needed`` bytes are free.

    Raises:
        ModelError: they are not; nothing was written.
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise _full(folder, f"{megabytes(needed)} are needed and {megabytes(free)} are free")


def sync(path: Path) -> None:
    """Make a file or folder durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def megabytes(size: int) -> str:
    """Return a size for a sentence: 41205931 is "41.2 MB"."""
    return f"{size / 1e6:.1f} MB"


def _sentence(error: OSError, folder: Path) -> ModelError:
    if error.errno in _NO_SPACE:
        return _full(folder, "the disk is full")
    reason = error.strerror or str(error)
    return ModelError(
        f"The folder {folder} cannot be written to ({reason}).",
        meaning="No model was installed.",
        remedy=f"Make it writable, or {_ELSEWHERE}.",
    )


def _full(folder: Path, reason: str) -> ModelError:
    return ModelError(
        f"There is no room for the model in {folder}: {reason}.",
        meaning="No model was installed; what has arrived is kept.",
        remedy=f"Free some space and fetch again, or {_ELSEWHERE}.",
    )
