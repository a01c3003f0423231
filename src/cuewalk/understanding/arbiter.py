"""Weighs the recognisers against each other and against what the session expects.

The spotter is the better ear for one or two words, the grammar recogniser the only one for more. Their
acoustic scores are not added up (measured: that makes both worse): what the grammar recogniser *decided*
makes that meaning more likely, by how often such a decision is right. Two ears that err in different ways
and agree are almost always right.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
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
from cuewalk.language.pack import LocalePack
from cuewalk.speech_in import keys_recogniser, pocketsphinx_recogniser, spotter_recogniser
from cuewalk.speech_in.api import Hypothesis
from cuewalk.spotting.head import NOISE, UNKNOWN

#: Speech longer than this is more than one or two words; the spotter never saw such a thing.
SHORT_SPEECH: Final = Millis(1300)
#: Words of a phrase that the spotter knows.
_SHORT_PHRASE: Final = 2
#: How much less likely a meaning is that is not what was asked for. Commands are rare beside answers; a
#: denial ("not four") comes after a number was read back, hardly before.
_UNASKED: Final = 0.15
_NO_NUMBER: Final = 0.3
_CORRECTION: Final = 0.1
#: How much the grammar recogniser's hearing something tells, as a logarithm of odds: so much at a confidence
#: of one half, and so much more for each unit of the logarithm of the odds of its confidence.
_TELLS: Final = 0.5
_TELLS_MORE: Final = 0.5
#: Less sure than that nothing but a number is acted on while one is asked for; so the likeliest number is
#: asked back.
_OBEYED: Final = 0.75
#: An urgent command that the grammar recogniser alone hears so surely stands: a missed stop is worse than a
#: needless one. In 2 % of other speech it hears anything at all so surely.
_URGENT_ALONE: Final = 0.7
#: An urgent word that the spotter thinks of with this share, or "help", is no "I'm fine", however surely the
#: other heard that. It is the spotter's limit for dropping: people's "stop" (synthetic) has 0.59 and more,
#: and in "I'm steady", "I'm fine" and their like (32 of 33, synthetic) nothing urgent has more than 0.16.
_URGENT_HINT: Final = 0.2
#: So sure of a noise the spotter need not know a phrase to deny that it was one; so sure of another phrase
#: that it knows, where "ready" is waited for, neither.
_SURELY_ELSE: Final = 0.5
#: Where the spotter too thinks of that first, however unsure ("pause" said over a count), this is enough, and
#: then it is so sure.
_URGENT_AGREED: Final = 0.5
_AGREED: Final = 0.8
#: "Seventeen" heard so surely by the grammar recogniser makes "seven" a number to ask back, and how sure that
#: is then: between the spotter's limits for dropping and for taking. At 0.15 instead of 0.5 people's numbers
#: above ten are taken 9 times of 60 instead of 15 (speakers it was not chosen on), and digits asked back in 8
#: of 121 instead of 3.
_VETO: Final = 0.15
_ASKED_BACK: Final = 0.39
#: What whoever is in trouble may be saying.
_CRIES: Final = URGENT_COMMANDS | {Command.HELP}
#: Share of a meaning that the spotter did not think of at all.
_LEAST: Final = 0.001


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest meaning of an utterance, and how likely it is (0-1). ``engine`` names who heard it."""

    intent: Intent | None
    confidence: float
    text: str
    engine: str


class Arbiter:
    """Decides on the meaning of an utterance that one or two recognisers heard."""

    def __init__(self, pack: LocalePack, spotted: frozenset[str] | None = None) -> None:
        """Take the language and the phrases that the spotter knows; None: every short one."""
        self._pack = pack
        self._spotted = spotted

    def judge(self, hypotheses: Sequence[Hypothesis], expects: frozenset[Expect], speech: Millis) -> Guess:
        """Return the likeliest meaning; ``speech`` is how long the utterance lasted.

        A command that only PocketSphinx hears, beside a spotter or in a whole sentence, means nothing: it has
        to make one of its few phrases of every sentence that anybody says. So does a correction where no
        number is asked for. Urgent ones are acted on.
        """
        guess = self._judge(hypotheses, expects, speech)
        alone = guess.engine == pocketsphinx_recogniser.ENGINE
        sentence = speech > SHORT_SPEECH or len({hypothesis.engine for hypothesis in hypotheses}) > 1
        unasked = isinstance(guess.intent, CorrectionSaid) and Expect.RATING not in expects
        if alone and sentence and (unasked or _is_command(guess)) and not _is_urgent(guess):
            return Guess(None, guess.confidence, guess.text, guess.engine)
        return guess

    def _judge(self, hypotheses: Sequence[Hypothesis], expects: frozenset[Expect], speech: Millis) -> Guess:
        spotted = next((h for h in hypotheses if h.engine == spotter_recogniser.ENGINE), None)
        others = [h for h in hypotheses if h is not spotted]
        grammar = max(others, key=lambda h: (bool(h.text), h.confidence), default=None)
        if spotted is None or not spotted.alternatives:
            return self._plain(grammar if grammar is not None else hypotheses[0], expects)
        shares = self._shares(spotted, expects)
        if grammar is None:
            return _likeliest(shares, spotted.engine, expects)
        return self._both(spotted.engine, shares, self._plain(grammar, expects), speech, expects)

    def _plain(self, hypothesis: Hypothesis, expects: frozenset[Expect]) -> Guess:
        understood = self._pack.read if hypothesis.engine == keys_recogniser.ENGINE else self._pack.interpret
        intent = understood(hypothesis.text, expects) if hypothesis.text else None
        return Guess(intent, hypothesis.confidence, hypothesis.text, hypothesis.engine)

    def _shares(self, spotted: Hypothesis, expects: frozenset[Expect]) -> "list[_Share]":
        """Add up the phrases that mean the same, each as likely as its meaning is to be meant now."""
        shares: list[_Share] = []
        for alternative in spotted.alternatives:
            intent = self._pack.interpret(alternative.text, expects)
            part = alternative.probability * _expected(intent, expects)
            # What means nothing is kept apart by its text: noise tells something else than unknown words.
            known = next((share for share in shares if share.means(intent, alternative.text)), None)
            if known is None:
                shares.append(_Share(intent, alternative.text, part))
            else:
                known.part += part
        return shares

    def _both(
        self, engine: str, shares: "list[_Share]", grammar: Guess, speech: Millis, expects: frozenset[Expect]
    ) -> Guess:
        by_sound = _likeliest(shares, engine, expects)
        if grammar.intent is None:
            return by_sound
        if (alone := self._alone(by_sound, shares, grammar, expects)) is not None:
            return alone
        if speech > SHORT_SPEECH or len(grammar.text.split()) > _SHORT_PHRASE:
            return _long_phrase(by_sound, grammar, shares, short=speech <= SHORT_SPEECH)
        believed = _likeliest(_believed(shares, grammar, expects), engine, expects, grammar)
        return _urgent(believed, by_sound, grammar)

    def _alone(
        self, by_sound: Guess, shares: "list[_Share]", grammar: Guess, expects: frozenset[Expect]
    ) -> Guess | None:
        """Return what one ear decides on alone, None where both are to be weighed.

        Where "ready" or "I'm fine" was heard, a cry that the spotter thinks of goes first. Else a phrase of
        that kind that the spotter never learned is the other's, and so is distress.
        """
        if not isinstance(grammar.intent, ReadySaid | DenialSaid) or by_sound.intent == grammar.intent:
            return _unknown_to_the_spotter(by_sound, grammar)
        if (cry := _cry(shares, by_sound.engine)) is not None:
            return cry
        if grammar.confidence <= _URGENT_ALONE or self._knows(grammar.text):
            return None
        return by_sound if _surely_else(shares, expects) else grammar

    def _knows(self, text: str) -> bool:
        """Return whether the spotter has learned this phrase."""
        if self._spotted is None:
            return len(text.split()) <= _SHORT_PHRASE
        return text in self._spotted


@dataclass(slots=True)
class _Share:
    """One meaning, and its part in all that the utterance may have been; not yet of a whole."""

    intent: Intent | None
    text: str
    part: float

    def means(self, intent: Intent | None, text: str) -> bool:
        return self.intent == intent and (intent is not None or self.text == text)


def _long_phrase(by_sound: Guess, grammar: Guess, shares: "list[_Share]", *, short: bool) -> Guess:
    """Return what the grammar recogniser heard, surer or more doubtful by the spotter's second opinion.

    ``short`` sound can be a single word that the grammar stretched into a phrase ("eight or six" for "six").
    """
    if by_sound.intent == grammar.intent:
        sure = 1 - (1 - grammar.confidence) * (1 - by_sound.confidence)
        return Guess(grammar.intent, sure, grammar.text, f"{grammar.engine}+{by_sound.engine}")
    total = sum(share.part for share in shares)
    noise = sum(share.part for share in shares if share.text == NOISE) / total if total else 0.0
    other = by_sound.confidence if by_sound.intent is not None else 0.0
    phrase = grammar.confidence * (1 - other) * (1 - noise)
    word = other * (1 - grammar.confidence)
    if short and word > phrase:
        return Guess(by_sound.intent, word, by_sound.text, by_sound.engine)
    return Guess(grammar.intent, phrase, grammar.text, grammar.engine)


def _off_the_scale(guess: Guess) -> bool:
    """Return whether a number was heard that the scale does not have, or that lies between its steps."""
    beyond = isinstance(guess.intent, RatingWithoutNumber) and guess.intent.hint == "beyond"
    between = isinstance(guess.intent, RatingRangeSaid) and guess.intent.high - guess.intent.low < 1
    return beyond or between


def _unknown_to_the_spotter(by_sound: Guess, grammar: Guess) -> Guess | None:
    """Return what the grammar recogniser heard surely of what the spotter never learned.

    "I can't breathe" is "again please" to the spotter, "seventeen" is "seven".
    """
    if _is_distress(grammar) and grammar.confidence > _URGENT_ALONE:
        return grammar
    return _vetoed(by_sound, grammar) if _off_the_scale(grammar) and grammar.confidence > _VETO else None


def _cry(shares: "list[_Share]", engine: str) -> Guess | None:
    """Return the urgent word, or "help", that the spotter thinks of; None if it hardly thinks of one."""
    total = sum(share.part for share in shares) or 1.0
    urgent = [
        share for share in shares if isinstance(share.intent, CommandSaid) and share.intent.command in _CRIES
    ]
    best = max(urgent, key=lambda share: share.part, default=None)
    if best is None or sum(share.part for share in urgent) < _URGENT_HINT * total:
        return None
    return Guess(best.intent, best.part / total, best.text, engine)


def _surely_else(shares: "list[_Share]", expects: frozenset[Expect]) -> bool:
    """Return whether the spotter is sure of a noise; where "ready" is waited for, of another phrase."""
    total = sum(share.part for share in shares) or 1.0
    likely = max(shares, key=lambda share: share.part)
    phrase = likely.text != UNKNOWN and Expect.READY in expects
    return likely.part > _SURELY_ELSE * total and (likely.text == NOISE or phrase)


def _urgent(believed: Guess, by_sound: Guess, grammar: Guess) -> Guess:
    """Return an urgent command that the grammar recogniser heard surely enough, else ``believed``."""
    if _is_urgent(grammar) and grammar.confidence > max(believed.confidence, _URGENT_ALONE):
        return grammar
    if _is_urgent(grammar) and grammar.confidence > _URGENT_AGREED and by_sound.intent == grammar.intent:
        sure = max(believed.confidence, _AGREED)
        return Guess(grammar.intent, sure, grammar.text, f"{by_sound.engine}+{grammar.engine}")
    return believed


def _vetoed(by_sound: Guess, grammar: Guess) -> Guess:
    """Return the spotter's number as one to ask back; where it is unsure, what the other heard."""
    if isinstance(by_sound.intent, RatingSaid) and by_sound.confidence > _ASKED_BACK:
        return Guess(by_sound.intent, _ASKED_BACK, by_sound.text, by_sound.engine)
    return grammar


def _is_command(guess: Guess) -> bool:
    return isinstance(guess.intent, CommandSaid)


def _is_distress(guess: Guess) -> bool:
    return isinstance(guess.intent, CommandSaid) and guess.intent.command in DISTRESS


def _is_urgent(guess: Guess) -> bool:
    return isinstance(guess.intent, CommandSaid) and guess.intent.command in URGENT_COMMANDS


def _believed(shares: list[_Share], grammar: Guess, expects: frozenset[Expect]) -> list[_Share]:
    """Make what the grammar recogniser heard more likely, by as much as its hearing it tells."""
    odds = math.log(max(grammar.confidence, 1e-3) / max(1 - grammar.confidence, 1e-3))
    tells = math.exp(min(max(_TELLS + _TELLS_MORE * odds, 0.0), 6.0))
    heard = next((share for share in shares if share.intent == grammar.intent), None)
    if heard is None:
        heard = _Share(grammar.intent, grammar.text, _LEAST * _expected(grammar.intent, expects))
        shares = [*shares, heard]
    heard.part *= tells
    return shares


def _likeliest(
    shares: list[_Share], engine: str, expects: frozenset[Expect], grammar: Guess | None = None
) -> Guess:
    total = sum(share.part for share in shares)
    meaning = [share for share in shares if share.intent is not None and share.part]
    if not meaning:
        return Guess(None, 0.0, "", engine)
    best = max(meaning, key=lambda share: share.part)
    numbers = [share for share in meaning if isinstance(share.intent, RatingSaid)]
    urgent = isinstance(best.intent, CommandSaid) and best.intent.command in URGENT_COMMANDS
    if Expect.RATING in expects and numbers and not urgent and best.part < _OBEYED * total:
        best = max(numbers, key=lambda share: share.part)
    agreed = grammar is not None and grammar.intent == best.intent
    name = f"{engine}+{grammar.engine}" if grammar is not None and agreed else engine
    return Guess(best.intent, best.part / total, best.text, name)


def _expected(intent: Intent | None, expects: frozenset[Expect]) -> float:
    if isinstance(intent, CorrectionSaid):
        return _CORRECTION
    if isinstance(intent, RatingWithoutNumber):
        return _NO_NUMBER
    if isinstance(intent, CommandSaid) and Expect.RATING in expects:
        return 1.0 if intent.command in URGENT_COMMANDS else _UNASKED
    return 1.0
