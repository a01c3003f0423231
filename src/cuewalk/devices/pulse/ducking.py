"""Other players are quieter while a session runs, where there is PulseAudio or PipeWire.

A process of its own holds their volumes (`ducking_guard`), so that they get them back even if the session is
killed. Where there is nothing to turn down with, nothing happens.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from cuewalk.devices.pulse import sound_server
from cuewalk.logs import ignoring, kind_of

_log = logging.getLogger(__package__)

#: How long a session's end waits for the players to be turned up again; the guard does it in any case.
_PATIENCE: Final = 5.0


@contextmanager
def ducked(*, enabled: bool = True) -> Iterator[None]:
    """Turn other players down for the length of the block."""
    guard = _start() if enabled and sound_server.runs() else None
    try:
        yield
    finally:
        if guard is not None:
            _end(guard)


def _start() -> "subprocess.Popen[bytes] | None":
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "cuewalk.devices.pulse.ducking_guard", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C at the session's terminal is not for it
        )
    except OSError as error:
        _log.info("other players are not turned down: %s", kind_of(error))
        return None


def _end(guard: "subprocess.Popen[bytes]") -> None:
    if guard.stdin is not None:
        with ignoring(_log, OSError, doing="ending the ducking guard"):
            guard.stdin.close()
    with ignoring(_log, subprocess.TimeoutExpired, doing="waiting for the ducking guard"):
        guard.wait(_PATIENCE)
