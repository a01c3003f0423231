"""What the recognisers of sound share: the bytes of one utterance, and the members that are alike."""

from typing import Final

import numpy as np

from cuewalk.domain.input_mode import InputMode
from cuewalk.speech_in.api import Expectation
from cuewalk.speech_in.silero import CHUNK_SAMPLES
from cuewalk.speech_in.vad import GATE_RMS

_SAMPLE_BYTES: Final = 2


class PcmBuffer:
    """Collects an utterance; gives whole samples only, whatever boundaries the pieces had."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def add(self, chunk: bytes) -> None:
        """Append a piece."""
        self._bytes += chunk

    def __len__(self) -> int:
        """Return how many bytes of whole samples there are."""
        return len(self._bytes) // _SAMPLE_BYTES * _SAMPLE_BYTES

    def since(self, start: int) -> bytes:
        """Return the whole samples from byte ``start`` on."""
        return bytes(self._bytes[start : len(self)])

    def take(self) -> bytes:
        """Return all whole samples and forget everything."""
        pcm = self.since(0)
        self._bytes.clear()
        return pcm


class SoundRecogniser:
    """A recogniser that collects an utterance's PCM and has a grammar of its own."""

    mode: Final = InputMode.VOICE
    #: Words of the grammar that this engine cannot hear.
    unknown_words: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self._pcm = PcmBuffer()

    def expect(self, expectation: Expectation) -> None:
        """Do nothing: it hears all its phrases at any time."""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of int16 PCM."""
        self._pcm.add(chunk)


def has_sound(pcm: bytes) -> bool:
    """Return whether any 32 ms of it are louder than the energy gate: a grammar fits words to silence too."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
    chunks = samples[: len(samples) // CHUNK_SAMPLES * CHUNK_SAMPLES].reshape(-1, CHUNK_SAMPLES)
    return bool(np.any(np.mean(np.square(chunks), axis=1) >= GATE_RMS * GATE_RMS))
