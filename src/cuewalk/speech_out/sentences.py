"""A voice that speaks sentence by sentence: each is rendered once, whatever line it is in.

"You said four." is a sentence of many lines, so far fewer sentences than lines have to be rendered before
nothing waits any more; and between two of them a rendering that nobody wants any more ends.
"""

import re
from collections.abc import Iterable
from typing import Final

import numpy as np

from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE
from cuewalk.speech_out import pcm
from cuewalk.speech_out.api import VoiceSpec
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.line import clamp_rate, speakable

#: Seconds between two sentences, and after a question, at rate 1. Design: a breath; time to think.
_PAUSE: Final = 0.35
_AFTER_A_QUESTION: Final = 0.5
#: The end of a sentence: its mark, perhaps a quotation mark, and a new beginning.
_END: Final = re.compile(r"""(?<=[.!?…])(["”']?)\s+(?=["“'(]?[A-Z0-9])""")


def sentences_of(line: str) -> list[str]:
    """Return the sentences of a line; joined by spaces they are the line."""
    marked = _END.sub(r"\1\n", line)
    return [sentence for sentence in marked.split("\n") if sentence]


class SentenceVoice:
    """Implements `CueVoice` and `Voice` around a `CachedVoice`."""

    def __init__(self, cached: CachedVoice) -> None:
        self._cached = cached

    @property
    def spec(self) -> VoiceSpec:
        """The inner voice's."""
        return self._cached.spec

    def warm(self) -> None:
        """Start the inner voice in the background."""
        self._cached.warm()

    def render(self, text: str, rate: float = 1.0) -> Samples:
        """Return ``text`` spoken (see `Voice.render`), with a pause after each sentence but the last."""
        pace = clamp_rate(rate)
        pieces: list[Samples] = []
        for sentence in sentences_of(speakable(text)):
            pieces += [self._cached.render(sentence, pace), _pause(sentence, pace)]
        return np.concatenate(pieces[:-1]) if pieces else pcm.empty()

    def prefetch(self, lines: Iterable[tuple[str, float]]) -> None:
        """Render the sentences of these (text, rate) in the background."""
        self._cached.prefetch(
            (sentence, rate) for text, rate in lines for sentence in sentences_of(speakable(text))
        )

    def wait(self, timeout: float) -> bool:
        """Return whether everything asked of `prefetch` was done within ``timeout`` seconds."""
        return self._cached.wait(timeout)

    def close(self) -> None:
        """Close the inner voice."""
        self._cached.close()


def _pause(sentence: str, rate: float) -> Samples:
    seconds = _AFTER_A_QUESTION if sentence.rstrip("\"”'").endswith("?") else _PAUSE
    return np.zeros(int(seconds / rate * SESSION_RATE), np.int16)
