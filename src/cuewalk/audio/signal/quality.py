"""How good the microphone's signal is: level, noise, clipping, offset, bandwidth, holes."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np

from cuewalk.audio.resample import resample
from cuewalk.domain.sound import FULL_SCALE, Floats, Samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES, SESSION_RATE

#: 5 ms: the shortest buffer that drivers lose.
_BLOCK: Final = SESSION_RATE // 200
#: Blocks that a hole may last (200 ms); longer is a pause in which a noise gate was shut.
_LONGEST: Final = 40
#: RMS from which a block is loud (-40 dBFS): a gate shuts on what has died away, a hole does not wait.
_LOUD: Final = 0.01 * FULL_SCALE


class Holes:
    """Counts holes in frames of 20 ms, fed in order."""

    __slots__ = ("_empty", "count")

    def __init__(self) -> None:
        #: Empty blocks since a loud one; beyond the longest hole it is a pause.
        self._empty = _LONGEST + 1
        #: Holes so far.
        self.count = 0

    def feed(self, frames: Samples) -> None:
        """Take in ``frames`` (frames x 320, int16)."""
        blocks = frames.reshape(-1, _BLOCK)
        empty = np.count_nonzero(blocks, axis=1) == 0
        floats = blocks.astype(np.float32)
        loud = np.einsum("ij,ij->i", floats, floats) > _BLOCK * _LOUD**2
        for is_empty, is_loud in zip(empty.tolist(), loud.tolist(), strict=True):
            self._step(is_empty=is_empty, is_loud=is_loud)

    def _step(self, *, is_empty: bool, is_loud: bool) -> None:
        if is_empty:
            self._empty += 1
        elif is_loud:
            self.count += 0 < self._empty <= _LONGEST
            self._empty = 0
        else:
            self._empty = _LONGEST + 1


_WINDOW: Final = np.hanning(FRAME_SAMPLES).astype(np.float32)
#: Bins (50 Hz each) that are looked at together: 250 Hz.
_TOGETHER: Final = 5
_BIN_HZ: Final = SESSION_RATE // FRAME_SAMPLES
#: The band that speech is compared with: what every telephone still carries.
_BELOW: Final = slice(2500 // _BIN_HZ, 3600 // _BIN_HZ)
#: How far below that band is nothing. On development recordings the band above 4.4 kHz is at most 38 dB down
#: (99 % of 1,000 wide-band clips, flite's voices 34 dB), after 8 kHz at least 43 dB (95 %, FSDD 40 dB).
_FALL: Final = 10.0 ** (-40 / 10)


class LongTermSpectrum:
    """Mean power spectrum of 20 ms frames; the loud ones outweigh the rest."""

    __slots__ = ("_power",)

    def __init__(self) -> None:
        self._power = np.zeros(FRAME_SAMPLES // 2 + 1, np.float64)

    def add(self, frames: Floats) -> None:
        """Take in ``frames`` (frames x 320)."""
        spectrum = np.fft.rfft(frames * _WINDOW, axis=1)
        self._power += (spectrum.real**2 + spectrum.imag**2).sum(axis=0)

    @property
    def bandwidth_hz(self) -> int:
        """The upper edge of the highest 250 Hz band that still has something, 0 for silence."""
        bands = self._power[: FRAME_SAMPLES // 2].reshape(-1, _TOGETHER).mean(axis=1)
        there = np.flatnonzero(bands > self._power[_BELOW].mean() * _FALL)
        return 0 if not len(there) else int(there[-1] + 1) * _TOGETHER * _BIN_HZ


#: No signal at all, in dBFS; one step of a 16-bit sample is -90.
NOTHING_DBFS: Final = -100.0

#: Zeros, or zeros with a dither of one step (-90). A microphone that is on has more noise of its own.
_SILENT_DBFS: Final = -87.0
#: Of 99 people's digits the endpointer finds 98 at -25 dBFS, 94 at -40, 85 at -46, 75 at -50 and 47 at -55.
#: Speech in the development recordings has -15 to -40 dBFS.
_TOO_QUIET_DBFS: Final = -45.0
#: One sample in 200 at the rail is heard as distortion; 98 % of Speech Commands' clips have fewer.
_CLIPPING_SHARE: Final = 0.005
#: Ordinary sound cards have up to 1 % of full scale; more points to a fault.
_OFFSET_SHARE: Final = 0.02
#: An 8 kHz headset ends here: so do 97 % of 1,270 development clips after 8 kHz, and none before.
_NARROW_HZ: Final = 4000
#: With noise 10 dB below the speech the first spotter's digits fell from 96 to 90 % right.
_SPEECH_ABOVE_NOISE_DB: Final = 10.0
#: Without speech to compare with: speech at a sensible setting (-25 dBFS) would be 10 dB above this.
_NOISY_DBFS: Final = -35.0


class Problem(Enum):
    """One thing that is wrong. The value is what happened, what it means, what to do."""

    MUTED_OR_ZEROS = (
        "The microphone delivers nothing but silence.",
        "It is muted, its level is at zero, or it shuts off while nobody speaks: no word may get through.",
        "Look for a mute button, raise its level in the system's sound settings, then say something.",
    )
    TOO_QUIET = (
        "Your voice reaches the microphone very faintly.",
        "Words will be missed.",
        "Come closer, or raise the microphone's level in the system's sound settings.",
    )
    CLIPPING = (
        "The microphone is overloaded: your voice is cut off at its loudest.",
        "Words may be misheard.",
        "Lower the microphone's level in the system's sound settings, or move away from it a little.",
    )
    DC_OFFSET = (
        "The microphone's signal is off its middle (a DC offset).",
        "cuewalk takes the offset out and hears you, but a plug or a sound card may be faulty.",
        "Nothing needs to be done; if words are missed, try another socket or microphone.",
    )
    NARROW_BAND = (
        "The microphone sounds like a telephone: nothing above 4 kHz, as Bluetooth headsets do in call mode.",
        "It works, but hears less well: s, f and th sound alike.",
        "Use the computer's own microphone or one with a cable if words are misheard.",
    )
    NOISY_ROOM = (
        "The room is loud compared with your voice.",
        "Words may be missed or misheard, and you will be asked again more often.",
        "Turn off what makes noise, come closer to the microphone, or use a headset.",
    )

    @property
    def sentence(self) -> str:
        """All three sentences."""
        return " ".join(self.value)


@dataclass(frozen=True, slots=True)
class SignalReport:
    """What was measured of a signal, and what is wrong with it.

    Levels are RMS in dBFS (full scale 32,768) without the DC offset.
    ``noise_dbfs`` is the level that one 20 ms frame in ten stays below; *speech* is what is 12 dB louder.
    ``clipped_share`` counts samples in speech (in all, if there is none). ``bandwidth_hz`` is where the
    spectrum falls off, None with too little speech to tell; ``dropouts`` counts holes torn into loud sound.
    """

    seconds: float
    peak_dbfs: float
    rms_dbfs: float
    noise_dbfs: float
    speech_dbfs: float | None
    speech_seconds: float
    dc_offset: float
    clipped_share: float
    zero_share: float
    dropouts: int
    bandwidth_hz: int | None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the signal, the worst first; with nothing measured, nothing."""
        if not self.seconds:
            return ()
        if self.peak_dbfs < _SILENT_DBFS:
            return (Problem.MUTED_OR_ZEROS,)
        speech, noise = self.speech_dbfs, self.noise_dbfs
        found = {
            Problem.CLIPPING: self.clipped_share >= _CLIPPING_SHARE,
            Problem.TOO_QUIET: speech is not None and speech < _TOO_QUIET_DBFS,
            Problem.NOISY_ROOM: noise > _NOISY_DBFS
            and (speech is None or speech - noise < _SPEECH_ABOVE_NOISE_DB),
            Problem.NARROW_BAND: self.bandwidth_hz is not None and self.bandwidth_hz <= _NARROW_HZ,
            Problem.DC_OFFSET: abs(self.dc_offset) >= _OFFSET_SHARE,
        }
        return tuple(problem for problem, there in found.items() if there)


#: Samples from here on count as clipped (98 % of full scale): resampling lets a clipped top ripple.
_RAIL: Final = 32112
#: Levels are kept as a histogram in steps of half a decibel, so a session of any length needs one kilobyte.
_STEPS: Final = 2
_LEVELS: Final = int(-NOTHING_DBFS) * _STEPS + 1
#: The level that this share of frames stays below is the room's.
_QUIET: Final = 0.1
#: Louder than the room by this many decibels is speech, if it is not fainter than anybody could speak.
_ABOVE_NOISE: Final = 12.0
_FAINTEST: Final = -70.0
#: Seconds; less speech says nothing about the level, or the bandwidth (a lone "no" has no high sounds).
_ENOUGH_FOR_LEVEL: Final = 0.2
_ENOUGH_FOR_BANDWIDTH: Final = 0.5
#: Above these an utterance is too damaged to be believed; see `spoils`. With 5 % of the samples clipped
#: PocketSphinx gets 50 % of people's digits right instead of 74 %, with 15 % clipped 28 %.
_SPOILT_CLIPPING: Final = 0.03
_SPOILT_DROPOUTS: Final = 2


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

    def report(self) -> SignalReport:
        """Return the report on what was measured since the start."""
        count = max(1, self._frames)
        samples = count * FRAME_SAMPLES
        noise = self._noise()
        spoken = _index(max(noise + _ABOVE_NOISE, _FAINTEST))
        speech = int(self._levels[spoken:].sum())
        seconds = speech * FRAME_MS / 1000
        clipped = self._clipped[spoken:].sum() / (speech * FRAME_SAMPLES) if speech else 0.0
        enough = seconds >= _ENOUGH_FOR_LEVEL
        return SignalReport(
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
