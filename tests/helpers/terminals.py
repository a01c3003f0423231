"""A real terminal of a given width, for what a command shows on it."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

CODE = "from cuewalk.cli import main; main()"


def on_terminal(home: Path, command: str, columns: int) -> list[str]:
    """Return the lines that a command writes on a terminal of so many columns, without colours."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "NO_COLOR"}}
    child = subprocess.Popen(
        [sys.executable, "-c", CODE, *command.split()],
        env=env | {"CUEWALK_HOME": str(home), "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            chunk = os.read(ours, 4096)
        except OSError:  # all that had it open have ended
            break
        if not chunk:
            break
        seen += chunk
    os.close(ours)
    assert child.wait() == 0, seen
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen.decode()).replace("\r\n", "\n").split("\n")
    # A progress line is written over itself; what was written last is seen.
    return [line.rstrip("\r").rsplit("\r", 1)[-1] for line in lines]
