"""Lets a test meet permissions as a person does, also where it runs as root, whom no mode keeps out."""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

_VERSION_3 = 0x20080522
#: CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH of ``linux/capability.h``.
_IGNORES_MODES = 1 << 1 | 1 << 2


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


@contextmanager
def as_a_person() -> Iterator[None]:
    """Give up, for this thread and the block, the right to ignore files' modes.

    Children of the block that are run as root have it again.
    """
    if os.geteuid() != 0:
        yield
        return
    if not sys.platform.startswith("linux"):
        pytest.skip("root ignores modes, and only Linux lets it give that up for a while")
    libc = ctypes.CDLL(None, use_errno=True)
    header, data = _Header(_VERSION_3, 0), (_Data * 2)()
    if libc.capget(ctypes.byref(header), ctypes.byref(data)) != 0:
        pytest.skip("the capabilities of this process cannot be read")
    before = data[0].effective
    data[0].effective = before & ~_IGNORES_MODES
    if libc.capset(ctypes.byref(header), ctypes.byref(data)) != 0:
        pytest.skip("this process cannot give up the right to ignore modes")
    try:
        yield
    finally:
        data[0].effective = before
        libc.capset(ctypes.byref(header), ctypes.byref(data))
