"""Streaming conversion between a device's rate and 16 kHz."""

import numpy as np
import soxr

from cuewalk.domain.sound import Floats, Samples, as_samples

_EMPTY: Floats = np.zeros(0, np.float32)


class Resampler:
    """Converts a stream of mono int16 samples from one rate to another.

    The same samples give the same output however they are cut (chunking invariance). soxr's "HQ" in its
    variable-rate form holds a steady 11-15 ms (30 ms from 8 kHz) with spurs below -120 dB; the fixed form
    holds up to 58 ms and hands it over in bursts (both measured). We round its float32 ourselves.
    """

    __slots__ = ("_out_rate", "_stream", "in_rate")

    def __init__(self, in_rate: int, out_rate: int) -> None:
        self.in_rate, self._out_rate = in_rate, out_rate
        same = in_rate == out_rate
        self._stream = None if same else soxr.ResampleStream(in_rate, out_rate, 1, dtype="float32", vr=True)

    def process(self, samples: Samples) -> Samples:
        """Take the next mono samples and return what has become ready, possibly nothing."""
        if self._stream is None or not len(samples):
            return samples
        return as_samples(self._stream.resample_chunk(samples.astype(np.float32)))

    def flush(self) -> Samples:
        """End the stream: return what is still held. The resampler is then as new."""
        if self._stream is None:
            return as_samples(_EMPTY)
        rest = as_samples(self._stream.resample_chunk(_EMPTY, last=True))
        self._stream.clear()
        return rest

    def reset(self) -> None:
        """Forget what is held. The resampler is then as new."""
        if self._stream is not None:
            self._stream.clear()


def resample(samples: Samples, in_rate: int, out_rate: int) -> Samples:
    """Return the whole of ``samples`` (mono) at another rate."""
    stream = Resampler(in_rate, out_rate)
    return np.concatenate([stream.process(samples), stream.flush()])


def resample_floats(sound: Floats, in_rate: int, out_rate: int) -> Floats:
    """Return the whole of a mono sound at another rate, without rounding it to int16 in between."""
    resampled: Floats = sound if in_rate == out_rate else soxr.resample(sound, in_rate, out_rate)
    return resampled
