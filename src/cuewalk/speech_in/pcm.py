"""The bytes of one utterance: 16 kHz mono int16 PCM, little-endian, in pieces of any size."""

from typing import Final

import numpy as np

from cuewalk.speech_in.vad import CHUNK_SAMPLES, GATE_RMS

_SAMPLE_BYTES: Final = 2


class PcmBuffer:
    """Keeps the utterance; gives whole samples only, whatever boundaries the pieces had."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def add(self, chunk: bytes) -> None:
        """Append a piece."""
        self._bytes += chunk

    def __len__(self) -> int:
        """Return how many bytes of whole samples there are."""
        return self._whole

    def since(self, start: int) -> bytes:
        """Return the whole samples from byte ``start`` on."""
        return bytes(self._bytes[start : self._whole])

    def take(self) -> bytes:
        """Return all whole samples and forget everything."""
        pcm = self.since(0)
        self._bytes.clear()
        return pcm

    @property
    def _whole(self) -> int:
        return len(self._bytes) - len(self._bytes) % _SAMPLE_BYTES


def has_sound(pcm: bytes) -> bool:
    """Return whether any 32 ms of it are louder than the energy gate.

    A grammar would fit words to silence too.
    """
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
    chunks = samples[: len(samples) // CHUNK_SAMPLES * CHUNK_SAMPLES].reshape(-1, CHUNK_SAMPLES)
    return bool(np.any(np.mean(np.square(chunks), axis=1) >= GATE_RMS * GATE_RMS))
