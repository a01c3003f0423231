"""A layer over SQLite's file system (VFS) that reports every write, sync, truncation and deletion beforehand.

Python's module and this shim have to use the same shared library; where SQLite is linked into Python itself,
there is no shim, and the campaign says so. See https://www.sqlite.org/vfs.html.
"""

import ctypes
import ctypes.util
import errno
import os
import signal
import sqlite3
from collections.abc import Callable
from functools import cache
from typing import Any, Final

#: Called before an operation with its kind, the file, its offset or size, its bytes. An `OSError` makes the
#: operation fail.
Watcher = Callable[[str, str, int, bytes], None]

_OK: Final = 0
_FULL, _CANTOPEN = 13, 14
_IOERR: Final = {"write": 778, "sync": 1034, "truncate": 1546, "delete": 2570, "open": _CANTOPEN}
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)
_NAME: Final = b"told"
#: SQLite keeps pointers into an installed layer: it is never let go.
_INSTALLED: Final[list["Shim"]] = []


class TornWriteError(Exception):
    """Raised by the one who is told: half of this write happens, then the process is killed."""


_FILE_CALLS: Final = (
    *("xClose", "xRead", "xWrite", "xTruncate", "xSync", "xFileSize", "xLock", "xUnlock"),
    *("xCheckReservedLock", "xFileControl", "xSectorSize", "xDeviceCharacteristics"),
    *("xShmMap", "xShmLock", "xShmBarrier", "xShmUnmap", "xFetch", "xUnfetch"),
)
_VFS_CALLS: Final = (
    *("xOpen", "xDelete", "xAccess", "xFullPathname", "xDlOpen", "xDlError", "xDlSym", "xDlClose"),
    *("xRandomness", "xSleep", "xCurrentTime", "xGetLastError", "xCurrentTimeInt64"),
    *("xSetSystemCall", "xGetSystemCall", "xNextSystemCall"),
)


class _Methods(ctypes.Structure):
    _fields_ = (("iVersion", ctypes.c_int), *((name, ctypes.c_void_p) for name in _FILE_CALLS))


class _File(ctypes.Structure):
    _fields_ = (("pMethods", ctypes.POINTER(_Methods)),)


class _Vfs(ctypes.Structure):
    _fields_ = (
        ("iVersion", ctypes.c_int),
        ("szOsFile", ctypes.c_int),
        ("mxPathname", ctypes.c_int),
        ("pNext", ctypes.c_void_p),
        ("zName", ctypes.c_char_p),
        ("pAppData", ctypes.c_void_p),
        *((name, ctypes.c_void_p) for name in _VFS_CALLS),
    )


_OPEN = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)
_DELETE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)


@cache
def _library() -> ctypes.CDLL | None:
    """Return the library that Python's module uses too, None where it cannot be reached."""
    import _sqlite3  # noqa: PLC0415 - built into Python on some systems; then it has no file, and shares none

    if getattr(_sqlite3, "__file__", None) is None:
        return None
    for name in ("libsqlite3.so.0", ctypes.util.find_library("sqlite3")):
        try:
            library = ctypes.CDLL(name) if name else None
            if library is None:
                continue
            library.sqlite3_libversion.restype = ctypes.c_char_p
            if library.sqlite3_libversion().decode() == sqlite3.sqlite_version:
                return library
        except (OSError, AttributeError):
            continue
    return None


def is_available() -> bool:
    """Tell whether SQLite's own operations can be seen here."""
    return _library() is not None


class Shim:
    """The layer, made SQLite's default for the rest of this process. Only for a process of its own."""

    def __init__(self, told: Watcher) -> None:
        self._told = told
        self._names: dict[int, str] = {}
        self._methods: dict[int, _Methods] = {}
        self._kept: list[Any] = []

    def install(self) -> bool:
        """Install it; tell whether that was possible."""
        library = _library()
        if library is None:
            return False
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        library.sqlite3_vfs_register.argtypes = [ctypes.POINTER(_Vfs), ctypes.c_int]
        self._real = library.sqlite3_vfs_find(None)
        ours = _Vfs.from_buffer_copy(self._real.contents)
        ours.pNext, ours.zName = None, _NAME
        ours.xOpen = self._pointer(_OPEN(self._open))
        ours.xDelete = self._pointer(_DELETE(self._delete))
        self._real_open = _OPEN(self._real.contents.xOpen)
        self._real_delete = _DELETE(self._real.contents.xDelete)
        self._kept.append(ours)
        _INSTALLED.append(self)
        return bool(library.sqlite3_vfs_register(ctypes.byref(ours), 1) == _OK)

    def _pointer(self, function: Any) -> int | None:  # noqa: ANN401 - a ctypes callback
        self._kept.append(function)
        return ctypes.cast(function, ctypes.c_void_p).value

    def _ask(self, kind: str, name: str, at: int, data: bytes) -> int:
        try:
            self._told(kind, name, at, data)
        except OSError as error:
            full = kind == "write" and error.errno in _NO_ROOM
            return _FULL if full else _IOERR[kind]
        return _OK

    def _open(self, _vfs: int, name: int | None, file: int, flags: int, out: int | None) -> int:
        # The pointer itself is passed on: SQLite keeps it, and more stands behind the name.
        path = os.fsdecode(ctypes.string_at(name)) if name else ""
        if path and not os.path.exists(path):  # noqa: PTH110 - a system call, not a path object
            wrong = self._ask("open", path, 0, b"")
            if wrong:
                # What SQLite may look at after a failed opening.
                ctypes.cast(file, ctypes.POINTER(ctypes.c_void_p))[0] = None
                return wrong
        real = ctypes.cast(self._real, ctypes.c_void_p).value
        code = int(self._real_open(real, name, file, flags, out))
        held = ctypes.cast(file, ctypes.POINTER(_File)).contents
        if code == _OK and held.pMethods:
            self._names[file] = path
            held.pMethods = ctypes.pointer(self._told_methods(held.pMethods))
        return code

    def _told_methods(self, real: Any) -> _Methods:  # noqa: ANN401 - a ctypes pointer
        address = ctypes.addressof(real.contents)
        if address not in self._methods:
            ours = _Methods.from_buffer_copy(real.contents)
            for call, form in (("xWrite", _WRITE), ("xTruncate", _TRUNCATE), ("xSync", _SYNC)):
                telling = self._telling(call[1:].lower(), form(getattr(real.contents, call)))
                setattr(ours, call, self._pointer(form(telling)))
            self._methods[address] = ours
        return self._methods[address]

    def _telling(self, kind: str, real: Callable[..., int]) -> Callable[..., int]:
        def telling(file: int, *given: int) -> int:
            """Take a pointer, a size and an offset to write, a size to truncate to, or flags to sync with."""
            data = ctypes.string_at(given[0], given[1]) if kind == "write" else b""
            try:
                wrong = self._ask(kind, self._names.get(file, ""), 0 if kind == "sync" else given[-1], data)
            except TornWriteError:
                real(file, given[0], given[1] // 2, given[2])
                os.kill(os.getpid(), signal.SIGKILL)
                return _FULL
            return wrong or real(file, *given)

        return telling

    def _delete(self, _vfs: int, name: int, folder: int) -> int:
        wrong = self._ask("delete", os.fsdecode(ctypes.string_at(name)), 0, b"")
        real = ctypes.cast(self._real, ctypes.c_void_p).value
        return wrong or int(self._real_delete(real, name, folder))
