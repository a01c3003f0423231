"""Weighs the recognisers against each other and against what the session expects.

The spotter hears one or two words better; only the grammar recogniser hears more. Their acoustic scores are
not added up (measured: that makes both worse): what the grammar recogniser *decided* makes that meaning more
likely, by how often such a decision is right. Two recognisers that err in different ways and agree are almost
always right.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from cuewalk.domain.intents import (
    DISTRESS,
    URGENT_COMMANDS,
    Command,
    CommandSaid,
    CorrectionSaid,
    DenialSaid,
    Expect,
    Intent,
    RatingRangeSaid,
    RatingSaid,
    RatingWithoutNumber,
    ReadySaid,
)
from cuewalk.domain.units import Millis
from cuewalk.speech_in import keys_recogniser, pocketsphinx_recogniser, spotter_recogniser
from cuewalk.speech_in.api import Hypothesis
from cuewalk.spotting.head import NOISE, UNKNOWN
from cuewalk.understanding.meanings import Meanings

#: ms. Longer speech is more than one or two words, which the spotter never learned. Basis: the longest take
#: that its training has is 1.3 s.
SHORT_SPEECH: Final = Millis(1300)
#: Words of a phrase that the spotter knows. Basis: its labels (models/heads/en-US.md).
_SHORT_PHRASE: Final = 2

#: Prior weight (factor) of a command, not urgent, while a rating is asked for. Design: commands are rare
#: beside answers, and "four" sounds like "slower".
_COMMAND_WHILE_RATING: Final = 0.15
#: Prior weight (factor) of a rating without a number ("not too bad"). Design: rarer than a number.
_NO_NUMBER: Final = 0.3
#: Prior weight (factor) of a correction or denial ("not four"). Design: said after a read-back.
_CORRECTION: Final = 0.1
#: Part of a meaning (of 1) that the spotter did not think of at all. Design: below its smallest alternative.
_LEAST: Final = 0.001

#: Log-odds weight of what the grammar recogniser decided: intercept at confidence 0.5, and slope for each
#: unit of its log-odds. Chosen on development speakers, see docs/decisions/0010.
_GRAMMAR_WEIGHT: Final = 0.5
_GRAMMAR_SLOPE: Final = 0.5
#: The weight lies within these (log-odds). Design: a grammar heard is never evidence against its meaning,
#: and one recogniser cannot make the other's opinion void.
_GRAMMAR_LEAST, _GRAMMAR_MOST = 0.0, 6.0
#: Confidences are kept this far from 0 and 1, so that the log-odds stay finite.
_EDGE: Final = 1e-3

#: Probability that anything but a number, unless urgent, needs while a rating is asked for; below it the
#: likeliest number is asked back. Design.
_OBEYED: Final = 0.75
#: Confidence at which an urgent command, or "I'm fine", that the grammar recogniser alone hears stands: a
#: missed stop is worse than a needless one. Measured: in 2 % of other speech it hears anything so surely.
_URGENT_ALONE: Final = 0.7
#: Share of an urgent word, or "help", in what the spotter heard above which nothing is an "I'm fine", however
#: surely the other heard that. It is the spotter's threshold for dropping. Measured on synthetic voices:
#: "stop" has 0.59 and more; in "I'm steady", "I'm fine" and their like (32 of 33) nothing urgent has 0.17.
_URGENT_HINT: Final = 0.2
#: Share at which the spotter, sure of a noise, denies a phrase it never learned; where "ready" is waited for,
#: sure of any other phrase. Design: more likely than everything else.
_SURELY_ELSE: Final = 0.5
#: Confidence of the grammar recogniser at which an urgent command stands that the spotter thinks of first,
#: however unsure ("pause" said over a count); and the confidence that results. Design: two of two.
_URGENT_AGREED: Final = 0.5
_AGREED: Final = 0.8
#: Confidence of the grammar recogniser from which a number off the scale ("seventeen") makes the spotter's
#: ("seven") one to ask back, and the confidence that results, between the spotter's thresholds for dropping
#: and for taking. Measured: at 0.15 instead of 0.5 people's numbers above ten are taken 9 times of 60 instead
#: of 15 (speakers it was not chosen on), and digits asked back in 8 of 121 instead of 3.
_VETO: Final = 0.15
_ASKED_BACK: Final = 0.39
#: What whoever is in trouble may be saying.
_CRIES: Final = URGENT_COMMANDS | {Command.HELP}
_part: Final = attrgetter("part")


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The likeliest meaning of an utterance, and how likely it is (0-1). ``engine`` names who heard it."""

    intent: Intent | None
    confidence: float
    text: str
    engine: str


@dataclass(slots=True)
class _Share:
    """One meaning and its part of all that the utterance may have been; the parts do not add up to 1."""

    intent: Intent | None
    text: str
    part: float


class _Spotted:
    """What the spotter heard: phrases that mean the same added up, each weighted by how expected it is."""

    def __init__(self, hypothesis: Hypothesis, meanings: Meanings, expects: frozenset[Expect]) -> None:
        self.engine, self.expects = hypothesis.engine, expects
        shares: dict[object, _Share] = {}
        for alternative in hypothesis.alternatives:
            intent = meanings.of(alternative.text, expects)
            part = alternative.probability * _prior(intent, expects)
            # What means nothing is kept apart by its text: noise tells something else than unknown words.
            same = alternative.text if intent is None else intent
            if same in shares:
                shares[same].part += part
            else:
                shares[same] = _Share(intent, alternative.text, part)
        self.shares = list(shares.values())
        #: 1 where the spotter thinks of nothing at all.
        self.total = sum(map(_part, self.shares)) or 1.0

    def likeliest(self, grammar: Interpretation | None = None) -> Interpretation:
        """Return the likeliest meaning; with ``grammar``, told what the other recogniser decided."""
        shares = self.shares if grammar is None else self._weighted(grammar)
        total = sum(map(_part, shares))
        meaning = [share for share in shares if share.intent is not None and share.part]
        if not meaning:
            return Interpretation(None, 0.0, "", self.engine)
        best = self._number_first(max(meaning, key=_part), meaning, total)
        engine = self.engine
        if grammar is not None and grammar.intent == best.intent:
            engine = f"{self.engine}+{grammar.engine}"
        return Interpretation(best.intent, best.part / total, best.text, engine)

    def _number_first(self, best: _Share, meaning: list[_Share], total: float) -> _Share:
        """Return the likeliest number where one is asked for and ``best`` is neither sure nor urgent."""
        if Expect.RATING not in self.expects or best.part >= _OBEYED * total:
            return best
        numbers = [share for share in meaning if isinstance(share.intent, RatingSaid)]
        if not numbers or is_command(best.intent, URGENT_COMMANDS):
            return best
        return max(numbers, key=_part)

    def share_of_noise(self) -> float:
        """Return the share (0-1) of noise."""
        return sum([share.part for share in self.shares if share.text == NOISE]) / self.total

    def cry(self) -> Interpretation | None:
        """Return the urgent word, or "help", that the spotter thinks of; None if it hardly thinks of one."""
        cries = [share for share in self.shares if is_command(share.intent, _CRIES)]
        if sum(map(_part, cries)) < _URGENT_HINT * self.total:
            return None
        best = max(cries, key=_part)
        return Interpretation(best.intent, best.part / self.total, best.text, self.engine)

    def is_surely_else(self) -> bool:
        """Return whether the spotter is sure of a noise; where "ready" is waited for, of another phrase."""
        likely = max(self.shares, key=_part)
        phrase = likely.text != UNKNOWN and Expect.READY in self.expects
        return likely.part > _SURELY_ELSE * self.total and (likely.text == NOISE or phrase)

    def _weighted(self, grammar: Interpretation) -> list[_Share]:
        """Return the shares with what the grammar recogniser decided made more likely."""
        odds = math.log(max(grammar.confidence, _EDGE) / max(1 - grammar.confidence, _EDGE))
        weight = min(max(_GRAMMAR_WEIGHT + _GRAMMAR_SLOPE * odds, _GRAMMAR_LEAST), _GRAMMAR_MOST)
        shares = self.shares
        if grammar.intent not in [share.intent for share in shares]:
            unheard = _LEAST * _prior(grammar.intent, self.expects)
            shares = [*shares, _Share(grammar.intent, grammar.text, unheard)]
        factor = math.exp(weight)
        return [
            _Share(each.intent, each.text, each.part * factor) if each.intent == grammar.intent else each
            for each in shares
        ]


class Arbiter:
    """Decides on the meaning of an utterance that one or two recognisers heard."""

    def __init__(self, meanings: Meanings, spotted: frozenset[str] | None = None) -> None:
        """Take the locale's meanings and the phrases that the spotter knows; None: every short one."""
        self._meanings, self._known = meanings, spotted

    def judge(
        self, hypotheses: Sequence[Hypothesis], expects: frozenset[Expect], speech: Millis
    ) -> Interpretation:
        """Return the likeliest meaning; ``speech`` is how long the utterance lasted.

        A command that only PocketSphinx hears, beside a spotter or in a whole sentence, means nothing: it has
        to make one of its few phrases of every sentence that anybody says. So does a correction where no
        number is asked for. Urgent ones are acted on.
        """
        best = self._judge(hypotheses, expects, speech)
        alone = best.engine == pocketsphinx_recogniser.ENGINE
        if not alone or is_command(best.intent, URGENT_COMMANDS):
            return best
        sentence = speech > SHORT_SPEECH or len({hypothesis.engine for hypothesis in hypotheses}) > 1
        unasked = isinstance(best.intent, CorrectionSaid) and Expect.RATING not in expects
        if sentence and (unasked or isinstance(best.intent, CommandSaid)):
            return Interpretation(None, best.confidence, best.text, best.engine)
        return best

    def _judge(
        self, hypotheses: Sequence[Hypothesis], expects: frozenset[Expect], speech: Millis
    ) -> Interpretation:
        heard = next((h for h in hypotheses if h.engine == spotter_recogniser.ENGINE), None)
        others = [each for each in hypotheses if each is not heard]
        grammar = max(others, key=lambda h: (bool(h.text), h.confidence), default=None)
        if heard is None or not heard.alternatives:
            return self._plain(hypotheses[0] if grammar is None else grammar, expects)
        spotted = _Spotted(heard, self._meanings, expects)
        if grammar is None:
            return spotted.likeliest()
        return self._both(spotted, self._plain(grammar, expects), speech)

    def _plain(self, hypothesis: Hypothesis, expects: frozenset[Expect]) -> Interpretation:
        typed = hypothesis.engine == keys_recogniser.ENGINE
        meaning = self._meanings.of_typed if typed else self._meanings.of
        intent = meaning(hypothesis.text, expects)
        return Interpretation(intent, hypothesis.confidence, hypothesis.text, hypothesis.engine)

    def _both(self, spotted: _Spotted, grammar: Interpretation, speech: Millis) -> Interpretation:
        by_sound = spotted.likeliest()
        if grammar.intent is None:
            return by_sound
        if (alone := self._alone(by_sound, spotted, grammar)) is not None:
            return alone
        if speech > SHORT_SPEECH or len(grammar.text.split()) > _SHORT_PHRASE:
            return _long_phrase(by_sound, grammar, spotted, short=speech <= SHORT_SPEECH)
        return _urgent(spotted.likeliest(grammar), by_sound, grammar)

    def _alone(
        self, by_sound: Interpretation, spotted: _Spotted, grammar: Interpretation
    ) -> Interpretation | None:
        """Return what one recogniser decides alone, None where both are to be weighed.

        Where "ready" or "I'm fine" was heard, a cry that the spotter thinks of goes first. Else a phrase of
        that kind that the spotter never learned is the other's, and so is distress.
        """
        if not isinstance(grammar.intent, ReadySaid | DenialSaid) or by_sound.intent == grammar.intent:
            return _unknown_to_the_spotter(by_sound, grammar)
        if (cry := spotted.cry()) is not None:
            return cry
        if grammar.confidence <= _URGENT_ALONE or self._knows(grammar.text):
            return None
        return by_sound if spotted.is_surely_else() else grammar

    def _knows(self, text: str) -> bool:
        """Return whether the spotter has learned this phrase."""
        return len(text.split()) <= _SHORT_PHRASE if self._known is None else text in self._known


def _long_phrase(
    by_sound: Interpretation, grammar: Interpretation, spotted: _Spotted, *, short: bool
) -> Interpretation:
    """Return what the grammar recogniser heard, surer or more doubtful by the spotter's second opinion.

    ``short`` sound can be a single word that the grammar stretched into a phrase ("eight or six" for "six").
    """
    if by_sound.intent == grammar.intent:
        sure = 1 - (1 - grammar.confidence) * (1 - by_sound.confidence)
        return Interpretation(grammar.intent, sure, grammar.text, f"{grammar.engine}+{by_sound.engine}")
    phrase = grammar.confidence * (1 - by_sound.confidence) * (1 - spotted.share_of_noise())
    word = by_sound.confidence * (1 - grammar.confidence)
    if short and word > phrase:
        return Interpretation(by_sound.intent, word, by_sound.text, by_sound.engine)
    return Interpretation(grammar.intent, phrase, grammar.text, grammar.engine)


def _unknown_to_the_spotter(by_sound: Interpretation, grammar: Interpretation) -> Interpretation | None:
    """Return what the grammar recogniser heard surely of what the spotter never learned.

    "I can't breathe" is "again please" to the spotter, "seventeen" is "seven": then the spotter's number is
    one to ask back; where it is unsure, what the other heard stands.
    """
    if is_command(grammar.intent, DISTRESS) and grammar.confidence > _URGENT_ALONE:
        return grammar
    if not _is_off_the_scale(grammar.intent) or grammar.confidence <= _VETO:
        return None
    if isinstance(by_sound.intent, RatingSaid) and by_sound.confidence > _ASKED_BACK:
        return Interpretation(by_sound.intent, _ASKED_BACK, by_sound.text, by_sound.engine)
    return grammar


def _urgent(weighed: Interpretation, by_sound: Interpretation, grammar: Interpretation) -> Interpretation:
    """Return an urgent command that the grammar recogniser heard surely enough, else ``weighed``."""
    if not is_command(grammar.intent, URGENT_COMMANDS):
        return weighed
    if grammar.confidence > max(weighed.confidence, _URGENT_ALONE):
        return grammar
    if grammar.confidence > _URGENT_AGREED and by_sound.intent == grammar.intent:
        sure = max(weighed.confidence, _AGREED)
        return Interpretation(grammar.intent, sure, grammar.text, f"{by_sound.engine}+{grammar.engine}")
    return weighed


def _prior(intent: Intent | None, expects: frozenset[Expect]) -> float:
    """Return the factor by which a meaning is likelier or not for what is expected now."""
    if isinstance(intent, CorrectionSaid):
        return _CORRECTION
    if isinstance(intent, RatingWithoutNumber):
        return _NO_NUMBER
    if isinstance(intent, CommandSaid) and Expect.RATING in expects:
        return 1.0 if intent.command in URGENT_COMMANDS else _COMMAND_WHILE_RATING
    return 1.0


def _is_off_the_scale(intent: Intent | None) -> bool:
    """Return whether a number was heard that the scale does not have, or that lies between its steps."""
    beyond = isinstance(intent, RatingWithoutNumber) and intent.hint == "beyond"
    between = isinstance(intent, RatingRangeSaid) and intent.high - intent.low < 1
    return beyond or between


def is_command(intent: Intent | None, commands: frozenset[Command]) -> bool:
    """Return whether it is one of these commands."""
    return isinstance(intent, CommandSaid) and intent.command in commands
