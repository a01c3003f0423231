"""Typed answers and single keys, for when a voice is not wanted or not heard.

A key that acts at once does so where nothing was typed before it. "." and "!" also end a sentence: what that
says goes first ("Chest pain." is no plain stop), and the key counts where it says nothing (`Urged`).
"""

import codecs
import os
import re
import sys
import termios
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from select import select
from typing import Final

from cuewalk.domain.heard import Heard, InputMode
from cuewalk.domain.intents import CannotSaid, Command, CommandSaid, CorrectionSaid, Expect
from cuewalk.domain.units import FRAME_MS, Millis
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.engine.states import NOTES, WAITING
from cuewalk.speech_in.api import Hypothesis, Recogniser
from cuewalk.speech_in.keys_recogniser import ENGINE
from cuewalk.understanding.interpreter import Interpreter, Utterance

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
#: These act whatever has been typed, except that "4." may become "4.5", and that a note has sentences.
_URGENT: Final = frozenset(".!")
#: Looks without a key, one a frame, after which a sentence that goes on after "." or "!" is over: a second.
_PAUSE: Final = 1000 // FRAME_MS
#: What terminals send for arrow keys, the mouse, a paste, a change of focus, answers to questions (ECMA-48:
#: CSI, SS3, OSC and DCS); the old mouse report has three bytes after its letter M.
_ESCAPES: Final = re.compile(
    r"\x1b\[M[\s\S]{3}"
    r"|\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1bO[ -~]"
    r"|\x1b[\]P][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b"
)
#: Such a sequence of which the rest has not come yet; it is held back until the next look.
_BEGUN: Final = re.compile(r"\x1b(?:\[(?:M[\s\S]{0,2}|[0-?]*[ -/]*)|O|[\]P][^\x07\x1b]*\x1b?)$")
#: Characters of a typed line. Design: three times the longest sentence that is understood; more is a key
#: that is held down.
_LONGEST: Final = 200
_ENTER, _SPACE = ("\n", "\r"), " "


@dataclass(frozen=True, slots=True)
class Urged:
    """A sentence that an urgent key ended, with that key's command for where it has no meaning."""

    line: Hypothesis
    key: Command


class Keyboard:
    """Collects keystrokes; a line is recognised like an utterance, a single key is a command.

    The thread only moves bytes from the terminal into a queue. Space pauses and resumes.
    """

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._bytes: SimpleQueue[bytes] = SimpleQueue()
        self.typed = ""
        self._held = ""
        #: Whether a sentence that an urgent key ended may go on: its spaces and dots are no keys.
        self._goes_on = False
        self._looks = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

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

    def read(self, state: str) -> list[Hypothesis | Command | Urged]:
        """Return what was typed since the last call, once a frame: lines, and single keys as commands."""
        keys = self._held + self._pressed()
        begun = _BEGUN.search(keys)
        # Held back once only: whoever presses Escape and [ must not lose what is typed after that.
        self._held = begun[0] if begun and not self._held else ""
        keys = _ESCAPES.sub("", keys.removesuffix(self._held))
        self._looks = 0 if keys else self._looks + 1
        if self._goes_on and self._looks > _PAUSE and not _says_something(self.typed):
            self._goes_on, self.typed = False, ""
        return [h for key in keys if (h := self._key(key, state)) is not None]

    def _pressed(self) -> str:
        chunks = []
        while True:
            try:
                chunks.append(self._bytes.get_nowait())
            except Empty:
                return self._decoder.decode(b"".join(chunks))

    def _key(self, key: str, state: str) -> Hypothesis | Command | Urged | None:
        begins = not self.typed and not self._goes_on
        if key in KEYS and begins:
            return KEYS[key]
        if key in _URGENT and (urged := self._urged(key, state)) is not None:
            return urged
        if begins and key == _SPACE:
            return Command.RESUME if state in WAITING else Command.PAUSE
        return self._edited(key)

    def _edited(self, key: str) -> Hypothesis | None:
        """Add a key to the line, or take one away; Enter ends and returns it."""
        if key in _ENTER:
            return self._entered()
        self._type(key)
        return None

    def _entered(self) -> Hypothesis | None:
        line, self.typed, self._goes_on = self.typed, "", False
        return self._line(line) if line.strip(" .!") else None

    def _type(self, key: str) -> None:
        """Let a key change the line."""
        if key in {"\x7f", "\b"}:
            self.typed = self.typed[:-1]
        elif key.isprintable() and len(self.typed) < _LONGEST:
            self.typed += key

    def _urged(self, key: str, state: str) -> Command | Urged | None:
        """Return what an urgent key does after something was typed; None: it belongs to the text."""
        if not _says_something(self.typed):
            if self._goes_on:
                return None
            self.typed = ""
            return KEYS[key]
        if self.typed[-1].isdigit() or state in NOTES:
            return None
        line, self.typed, self._goes_on = self.typed + key, "", True
        return Urged(self._line(line), KEYS[key])

    def _line(self, text: str) -> Hypothesis:
        self._recogniser.feed(text.encode())
        return self._recogniser.finish()

    def _collect(self, fd: int, over: int) -> None:
        while over not in select([fd, over], [], [])[0] and (chunk := os.read(fd, 64)):
            self._bytes.put(chunk)


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)


#: What means something wherever it is said; answers do where something is asked.
_EVERYWHERE: Final = CommandSaid | CannotSaid | CorrectionSaid
#: Here a stop ends the session, which nobody means by the full stop of an answer that was not understood.
_STOP_ENDS: Final = frozenset({Expect.END_OR_CARRY_ON, Expect.STEADY, Expect.DENIAL})


def event_of(
    typed: Hypothesis | Command | Urged, interpreter: Interpreter, expects: frozenset[Expect], now: Millis
) -> Understood | NotUnderstood:
    """Return the event of a line, a key, or a line that an urgent key ended."""
    if isinstance(typed, Command):
        return _pressed(typed)
    line = typed.line if isinstance(typed, Urged) else typed
    event = interpreter.understand(Utterance(None, (line,), InputMode.KEYS, now, now), expects)
    if isinstance(typed, Urged) and not _means_something(event, expects):
        return _pressed(typed.key)
    return event


def _means_something(event: Understood | NotUnderstood, expects: frozenset[Expect]) -> bool:
    if expects & _STOP_ENDS:
        return True
    return isinstance(event, Understood) and (bool(expects) or isinstance(event.intent, _EVERYWHERE))


def _pressed(command: Command) -> Understood:
    heard = Heard(text=command.value, confidence=1.0, engine=ENGINE, mode=InputMode.KEYS)
    return Understood(intent=CommandSaid(command=command), heard=heard)
