"""What the session needs of a recogniser."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cuewalk.domain.input_mode import InputMode
from cuewalk.domain.units import Millis


@dataclass(frozen=True, slots=True)
class Alternative:
    """One text that the utterance may have been, and its probability (0-1)."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What one recogniser made of one utterance. ``text`` is empty when it made nothing of it.

    ``confidence`` is 0-1, comparable between utterances of one engine, not between engines. ``alternatives``,
    most likely first, come from an engine that knows them; the hypothesis is one of them.
    """

    text: str
    confidence: float
    engine: str
    alternatives: tuple[Alternative, ...] = ()


class Expectation(Protocol):
    """What the next utterance may be: an immutable value, handed down and applied between two utterances."""

    @property
    def grammar(self) -> str:
        """The grammar's name; the same name is the same grammar."""

    @property
    def jsgf(self) -> str:
        """The grammar, for a recogniser that hears better in the grammar of the present state."""

    def endpointing_delay(self, partials: tuple[str, ...], early: Sequence[Hypothesis]) -> Millis:
        """Return the silence that ends an utterance of which this was heard so far.

        Args:
            partials: each recogniser's best text.
            early: the hypotheses of the utterance as if it had ended, empty while there are none.
        """


class Recogniser(Protocol):
    """Takes the bytes of one utterance in pieces of any size and gives one hypothesis at its end.

    The bytes are 16 kHz mono int16 PCM for an audio recogniser and UTF-8 keystrokes for the keyboard. The
    same bytes give the same hypothesis however they are cut (chunking invariance).
    """

    @property
    def engine(self) -> str:
        """Name of the engine, kept beside every rating."""

    @property
    def mode(self) -> InputMode:
        """Voice or keys."""

    @property
    def unknown_words(self) -> frozenset[str]:
        """Words of the grammar that this engine cannot hear."""

    def expect(self, expectation: Expectation) -> None:
        """Hear the next utterance by this expectation, where that makes a difference to the engine."""

    def feed(self, chunk: bytes) -> None:
        """Take the next piece of the utterance."""

    def partial(self) -> str:
        """Return the best text so far, possibly empty; only the urgent commands act on it."""

    def decode_early(self) -> Callable[[], Hypothesis] | None:
        """Start to decode the utterance as if it ended here; calling the result waits for the hypothesis.

        The utterance goes on all the same. None where the engine cannot do that.
        """

    def finish(self) -> Hypothesis:
        """End the utterance, return its hypothesis, and be ready for the next one."""

    def reset(self) -> None:
        """Forget the utterance so far."""

    def close(self) -> None:
        """Release the engine; a second call does nothing."""
