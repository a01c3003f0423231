"""A voice that speaks sentence by sentence: each is rendered once, whatever line it is in.

"You said four." is a sentence of many lines, so far fewer sentences than lines have to be rendered before
nothing waits any more; and between two of them a rendering that nobody wants any more ends. Slower and faster
are the same sound stretched, so that "talk slower" has nothing rendered anew.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from cuewalk.audio.stretch import stretch
from cuewalk.domain.sound import Samples, as_samples
from cuewalk.domain.units import SESSION_RATE
from cuewalk.speech_out import pcm
from cuewalk.speech_out.api import Piece, VoiceSpec
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.line import clamp_rate, speakable

#: Seconds after a piece that ends with this mark, at rate 1. Design: time to think; a breath; a list goes on.
_PAUSES: Final = {"?": 0.5, ":": 0.25, ",": 0.15}
_PAUSE: Final = 0.35
#: Letters of a sentence that is spoken in one piece. Design: 5 s; its first words would come too late.
_LONG: Final = 80
#: The end of a piece: the mark of a sentence, perhaps a quotation mark, and a new beginning; or a name after
#: a colon or a comma. "Keep: Lateral Ankle Tilts, Rehab Hip Circles." has more lists than can be rendered.
_END: Final = re.compile(
    r"""(?<=[.!?…])(["”']?)\s+(?=["“'(]?[A-Z0-9])|(?<=[:,])()\s+(?=[A-HJ-Z][a-z]|I[a-z]{2})"""
)


def pieces_of(line: str) -> list[str]:
    """Return the sentences of a line, the names in its lists, and the parts of its long sentences.

    Joined by spaces they are the line.
    """
    marked = _END.sub(lambda end: f"{end[1] or ''}\n", line)
    return [part for piece in marked.split("\n") if piece for part in _parts_of(piece)]


def _parts_of(sentence: str) -> list[str]:
    """Return a long sentence in parts that end with a comma, each as long as it may be."""
    parts = [""]
    for phrase in re.split(r"(?<=,)\s+", sentence):
        joined = f"{parts[-1]} {phrase}".strip()
        if parts[-1] and len(joined) > _LONG:
            parts.append(phrase)
        else:
            parts[-1] = joined
    return parts


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
        return np.concatenate([pcm.empty(), *(piece.samples for piece in self.pieces(text, rate))])

    def has(self, text: str) -> bool:
        """Return whether ``text`` can be spoken at once, which does not depend on the rate."""
        return all(self._cached.has(piece) for piece in pieces_of(speakable(text)))

    def pieces(self, text: str, rate: float) -> Iterator[Piece]:
        """Yield its sentences one by one as they are rendered, each but the last with the pause after it."""
        pace = clamp_rate(rate)
        sentences = pieces_of(speakable(text))
        for sentence in sentences[:-1]:
            sound = self._at(pace, sentence)
            yield Piece(sentence, np.concatenate([sound, _pause(sentence, pace)]))
        for sentence in sentences[-1:]:
            yield Piece(sentence, self._at(pace, sentence))

    def prefetch(self, lines: Iterable[tuple[str, float]]) -> None:
        """Render the sentences of these (text, rate) in the background."""
        self._cached.prefetch((sentence, 1.0) for text, _ in lines for sentence in pieces_of(speakable(text)))

    def wait(self, timeout: float) -> bool:
        """Return whether everything asked of `prefetch` was done within ``timeout`` seconds."""
        return self._cached.wait(timeout)

    def _at(self, rate: float, sentence: str) -> Samples:
        sound = self._cached.render(sentence, 1.0).astype(np.float32)
        return as_samples(stretch(sound, 1 / rate, SESSION_RATE))

    def close(self) -> None:
        """Close the inner voice."""
        self._cached.close()


def _pause(sentence: str, rate: float) -> Samples:
    seconds = _PAUSES.get(sentence.rstrip("\"”'")[-1:], _PAUSE)
    return np.zeros(int(seconds / rate * SESSION_RATE), np.int16)
