"""Lets the modes of files hold for root too: on Linux a thread may give up single capabilities of root's."""

import ctypes
import os
import sys
import tempfile
from pathlib import Path
from typing import Final

#: Of `linux/capability.h`: the third version of the call, and the rights to pass over modes.
_VERSION: Final = 0x20080522
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2
_PASSES_OVER: Final = 1 << _CAP_DAC_OVERRIDE | 1 << _CAP_DAC_READ_SEARCH


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Rights(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def obey_modes(*, obey: bool = True) -> bool:
    """Give up what lets root ignore the modes of files, or take it back; in this thread and its forks.

    Return whether that was possible, or not needed: modes hold for everybody but root.
    """
    if os.geteuid():
        return True
    if not sys.platform.startswith("linux"):
        return False
    library = ctypes.CDLL(None)
    header, rights = _Header(_VERSION, 0), (_Rights * 2)()
    if library.capget(ctypes.byref(header), rights):
        return False
    kept = rights[0].effective & ~_PASSES_OVER
    rights[0].effective = kept if obey else kept | rights[0].permitted & _PASSES_OVER
    return not library.capset(ctypes.byref(header), rights)


def modes_count() -> bool:
    """Tell whether a file that nobody may read cannot be read by this process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "closed"
        path.touch(mode=0o000)
        try:
            path.read_bytes()
        except PermissionError:
            return True
    return False
