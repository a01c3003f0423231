"""Follows the clock drift between two devices.

At 100 ppm, which is common, an echo moves by 1.6 samples a second, and a filter that has to follow it never
learns the room well (measured: 20 dB of echo reduction instead of 35). So the drift is estimated from the
phase of the learned response, and the far end is read at the echo's own speed.
"""

from collections import deque
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.audio.aec.far_end import MOST_LAG, FarEnd
from cuewalk.domain.sound import Doubles
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE

_Complex = npt.NDArray[np.complex128]

#: Largest drift that is followed: crystals differ by up to 200 ppm, twice that is another fault.
_MOST: Final = 400e-6
#: Taps on each side of the interpolation filter (windowed sinc): its error is -62 dB at 5 kHz, -48 dB at 7.
_TAPS: Final = 12
#: Fractional positions of the interpolation table: the nearest one is right to 60 dB.
_FINE: Final = 1024
_AROUND: Final = np.arange(1 - _TAPS, _TAPS + 1)
_DISTANCE: Final = np.arange(_FINE + 1)[:, None] / _FINE - _AROUND
_WEIGHTS: Final[Doubles] = np.sinc(_DISTANCE) * np.cos(np.pi / 2 * _DISTANCE / (_TAPS + 1)) ** 2
#: Frames between two estimates (0.5 s); above 2 kHz the phase could turn around in between.
_LOOK_FRAMES: Final = 25
_LOWEST, _HIGHEST = 200.0, 2000.0
#: Gain of the estimate. Design: a drift is followed within 2 s, and noise in the response hardly moves it.
_GAIN: Final = 0.3
#: Frames with audible far end that an estimate needs, of 25. Design: half.
_HEARD: Final = 12


#: Residual drift below which the clocks count as followed: 20 ppm, a third of a sample a second.
_SETTLED: Final = 20e-6


class DriftingReference:
    """Reads the far end as late as its echo comes back, and at the speed at which it does.

    ``lag`` is how late it is read, in samples.
    """

    def __init__(self, far_end: FarEnd, lag: int) -> None:
        self._far_end = far_end
        #: How late it should be read; what cannot be read that late, or that soon, is read as near as can be.
        self.wanted = float(lag)
        #: Seconds that the echo is later with each second: 1e-4 is 100 ppm.
        self.drift = 0.0

    @property
    def lag(self) -> float:
        """How late it is read, in samples, at least `_TAPS` and at most `MOST_LAG`."""
        return min(max(self.wanted, float(_TAPS)), float(MOST_LAG))

    def read(self) -> Doubles:
        """Return the frame ``lag`` samples before the newest one."""
        line = self._far_end.line
        start = len(line) - FRAME_SAMPLES - self.lag
        self.wanted += self.drift * FRAME_SAMPLES
        first = int(start) - _TAPS
        if not line[first : first + FRAME_SAMPLES + 2 * _TAPS].any():
            return np.zeros(FRAME_SAMPLES)
        return _between(line, start + (1 - self.drift) * np.arange(FRAME_SAMPLES, dtype=np.float64))


def _between(line: Doubles, moments: Doubles) -> Doubles:
    whole = np.floor(moments).astype(np.int64)
    part = np.rint((moments - whole) * _FINE).astype(np.int64)
    found: Doubles = (line[whole[:, None] + _AROUND] * _WEIGHTS[part]).sum(axis=1)
    return found


class DriftMeter:
    """Estimates how fast a learned response moves."""

    def __init__(self) -> None:
        self._before: _Complex | None = None
        self._frames = self._heard = 0

    def forget(self) -> None:
        """Forget the last response: the echo has jumped."""
        self._before = None
        self._frames = self._heard = 0

    def look(self, response: Doubles | None, *, heard: bool) -> float | None:
        """Return the residual drift (seconds a second) of every second response, else None.

        Args:
            response: the impulse response, given when `due`.
            heard: whether the far end was audible in this frame.
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
        """Whether the next call is to be given the response."""
        return self._frames + 1 >= _LOOK_FRAMES


def _shift(now: _Complex, before: _Complex) -> float:
    """Return the delay of ``now`` against ``before`` in samples: the slope of their phase difference."""
    turn = 2 * np.pi * np.arange(len(now)) / (2 * (len(now) - 1))
    used = (turn > 2 * np.pi * _LOWEST / SESSION_RATE) & (turn < 2 * np.pi * _HIGHEST / SESSION_RATE)
    cross = (now * np.conj(before))[used]
    weight = np.abs(cross)
    total = float((weight * turn[used] ** 2).sum())
    return -float((weight * turn[used] * np.angle(cross)).sum()) / total if total else 0.0


class Drift:
    """Reads the far end and corrects its speed, by a part of each estimate."""

    def __init__(self, far_end: FarEnd, lag: int) -> None:
        self.reference = DriftingReference(far_end, lag)
        self._meter = DriftMeter()
        self._looks: deque[float] = deque(maxlen=4)

    def jumped(self, samples: float) -> None:
        """Read ``samples`` later from now on, for another reason than drift."""
        self.read_at(self.reference.wanted + samples)

    def read_at(self, lag: float) -> None:
        """Read the far end with this lag from now on."""
        self.reference.wanted = lag
        self._meter.forget()
        self._looks.clear()

    @property
    def due(self) -> bool:
        """Whether `look` is to be given the response now."""
        return self._meter.due

    @property
    def settled(self) -> bool:
        """Whether hardly any drift is left, so that the room can be learned finely."""
        return len(self._looks) == self._looks.maxlen and float(np.mean(np.abs(self._looks))) < _SETTLED

    def look(self, response: Doubles | None, *, heard: bool) -> None:
        """Take in one frame and, when it is due, correct the speed by what the response shows."""
        left = self._meter.look(response, heard=heard)
        if left is None:
            return
        self._looks.append(left)
        drift = self.reference.drift + _GAIN * left
        self.reference.drift = min(max(drift, -_MOST), _MOST)
