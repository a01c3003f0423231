"""What the recognisers of sound share: the bytes of one utterance, and the members that are alike."""

from typing import Final

import numpy as np

from cuewalk.domain.input_mode import InputMode
from cuewalk.speech_in.api import Expectation
from cuewalk.speech_in.silero import CHUNK_SAMPLES
from cuewalk.speech_in.vad import GATE_RMS

_SAMPLE_BYTES: Final = 2


class SoundRecogniser:
    """A recogniser that collects an utterance's PCM and hears all its phrases at any time."""

    mode: Final = InputMode.VOICE
    #: Words of the grammar that this engine cannot hear.
    unknown_words: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self._bytes = bytearray()

    def expect(self, expectation: Expectation) -> None:
        """Do nothing: there is one grammar."""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of int16 PCM."""
        self._bytes += chunk

    def _since(self, start: int) -> bytes:
        """Return the whole samples from byte ``start`` on, whatever boundaries the pieces had."""
        return bytes(self._bytes[start : len(self._bytes) // _SAMPLE_BYTES * _SAMPLE_BYTES])

    def _take(self) -> bytes:
        """Return all whole samples and forget everything."""
        pcm = self._since(0)
        self._bytes.clear()
        return pcm


def has_sound(pcm: bytes) -> bool:
    """Return whether any 32 ms of it are louder than the energy gate: a grammar fits words to silence too."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
    chunks = samples[: len(samples) // CHUNK_SAMPLES * CHUNK_SAMPLES].reshape(-1, CHUNK_SAMPLES)
    return bool(np.any(np.mean(np.square(chunks), axis=1) >= GATE_RMS * GATE_RMS))
