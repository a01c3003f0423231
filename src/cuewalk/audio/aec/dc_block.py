"""Removes a DC offset: a one-pole high-pass."""

import math
from typing import Final

import numpy as np

from cuewalk.domain.sound import Doubles, Samples, as_samples
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE

#: Hz: follows an offset within 40 ms; the deepest voices begin at 80 Hz and lose 0.3 dB there.
_CUTOFF: Final = 20
_STAYS: Final = math.exp(-2 * math.pi * _CUTOFF / SESSION_RATE)
#: Decay of the mean after 0, 1, 2 ... samples; over one frame its inverse stays below 13.
_LEFT: Final = _STAYS ** np.arange(FRAME_SAMPLES + 1)


class DcBlocker:
    """Subtracts the running mean of a stream of 16 kHz mono int16.

    The result is the same however the stream is cut; 0.02 ms for a frame of 20 ms. The mean begins at the
    first sample: an offset makes no thump.
    """

    __slots__ = ("_mean",)

    def __init__(self) -> None:
        self._mean: float | None = None

    def process(self, samples: Samples) -> Samples:
        """Return the next samples without their offset."""
        if not len(samples):
            return samples
        values = samples.astype(np.float64)
        mean = float(values[0]) if self._mean is None else self._mean
        rest = np.empty_like(values)
        for at in range(0, len(values), FRAME_SAMPLES):
            part = values[at : at + FRAME_SAMPLES] - mean
            means = _followed(part)
            rest[at : at + len(part)] = part - means
            mean += float(means[-1])
        self._mean = mean
        blocked: Samples = as_samples(rest)
        return blocked


def _followed(values: Doubles) -> Doubles:
    """Return the running mean of up to a frame, from 0: a decaying sum, written as a sum of grown values."""
    left = _LEFT[1 : len(values) + 1]
    means: Doubles = (1 - _STAYS) * left * np.cumsum(values / left)
    return means
