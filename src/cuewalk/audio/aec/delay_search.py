"""Finds how late the echo of what was played comes, wherever it is: for when it is not where it was expected.

A speaker that was not fed in time, a device that says a wrong latency, a sound server that fills a gap on
its own: the echo then comes by tens or hundreds of milliseconds later or sooner than before, and an adaptive
filter that looks elsewhere takes nothing out for as long as that lasts.
"""

from collections import deque
from typing import Final, NamedTuple

import numpy as np

from cuewalk.audio.aec.far_end import MOST_LAG
from cuewalk.domain.sound import Doubles
from cuewalk.domain.units import FRAME_MS, SESSION_RATE

#: Two looks are half a second apart and compare a second each.
_LOOK_FRAMES: Final = 500 // FRAME_MS
_COMPARED: Final = SESSION_RATE
#: An echo is looked for only where less than this is taken out of it (6 dB, as a ratio of powers) …
_POOR: Final = 4.0
#: … and what is known of the room is good where more than this is (12 dB).
_GOOD: Final = 16.0
#: Our voice was heard in so many frames of the half second.
_HEARD: Final = 15
#: A match is one if it is so much higher than all of them spread: over a person's voice with nothing left of
#: the echo 4 to 10, with an echo left 12 to 55 (recordings of live sessions).
_STANDS_OUT: Final = 11.0
#: Two looks agree if they are no further apart (samples): what drift does in half a second, and rounding.
_AGREE: Final = 24


class Found(NamedTuple):
    """An echo: how late it is in samples, and how far its match stands out of the others."""

    lag: int
    stands_out: float


def find_echo(heard: Doubles, played: Doubles) -> Found:
    """Return where in what was played the newest sound ``heard`` is found best.

    Both end at the same moment; ``played`` is longer by the largest lag. The spectra are whitened half of
    the way: a sharp match, also in a room and under a person's voice.
    """
    size = 1 << (len(heard) + len(played) - 1).bit_length()
    spectrum = np.fft.rfft(played, size) * np.conj(np.fft.rfft(heard, size))
    match = np.abs(np.fft.irfft(spectrum / np.maximum(np.sqrt(np.abs(spectrum)), 1e-9), size))
    # At position k the first sample heard lies over played[k]; the last one is no lag at all.
    lags = match[: len(played) - len(heard) + 1][::-1]
    best = int(lags.argmax())
    return Found(best, float(lags[best] / (np.sqrt(np.mean(np.square(lags))) or 1.0)))


class DelaySearch:
    """Watches how much of the echo is taken out and looks for it elsewhere when that is little."""

    def __init__(self) -> None:
        self._left: deque[Doubles] = deque(maxlen=_COMPARED * 1000 // SESSION_RATE // FRAME_MS)
        self._before = self._after = 0.0
        self._frames = self._heard = 0
        self._last: Found | None = None
        #: How much less of the echo was left in the last half second in which our voice was heard (powers).
        self.taken_out = 1.0

    @property
    def good(self) -> bool:
        """Whether the filter knows the room."""
        return self.taken_out > _GOOD

    def look(self, microphone: Doubles, rest: Doubles, played: Doubles, *, heard: bool) -> int | None:
        """Return how late the echo is, if it is clear and the filter misses it; else None.

        Args:
            microphone: one frame of it.
            rest: what the filter has left of that frame.
            played: what was played until now, at least a second more than the largest lag.
            heard: whether our voice should be heard in this frame.
        """
        # In what is left, and not in the microphone: what a person says at the same time is in both, an echo
        # that is taken out only in the microphone.
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
