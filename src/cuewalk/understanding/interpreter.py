"""From hypotheses to an intent to act on: a table of rules says what is asked back and what is dropped."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
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
from cuewalk.speech_in import pocketsphinx_recogniser, spotter_recogniser, vosk_recogniser
from cuewalk.speech_in.api import Hypothesis
from cuewalk.understanding.arbiter import SHORT_SPEECH, Arbiter, Interpretation, is_command
from cuewalk.understanding.meanings import Meanings
from cuewalk.understanding.thresholds import GRAMMAR_ALONE_OVER_OWN_VOICE, Thresholds

#: Marks between words; an apostrophe belongs to its word.
_NO_WORD: Final = re.compile(r"[^\w']+")
#: Confidence at which something urgent counts however faint it is, for every recogniser: what a stop needs of
#: the spotter in silence. Measured: over all cues at +10 dB the residue of 30 minutes said "stop" once, at
#: 0.52. Design: a missed stop is worse than a needless question.
_CLEAR: Final = 0.75
_GOES_ON: Final = frozenset({Command.RESUME, Command.CARRY_ON})
_BY_GRAMMAR: Final = frozenset({pocketsphinx_recogniser.ENGINE, vosk_recogniser.ENGINE})


@dataclass(frozen=True, slots=True)
class Utterance:
    """One utterance, spoken or typed, as it reached the session."""

    #: None: typed.
    number: int | None
    hypotheses: Sequence[Hypothesis]
    mode: InputMode
    start: Millis
    end: Millis
    #: The sound is too damaged for a number in it to be written down without asking back.
    spoiled: bool = False
    #: Whether it was surely speech; a noise may be taken for a word.
    surely: bool = True


class Interpreter:
    """Gives an utterance its meaning in the present state."""

    def __init__(
        self, meanings: Meanings, thresholds: dict[str, Thresholds], spotted: frozenset[str] | None = None
    ) -> None:
        """Take the locale's meanings, the thresholds of each engine, and the phrases the spotter knows."""
        self._meanings = meanings
        self._arbiter = Arbiter(meanings, spotted)
        self._thresholds = thresholds

    def understand(
        self, utterance: Utterance, expects: frozenset[Expect], own_words: str = ""
    ) -> Understood | NotUnderstood:
        """Return the event of one utterance.

        Args:
            utterance: what was said or typed.
            expects: what the session is waiting for.
            own_words: the text our own voice was speaking meanwhile; words of it are not the person's.
        """
        speech = Millis(utterance.end - utterance.start)
        best = self._arbiter.judge(utterance.hypotheses, expects, speech)
        case = Case(best, self._limits_of(best.engine), utterance, expects, own_words)
        intent, sureness = best.intent, case.sureness()
        if sureness is not None and case.must_not_lead_on:
            # Who is unsteady is not led on by one "carry on": asked again, they may say it again.
            intent, sureness = ReadySaid(), Sureness.CONFIRM
        trouble = self._perhaps_in_trouble(utterance, expects, own_words)
        if trouble is not None and not case.outweighs_trouble(intent, sureness):
            command = CommandSaid(command=Command.SOMETHING_WRONG)
            return Understood(intent=command, heard=_heard(utterance, trouble, Sureness.CONFIRM))
        if intent is None or sureness is None:
            heard = _heard(utterance, best, Sureness.CONFIRM)
            return NotUnderstood(heard=heard, clear=case.nearly_a_command)
        return Understood(intent=intent, heard=_heard(utterance, best, sureness))

    def urgent_in(self, partials: Sequence[str], own_words: str = "") -> Command | None:
        """Return the urgent command a partial text already says, a stop before others.

        What our own voice is saying is none.
        """
        found = [self._meanings.urgent_in(text) for text in partials if not _all_in(text, own_words)]
        return Command.STOP if Command.STOP in found else next(filter(None, found), None)

    def is_clearly_urgent(self, event: Understood | NotUnderstood) -> bool:
        """Return whether something urgent was heard so clearly that it counts however faint it is.

        It has to be as clear as words that our own voice is saying, or `_CLEAR`.
        """
        if not isinstance(event, Understood) or event.heard.sureness is not Sureness.ACCEPT:
            return False
        limits = self._limits_of(event.heard.engine)
        least = _CLEAR if limits is None else min(_CLEAR, max(limits.accept, limits.urgent))
        clear = event.heard.mode is InputMode.KEYS or event.heard.confidence >= least
        return clear and is_command(event.intent, URGENT_COMMANDS)

    def _limits_of(self, engine: str) -> Thresholds | None:
        """Return the thresholds of an engine; where two agree, those of the first hold."""
        return self._thresholds.get(engine.partition("+")[0])

    def _perhaps_in_trouble(
        self, utterance: Utterance, expects: frozenset[Expect], own_words: str
    ) -> Interpretation | None:
        """Return what PocketSphinx alone heard of distress, unless it was hardly speech or our own voice.

        Heard so, it stops the movement and asks how the person is; nothing graver is made of it. In a note
        the person may speak of anything.
        """
        by_grammar = pocketsphinx_recogniser.ENGINE
        heard = _by(by_grammar, utterance.hypotheses)
        limits = self._thresholds.get(by_grammar)
        if heard is None or limits is None or not utterance.surely or Expect.NOTE in expects:
            return None
        least = limits.accept if own_words else limits.urgent
        intent = self._meanings.of(heard.text, expects) if heard.confidence >= least else None
        if not is_command(intent, DISTRESS) or _all_in(heard.text, own_words):
            return None
        return Interpretation(intent, heard.confidence, heard.text, heard.engine)


@dataclass(frozen=True, eq=False)
class Case:
    """One utterance with its likeliest interpretation: what the rules look at. ``limits`` None: certain."""

    best: Interpretation
    limits: Thresholds | None
    utterance: Utterance
    expects: frozenset[Expect]
    own_words: str

    def sureness(self) -> Sureness | None:
        """Return what may be done with the likeliest meaning by the strictest rule; None: nothing."""
        if self.best.intent is None:
            return None
        strictest = max([rule.then for rule in RULES if rule.when(self)], default=Then.ACCEPT)
        return {Then.ACCEPT: Sureness.ACCEPT, Then.ASK_BACK: Sureness.CONFIRM, Then.DROP: None}[strictest]

    @property
    def must_not_lead_on(self) -> bool:
        """Whether it would lead somebody on who is unsteady."""
        spoken = self.utterance.mode is not InputMode.KEYS
        return spoken and Expect.STEADY in self.expects and is_command(self.best.intent, _GOES_ON)

    def outweighs_trouble(self, intent: Intent | None, sureness: Sureness | None) -> bool:
        """Return whether something urgent was understood, a sure answer, or a command beyond doubt."""
        if sureness is not Sureness.ACCEPT:
            return False
        return (
            not isinstance(intent, CommandSaid) or intent.command in URGENT_COMMANDS or self.reaches("sure")
        )

    @property
    def nearly_a_command(self) -> bool:
        """Whether the person is to be told that it was not clear enough; typed words always.

        A command was heard, too unsure to obey, by a recogniser that hears few in other speech, so it was
        likely said to us. Noise and other people's talk are passed over.
        """
        if self.utterance.mode is InputMode.KEYS:
            return True
        if self.own_words or not self.utterance.surely or self.limits is None:
            return False
        by_spotter = self.best.engine != pocketsphinx_recogniser.ENGINE
        return self.is_command and by_spotter and self.best.confidence >= self.limits.accept

    @cached_property
    def is_command(self) -> bool:
        """Whether a command was heard."""
        return isinstance(self.best.intent, CommandSaid)

    @cached_property
    def is_urgent(self) -> bool:
        """Whether an urgent command was heard."""
        return is_command(self.best.intent, URGENT_COMMANDS)

    @cached_property
    def says_our_words(self) -> bool:
        """Whether our own voice was saying every word of it."""
        return _all_in(self.best.text, self.own_words)

    @property
    def over_own_voice(self) -> bool:
        """Whether our own voice was speaking too."""
        return bool(self.own_words)

    @property
    def spotter_listened(self) -> bool:
        """Whether a spotter heard the utterance too."""
        return _by(spotter_recogniser.ENGINE, self.utterance.hypotheses) is not None

    @property
    def hardly_speech(self) -> bool:
        """Whether it was perhaps no speech, and not heard so surely that it was a word all the same."""
        return not self.utterance.surely and not self.reaches("sure")

    def reaches(self, *thresholds: str, all_of: bool = True) -> bool:
        """Return whether the confidence reaches the higher (else the lower) of these thresholds."""
        if self.limits is None:
            return True
        values = [float(getattr(self.limits, name)) for name in thresholds]
        return self.best.confidence >= (max(values) if all_of else min(values))


class Then(IntEnum):
    """What a rule makes of an utterance; the highest of all rules that fit is done."""

    ACCEPT = 0
    ASK_BACK = 1
    DROP = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the decision table."""

    name: str
    when: Callable[[Case], bool]
    then: Then


def _too_unsure_a_command(case: Case) -> bool:
    if not case.is_command or case.utterance.mode is InputMode.KEYS:
        return False
    stop = case.best.intent == CommandSaid(command=Command.STOP)
    if stop and case.over_own_voice and not case.says_our_words:
        # Who speaks over our voice mostly wants it to be silent, and what is left of it makes words less
        # clear: at 0.5 instead of 0.75 people's "stop" is caught 192 times of 200 instead of 177.
        return not case.reaches("urgent", "accept", all_of=False)
    if case.is_urgent:
        return not case.reaches("urgent")
    return not case.reaches("sure" if Expect.RATING in case.expects else "command")


def _too_unsure_an_answer(case: Case) -> bool:
    spoken = case.utterance.mode is not InputMode.KEYS
    return spoken and not case.is_command and not case.reaches("drop")


def _unsure_answer(case: Case) -> bool:
    if case.is_command or case.utterance.mode is InputMode.KEYS:
        return False
    if isinstance(case.best.intent, CorrectionSaid):
        return not case.reaches("sure")
    if Expect.RATING not in case.expects:
        return not case.reaches("command")
    if "+" in case.best.engine:
        return not case.reaches("agreed", "accept", all_of=False)
    return not case.reaches("accept")


def _our_own_words(case: Case) -> bool:
    if not case.says_our_words:
        return False
    return not (case.reaches("accept", "urgent") if case.is_urgent else case.reaches("sure"))


def _unclear_over_our_voice(case: Case) -> bool:
    """Return whether it may be what is left of our voice: no clear word to the spotter.

    Distress is too long for the spotter, and a needless question after it costs a sentence.
    """
    if not case.over_own_voice or case.limits is None:
        return False
    if is_command(case.best.intent, DISTRESS):
        return not case.reaches("accept")
    by_grammar_alone = case.best.engine != spotter_recogniser.ENGINE and "+" not in case.best.engine
    if by_grammar_alone and case.spotter_listened:
        return case.best.confidence < GRAMMAR_ALONE_OVER_OWN_VOICE
    if case.is_urgent:
        return not case.reaches("accept", "command", all_of=False)
    return not case.reaches("accept")


def _by_grammar_alone(case: Case) -> bool:
    if case.best.engine != pocketsphinx_recogniser.ENGINE:
        return False
    number = isinstance(case.best.intent, RatingSaid) and case.spotter_listened
    return number or case.utterance.end - case.utterance.start > SHORT_SPEECH


def _fine_by_grammar_alone(case: Case) -> bool:
    after_trouble = bool(case.expects & {Expect.STEADY, Expect.DENIAL})
    says_fine = isinstance(case.best.intent, ReadySaid | DenialSaid)
    return after_trouble and says_fine and case.best.engine in _BY_GRAMMAR


def _answers(condition: Callable[[Case], bool]) -> Callable[[Case], bool]:
    """Return the condition for answers only: a command cannot be asked back."""
    return lambda case: not case.is_command and condition(case)


#: What keeps the likeliest interpretation from being acted on as it is.
RULES: Final = (
    Rule("a command below its threshold", _too_unsure_a_command, Then.DROP),
    Rule("an answer hardly heard", _too_unsure_an_answer, Then.DROP),
    # A correction that nobody said would overwrite a number that somebody did.
    Rule("an answer below its threshold", _unsure_answer, Then.ASK_BACK),
    Rule(
        "hardly speech: a command, or left of our own voice",
        lambda case: case.hardly_speech and (case.is_command or case.over_own_voice),
        Then.DROP,
    ),
    Rule("hardly speech: perhaps an answer", lambda case: case.hardly_speech, Then.ASK_BACK),
    Rule("words that our own voice is saying", _our_own_words, Then.DROP),
    Rule("not clear over our own voice", _unclear_over_our_voice, Then.DROP),
    Rule("damaged sound", _answers(lambda case: case.utterance.spoiled), Then.ASK_BACK),
    # It makes an answer of any sentence ("four over ten" was "five over ten" with 0.84).
    Rule("an answer by PocketSphinx alone", _answers(_by_grammar_alone), Then.ASK_BACK),
    Rule("fine again, but no spotter heard it", _answers(_fine_by_grammar_alone), Then.ASK_BACK),
    # "Eight" with 0.78 was left of our own voice, once.
    Rule(
        "an answer over our own voice",
        _answers(lambda case: case.over_own_voice and not case.reaches("sure")),
        Then.ASK_BACK,
    ),
)


def _all_in(text: str, own_words: str) -> bool:
    """Return whether our own voice is saying every word of a text."""
    words = text.split()
    own = _NO_WORD.sub(" ", own_words.lower()).split()
    return bool(words) and all(word in own for word in words)


def _by(engine: str, hypotheses: Sequence[Hypothesis]) -> Hypothesis | None:
    return next((each for each in hypotheses if each.engine == engine), None)


def _heard(utterance: Utterance, best: Interpretation, sureness: Sureness) -> Heard:
    return Heard(
        text=best.text,
        confidence=best.confidence,
        engine=best.engine,
        mode=utterance.mode,
        sureness=sureness,
        utterance=utterance.number,
        start=utterance.start,
        end=utterance.end,
    )
