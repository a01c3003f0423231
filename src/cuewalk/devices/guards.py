"""What holds for the length of a session: the machine stays awake, and other players are quieter.

Each is held by a process of its own that ends when its standard input does, so also when this process is
killed. A system that has no such thing, or refuses, changes nothing.
"""

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from cuewalk.devices import sound_server
from cuewalk.logs import ignoring, kind_of

_log = logging.getLogger(__package__)

#: Seconds that a session's end waits for a guard. Design choice: `ducking_guard` asks pactl, which may take
#: seconds and goes on by itself; an inhibitor has nothing to do and is killed.
_DUCKING_END, _AWAKE_END = 5.0, 2.0
_INHIBIT: Final = (
    *("systemd-inhibit", "--what=idle:sleep", "--mode=block", "--who=cuewalk"),
    *("--why=a voice is guiding somebody through movements", "cat"),
)


@contextmanager
def kept_awake(*, enabled: bool = True) -> Iterator[None]:
    """Keep the machine awake for the length of the block."""
    guard = _start(_awake_command()) if enabled else None
    try:
        yield
    finally:
        if guard is not None:
            if sys.platform == "darwin":
                guard.terminate()  # caffeinate reads no standard input
            if not _ended(guard, _AWAKE_END):
                guard.kill()
                guard.wait()


@contextmanager
def ducked(*, enabled: bool = True) -> Iterator[None]:
    """Turn other players down for the length of the block, where there is PulseAudio or PipeWire."""
    command = (sys.executable, "-P", "-m", "cuewalk.devices.ducking_guard", str(os.getpid()))
    guard = _start(command) if enabled and sound_server.runs() else None
    try:
        yield
    finally:
        if guard is not None:
            _ended(guard, _DUCKING_END)


def _awake_command() -> tuple[str, ...]:
    """Return the command that keeps the machine awake until its input ends, () if there is none."""
    if sys.platform == "darwin" and shutil.which("caffeinate"):
        return "caffeinate", "-i", "-w", str(os.getpid())
    return _INHIBIT if shutil.which("systemd-inhibit") and shutil.which("cat") else ()


def _start(command: tuple[str, ...]) -> "subprocess.Popen[bytes] | None":
    if not command:
        return None
    try:
        # A session of its own: Ctrl-C at the terminal is not for it, and it can ask nobody for a password.
        null, pipe = subprocess.DEVNULL, subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=null, stderr=null, start_new_session=True)
    except OSError as error:
        _log.info("%s does not start: %s", command[0], kind_of(error))
        return None


def _ended(guard: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """Close the guard's standard input and return whether it ended in time."""
    if guard.stdin is not None:
        with ignoring(_log, OSError, doing="closing a guard's standard input"):
            guard.stdin.close()
    with ignoring(_log, subprocess.TimeoutExpired, doing="waiting for a guard's end"):
        guard.wait(seconds)
    return guard.returncode is not None
