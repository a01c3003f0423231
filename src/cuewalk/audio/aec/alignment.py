"""Keeps what was played and its echo together, so that the adaptive filter finds it where it knows it to be.

Three things move them apart:

- Two clocks that differ. At 100 ppm, which is common, an echo moves by 1.6 samples a second, and a filter
  that has to follow it never learns the echo path well (measured: 20 dB of echo reduction instead of 35). So
  the drift is estimated from the phase of the learned response, and the far end is read at the speed of the
  echo.
- Slips of the play-out queue, which the `far_end` counts.
- Jumps that nobody reports: an underrun, a device that states a wrong latency, a sound server that fills a
  gap by itself. The echo is then tens or hundreds of milliseconds elsewhere, and cross-correlation finds it.
  The echo path is still the same: the response that was last known well is put back.
"""

import logging
from collections import deque
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from cuewalk.audio.aec.adaptive_filter import AdaptiveFilter, EchoPath
from cuewalk.audio.aec.far_end import MOST_LAG, FarEnd
from cuewalk.domain.sound import Doubles, Samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES, SESSION_RATE

_log = logging.getLogger(__package__)
_Complex = npt.NDArray[np.complex128]

#: Largest drift that is followed: crystals differ by up to 200 ppm, twice that is another fault.
_MOST: Final = 400e-6
#: Taps on each side of the interpolation filter (windowed sinc): its error is -62 dB at 5 kHz, -48 dB at 7.
_TAPS: Final = 12
#: Fractional positions of the interpolation table: the nearest one is right to 60 dB.
_FINE: Final = 1024
#: Changes of the fractional position in a frame up to which filtering each run is cheaper than looking up
#: all (24 ppm of drift). Measured: 0.09 ms without a change, 0.15 ms with 8, the look-up 0.16 ms.
_FEW: Final = 8
_AROUND: Final = np.arange(1 - _TAPS, _TAPS + 1)
_DISTANCE: Final = np.arange(_FINE + 1)[:, None] / _FINE - _AROUND
_WEIGHTS: Final[Doubles] = np.sinc(_DISTANCE) * np.cos(np.pi / 2 * _DISTANCE / (_TAPS + 1)) ** 2
#: Frames between two estimates of the drift, and between two searches (0.5 s); above 2 kHz the phase could
#: turn around in between.
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
    fine = np.rint(moments * _FINE).astype(np.int64)
    whole, part = np.divmod(fine, _FINE)
    changes = np.flatnonzero(np.diff(fine) != _FINE) + 1
    if len(changes) <= _FEW:
        # With little drift whole runs lie between samples alike, and are filtered together.
        runs = pairwise([0, *changes.tolist(), len(fine)])
        parts = [
            np.correlate(line[whole[at] + 1 - _TAPS : whole[end - 1] + _TAPS + 1], _WEIGHTS[part[at]])
            for at, end in runs
        ]
        return np.concatenate(parts)
    found: Doubles = np.einsum("ij,ij->i", line[whole[:, None] + _AROUND], _WEIGHTS[part])
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
        """Whether hardly any drift is left, so that the echo path can be learned finely."""
        return len(self._looks) == self._looks.maxlen and float(np.mean(np.abs(self._looks))) < _SETTLED

    def look(self, response: Doubles | None, *, heard: bool) -> None:
        """Take in one frame and, when it is due, correct the speed by what the response shows."""
        left = self._meter.look(response, heard=heard)
        if left is None:
            return
        self._looks.append(left)
        drift = self.reference.drift + _GAIN * left
        self.reference.drift = min(max(drift, -_MOST), _MOST)


#: Samples that a search compares (1 s), every `_LOOK_FRAMES`.
_COMPARED: Final = SESSION_RATE
#: Echo reduction (ratio of powers) below which the delay is searched for: 6 dB.
_POOR: Final = 4.0
#: Echo reduction above which the learned echo path is worth remembering: 12 dB.
_GOOD: Final = 16.0
#: Frames with audible far end that a search needs, of 25.
_HEARD_TO_SEARCH: Final = 15
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
    def just_judged(self) -> bool:
        """Whether the last frame ended the half second that `good` is about."""
        return not self._frames

    @property
    def good(self) -> bool:
        """Whether the learned echo path is worth remembering."""
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
        if heard < _HEARD_TO_SEARCH:
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


#: The reference leads the echo by at least this much: a reference that comes after its echo cancels nothing.
LEAD_FRAMES: Final = 3
#: Louder than this is our voice and not the end of its fading away (-60 dBFS).
AUDIBLE: Final = 33
#: Nearer than this (samples) the filter follows by itself.
_NEAR: Final = 80
#: An echo that begins up to this many samples into the filter's response is learned with its room (200 ms;
#: the other 200 ms are for the room).
_LATEST: Final = 3200
#: Frames of audible far end (2 s) after which the filter counts as trained, however little it takes out: with
#: headphones there is nothing to. They count anew when the reference is moved before that, up to twice as
#: many in all. Measured on null sinks: 12 dB are reached after 1.2 to 1.8 s of our voice, 2.5 s where it was
#: moved.
_TRAINING: Final = 100


class Alignment:
    """The reference of an adaptive filter, kept where the echo is."""

    def __init__(self, adaptive: AdaptiveFilter, far_end: FarEnd) -> None:
        self._filter, self._far_end = adaptive, far_end
        self._drift = Drift(far_end, max(0, far_end.latency_frames - LEAD_FRAMES) * FRAME_SAMPLES)
        self._search = DelaySearch()
        self._slipped = far_end.slipped
        #: The echo path when it was last known well.
        self._echo_path: EchoPath | None = None
        self._audible = 0
        #: Frames of audible far end in which the echo path may be learned.
        self._training_frames = _TRAINING

    @property
    def training(self) -> bool:
        """Whether our voice has only begun to be heard, and its echo was not taken out well yet."""
        return self._echo_path is None and self._audible < self._training_frames

    @property
    def lag(self) -> float:
        """How late what was played is expected back, in samples."""
        return self._drift.reference.lag

    def reference(self) -> Doubles:
        """Return the frame of far end whose echo is due, after a frame was handed over."""
        if self._far_end.slipped != self._slipped:
            self._drift.jumped(self._far_end.slipped - self._slipped)
            self._slipped = self._far_end.slipped
            self._search.forget()
        return self._drift.reference.read()

    def look(self, microphone: Samples, rest: Doubles, reference: Doubles) -> None:
        """Take in what the filter made of one frame, and move the reference if the echo is elsewhere."""
        heard = bool(np.abs(reference).max() > AUDIBLE)
        self._audible += heard
        self._drift.look(self._filter.response if self._drift.due else None, heard=heard)
        self._filter.steady = self._drift.settled
        lag = self._search.look(microphone.astype(np.float64), rest, self._far_end.line, heard=heard)
        if lag is not None:
            self._found(lag)
        elif self._search.just_judged and self._search.good:
            self._echo_path = self._filter.echo_path

    def _found(self, lag: int) -> None:
        """Let the filter learn anew, and move the reference if the echo is not where it could be learned."""
        path, arrival = self._echo_path, lag - self.lag
        if path is None:
            expected, fits = LEAD_FRAMES * FRAME_SAMPLES, _NEAR < arrival < _LATEST
        else:
            expected, fits = path.arrival, abs(arrival - path.arrival) < _NEAR
        if not fits:
            _log.info("echo found %d samples from where it was expected", arrival - expected)
            self._drift.read_at(lag - expected)
            self._search.forget()
            if path is None:
                self._training_frames = min(self._audible + _TRAINING, 2 * _TRAINING)
            else:
                self._filter.recall(path)
        self._filter.doubt()
