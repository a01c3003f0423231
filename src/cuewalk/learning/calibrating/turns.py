"""The turns of a calibration: say a line, hear one answer, by voice or by key."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from cuewalk.domain.input_mode import InputMode
from cuewalk.domain.intents import Command, CommandSaid
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import Millis
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.engine.session import View
from cuewalk.learning.calibrating.texts import EXPECTS
from cuewalk.session.dialogue import Dialogue
from cuewalk.session.keyboard import Keyboard
from cuewalk.speech_in.api import Hypothesis


class Key(StrEnum):
    """Keys that answer."""

    YES = "y"
    NO = "n"


_END_KEY: Final = "q"


class EndedByPersonError(Exception):
    """The person does not want to go on: nothing went wrong and nothing is to be kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """One utterance of the person: its sound (16 kHz int16) and what was made of it."""

    samples: Samples
    hypotheses: tuple[Hypothesis, ...]
    #: None: residual echo of our own voice.
    event: Understood | NotUnderstood | None
    #: Too damaged to learn from.
    spoiled: bool


class Onlooker(Protocol):
    """Is told what happens, for a screen, and in tests for the person who answers."""

    def said(self, text: str) -> None:
        """Take in a line that is spoken now."""
        ...

    def noticed(self, text: str) -> None:
        """Take in a sentence that is not spoken."""
        ...

    def turn(self, wanted: str) -> None:
        """Take in that the person is to speak now; ``wanted`` is the word, "" for a yes or no."""
        ...


class Turns(Dialogue):
    """Speaks and listens in turns. A key answers or ends at any time, a "stop" over our voice ends too."""

    def __init__(self, onlooker: Onlooker, keyboard: Keyboard | None = None) -> None:
        super().__init__(EXPECTS)
        self._onlooker, self._keyboard = onlooker, keyboard
        self._key: Key | None = None
        self._ends = False

    def note(self, text: str) -> None:
        """Show a sentence that is not spoken, a path for example."""
        self._onlooker.noticed(text)

    def say(self, text: str) -> None:
        """Say a line to its end, or until a key answers it.

        Raises:
            EndedByPersonError: if the person ends it.
        """
        self._onlooker.said(text)
        super().say(text)
        self._go_on_or_end()

    def answer(self, patience: Millis, wanted: str = "") -> Said | Key | None:
        """Return what the person answers to the last line; None if they say nothing for ``patience``.

        Raises:
            EndedByPersonError: if the person ends it.
        """
        self._onlooker.turn(wanted)
        heard = self.listen(Millis(self.now + patience), self.silent_since)
        self._go_on_or_end()
        if heard is not None:
            return Said(heard.utterance.audio, heard.utterance.hypotheses, heard.event, heard.spoiled)
        key, self._key = self._key, None
        return key

    def listening(self, until: Millis) -> bool:
        """Return whether an answer is still waited for."""
        return self._key is None and not self._ends and super().listening(until)

    def noticed(self, text: str) -> None:
        """Show a sentence."""
        self._onlooker.noticed(text)

    def understood(self, event: Understood | NotUnderstood) -> None:
        """Let a typed answer, and a "stop" over our own line, be what they are."""
        stop = isinstance(event, Understood) and event.intent == CommandSaid(command=Command.STOP)
        if event.heard.mode is InputMode.KEYS:
            line = event.heard.text.lower()
            self._ends = self._ends or stop or line == _END_KEY
            self._key = next((key for key in Key if key.value == line), self._key)
        elif stop and self.line and event.heard.text not in self.line.lower():
            # Not where the line itself says it: "stop" is a word to be learned.
            self._ends = True

    def ticked(self, now: Millis, view: View, *, quiet: bool) -> None:  # noqa: ARG002 - the observer's shape
        """Take the keys that act at once, and let them end the line."""
        if self._keyboard is not None and self._keyboard.typed:
            typed, self._keyboard.typed = self._keyboard.typed.lower(), ""
            self._ends = self._ends or _END_KEY in typed
            self._key = next((key for key in Key if key.value in typed), self._key)
        if self._key is not None or self._ends:
            self.break_off()

    def _go_on_or_end(self) -> None:
        ends, self._ends = self._ends, False
        if ends:
            raise EndedByPersonError
