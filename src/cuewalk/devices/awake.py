"""The machine does not fall asleep during a session, where the system allows that to be asked.

The wish is held by a process of its own that ends with this one, also if this one is killed: on Linux
`systemd-inhibit` holds it as long as `cat` waits for the end of a pipe whose other end is here; on macOS
`caffeinate` watches our process. A system that has neither, or refuses, changes nothing.
"""

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from cuewalk.logs import ignoring, kind_of

_log = logging.getLogger(__package__)

#: How long the end waits for the wish to be taken back; it is in any case.
_PATIENCE: Final = 2.0


@contextmanager
def kept_awake(*, enabled: bool = True) -> Iterator[None]:
    """Keep the machine awake for the length of the block."""
    holder = _hold() if enabled else None
    try:
        yield
    finally:
        if holder is not None:
            _let_go(holder)


def _command() -> list[str]:
    """Return the command that holds the wish until its standard input is closed or we are gone."""
    if sys.platform == "darwin" and shutil.which("caffeinate"):
        return ["caffeinate", "-i", "-w", str(os.getpid())]
    if shutil.which("systemd-inhibit") and shutil.which("cat"):
        why = "a voice is guiding somebody through movements"
        return [
            "systemd-inhibit",
            "--what=idle:sleep",
            "--mode=block",
            "--who=cuewalk",
            f"--why={why}",
            "cat",
        ]
    return []


def _hold() -> "subprocess.Popen[bytes] | None":
    if not (command := _command()):
        return None
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Ctrl-C at the session's terminal is not for it, and without a terminal nobody is asked for a
            # password.
            start_new_session=True,
        )
    except OSError as error:
        _log.info("the machine cannot be kept awake: %s", kind_of(error))
        return None


def _let_go(holder: "subprocess.Popen[bytes]") -> None:
    if holder.stdin is not None:
        with ignoring(_log, OSError, doing="letting the machine sleep again"):
            holder.stdin.close()
    if sys.platform == "darwin":
        holder.terminate()
    try:
        holder.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        holder.kill()
        holder.wait()
