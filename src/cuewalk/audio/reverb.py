"""A room's reverberation: a synthetic impulse response, convolved frame by frame."""

from typing import Final

import numpy as np

from cuewalk.domain.sound import Floats
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE

#: Energy of all reflections against the direct sound (-6 dB: close to the microphone in a furnished room).
_REFLECTED: Final = 0.25


def impulse_response(rt60: float, rng: np.random.Generator) -> Floats:
    """Return a direct sound, then noise dying away by 60 dB in ``rt60`` seconds (Polack's model)."""
    time = np.arange(1, max(2, int(rt60 * SESSION_RATE))) / SESSION_RATE
    tail = rng.standard_normal(len(time)) * 10.0 ** (-3 * time / rt60)
    tail *= np.sqrt(_REFLECTED / np.sum(tail**2))
    return np.concatenate([[1.0], tail]).astype(np.float32)


def reverberate(sound: Floats, response: Floats) -> Floats:
    """Return the whole of ``sound`` in the room, longer by the response's length less one."""
    length = len(sound) + len(response) - 1
    size = 1 << (length - 1).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(response, size)
    return np.fft.irfft(spectrum, size)[:length].astype(np.float32)


class Reverb:
    """Convolves an endless sound, one frame at a time (uniformly partitioned overlap-save)."""

    def __init__(self, response: Floats) -> None:
        parts = -(-len(response) // FRAME_SAMPLES)
        padded = np.zeros((parts, 2 * FRAME_SAMPLES), np.float32)
        padded[:, :FRAME_SAMPLES].flat[: len(response)] = response
        self._filters = np.fft.rfft(padded, axis=1).astype(np.complex64)
        self._history = np.zeros_like(self._filters)
        self._newest = 0
        self._window: Floats = np.zeros(2 * FRAME_SAMPLES, np.float32)

    def process(self, frame: Floats) -> Floats:
        """Return the next frame with reverberation."""
        self._window[:FRAME_SAMPLES] = self._window[FRAME_SAMPLES:]
        self._window[FRAME_SAMPLES:] = frame
        self._newest = (self._newest - 1) % len(self._filters)
        self._history[self._newest] = np.fft.rfft(self._window)
        turned = np.roll(self._history, -self._newest, axis=0)
        spectrum = np.einsum("ij,ij->j", self._filters, turned)
        return np.fft.irfft(spectrum)[FRAME_SAMPLES:].astype(np.float32)
