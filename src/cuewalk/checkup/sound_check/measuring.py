"""What can be read from what was played and what came back: when it came, what the canceller took."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import FULL_SCALE, Samples
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE

#: The longest way from speaker to microphone that is looked for, ms: no wireless speaker needs as long.
LONGEST_MS: Final = 1000
#: How far the peak of the correlation stands out (in standard deviations) where there is an echo. Of chance
#: alone the highest of 16,000 lags is at 4 to 5.
_STANDS_OUT: Final = 8.0
#: Frequencies where less than this share of the loudest was played say nothing.
_PLAYED_SHARE: Final = 1e-4
#: A frame counts as played when it is louder than this (RMS of int16, -50 dBFS).
_SOUNDING: Final = 100.0
#: Sounding frames (one second) that do not count, because the canceller adapts to the room first. Design.
_LEARNING: Final = 50
#: Decibels of an echo above the room's other sounds from which on a canceller's work can be told from theirs.
_AUDIBLE_DB: Final = 10.0
#: Samples of 98 % of full scale or more count as cut off.
_RAIL: Final = 32112
_Bools = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Tape:
    """Frame by frame: what was played, what the microphone gave, what the canceller left of it."""

    played: list[Samples] = field(default_factory=list)
    raw: list[Samples] = field(default_factory=list)
    cleaned: list[Samples] = field(default_factory=list)

    def add(self, played: Samples, raw: Samples, cleaned: Samples) -> None:
        """Take in one frame of each."""
        self.played.append(played)
        self.raw.append(raw)
        self.cleaned.append(cleaned)

    def __len__(self) -> int:
        return len(self.played)


def joined(frames: list[Samples]) -> Samples:
    """Return frames as one stretch of samples."""
    return np.concatenate(frames) if frames else np.zeros(0, np.int16)


def round_trip_ms(played: Samples, microphone: Samples) -> int | None:
    """Return after how many milliseconds what was played comes back; None where no echo stands out.

    Both are 16 kHz int16 of equal length, in lockstep. A phase correlation: only *when* counts, not how loud,
    and a voice's own rhythm does not blur it.
    """
    if not played.any() or not microphone.any():
        return None
    lags = LONGEST_MS * SESSION_RATE // 1000
    size = 1 << int(np.ceil(np.log2(len(played) + lags)))
    sent, came = (np.fft.rfft(samples.astype(np.float32), size) for samples in (played, microphone))
    power = np.abs(sent) ** 2
    cross = came * np.conj(sent)
    cross[power < power.max() * _PLAYED_SHARE] = 0
    cross /= np.abs(cross) + 1e-9
    likeness = np.abs(np.fft.irfft(cross, size)[:lags])
    best = int(likeness.argmax())
    if likeness[best] < _STANDS_OUT * np.sqrt(np.mean(likeness**2)):
        return None
    return round(best * 1000 / SESSION_RATE)


def echo_reduction_db(tape: Tape, delay_ms: int, room_dbfs: float) -> float | None:
    """Return by how many decibels the canceller lowered what came back of what was played.

    The earlier half of the sound, a second at least, is left out: it learns then. None: too little was
    played, or its echo is lost in what else is heard (``room_dbfs``, RMS): no canceller lowers a television.
    """
    delay = delay_ms * SESSION_RATE // 1000
    sounding = _sounding(joined(tape.played), delay)
    raw, cleaned = (_mean_power(joined(frames), sounding, delay) for frames in (tape.raw, tape.cleaned))
    if raw is None or cleaned is None or raw < 10 ** ((room_dbfs + _AUDIBLE_DB) / 10):
        return None
    # What the canceller leaves can be nothing at all; one step of a sample is the least there is.
    return float(10 * np.log10(raw / max(cleaned, FULL_SCALE**-2)))


def overload_share(tape: Tape, delay_ms: int) -> float:
    """Return the share of samples (0-1) at the microphone's end stop while our own voice came back."""
    delay = delay_ms * SESSION_RATE // 1000
    sounding = _sounding(joined(tape.played), delay)
    echo = joined(tape.raw)[delay : delay + len(sounding) * FRAME_SAMPLES].astype(np.int32)
    frames = np.abs(echo).reshape(-1, FRAME_SAMPLES)[sounding]
    return float(np.mean(frames >= _RAIL)) if frames.size else 0.0


def _sounding(played: Samples, delay: int) -> _Bools:
    """Return which frames sounded, the later half of them, with their echo on the tape."""
    whole = played[: (len(played) - delay) // FRAME_SAMPLES * FRAME_SAMPLES].astype(np.float64)
    sounding = np.sqrt((whole.reshape(-1, FRAME_SAMPLES) ** 2).mean(axis=1)) > _SOUNDING
    late: _Bools = sounding & (np.cumsum(sounding) > max(_LEARNING, int(sounding.sum()) // 2))
    return late


def _mean_power(samples: Samples, sounding: _Bools, delay: int) -> float | None:
    if not sounding.any():
        return None
    echo = samples[delay : delay + len(sounding) * FRAME_SAMPLES].astype(np.float64) / FULL_SCALE
    frames = echo.reshape(-1, FRAME_SAMPLES)[sounding]
    return float((frames**2).mean())
