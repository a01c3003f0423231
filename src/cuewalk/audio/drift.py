"""Two sound devices never run at quite the same speed: the echo of what was played wanders.

At 100 ppm, which is common, an echo wanders by 1.6 samples a second. A filter that is to follow it can never
learn the room well (measured: 20 dB instead of 35). So the drift is measured, from how the learned response
moves, and the reference is read ever later, or sooner, from a line of samples.
"""

from collections import deque
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.audio.api import Samples
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE

_Floats = npt.NDArray[np.float64]
_Complex = npt.NDArray[np.complex128]

#: Crystals differ by up to 200 ppm; more is another fault.
_MOST: Final = 400e-6
#: Samples on each side of a fractional position (windowed sinc).
_TAPS: Final = 12
#: How far the echo may wander before the speaker's queue is corrected (60 ms).
REACH_FRAMES: Final = 3
#: Two looks at the response are half a second apart; above 2 kHz its phase could turn around in between.
_LOOK_FRAMES: Final = 25
_LOWEST, _HIGHEST = 200.0, 2000.0
#: How much of what is seen is believed at once.
_GAIN: Final = 0.3
#: A look counts if our voice was heard in so many of its frames.
_HEARD: Final = 12


#: Less than 20 ppm left: a third of a sample a second.
_SETTLED: Final = 20e-6


class DriftingReference:
    """Gives the reference at the speed at which its echo comes back, ``reach`` frames late."""

    def __init__(self, reach: int = REACH_FRAMES) -> None:
        self._reach = reach * FRAME_SAMPLES
        self._line: _Floats = np.zeros(2 * self._reach + 2 * FRAME_SAMPLES + 2 * _TAPS)
        self._offset = 0.0
        #: Seconds that the echo is later with each second, so 1e-4 are 100 ppm.
        self.drift = 0.0

    def read(self, reference: Samples) -> _Floats:
        """Take the next frame and return the one `reach` frames before it, give or take the drift."""
        self._line = np.concatenate([self._line[FRAME_SAMPLES:], reference])
        start = len(self._line) - FRAME_SAMPLES - self._reach - _TAPS - self._offset
        moments = start + (1 - self.drift) * np.arange(FRAME_SAMPLES, dtype=np.float64)
        self._offset += self.drift * FRAME_SAMPLES
        # Beyond its reach it would read what is not there: then the filter has to follow on its own.
        self._offset = min(max(self._offset, -self._reach), self._reach)
        return _between(self._line, moments) if self._line.any() else np.zeros(FRAME_SAMPLES)

    @property
    def offset(self) -> float:
        """By how many samples the echo is later than it was at first."""
        return self._offset

    @property
    def silent(self) -> bool:
        """Whether nothing of ours is on its way to the microphone."""
        return not self._line.any()

    def replace(self, back: int, frame: Samples) -> None:
        """Put ``frame`` in place of the ``back``-th newest one taken (1: the newest), unless it was read."""
        if back * FRAME_SAMPLES <= self._reach:
            end = len(self._line) - (back - 1) * FRAME_SAMPLES
            self._line[end - FRAME_SAMPLES : end] = frame

    def jumped(self, samples: int) -> None:
        """Take in that the echo comes so many samples later from now on."""
        self._offset = min(max(self._offset + samples, -self._reach), self._reach)


def _between(line: _Floats, moments: _Floats) -> _Floats:
    whole = np.floor(moments).astype(np.int64)
    around = np.arange(1 - _TAPS, _TAPS + 1)
    distance = (moments - whole)[:, None] - around
    weights = np.sinc(distance) * np.cos(np.pi / 2 * distance / (_TAPS + 1)) ** 2
    found: _Floats = (line[whole[:, None] + around] * weights).sum(axis=1)
    return found


class DriftMeter:
    """Tells how fast a learned response moves."""

    def __init__(self) -> None:
        self._before: _Complex | None = None
        self._frames = self._heard = 0

    def look(self, response: _Floats | None, *, heard: bool) -> float | None:
        """Return the drift left (seconds a second) after every second look, else None.

        Args:
            response: the response in samples, given when `due`.
            heard: whether our voice was in this frame.
        """
        self._frames += 1
        self._heard += heard
        if response is None:
            return None
        now, before = np.fft.rfft(response), self._before
        enough, seconds = self._heard >= _HEARD, self._frames * FRAME_SAMPLES / SESSION_RATE
        self._before, self._frames, self._heard = now, 0, 0
        if before is None or not enough:
            return None
        return float(np.clip(_shift(now, before) / SESSION_RATE / seconds, -_MOST, _MOST))

    @property
    def due(self) -> bool:
        """Whether the next look is to be given the response."""
        return self._frames + 1 >= _LOOK_FRAMES


def _shift(now: _Complex, before: _Complex) -> float:
    """Return by how many samples ``now`` is later than ``before``: the slope of their phase."""
    turn = 2 * np.pi * np.arange(len(now)) / (2 * (len(now) - 1))
    used = (turn > 2 * np.pi * _LOWEST / SESSION_RATE) & (turn < 2 * np.pi * _HIGHEST / SESSION_RATE)
    cross = (now * np.conj(before))[used]
    weight = np.abs(cross)
    total = float((weight * turn[used] ** 2).sum())
    return -float((weight * turn[used] * np.angle(cross)).sum()) / total if total else 0.0


class Drift:
    """The reference and the meter together: what is seen is corrected, a part of it at each look."""

    def __init__(self, reach: int = REACH_FRAMES) -> None:
        self.reference = DriftingReference(reach)
        self._meter = DriftMeter()
        self._looks: deque[float] = deque(maxlen=4)

    @property
    def due(self) -> bool:
        """Whether `look` is to be given the response this time."""
        return self._meter.due

    @property
    def settled(self) -> bool:
        """Whether the last looks saw hardly any drift left, so that the room can be learned finely."""
        return len(self._looks) == self._looks.maxlen and float(np.mean(np.abs(self._looks))) < _SETTLED

    def look(self, response: _Floats | None, *, heard: bool) -> None:
        """Correct the reference by what the response shows."""
        left = self._meter.look(response, heard=heard)
        if left is None:
            return
        self._looks.append(left)
        drift = self.reference.drift + _GAIN * left
        self.reference.drift = min(max(drift, -_MOST), _MOST)
