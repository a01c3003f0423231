"""What a text means while something is expected, worked out once for each.

One interpretation takes about 1.3 ms on x86-64 (measured); an utterance has up to 40 alternatives, and the
same few answers are given again and again. Endpointing asks in the listener's thread, while the silence
after an utterance is waited for, so that the frame that decides finds them ready.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from cuewalk.domain.intents import Command, Expect, Intent
from cuewalk.language.pack import LocalePack
from cuewalk.speech_in.api import Hypothesis

#: Interpretations remembered. Design: some 15 sets of expected intents times the phrases of one head (60),
#: with room for what the grammar recogniser hears; about 1 MB.
_REMEMBERED: Final = 2_000


class Meanings:
    """The interpretations of one locale pack. Safe to use from several threads."""

    def __init__(self, pack: LocalePack) -> None:
        self._pack = pack
        self._of = lru_cache(_REMEMBERED)(pack.interpret)

    def of(self, text: str, expects: frozenset[Expect]) -> Intent | None:
        """Return what a spoken text means where ``expects`` is waited for, None for nothing."""
        return self._of(text, expects) if text else None

    def of_typed(self, text: str, expects: frozenset[Expect]) -> Intent | None:
        """Return what a typed line means, which may have marks and capitals."""
        return self._pack.read(text, expects) if text else None

    def urgent_in(self, partial: str) -> Command | None:
        """Return the urgent command that a partial text already says."""
        return self._pack.urgent_in(partial)

    def prepare(self, hypotheses: Sequence[Hypothesis], expects: frozenset[Expect]) -> None:
        """Interpret everything that an utterance may have been, before it is decided on."""
        for hypothesis in hypotheses:
            self.of(hypothesis.text, expects)
            for alternative in hypothesis.alternatives:
                self.of(alternative.text, expects)
