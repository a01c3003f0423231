"""From hypotheses to an intent to act on: what is unsure is asked back, what is doubtful is dropped."""

from collections.abc import Sequence
from dataclasses import dataclass

from cuewalk.domain.heard import Heard, InputMode, Sureness
from cuewalk.domain.intents import (
    URGENT_COMMANDS,
    Command,
    CommandSaid,
    CorrectionSaid,
    Expect,
    Intent,
)
from cuewalk.domain.units import Millis
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.language.pack import LocalePack
from cuewalk.speech_in.api import Hypothesis


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Confidences of one engine: below ``drop`` nothing is made of it, below ``accept`` it is asked back.

    A command cannot be asked back; below ``command`` it is not obeyed.
    """

    drop: float
    accept: float
    command: float
    #: For what is likely something else: words that our own voice is saying at that moment, and a command
    #: where a number is being asked for ("four" is easily taken for "slower").
    sure: float
    #: Urgent commands need less: a needless "end or carry on?" is cheap, a missed stop is not.
    urgent: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """One utterance as it reached the session."""

    number: int | None
    hypotheses: Sequence[Hypothesis]
    mode: InputMode
    start: Millis
    end: Millis


class Ears:
    """Gives an utterance its meaning in the present state."""

    def __init__(self, pack: LocalePack, thresholds: dict[str, Thresholds]) -> None:
        self._pack = pack
        self._thresholds = thresholds

    def understand(
        self, spoken: Spoken, expects: frozenset[Expect], own_words: str = ""
    ) -> Understood | NotUnderstood:
        """Return the event of one utterance.

        Args:
            spoken: the utterance.
            expects: what the session is waiting for.
            own_words: the text our own voice was speaking at the same time; words of it are not the person's.
        """
        best = max(spoken.hypotheses, key=lambda h: (bool(h.text), h.confidence))
        intent = self._pack.interpret(best.text, expects) if best.text else None
        sureness = self._sureness(best, intent, spoken.mode, expects) if intent is not None else None
        if self._is_own_voice(best.text, own_words) and not self._over_own_voice(best, intent):
            sureness = None
        if intent is None or sureness is None:
            return NotUnderstood(heard=self._heard(spoken, best, Sureness.CONFIRM))
        return Understood(intent=intent, heard=self._heard(spoken, best, sureness))

    def urgent_in(self, partial: str, own_words: str = "") -> Command | None:
        """Return the urgent command a partial result already says, unless our own voice is saying it."""
        command = self._pack.urgent_in(partial)
        return None if command and self._is_own_voice(partial, own_words) else command

    def _sureness(
        self, best: Hypothesis, intent: Intent, mode: InputMode, expects: frozenset[Expect]
    ) -> Sureness | None:
        limits = self._thresholds.get(best.engine)
        if mode is InputMode.KEYS or limits is None:
            return Sureness.ACCEPT
        if isinstance(intent, CommandSaid):
            return Sureness.ACCEPT if best.confidence >= _wanted(intent.command, limits, expects) else None
        if best.confidence < limits.drop:
            return None
        # Only what decides on a number needs the higher limit.
        number = Expect.RATING in expects or isinstance(intent, CorrectionSaid)
        wanted = limits.accept if number else limits.command
        return Sureness.ACCEPT if best.confidence >= wanted else Sureness.CONFIRM

    def _over_own_voice(self, best: Hypothesis, intent: Intent | None) -> bool:
        """Return whether words that our own voice is saying are sure enough to be the person's."""
        limits = self._thresholds.get(best.engine)
        if limits is None:
            return True
        urgent = isinstance(intent, CommandSaid) and intent.command in URGENT_COMMANDS
        return best.confidence >= (limits.accept if urgent else limits.sure)

    def _is_own_voice(self, text: str, own_words: str) -> bool:
        words = text.split()
        own = own_words.lower().replace(",", " ").replace(".", " ").replace("?", " ").split()
        return bool(words) and bool(own) and all(word in own for word in words)

    def _heard(self, spoken: Spoken, best: Hypothesis, sureness: Sureness) -> Heard:
        return Heard(
            text=best.text,
            confidence=best.confidence,
            engine=best.engine,
            mode=spoken.mode,
            sureness=sureness,
            utterance=spoken.number,
            start=spoken.start,
            end=spoken.end,
        )


def _wanted(command: Command, limits: Thresholds, expects: frozenset[Expect]) -> float:
    if command in URGENT_COMMANDS:
        return limits.urgent
    return limits.sure if Expect.RATING in expects else limits.command
