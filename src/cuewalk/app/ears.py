"""From hypotheses to an intent to act on: what is unsure is asked back, what is doubtful is dropped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cuewalk.app.arbiter import SHORT_SPEECH, Arbiter, Guess
from cuewalk.domain.heard import Heard, InputMode, Sureness
from cuewalk.domain.intents import (
    DISTRESS,
    URGENT_COMMANDS,
    Command,
    CommandSaid,
    CorrectionSaid,
    Expect,
    Intent,
    RatingSaid,
)
from cuewalk.domain.units import Millis
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.language.pack import LocalePack
from cuewalk.speech_in import pocketsphinx_recogniser, spotter_recogniser
from cuewalk.speech_in.api import Hypothesis

#: Over our own voice the grammar recogniser alone has to be so sure, where there is another.
_BY_GRAMMAR_ALONE: Final = 0.95
#: Marks between words; an apostrophe belongs to its word.
_NO_WORD: Final = re.compile(r"[^\w']+")


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
    #: In place of ``accept`` where a second engine heard the same.
    agreed: float = 1.0


@dataclass(frozen=True, slots=True)
class Spoken:
    """One utterance as it reached the session."""

    number: int | None
    hypotheses: Sequence[Hypothesis]
    mode: InputMode
    start: Millis
    end: Millis
    #: The sound is too damaged for a number in it to be written down without asking back.
    spoiled: bool = False
    #: Whether it was surely speech; a noise may be taken for a word.
    surely: bool = True


class Ears:
    """Gives an utterance its meaning in the present state."""

    def __init__(self, pack: LocalePack, thresholds: dict[str, Thresholds]) -> None:
        self._pack = pack
        self._arbiter = Arbiter(pack)
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
        best = self._arbiter.judge(spoken.hypotheses, expects, Millis(spoken.end - spoken.start))
        intent = best.intent
        own = self._is_own_voice(best.text, own_words)
        over = bool(own_words) and not own
        sureness = (
            self._sureness(best, intent, spoken.mode, expects, over=over) if intent is not None else None
        )
        if intent is not None and not spoken.surely and not self._beyond_doubt(best):
            # Over our own voice it is what is left of that; else a number may have been said.
            asked_back = sureness is not None and not own_words and not isinstance(intent, CommandSaid)
            sureness = Sureness.CONFIRM if asked_back else None
        if spoken.spoiled and sureness is not None and not isinstance(intent, CommandSaid):
            sureness = Sureness.CONFIRM
        if sureness is not None and self._by_grammar_alone(best, intent, spoken):
            sureness = Sureness.CONFIRM
        if own and not self._over_own_voice(best, intent):
            sureness = None
        second_ear = any(hypothesis.engine == spotter_recogniser.ENGINE for hypothesis in spoken.hypotheses)
        if own_words and not self._clear_over_own_voice(best, second_ear=second_ear):
            sureness = None
        if own_words and sureness is not None and self._unsure_over_own_voice(best, intent):
            sureness = Sureness.CONFIRM
        if intent is None or sureness is None:
            clear = spoken.mode is InputMode.KEYS or (not own_words and self._nearly(best, spoken))
            return NotUnderstood(heard=self._heard(spoken, best, Sureness.CONFIRM), clear=clear)
        return Understood(intent=intent, heard=self._heard(spoken, best, sureness))

    def urgent_in(self, partials: Sequence[str], own_words: str = "") -> Command | None:
        """Return the urgent command a partial result already says, unless our own voice is saying it."""
        for partial in partials:
            command = self._pack.urgent_in(partial)
            if command and not self._is_own_voice(partial, own_words):
                return command
        return None

    def _sureness(
        self, best: Guess, intent: Intent, mode: InputMode, expects: frozenset[Expect], *, over: bool
    ) -> Sureness | None:
        limits = self._limits(best.engine)
        if mode is InputMode.KEYS or limits is None:
            return Sureness.ACCEPT
        if isinstance(intent, CommandSaid):
            wanted = _wanted(intent.command, limits, expects, over=over)
            return Sureness.ACCEPT if best.confidence >= wanted else None
        if best.confidence < limits.drop:
            return None
        # A correction that nobody said would overwrite a number that somebody did.
        if isinstance(intent, CorrectionSaid):
            wanted = limits.sure
        else:
            wanted = _answered(best, limits) if Expect.RATING in expects else limits.command
        return Sureness.ACCEPT if best.confidence >= wanted else Sureness.CONFIRM

    def _by_grammar_alone(self, best: Guess, intent: Intent | None, spoken: Spoken) -> bool:
        """Return whether PocketSphinx alone made an answer of a sentence, or a number that no spotter heard.

        It makes one of any sentence ("four over ten" was "five over ten" with 0.84), so it is asked back.
        """
        if best.engine != pocketsphinx_recogniser.ENGINE or isinstance(intent, CommandSaid):
            return False
        second_ear = any(h.engine == spotter_recogniser.ENGINE for h in spoken.hypotheses)
        number = isinstance(intent, RatingSaid) and second_ear
        return number or spoken.end - spoken.start > SHORT_SPEECH

    def _nearly(self, best: Guess, spoken: Spoken) -> bool:
        """Return whether a command was heard, too unsure to obey, by an ear that hears few in other speech.

        Such words were likely said to us, so the person is told; noise and other people's talk are passed
        over.
        """
        limits = self._limits(best.engine)
        command = isinstance(best.intent, CommandSaid) and best.engine != pocketsphinx_recogniser.ENGINE
        return command and spoken.surely and limits is not None and best.confidence >= limits.accept

    def _beyond_doubt(self, best: Guess) -> bool:
        """Return whether it was heard so surely that it was a word, however little it sounded like speech."""
        limits = self._limits(best.engine)
        return limits is None or best.confidence >= limits.sure

    def _clear_over_own_voice(self, best: Guess, *, second_ear: bool) -> bool:
        """Return whether something heard while our own voice spoke was clear enough not to be left of it.

        What is left of an echo is no clear word to the spotter, but the grammar recogniser has to make one
        of its few words of everything ("ow" with 0.78, measured).
        """
        limits = self._limits(best.engine)
        if limits is None:
            return True
        if isinstance(best.intent, CommandSaid) and best.intent.command in DISTRESS:
            return (
                best.confidence >= limits.accept
            )  # too long for the spotter, and a false one costs a sentence
        by_grammar_alone = best.engine != spotter_recogniser.ENGINE and "+" not in best.engine
        if by_grammar_alone and second_ear:
            return best.confidence >= _BY_GRAMMAR_ALONE
        urgent = isinstance(best.intent, CommandSaid) and best.intent.command in URGENT_COMMANDS
        return best.confidence >= (min(limits.accept, limits.command) if urgent else limits.accept)

    def _unsure_over_own_voice(self, best: Guess, intent: Intent | None) -> bool:
        """Return whether a number heard over our own voice is asked back ("eight" with 0.78, once)."""
        limits = self._limits(best.engine)
        return limits is not None and not isinstance(intent, CommandSaid) and best.confidence < limits.sure

    def _over_own_voice(self, best: Guess, intent: Intent | None) -> bool:
        """Return whether words that our own voice is saying are sure enough to be the person's."""
        limits = self._limits(best.engine)
        if limits is None:
            return True
        urgent = isinstance(intent, CommandSaid) and intent.command in URGENT_COMMANDS
        return best.confidence >= (max(limits.accept, limits.urgent) if urgent else limits.sure)

    def _limits(self, engine: str) -> Thresholds | None:
        """Return the limits of the engine that heard it; where two agree, those of the first."""
        return self._thresholds.get(engine.split("+", maxsplit=1)[0])

    def _is_own_voice(self, text: str, own_words: str) -> bool:
        words = text.split()
        own = _NO_WORD.sub(" ", own_words.lower()).split()
        return bool(words) and bool(own) and all(word in own for word in words)

    def _heard(self, spoken: Spoken, best: Guess, sureness: Sureness) -> Heard:
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


def _answered(best: Guess, limits: Thresholds) -> float:
    agreed = "+" in best.engine
    return min(limits.agreed, limits.accept) if agreed else limits.accept


def _wanted(command: Command, limits: Thresholds, expects: frozenset[Expect], *, over: bool) -> float:
    if command is Command.STOP and over:
        # Who speaks over our voice mostly wants it to be silent, and what is left of it makes words less
        # clear: at 0.5 instead of 0.75 people's "stop" is caught 192 times of 200 instead of 177.
        return min(limits.urgent, limits.accept)
    if command in URGENT_COMMANDS:
        return limits.urgent
    return limits.sure if Expect.RATING in expects else limits.command
