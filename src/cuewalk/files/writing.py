"""Writes a file whole or not at all: beside, fsync, rename, fsync of the folder.

A crash, a full disk or a lost power leaves the old file or the new one, never a half or an empty one. What is
written is readable by its owner alone (files 0600, folders 0700), from the first byte. A part that a killed
process left is removed by the next writer of the same file; the lock on it tells the living from the dead.
"""

import errno
import fcntl
import logging
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from cuewalk.files.reading import open_ordinary
from cuewalk.logs import ignoring, kind_of

_log = logging.getLogger(__package__)

PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
_PART: Final = ".part"
#: Bytes: a part of shared memory (32 KiB), a page of the log, a header.
_ROOM: Final = 40_960
#: What keeps a thing from being read while it can still be renamed.
_UNREADABLE: Final = {errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENXIO, errno.ELOOP, errno.EOPNOTSUPP}


def private_folder(folder: Path) -> Path:
    """Make the folder and its missing parents, each for its owner alone, and return it.

    Raises:
        OSError: if it cannot be made, or is not a folder.
    """
    if folder.is_dir():
        return folder
    if folder.parent != folder:
        private_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=PRIVATE_FOLDER)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    return folder


def check_place(path: Path) -> None:
    """Check, before any work is done, that a file can be put at ``path``.

    Raises:
        OSError: if it is a folder, or its folder is missing, is none, or cannot be written to.
    """
    place = Path(os.path.realpath(path))
    if place.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))
    if not place.parent.is_dir():
        number = errno.ENOTDIR if place.parent.exists() else errno.ENOENT
        raise OSError(number, os.strerror(number), str(place.parent))
    if not os.access(place.parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place.parent))


def full(folder: Path) -> bool:
    """Return whether a folder lacks room for what SQLite first puts beside a journal.

    It is tried, with a file without a name: the file system's count of free blocks knows nothing of a
    person's share, nor of what is kept for root.
    """
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            file.write(bytes(_ROOM))
            os.fsync(file.fileno())
    except OSError as error:
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return False


def write_whole(path: Path, content: bytes | str, *, mode: int = PRIVATE_FILE) -> None:
    """Put ``content`` (text as UTF-8) in the file's place, durably, whole or not at all.

    Raises:
        OSError: if it cannot be written; then the older file, or its absence, is as it was.
    """
    with whole_file(path, mode=mode) as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)


class WholeFile:
    """A file in the making, beside the one whose place it takes by `commit`.

    As a context manager it commits at the end of the block, and discards if the block raises. A link is
    followed: what it points to is replaced, and the link stays. Missing folders are made, private; ``mode``
    holds whatever the umask.

    Raises:
        OSError: if nothing can be written there.
    """

    def __init__(self, path: Path, *, mode: int = PRIVATE_FILE) -> None:
        self.place = Path(os.path.realpath(path))
        private_folder(self.place.parent)
        if self.place.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(self.place))
        _sweep(self.place)
        #: Where the bytes go meanwhile, and that file: open, binary, seekable.
        self.part, self.file = _part(self.place, mode)

    def commit(self) -> None:
        """Make it durable and give it its place; a second call does nothing.

        Raises:
            OSError: if that fails; the part is gone then, and the older file is as it was.
        """
        if self.file.closed:
            return
        try:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.part.replace(self.place)  # before the lock goes: no sweep takes the part for a dead one
        except BaseException:
            self.discard()
            raise
        self.file.close()
        sync_folder(self.place.parent)

    def discard(self) -> None:
        """Throw away what was written; after `commit`, or a second time, it does nothing."""
        if self.file.closed:
            return
        with ignoring(_log, OSError, doing="removing a part"):
            self.part.unlink()
        # A full disk refuses what is still in the buffer.
        with ignoring(_log, OSError, doing="closing a part"):
            self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.commit()
        else:
            self.discard()


@contextmanager
def whole_file(path: Path, *, mode: int = PRIVATE_FILE) -> Iterator[BinaryIO]:
    """Yield the file object of a `WholeFile`.

    Raises:
        OSError: if it cannot be written; then everything is as it was.
    """
    with WholeFile(path, mode=mode) as whole:
        yield whole.file


def copy_whole(source: Path, path: Path) -> None:
    """Copy a file to another place, whole or not at all.

    Raises:
        OSError: if one cannot be read or the other not written.
    """
    with open_ordinary(source) as given, whole_file(path) as taken:
        shutil.copyfileobj(given, taken)


def keep_beside(path: Path) -> None:
    """Keep a file that is to be replaced and cannot be used, as ``NAME.broken``.

    What cannot be copied (a folder, a pipe, a file that may not be read) is moved there. An older one of that
    name is replaced.

    Raises:
        OSError: if that cannot be done; nothing is changed then.
    """
    beside = path.with_name(f"{path.name}.broken")
    try:
        copy_whole(path, beside)
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno not in _UNREADABLE:
            raise
        path.rename(beside)
        sync_folder(path.parent)


def remove(path: Path) -> bool:
    """Delete a file durably; tell whether it was there.

    Raises:
        OSError: if it cannot be deleted.
    """
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    sync_folder(path.parent)
    return True


def swap_folder(fresh: Path, place: Path) -> None:
    """Put the folder ``fresh`` in the place of the folder ``place``, which is deleted only afterwards.

    Both are on one disk. A crash in the middle leaves the old one, complete, as ``.NAME.old`` beside;
    `recover_folder` puts it back.

    Raises:
        OSError: if it cannot be done; then ``place`` is as it was.
    """
    old = place.with_name(f".{place.name}.old")
    recover_folder(place)
    try:
        place.rename(old)
    except FileNotFoundError:
        fresh.rename(place)
    else:
        try:
            fresh.rename(place)
        except OSError:
            old.rename(place)
            raise
    sync_folder(place.parent)
    shutil.rmtree(old, ignore_errors=True)


def recover_folder(place: Path) -> None:
    """End a `swap_folder` that was cut off: the old folder comes back where there is no new one."""
    old = place.with_name(f".{place.name}.old")
    if not old.is_dir():
        return
    if place.exists():
        shutil.rmtree(old, ignore_errors=True)
    else:
        old.rename(place)
        sync_folder(place.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable. Systems that cannot (network disks) are left alone."""
    with ignoring(_log, OSError, doing="syncing a folder"):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_private(path: Path) -> bool:
    """Take other people's permissions from a file or folder; tell whether it is private now.

    A link is left alone, and so is what belongs to somebody else.
    """
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            return True
        if found.st_mode & 0o077:
            path.chmod(stat.S_IMODE(found.st_mode) & 0o700)
    except OSError as error:
        _log.debug("not made private: %s", kind_of(error))
        return False
    return True


def _part(place: Path, mode: int) -> tuple[Path, BinaryIO]:
    """Return a new locked file beside ``place``, open for reading and writing."""
    while True:
        # A long name is cut, so that the part's own name still fits a file system.
        part = place.with_name(f".{place.name[:180]}.{secrets.token_hex(4)}{_PART}")
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with ignoring(_log, OSError, doing="locking a part, as some network disks cannot"):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(handle).st_nlink:  # not swept between its making and its lock
            return part, os.fdopen(handle, "w+b")
        os.close(handle)


def _sweep(place: Path) -> None:
    """Remove what killed writers of the same file left."""
    start = f".{place.name[:180]}."
    with ignoring(_log, OSError, doing="sweeping old parts"):
        for name in os.listdir(place.parent):  # noqa: PTH208 - no path objects for a folder of thousands
            if name.startswith(start) and name.endswith(_PART):
                _remove_dead(place.with_name(name))


def _remove_dead(part: Path) -> None:
    with ignoring(_log, OSError, doing="removing a dead writer's part"):
        handle = os.open(part, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()
        finally:
            os.close(handle)
