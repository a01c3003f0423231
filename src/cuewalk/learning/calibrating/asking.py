"""Asks for the words of a calibration, one after the other, and keeps the takes that can be learned from."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from cuewalk.domain.intents import Command, CommandSaid
from cuewalk.domain.units import Millis
from cuewalk.language.pack import LocalePack
from cuewalk.learning.calibrating.texts import EXPECTS, Texts
from cuewalk.learning.calibrating.turns import EndedByPersonError, Key, Said, Turns
from cuewalk.learning.personal import Example
from cuewalk.speech_in import spotter_recogniser
from cuewalk.speech_in.api import Alternative
from cuewalk.spotting.head import NOISE, UNKNOWN

#: How long is waited for a word.
_PATIENCE: Final = Millis(3500)
#: An utterance is something else if its word is less likely than this, and another
#: more likely than that.
_LEAST: Final = 0.05
_SURE: Final = 0.8
_STOP: Final = CommandSaid(command=Command.STOP)


@dataclass(slots=True)
class Course:
    """What came of asking: the takes in the order of being said, and the words that were not heard."""

    takes: list[Example] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


def ask_words(talk: Turns, texts: Texts, pack: LocalePack, *, seed: int = 0) -> Course:
    """Ask for every word twice, the second time quickly and in another order.

    Raises:
        EndedByPersonError: if the person ends it.
    """
    course, asker = Course(), _Asker(talk, texts, pack)
    says, words = texts.says, list(texts.words)
    talk.planned = [says.word.format(word=word) for word in words]
    asker.ask(words, says.word, course)
    talk.say(says.second)
    random.Random(seed).shuffle(words)  # noqa: S311  (an order, no secret)
    talk.planned = [says.word_quickly.format(word=word) for word in words]
    asker.ask(words, says.word_quickly, course)
    heard = {word for word, _ in course.takes}
    course.missed = [word for word in texts.words if word not in heard]
    return course


class _Asker:
    def __init__(self, talk: Turns, texts: Texts, pack: LocalePack) -> None:
        self._talk, self._says, self._pack = talk, texts.says, pack

    def ask(self, words: Sequence[str], prompt: str, course: Course) -> None:
        for word in words:
            said = self._turn(word, prompt)
            if said is not None:
                course.takes.append((word, said.samples))

    def _turn(self, word: str, prompt: str) -> Said | None:
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

    def _hear(self, word: str, prompt: str) -> Said | None:
        self._talk.say(prompt.format(word=word))
        answer = self._talk.answer(_PATIENCE, word)
        return None if isinstance(answer, Key) else answer

    def _objection(self, said: Said | None, word: str) -> str | None:
        """Return what to say to something that is no take of the word, None if it is one."""
        if said is None:
            return self._says.again
        return self._says.loud if said.spoiled else self._meaning(said, word)

    def _meaning(self, said: Said, word: str) -> str | None:
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


def _alternatives(said: Said) -> tuple[Alternative, ...]:
    return next((h.alternatives for h in said.hypotheses if h.engine == spotter_recogniser.ENGINE), ())


def _best(said: Said) -> Alternative:
    return next(iter(_alternatives(said)), Alternative("", 0.0))
