"""From whatever an engine wrote to the session's audio: 16 kHz mono int16, trimmed, at one loudness.

Loudness. Every voice is brought to an active level of -20 dBFS (root mean square over the 20 ms frames that
hold speech, 0 dBFS being full scale), so that pauses inside a line do not make it louder and a change of
voice does not make the person reach for the volume. No peak rises above -1 dBFS; where the two disagree, the
peak wins and the line is a little quieter. The active level is the idea of ITU-T P.56, simplified; the
figures are design.
"""

from typing import Final

import numpy as np

from cuewalk.domain.sound import FULL_SCALE, Floats, Samples
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE
from cuewalk.files.reading import UnreadableFileError
from cuewalk.files.wav import parse_wav

#: Goes into every voice's version, so that the cache never mixes lines made by different processing.
PROCESSING: Final = "p1"

TARGET_RMS: Final = 10 ** (-20 / 20)
PEAK_LIMIT: Final = 10 ** (-1 / 20)
#: Design: a frame this far below the loudest one is a pause.
_PAUSE: Final = 10 ** (-30 / 20)
#: Design: a sample this far below the peak is silence; a soft "h" or "f" is about 35-45 dB down.
_SILENCE: Final = 10 ** (-50 / 20)
#: Kept before the first and after the last sound: 20 ms.
MARGIN: Final = FRAME_SAMPLES


def empty() -> Samples:
    """Return no samples at all."""
    return np.zeros(0, dtype=np.int16)


def read_wav(data: bytes) -> tuple[Samples, int]:
    """Return the samples and the rate of a mono 16-bit WAV; one of unknown length is read to its end.

    Raises:
        ValueError: if it is anything else or cut off in its header.
    """
    try:
        frames, rate = parse_wav(data)
    except UnreadableFileError as error:
        raise ValueError(f"the engine did not write mono 16-bit sound: {error}") from error
    if frames.shape[1] != 1:
        raise ValueError("the engine did not write mono 16-bit sound")
    return frames[:, 0], rate


def polish(samples: Samples, rate: int) -> Samples:
    """Return speech of any rate as the session plays it; silence becomes no samples."""
    if not samples.any():
        return empty()
    sound = samples.astype(np.float32) / np.float32(FULL_SCALE)
    if rate != SESSION_RATE:
        from cuewalk.audio.resample import resample_floats  # noqa: PLC0415 - 10 ms that most starts do not need

        sound = resample_floats(sound, rate, SESSION_RATE)
    levelled = level(trim(sound))
    return np.round(levelled * np.float32(FULL_SCALE - 1)).astype(np.int16)


def trim(wave_: Floats) -> Floats:
    """Return ``wave_`` without leading and trailing silence, except 20 ms of each where there is as much."""
    loud = np.abs(wave_)
    if not loud.size or not loud.max():
        return wave_[:0]
    sounding = np.flatnonzero(loud > loud.max() * _SILENCE)
    return wave_[max(0, sounding[0] - MARGIN) : sounding[-1] + 1 + MARGIN]


def active_rms(wave_: Floats) -> float:
    """Return the root mean square over the frames that hold speech, 1.0 being full scale; 0.0 for silence."""
    if not wave_.size:
        return 0.0
    padded = np.pad(wave_, (0, -wave_.size % FRAME_SAMPLES))
    power = np.square(padded.reshape(-1, FRAME_SAMPLES), dtype=np.float64).mean(axis=1)
    return float(np.sqrt(power[power >= power.max() * _PAUSE**2].mean()))


def level(wave_: Floats) -> Floats:
    """Return ``wave_`` at the target loudness, its peaks within the limit."""
    rms = active_rms(wave_)
    if not rms:
        return wave_
    gain = min(TARGET_RMS / rms, PEAK_LIMIT / float(np.abs(wave_).max()))
    return wave_ * np.float32(gain)
