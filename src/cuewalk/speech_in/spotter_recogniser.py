"""The spotter: one- and two-word phrases by their sound, from speech embeddings and a small head.

It hears single words better than a grammar does and says how likely each phrase is; it knows no longer ones.
While an utterance goes on it looks at the last second again and again, so that "stop" is heard at once,
also at the end of something else and over our own voice.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

import numpy as np

from cuewalk.domain.sound import Floats, Samples
from cuewalk.speech_in.api import Alternative, Hypothesis
from cuewalk.speech_in.embeddings import SpeechEmbedding
from cuewalk.speech_in.pcm import SoundRecogniser, has_sound
from cuewalk.spotting.features import pool, window
from cuewalk.spotting.head import NOISE, UNKNOWN, Head

ENGINE: Final = "spotter"
#: Probability below which an alternative is left out. Design: far below every threshold.
_LEAST: Final = 0.002
#: In bytes of 16 kHz int16: a new look every 160 ms, at the last 0.75 s, once there are 320 ms. A longer
#: look hears "stop" at the end of other words up to 300 ms later.
_EVERY, _LOOKS_AT, _FROM = 5_120, 24_000, 10_240
#: Probability from which a phrase is a partial, in two looks of three. Chosen on development speakers
#: together with the looks above.
_PARTIAL: Final = 0.7
_NONE: Final = frozenset({UNKNOWN, NOISE})


class SpotterRecogniser(SoundRecogniser):
    """Hears the phrases of one head."""

    engine: Final = ENGINE

    def __init__(self, head: Head, embedding: SpeechEmbedding | None = None) -> None:
        super().__init__()
        self.head = head
        self._embedding = embedding if embedding is not None else SpeechEmbedding()
        self._looked, self._partial = 0, ""
        self._seen: deque[str] = deque(maxlen=3)

    def features(self, utterance: Samples) -> Floats:
        """Return what the head judges by, shape (864,), for learning a voice."""
        return pool(self._embedding.embed(window(utterance)))

    def partial(self) -> str:
        """Return a phrase that the end of the utterance so far surely is, else ""."""
        while len(self._bytes) - self._looked >= _EVERY:
            self._looked += _EVERY
            if self._looked >= _FROM:
                self._look()
        return self._partial

    def decode_early(self) -> Callable[[], Hypothesis]:
        """Judge the utterance as if it ended here."""
        pcm = self._since(0)
        return lambda: self._whole(pcm)

    def finish(self) -> Hypothesis:
        """Judge the whole utterance."""
        pcm = self._since(0)
        self.reset()
        return self._whole(pcm)

    def _whole(self, pcm: bytes) -> Hypothesis:
        if not has_sound(pcm):
            return Hypothesis("", 0.0, ENGINE)
        likely = self._judge(pcm)
        best = next((a for a in likely if a.text not in _NONE), Alternative("", 0.0))
        return Hypothesis(best.text, best.probability, ENGINE, likely)

    def reset(self) -> None:
        """Forget the utterance so far."""
        self._take()
        self._looked, self._partial = 0, ""
        self._seen.clear()

    def close(self) -> None:
        """Release the networks."""
        self._embedding.close()

    def _look(self) -> None:
        first = max(0, self._looked - _LOOKS_AT)
        best = self._judge(self._since(first)[: self._looked - first])[0]
        self._seen.append(best.text if best.probability >= _PARTIAL and best.text not in _NONE else "")
        self._partial = next((text for text in self._seen if text and self._seen.count(text) > 1), "")

    def _judge(self, pcm: bytes) -> tuple[Alternative, ...]:
        probabilities = self.head.probabilities(self.features(np.frombuffer(pcm, dtype="<i2")))
        order = np.argsort(-probabilities)
        likely = [Alternative(self.head.labels[i], float(probabilities[i])) for i in order[:40]]
        return tuple(a for a in likely if a.probability >= _LEAST) or tuple(likely[:1])
