"""Weighs the recognisers against each other and against what the session expects.

The spotter is the better ear for one or two words, the grammar recogniser the only one for more. Their scores are
not added up (measured: that makes both worse); their *decisions* are compared. Two ears that make errors of different
kinds and agree are almost always right.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cuewalk.domain.intents import CommandSaid, CorrectionSaid, Expect, Intent
from cuewalk.domain.units import Millis
from cuewalk.language.pack import LocalePack
from cuewalk.speech_in import spotter_recogniser
from cuewalk.speech_in.api import Hypothesis

#: Speech longer than this is more than one or two words; the spotter never saw such a thing.
_SHORT_SPEECH: Final = Millis(1300)
#: Words of a phrase that the spotter knows.
_SHORT_PHRASE: Final = 2
#: How much less likely a meaning is that is not what was asked for. Commands are rare beside answers; a denial
#: ("not four") comes after a number was read back, hardly before.
_UNASKED: Final = 0.3
_CORRECTION: Final = 0.1


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest meaning of an utterance, and how likely it is (0-1). ``engine`` names who heard it."""

    intent: Intent | None
    confidence: float
    text: str
    engine: str


class Arbiter:
    """Decides on the meaning of an utterance that one or two recognisers heard."""

    def __init__(self, pack: LocalePack) -> None:
        self._pack = pack

    def judge(self, hypotheses: Sequence[Hypothesis], expects: frozenset[Expect], speech: Millis) -> Guess:
        """Return the likeliest meaning; ``speech`` is how long the utterance lasted."""
        spotted = next((h for h in hypotheses if h.engine == spotter_recogniser.ENGINE), None)
        others = [h for h in hypotheses if h is not spotted]
        grammar = max(others, key=lambda h: (bool(h.text), h.confidence), default=None)
        if spotted is None or not spotted.alternatives:
            return self._plain(grammar if grammar is not None else hypotheses[0], expects)
        by_sound = self._by_sound(spotted, expects)
        if grammar is None:
            return by_sound
        return self._both(by_sound, self._plain(grammar, expects), speech)

    def _plain(self, hypothesis: Hypothesis, expects: frozenset[Expect]) -> Guess:
        intent = self._pack.interpret(hypothesis.text, expects) if hypothesis.text else None
        return Guess(intent, hypothesis.confidence, hypothesis.text, hypothesis.engine)

    def _by_sound(self, spotted: Hypothesis, expects: frozenset[Expect]) -> Guess:
        """Add up the phrases that mean the same, each as likely as its meaning is to be meant now."""
        shares: list[tuple[Intent | None, float]] = []
        texts: dict[int, str] = {}
        for alternative in spotted.alternatives:
            intent = self._pack.interpret(alternative.text, expects)
            share = alternative.probability * _expected(intent, expects)
            place = next((i for i, (known, _) in enumerate(shares) if known == intent), None)
            if place is None:
                texts[len(shares)] = alternative.text
                shares.append((intent, share))
            else:
                shares[place] = (intent, shares[place][1] + share)
        total = sum(share for _, share in shares)
        meaning = [i for i, (intent, _) in enumerate(shares) if intent is not None]
        if not meaning or not total:
            return Guess(None, 0.0, "", spotted.engine)
        best = max(meaning, key=lambda i: shares[i][1])
        return Guess(shares[best][0], shares[best][1] / total, texts[best], spotted.engine)

    def _both(self, sound: Guess, grammar: Guess, speech: Millis) -> Guess:
        if grammar.intent is not None and grammar.intent == sound.intent:
            engine = f"{sound.engine}+{grammar.engine}"
            return Guess(sound.intent, _fused(sound.confidence, agree=True), sound.text, engine)
        long = speech > _SHORT_SPEECH or len(grammar.text.split()) > _SHORT_PHRASE
        if long and grammar.intent is not None:
            # The spotter's second opinion: sure of something else, it makes the phrase doubtful.
            doubt = sound.confidence if sound.intent is not None else 0.0
            return Guess(grammar.intent, grammar.confidence * (1 - doubt), grammar.text, grammar.engine)
        return Guess(sound.intent, _fused(sound.confidence, agree=False), sound.text, sound.engine)


def _expected(intent: Intent | None, expects: frozenset[Expect]) -> float:
    if isinstance(intent, CorrectionSaid):
        return _CORRECTION
    if isinstance(intent, CommandSaid) and Expect.RATING in expects:
        return _UNASKED
    return 1.0


def _fused(confidence: float, *, agree: bool) -> float:
    """Return how likely the spotter is right, given whether the grammar recogniser heard the same."""
    p = min(max(confidence, 1e-6), 1 - 1e-6)
    score = math.log(p / (1 - p)) + (2.0 if agree else -0.5)
    return 1 / (1 + math.exp(-score))


