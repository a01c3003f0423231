"""What a person sees on a real terminal of a given width: ids and words whole, nothing folded."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cuewalk.journal.store import FILE_NAME, SqliteJournal
from helpers.histories import Telling

SESSION = "20261121-1405-k3a4"
CODE = "from cuewalk.cli import main; main()"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    telling = Telling()
    telling.trial("m1", 6, 4)
    telling.trial("m2", None, 5)
    telling.trial("m1", 5, 4)
    with closing(SqliteJournal(folder / FILE_NAME)) as journal:
        journal.begin_session(telling.setup, SESSION, datetime(2026, 11, 21, 14, 5, tzinfo=UTC))
        journal.append(SESSION, 0, telling.records)
    return folder


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
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen.decode()).replace("\r", "").split("\n")


@pytest.mark.parametrize("columns", [80, 40, 20])
@pytest.mark.parametrize(
    ("command", "needed"),
    [
        ("log --all", [SESSION, "sample", "2026-11-21", "ratings"]),
        ("log", [SESSION, "before", "6", "improved", "silence"]),
        ("buckets", ["provisional", "2026-11-21", "measurement", "missing"]),
        ("programmes", ["feet-up", "hip-flexor-flow"]),
    ],
)
def test_every_needed_word_is_whole_and_no_line_is_folded(home, command, needed, columns):
    lines = on_terminal(home, command, columns)
    words = {word.strip("();,:.") for line in lines for word in line.split()}
    assert set(needed) <= words
    assert [line for line in lines if len(line) > columns and len(line.split()) > 1] == []
