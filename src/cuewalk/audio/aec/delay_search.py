"""Finds the echo's delay by cross-correlation when it is not where the adaptive filter expects it.

An underrun that nobody reports, a device that states a wrong latency, a sound server that fills a gap by
itself: the echo is then tens or hundreds of milliseconds later or sooner than before, outside of the filter.
"""

from collections import deque
from typing import Final, NamedTuple

import numpy as np

from cuewalk.audio.aec.far_end import MOST_LAG
from cuewalk.domain.sound import Doubles
from cuewalk.domain.units import FRAME_MS, SESSION_RATE

#: Frames between two searches (0.5 s), and the samples that each compares (1 s).
_LOOK_FRAMES: Final = 500 // FRAME_MS
_COMPARED: Final = SESSION_RATE
#: Echo reduction (ratio of powers) below which the delay is searched for: 6 dB.
_POOR: Final = 4.0
#: Echo reduction above which the learned room is worth remembering: 12 dB.
_GOOD: Final = 16.0
#: Frames with audible far end that a search needs, of 25.
_HEARD: Final = 15
#: Height of a correlation peak over the RMS of all lags that counts as an echo. Measured in recordings of
#: live sessions: 4 to 10 with near-end speech and no echo left, 12 to 55 with an echo left.
_STANDS_OUT: Final = 11.0
#: Two searches agree within this many samples: drift in half a second, and rounding.
_AGREE: Final = 24


class Found(NamedTuple):
    """An echo: its lag in samples, and the height of its peak over the RMS of all lags."""

    lag: int
    stands_out: float


def find_echo(heard: Doubles, played: Doubles) -> Found:
    """Return the lag at which ``heard`` correlates best with ``played``.

    Both end at the same moment; ``played`` is longer by the largest lag. The spectra are half whitened: a
    sharp peak, also with reverberation and near-end speech.
    """
    size = 1 << (len(heard) + len(played) - 1).bit_length()
    spectrum = np.fft.rfft(played, size) * np.conj(np.fft.rfft(heard, size))
    match = np.abs(np.fft.irfft(spectrum / np.maximum(np.sqrt(np.abs(spectrum)), 1e-9), size))
    # At position k the first sample heard lies over played[k]; the last one is no lag at all.
    lags = match[: len(played) - len(heard) + 1][::-1]
    best = int(lags.argmax())
    return Found(best, float(lags[best] / (np.sqrt(np.mean(np.square(lags))) or 1.0)))


class DelaySearch:
    """Watches the echo reduction and searches for the delay while it is poor."""

    def __init__(self) -> None:
        self._left: deque[Doubles] = deque(maxlen=_COMPARED * 1000 // SESSION_RATE // FRAME_MS)
        self._before = self._after = 0.0
        self._frames = self._heard = 0
        self._last: Found | None = None
        #: Echo reduction (ratio of powers) in the last half second with audible far end.
        self.taken_out = 1.0

    @property
    def good(self) -> bool:
        """Whether the learned room is worth remembering."""
        return self.taken_out > _GOOD

    def look(self, microphone: Doubles, rest: Doubles, played: Doubles, *, heard: bool) -> int | None:
        """Return the echo's lag if it is clear and the filter misses it; else None.

        Args:
            microphone: one frame of it.
            rest: that frame after the filter.
            played: the far end until now, at least a second longer than the largest lag.
            heard: whether the far end should be audible in this frame.
        """
        # The rest is searched, not the microphone: near-end speech is in both, but an echo that is already
        # subtracted is only in the microphone.
        self._left.append(rest)
        if heard:
            self._heard += 1
            self._before += float(np.dot(microphone, microphone))
            self._after += float(np.dot(rest, rest))
        self._frames += 1
        if self._frames < _LOOK_FRAMES:
            return None
        return self._judge(played)

    def forget(self) -> None:
        """Begin anew: the reference was moved."""
        self._before = self._after = 0.0
        self._frames = self._heard = 0
        self._last = None

    def _judge(self, played: Doubles) -> int | None:
        heard, last = self._heard, self._last
        taken_out = self._before / (self._after + 1.0)
        self.forget()
        if heard < _HEARD:
            return None
        self.taken_out = taken_out
        if taken_out > _POOR or len(self._left) < (self._left.maxlen or 0):
            return None
        found = find_echo(np.concatenate(self._left), played[-(_COMPARED + MOST_LAG) :])
        if found.stands_out < _STANDS_OUT:
            return None
        self._last = found
        agreed = last is not None and abs(last.lag - found.lag) <= _AGREE
        return found.lag if agreed else None
