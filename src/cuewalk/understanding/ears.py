"""From hypotheses to an intent to act on: what is unsure is asked back, what is doubtful is dropped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cuewalk.domain.heard import Heard, InputMode, Sureness
from cuewalk.domain.intents import (
    DISTRESS,
    URGENT_COMMANDS,
    Command,
    CommandSaid,
    CorrectionSaid,
    DenialSaid,
    Expect,
    Intent,
    RatingSaid,
    ReadySaid,
)
from cuewalk.domain.units import Millis
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.language.pack import LocalePack
from cuewalk.speech_in import pocketsphinx_recogniser, spotter_recogniser, vosk_recogniser
from cuewalk.speech_in.api import Hypothesis
from cuewalk.understanding.arbiter import SHORT_SPEECH, Arbiter, Guess

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

    def __init__(
        self, pack: LocalePack, thresholds: dict[str, Thresholds], spotted: frozenset[str] | None = None
    ) -> None:
        """Take the language, the limits of each engine, and the phrases that the spotter knows, if any."""
        self._pack = pack
        self._arbiter = Arbiter(pack, spotted)
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
        sureness = self._trusted(best, intent, spoken, expects, own_words) if intent is not None else None
        if sureness is not None and spoken.mode is not InputMode.KEYS and Expect.STEADY in expects:
            # Who is unsteady is not led on by one "carry on": asked again, they may say it again.
            intent, sureness = (ReadySaid(), Sureness.CONFIRM) if _goes_on(intent) else (intent, sureness)
        trouble = self._perhaps_in_trouble(spoken, expects, own_words)
        if trouble is not None and not self._sure_of_else(best, intent, sureness):
            command = CommandSaid(command=Command.SOMETHING_WRONG)
            return Understood(intent=command, heard=self._heard(spoken, trouble, Sureness.CONFIRM))
        if intent is None or sureness is None:
            clear = spoken.mode is InputMode.KEYS or (not own_words and self._nearly(best, spoken))
            return NotUnderstood(heard=self._heard(spoken, best, Sureness.CONFIRM), clear=clear)
        return Understood(intent=intent, heard=self._heard(spoken, best, sureness))

    def _trusted(
        self, best: Guess, intent: Intent, spoken: Spoken, expects: frozenset[Expect], own_words: str
    ) -> Sureness | None:
        """Return what may be done with the likeliest meaning; None: nothing."""
        own = self._is_own_voice(best.text, own_words)
        sureness = self._sureness(best, intent, spoken.mode, expects, over=bool(own_words) and not own)
        if not spoken.surely and not self._beyond_doubt(best):
            # Over our own voice it is what is left of that; else a number may have been said.
            asked_back = sureness is not None and not own_words and not isinstance(intent, CommandSaid)
            sureness = Sureness.CONFIRM if asked_back else None
        if own and not self._over_own_voice(best, intent):
            return None
        if own_words and not self._clear_over_own_voice(best, second_ear=_spotter_heard(spoken)):
            return None
        if sureness is None or isinstance(intent, CommandSaid):
            return sureness
        doubtful = (
            spoken.spoiled
            or self._by_grammar_alone(best, intent, spoken)
            or _fine_by_grammar_alone(best, intent, expects)
            or (bool(own_words) and self._unsure_over_own_voice(best, intent))
        )
        return Sureness.CONFIRM if doubtful else sureness

    def _perhaps_in_trouble(self, spoken: Spoken, expects: frozenset[Expect], own_words: str) -> Guess | None:
        """Return what PocketSphinx alone heard of distress, unless it was hardly speech or our own voice.

        Heard so, it stops the movement and asks how the person is; nothing graver is made of it. In a note
        the person may speak of anything.
        """
        heard = next((h for h in spoken.hypotheses if h.engine == pocketsphinx_recogniser.ENGINE), None)
        limits = self._thresholds.get(pocketsphinx_recogniser.ENGINE)
        if heard is None or limits is None or not spoken.surely or Expect.NOTE in expects:
            return None
        guess = Guess(self._pack.interpret(heard.text, expects), heard.confidence, heard.text, heard.engine)
        wanted = limits.accept if own_words else limits.urgent
        if not _is_distress(guess.intent) or heard.confidence < wanted:
            return None
        return None if own_words and self._is_own_voice(heard.text, own_words) else guess

    def _sure_of_else(self, best: Guess, intent: Intent | None, sureness: Sureness | None) -> bool:
        """Return whether something urgent was understood, a sure answer, or a command beyond doubt."""
        limits = self._limits(best.engine)
        if sureness is not Sureness.ACCEPT or limits is None:
            return sureness is Sureness.ACCEPT
        if not isinstance(intent, CommandSaid):
            return True
        return intent.command in URGENT_COMMANDS or best.confidence >= limits.sure

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
        if best.engine != pocketsphinx_recogniser.ENGINE:
            return False
        number = isinstance(intent, RatingSaid) and _spotter_heard(spoken)
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
        if _is_distress(best.intent):
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


def _goes_on(intent: Intent | None) -> bool:
    return isinstance(intent, CommandSaid) and intent.command in {Command.RESUME, Command.CARRY_ON}


def _is_distress(intent: Intent | None) -> bool:
    return isinstance(intent, CommandSaid) and intent.command in DISTRESS


def _spotter_heard(spoken: Spoken) -> bool:
    return any(hypothesis.engine == spotter_recogniser.ENGINE for hypothesis in spoken.hypotheses)


def _fine_by_grammar_alone(best: Guess, intent: Intent, expects: frozenset[Expect]) -> bool:
    """Return whether no spotter heard with it that somebody in trouble is steady again, or fine."""
    alone = best.engine in {pocketsphinx_recogniser.ENGINE, vosk_recogniser.ENGINE}
    after_trouble = bool(expects & {Expect.STEADY, Expect.DENIAL})
    return alone and after_trouble and isinstance(intent, ReadySaid | DenialSaid)


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
