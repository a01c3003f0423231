"""What is expected next, as one immutable value that is handed down to the listener.

It carries the grammar of the present state and when an utterance is over (endpointing). The listener applies
it between two utterances: what was begun is heard to its end as it was begun.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cuewalk.domain.intents import Answer, CorrectionSaid, Expect, RatingSaid
from cuewalk.domain.units import Millis
from cuewalk.language.pack import LocalePack
from cuewalk.speech_in.api import Hypothesis
from cuewalk.understanding.meanings import Meanings
from cuewalk.understanding.thresholds import THRESHOLDS

#: Endpointing delays: silence that ends an utterance, in ms. Voice activity ends some 200 ms after the sound
#: (measured), which comes on top. After a whole answer beyond doubt: four chunks of the VAD, one more than
#: the early decode takes.
_CERTAIN: Final = Millis(128)
#: After a whole command; design: nothing goes on after "stop".
_COMMAND: Final = Millis(300)
#: After a number, because of "four … and a half". Design: people's pauses inside such a number.
_NUMBER: Final = Millis(450)
#: After anything that may go on. Design.
_OPEN: Final = Millis(700)
_ANYTHING: Final = frozenset(Expect)


@dataclass(frozen=True, eq=False)
class Expectation:
    """What makes sense as an answer: an implementation of `speech_in.api.Expectation`."""

    expects: frozenset[Expect]
    pack: LocalePack
    meanings: Meanings

    @cached_property
    def grammar(self) -> str:
        """The name of the grammar, the same for the same expected intents."""
        return "+".join(sorted(self.expects)) or "commands"

    @cached_property
    def jsgf(self) -> str:
        """The lean grammar of this state: PocketSphinx hears better in it. Takes up to 30 ms."""
        return self.pack.lean_jsgf(self.expects)

    def endpointing_delay(self, partials: tuple[str, ...], early: Sequence[Hypothesis]) -> Millis:
        """Return the silence that ends an utterance of which this was heard so far.

        Unanimous answers, and what the spotter hears beyond doubt, end it at once. A whole answer that one
        recogniser hears ends it soon, unless another hears the beginning of a longer phrase ("between three
        and").
        """
        self.meanings.prepare(early, self.expects)
        if early and self._is_certain(early):
            return _CERTAIN
        delays = [self._delay_after(partial) for partial in partials if partial]
        return max([delay for delay in delays if delay is not None], default=_OPEN)

    def _delay_after(self, partial: str) -> Millis | None:
        """Return the delay after one recogniser's text; None for a single word that means nothing."""
        intent = self.meanings.of(partial, _ANYTHING)
        if intent is None:
            return _OPEN if " " in partial else None
        return _NUMBER if isinstance(intent, RatingSaid | CorrectionSaid) else _COMMAND

    def _is_certain(self, early: Sequence[Hypothesis]) -> bool:
        """Return whether the early hypotheses are a whole answer. A "no" may begin "no, five"."""
        meant = [self.meanings.of(hypothesis.text, _ANYTHING) for hypothesis in early]
        sure = [
            intent is not None and _is_sure(hypothesis)
            for intent, hypothesis in zip(meant, early, strict=True)
        ]
        unanimous = len(set(map(str, meant))) == 1
        may_go_on = any(isinstance(intent, Answer) and not intent.yes for intent in meant)
        return any(sure) and (unanimous or sure[0]) and not may_go_on


def _is_sure(hypothesis: Hypothesis) -> bool:
    limits = THRESHOLDS.get(hypothesis.engine)
    return limits is not None and hypothesis.confidence >= limits.sure
