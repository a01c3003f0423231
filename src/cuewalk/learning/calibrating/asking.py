"""The conversation of a calibration: asks for each word and collects the takes that can be learned from."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from cuewalk.domain.input_mode import InputMode
from cuewalk.domain.intents import Command, CommandSaid
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import Millis
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.engine.session import View
from cuewalk.language.pack import LocalePack
from cuewalk.learning.calibrating.texts import EXPECTS, Texts
from cuewalk.learning.personal import Example
from cuewalk.session.dialogue import Dialogue
from cuewalk.session.keyboard import Keyboard
from cuewalk.speech_in import spotter_recogniser
from cuewalk.speech_in.api import Alternative, Hypothesis
from cuewalk.spotting.head import NOISE, UNKNOWN

#: How long a word is waited for. Design: the person repeats it at once.
_PATIENCE: Final = Millis(3500)
#: An utterance is something else if its word has less than the first probability and another one more than
#: the second. Design: a mumbled take is worth learning, a clearly different word is not.
_LEAST: Final = 0.05
_SURE: Final = 0.8
_STOP: Final = CommandSaid(command=Command.STOP)
_END_KEY: Final = "q"


class TypedAnswer(StrEnum):
    """Keys that answer."""

    YES = "y"
    NO = "n"


class EndedByPersonError(Exception):
    """The person does not want to go on: nothing went wrong and nothing is to be kept."""


@dataclass(frozen=True, slots=True, eq=False)
class SpokenAnswer:
    """One utterance of the person: its sound (16 kHz int16) and its interpretation."""

    samples: Samples
    hypotheses: tuple[Hypothesis, ...]
    event: Understood | NotUnderstood | None  # None: residual echo of our own voice
    spoiled: bool  # too damaged to learn from


class Onlooker(Protocol):
    """Follows the conversation: a screen, and in tests the person who answers."""

    def keys_work(self) -> None:
        """Take in that keys are read from now on."""
        ...

    def said(self, text: str) -> None:
        """Take in a line that is spoken now."""
        ...

    def noticed(self, text: str) -> None:
        """Take in a sentence that is not spoken."""
        ...

    def turn(self, wanted: str) -> None:
        """Take in that it is the person's turn; ``wanted`` is the word, "" for a yes or no."""
        ...


class CalibrationDialogue(Dialogue):
    """Speaks and listens in turns. A key answers or ends at any time, a "stop" over our voice ends too."""

    def __init__(self, onlooker: Onlooker, keyboard: Keyboard | None = None) -> None:
        super().__init__(EXPECTS)
        self._onlooker, self._keyboard = onlooker, keyboard
        self._key: TypedAnswer | None = None
        self._ends = False

    def noticed(self, text: str) -> None:
        """Show a sentence that is not spoken."""
        self._onlooker.noticed(text)

    def say(self, text: str) -> None:
        """Say a line to its end, or until a key answers it.

        Raises:
            EndedByPersonError: if the person ends it.
        """
        self._onlooker.said(text)
        super().say(text)
        self._go_on_or_end()

    def answer(self, patience: Millis, wanted: str = "") -> SpokenAnswer | TypedAnswer | None:
        """Return what the person answers to the last line; None if they say nothing for ``patience``.

        Raises:
            EndedByPersonError: if the person ends it.
        """
        self._onlooker.turn(wanted)
        heard = self.listen(Millis(self.now + patience), self.silent_since)
        self._go_on_or_end()
        if heard is not None:
            return SpokenAnswer(heard.utterance.audio, heard.utterance.hypotheses, heard.event, heard.spoiled)
        key, self._key = self._key, None
        return key

    def listening(self, until: Millis) -> bool:
        """Return whether an answer is still waited for."""
        return self._key is None and not self._ends and super().listening(until)

    def understood(self, event: Understood | NotUnderstood) -> None:
        """Take a typed answer, and a "stop" over our own line."""
        stop = isinstance(event, Understood) and event.intent == _STOP
        if event.heard.mode is InputMode.KEYS:
            line = event.heard.text.lower()
            self._ends = self._ends or stop or line == _END_KEY
            self._key = next((key for key in TypedAnswer if key.value == line), self._key)
        elif stop and self.line and event.heard.text not in self.line.lower():
            # Not where the line itself says it: "stop" is a word to be learned.
            self._ends = True

    def ticked(self, now: Millis, view: View, *, quiet: bool) -> None:  # noqa: ARG002 - the observer's shape
        """Take the keys that act at once, and let them end the line."""
        if self._keyboard is not None and self._keyboard.typed:
            typed, self._keyboard.typed = self._keyboard.typed.lower(), ""
            self._ends = self._ends or _END_KEY in typed
            self._key = next((key for key in TypedAnswer if key.value in typed), self._key)
        if self._key is not None or self._ends:
            self.break_off()

    def _go_on_or_end(self) -> None:
        ends, self._ends = self._ends, False
        if ends:
            raise EndedByPersonError


@dataclass(slots=True)
class Prompted:
    """The takes in the order of being said, and the words that were not heard."""

    takes: list[Example] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


def ask_words(talk: CalibrationDialogue, texts: Texts, pack: LocalePack, *, seed: int = 0) -> Prompted:
    """Ask for every word twice, the second time quickly and in another order.

    Raises:
        EndedByPersonError: if the person ends it.
    """
    asker, says, words = _Asker(talk, texts, pack), texts.says, list(texts.words)
    takes = asker.ask(words, says.word)
    talk.say(says.second)
    random.Random(seed).shuffle(words)  # noqa: S311  (an order, no secret)
    takes += asker.ask(words, says.word_quickly)
    heard = {word for word, _ in takes}
    return Prompted(takes, [word for word in texts.words if word not in heard])


class _Asker:
    def __init__(self, talk: CalibrationDialogue, texts: Texts, pack: LocalePack) -> None:
        self._talk, self._says, self._pack = talk, texts.says, pack

    def ask(self, words: Sequence[str], prompt: str) -> list[Example]:
        self._talk.planned = [prompt.format(word=word) for word in words]
        said = [(word, self._turn(word, prompt)) for word in words]
        return [(word, one.samples) for word, one in said if one is not None]

    def _turn(self, word: str, prompt: str) -> SpokenAnswer | None:
        """Ask for a word, once more if need be."""
        said = self._hear(word, prompt)
        objection = self._objection(said, word)
        if objection is None:
            return said
        stopped = objection == self._says.stop_heard
        said = self._hear(word, objection)
        if stopped and said is not None and self._meaning(said, word) == self._says.stop_heard:
            raise EndedByPersonError
        # What sounds like none of the words may be how this person says it: that is what is to be learned.
        mumbled = said is not None and not said.spoiled and _best(said).text == UNKNOWN
        return said if mumbled or self._objection(said, word) is None else None

    def _hear(self, word: str, prompt: str) -> SpokenAnswer | None:
        self._talk.say(prompt.format(word=word))
        answer = self._talk.answer(_PATIENCE, word)
        return None if isinstance(answer, TypedAnswer) else answer

    def _objection(self, said: SpokenAnswer | None, word: str) -> str | None:
        """Return the answer to something that is no take of the word, None if it is one."""
        if said is None:
            return self._says.again
        return self._says.loud if said.spoiled else self._meaning(said, word)

    def _meaning(self, said: SpokenAnswer, word: str) -> str | None:
        if is_take(self._pack, word, _alternatives(said)):
            return None
        stop = self._pack.interpret(_best(said).text, EXPECTS) == _STOP
        return self._says.stop_heard if stop else self._says.again


def is_take(pack: LocalePack, word: str, alternatives: Sequence[Alternative]) -> bool:
    """Return whether an utterance may be this word: it is possible, or nothing else is nearly certain."""
    wanted = pack.interpret(word, EXPECTS)
    shares: dict[object, float] = {}
    for alternative in alternatives:
        text = alternative.text
        meaning = text if text in {UNKNOWN, NOISE} else pack.interpret(text, EXPECTS) or text
        shares[meaning] = shares.get(meaning, 0.0) + alternative.probability
    return shares.get(wanted, 0.0) >= _LEAST or max(shares.values(), default=0.0) <= _SURE


def _alternatives(said: SpokenAnswer) -> tuple[Alternative, ...]:
    return next((h.alternatives for h in said.hypotheses if h.engine == spotter_recogniser.ENGINE), ())


def _best(said: SpokenAnswer) -> Alternative:
    return next(iter(_alternatives(said)), Alternative("", 0.0))
