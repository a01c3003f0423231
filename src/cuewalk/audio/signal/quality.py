"""How good the microphone's signal is: level, noise, clipping, offset, bandwidth, holes."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cuewalk.audio.resample import resample
from cuewalk.audio.signal.holes import Holes
from cuewalk.audio.signal.problems import NOTHING_DBFS, Figures, Problem, problems_of
from cuewalk.audio.signal.spectrum import LongTermSpectrum
from cuewalk.domain.sound import FULL_SCALE, Samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES, SESSION_RATE

__all__ = ["Problem", "SignalMeter", "SignalReport", "assess", "is_silent", "spoils"]

#: Samples from here on count as clipped (98 % of full scale): resampling lets a clipped top ripple.
_RAIL: Final = 32112
#: Levels are kept as a histogram in steps of half a decibel, so a session of any length needs one kilobyte.
_STEPS: Final = 2
_LEVELS: Final = int(-NOTHING_DBFS) * _STEPS + 1
#: The level that this share of frames stays below is the room's.
_QUIET: Final = 0.1
#: Louder than the room by so many decibels is speech, if it is not fainter than anybody could speak.
_ABOVE_NOISE: Final = 12.0
_FAINTEST: Final = -70.0
#: Seconds; less speech says nothing about the level, or the bandwidth (a lone "no" has no high sounds).
_ENOUGH_FOR_LEVEL: Final = 0.2
_ENOUGH_FOR_BANDWIDTH: Final = 0.5
#: Above these an utterance is too damaged to be believed; see `spoils`. With 5 % of the samples clipped
#: PocketSphinx gets 50 % of people's digits right instead of 74 %, with 15 % clipped 28 %.
_SPOILT_CLIPPING: Final = 0.03
_SPOILT_DROPOUTS: Final = 2


@dataclass(frozen=True, slots=True)
class SignalReport(Figures):
    """What was measured (see `Figures`) and what is wrong with it, the worst first."""

    problems: tuple[Problem, ...] = ()


class SignalMeter:
    """Measures a stream of 16 kHz mono samples; the same however the stream is cut.

    Whole frames of 20 ms count; a rest at the end waits for its frame.
    """

    def __init__(self) -> None:
        self._rest: Samples = np.zeros(0, np.int16)
        self._frames = 0
        self._sum = 0
        self._zeros = 0
        self._peak = 0
        self._levels = np.zeros(_LEVELS, np.int64)
        #: Power and clipped samples of the frames, by level: what is speech is only known at the end.
        self._power = np.zeros(_LEVELS)
        self._clipped = np.zeros(_LEVELS, np.int64)
        self._spectrum = LongTermSpectrum()
        self._holes = Holes()

    def feed(self, samples: Samples) -> None:
        """Take in the next samples (int16)."""
        waiting = samples if not len(self._rest) else np.concatenate([self._rest, samples])
        whole = len(waiting) // FRAME_SAMPLES * FRAME_SAMPLES
        self._rest = waiting[whole:].copy()
        if whole:
            self._measure(waiting[:whole].reshape(-1, FRAME_SAMPLES))

    def report(self) -> SignalReport:
        """Return what was measured since the start."""
        figures = self._figures()
        named = {name: getattr(figures, name) for name in Figures.__slots__}
        return SignalReport(**named, problems=problems_of(figures))

    def _measure(self, frames: Samples) -> None:
        loudness = np.abs(frames.astype(np.int32))
        self._frames += len(frames)
        self._sum += int(frames.sum(dtype=np.int64))
        self._zeros += int(frames.size - np.count_nonzero(frames))
        self._peak = max(self._peak, int(loudness.max()))
        floats = frames.astype(np.float32) / np.float32(FULL_SCALE)
        floats -= floats.mean(axis=1, keepdims=True)
        power = np.einsum("ij,ij->i", floats, floats) / FRAME_SAMPLES
        level = np.rint((10 * np.log10(power + 1e-10) - NOTHING_DBFS) * _STEPS).astype(np.int64)
        level = np.clip(level, 0, _LEVELS - 1)
        np.add.at(self._levels, level, 1)
        np.add.at(self._power, level, power)
        np.add.at(self._clipped, level, np.count_nonzero(loudness >= _RAIL, axis=1))
        self._spectrum.add(floats)
        self._holes.feed(frames)

    def _figures(self) -> Figures:
        count = max(1, self._frames)
        samples = count * FRAME_SAMPLES
        noise = self._noise()
        spoken = _index(max(noise + _ABOVE_NOISE, _FAINTEST))
        speech = int(self._levels[spoken:].sum())
        seconds = speech * FRAME_MS / 1000
        clipped = self._clipped[spoken:].sum() / (speech * FRAME_SAMPLES) if speech else 0.0
        enough = seconds >= _ENOUGH_FOR_LEVEL
        return Figures(
            seconds=self._frames * FRAME_MS / 1000,
            peak_dbfs=_dbfs((self._peak / FULL_SCALE) ** 2),
            rms_dbfs=_dbfs(self._power.sum() / count),
            noise_dbfs=noise,
            speech_dbfs=_dbfs(self._power[spoken:].sum() / speech) if enough else None,
            speech_seconds=seconds,
            dc_offset=self._sum / samples / FULL_SCALE,
            clipped_share=float(clipped if enough else self._clipped.sum() / samples),
            zero_share=self._zeros / samples,
            dropouts=self._holes.count,
            bandwidth_hz=self._spectrum.bandwidth_hz if seconds >= _ENOUGH_FOR_BANDWIDTH else None,
        )

    def _noise(self) -> float:
        below = np.cumsum(self._levels)
        return float(np.searchsorted(below, max(1.0, _QUIET * self._frames))) / _STEPS + NOTHING_DBFS


def assess(samples: Samples, rate: int = SESSION_RATE) -> SignalReport:
    """Return the report on one utterance (mono int16). Less than 20 ms: nothing measured, nothing wrong."""
    meter = SignalMeter()
    meter.feed(resample(samples, rate, SESSION_RATE))
    return meter.report()


def is_silent(samples: Samples) -> bool:
    """Return whether there is nothing at all: zeros, or a dither of one step."""
    return not len(samples) or (int(samples.max()) <= 1 and int(samples.min()) >= -1)


def spoils(report: SignalReport) -> bool:
    """Return whether an utterance is too damaged for its rating to be written down without asking back."""
    clipped = report.clipped_share >= _SPOILT_CLIPPING
    return clipped or report.dropouts >= _SPOILT_DROPOUTS or Problem.MUTED_OR_ZEROS in report.problems


def _index(level: float) -> int:
    return int(np.clip(np.ceil((level - NOTHING_DBFS) * _STEPS), 0, _LEVELS - 1))


def _dbfs(power: float) -> float:
    return max(NOTHING_DBFS, float(10 * np.log10(max(power, 1e-10))))
