"""Sees every operation of a process that changes the disk, and keeps the process inside a folder.

Python reports operations to audit hooks (PEP 578), which cannot be removed: so only in a process of its own.
Syncs are seen by a replaced `os.fsync`, SQLite's operations by `sqlite_shim`.
"""

import errno
import fcntl
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cuewalk.bench.faults.sqlite_shim import Shim

_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
#: Audit event → what it is called here, and which of its arguments are paths and their folder's handle.
_CHANGES: Final[dict[str, tuple[str, tuple[tuple[int, int | None], ...]]]] = {
    "os.rename": ("rename", ((0, 2), (1, 3))),
    "os.remove": ("remove", ((0, 1),)),
    "os.mkdir": ("mkdir", ((0, 2),)),
    "os.rmdir": ("rmdir", ((0, 1),)),
    "os.link": ("link", ((0, 2), (1, 3))),
    "os.symlink": ("link", ((1, 2),)),
    "os.truncate": ("truncate", ((0, None),)),
}
#: Devices that may be written to.
_HARMLESS: Final = ("/dev/null", "/dev/full", "/dev/tty", "/proc/self/", "/dev/shm/sem.")  # noqa: S108
_F_GETPATH: Final = 50  # macOS: the path of an open file


@dataclass(frozen=True, slots=True)
class WatchedPoint:
    """One operation: its number from 1, its kind, its file.

    ``at`` is the offset of a write, the size of a truncation, the flags of an opening; ``to`` the new name.
    """

    number: int
    kind: str
    path: str
    to: str = ""
    at: int = 0
    data: bytes = b""


class Watch:
    """Reports each operation inside ``folder`` before it happens; refuses those outside, and the network.

    ``seen`` is called with each; if it raises an `OSError`, the operation fails with it.
    """

    def __init__(self, folder: Path, seen: Callable[[WatchedPoint], None]) -> None:
        self._folder = os.path.realpath(folder)
        self._seen = seen
        self.number = 0
        self.counting = False
        self._inside = False

    def install(self) -> None:
        """Watch for the rest of this process. Nothing is reported before `counting` is set."""
        sys.dont_write_bytecode = True
        self._fsync = os.fsync
        os.fsync = self._sync  # type: ignore[assignment]
        Shim(lambda kind, name, at, data: self._point(f"db {kind}", name, at=at, data=data)).install()
        sys.addaudithook(self._audit)

    def _point(self, kind: str, path: str, to: str = "", at: int = 0, data: bytes = b"") -> None:
        if not self.counting or self._inside or not path.startswith(self._folder):
            return
        self.number += 1
        self._inside = True
        try:
            self._seen(WatchedPoint(self.number, kind, path, to, at, data))
        finally:
            self._inside = False

    def _sync(self, handle: Any) -> None:  # noqa: ANN401 - a number or a file
        number = handle if isinstance(handle, int) else handle.fileno()
        self._point("fsync", path_of(number))
        self._fsync(number)

    def _audit(self, event: str, given: tuple[Any, ...]) -> None:
        if self._inside:
            return
        if event == "open":
            self._opened(given)
        elif event in _CHANGES:
            kind, places = _CHANGES[event]
            paths = [
                _whole(given[n], given[d] if d is not None and d < len(given) else -1) for n, d in places
            ]
            self._refuse_outside(paths)
            self._point(kind, paths[0], paths[-1] if len(paths) > 1 else "")
        elif event == "socket.connect" and not isinstance(given[1], str | bytes):
            raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))

    def _opened(self, given: tuple[Any, ...]) -> None:
        path, _mode, flags = given
        if isinstance(path, int) or not isinstance(flags, int) or not flags & _WRITES:
            return
        whole = _whole(path, -1)
        self._refuse_outside([whole])
        self._point("open", whole, at=flags)

    def _refuse_outside(self, paths: Sequence[str]) -> None:
        for path in paths:
            if not path.startswith((self._folder, *_HARMLESS)):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)


def path_of(handle: int) -> str:
    """Return the path of an open file, "" where the system does not tell."""
    with suppress(OSError):
        if sys.platform == "darwin":
            return os.fsdecode(fcntl.fcntl(handle, _F_GETPATH, b"\0" * 1024).rstrip(b"\0"))
        return os.readlink(f"/proc/self/fd/{handle}")  # noqa: PTH115 - no path object is needed
    return ""


def _whole(path: Any, folder: Any) -> str:  # noqa: ANN401 - as the audit hook was given them
    if isinstance(path, int):
        return path_of(path)
    name = os.fsdecode(path)
    if isinstance(folder, int) and folder >= 0:
        name = os.path.join(path_of(folder), name)  # noqa: PTH118 - plain strings in a hot hook
    parent, last = os.path.split(os.path.abspath(name))  # noqa: PTH100 - the same
    return os.path.join(os.path.realpath(parent), last)  # noqa: PTH118 - the same
