"""Typed answers and single keys, for when a voice is not wanted or not heard."""

import os
import re
import sys
import termios
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from select import select
from typing import Final

from cuewalk.domain.intents import Command
from cuewalk.speech_in.api import Hypothesis, Recogniser

#: Keys that act at once, without Enter, when nothing has been typed before them; the same in every language.
KEYS: Final = {
    ".": Command.STOP,
    "?": Command.HELP,
    "!": Command.HURTS,
    "+": Command.LOUDER,
    "-": Command.QUIETER,
    ">": Command.NEXT,
    "<": Command.BACK,
}
#: These act whatever has been typed, except that "4." may become "4.5".
_URGENT: Final = frozenset(".!")
#: Arrow keys and the like.
_ESCAPES: Final = re.compile(r"\x1b(?:[\[O][0-9;]*[A-Za-z~]?)?")
_ENTER, _SPACE = ("\n", "\r"), " "


class Keyboard:
    """Collects keystrokes; a line is recognised like an utterance, a single key is a command.

    The thread only moves bytes from the terminal into a queue. Space pauses and resumes.
    """

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._bytes: SimpleQueue[bytes] = SimpleQueue()
        self.typed = ""

    @contextmanager
    def listening(self) -> Iterator["Keyboard"]:
        """Read single keys from the terminal while the block runs; the terminal is restored afterwards.

        Without a terminal on standard input nothing is read.
        """
        if not sys.stdin.isatty():
            yield self
            return
        fd = sys.stdin.fileno()
        before = termios.tcgetattr(fd)
        tty.setcbreak(fd)
        over, end = os.pipe()
        thread = threading.Thread(target=self._collect, args=(fd, over), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            # The thread ends with the block: what is typed afterwards belongs to whoever asks then.
            os.close(end)
            thread.join()
            os.close(over)
            termios.tcsetattr(fd, termios.TCSADRAIN, before)

    def press(self, keys: str) -> None:
        """Take keystrokes as if they had been typed."""
        self._bytes.put(keys.encode())

    def read(self, state: str) -> list[Hypothesis | Command]:
        """Return what was typed since the last call: lines as hypotheses, single keys as their commands."""
        keys = _ESCAPES.sub("", self._pressed())
        return [h for key in keys if (h := self._key(key, state)) is not None]

    def _pressed(self) -> str:
        chunks = []
        while True:
            try:
                chunks.append(self._bytes.get_nowait())
            except Empty:
                return b"".join(chunks).decode("utf-8", "replace")

    def _key(self, key: str, state: str) -> Hypothesis | Command | None:
        if key in KEYS and (not self.typed or (key in _URGENT and not self.typed[-1].isdigit())):
            self.typed = ""
            return KEYS[key]
        if not self.typed and key == _SPACE:
            return Command.RESUME if state == "paused" else Command.PAUSE
        if key in _ENTER:
            line, self.typed = self.typed, ""
            return self._line(line) if line.strip() else None
        self.typed = self.typed[:-1] if key in {"\x7f", "\b"} else self.typed + key
        return None

    def _line(self, text: str) -> Hypothesis:
        self._recogniser.feed(text.encode())
        return self._recogniser.finish()

    def _collect(self, fd: int, over: int) -> None:
        while over not in select([fd, over], [], [])[0] and (chunk := os.read(fd, 64)):
            self._bytes.put(chunk)
