"""From whatever an engine wrote to the session's audio: 16 kHz mono int16, trimmed, at one loudness.

Every voice's sound passes `polish`, before it is cached. The loudness of each line is the same, measured as
broadcasters do (`cuewalk.audio.loudness`), so that pauses inside a line do not make it louder and a change of
voice does not make the person reach for the volume. No peak rises above -1 dBFS; where the two disagree, the
peak wins and the line is a little quieter: nothing is compressed or clipped.
"""

from typing import Final

import numpy as np

from cuewalk.audio.loudness import loudness
from cuewalk.domain.sound import FULL_SCALE, Floats, Samples
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE
from cuewalk.files.reading import UnreadableFileError
from cuewalk.files.wav import parse_wav

#: Goes into every voice's version, so that the cache never mixes lines made by different processing.
PROCESSING: Final = "p2"

#: LUFS. As loud as the peaks allow. Measured over 80 lines each: the peaks of espeak-ng are 20.4 dB above the
#: loudness at most, of Kokoro 20.2, of flite 20.2, so every line comes within 1 LU of this. espeak-ng had
#: -20.1 in the middle (-21.4 to -19.1) when the active level was what was equal.
TARGET: Final = -21.0
#: The root mean square of a voice while it speaks. Measured: espeak-ng -20.9 dBFS, Kokoro -20.5.
TARGET_RMS: Final = 10 ** (TARGET / 20)
PEAK_LIMIT: Final = 10 ** (-1 / 20)
#: Design: a sample this far below the peak is silence; a soft "h" or "f" is about 35-45 dB down.
_SILENCE: Final = 10 ** (-50 / 20)
#: Kept before the first and after the last sound: 20 ms.
MARGIN: Final = FRAME_SAMPLES
#: Samples of the fade at each end (5 ms). Design: it falls into the margin, where there is one; a sound that
#: begins at once would click.
_FADE: Final = SESSION_RATE // 200


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
    levelled = level(fade(trim(sound)))
    return np.round(levelled * np.float32(FULL_SCALE - 1)).astype(np.int16)


def trim(wave_: Floats) -> Floats:
    """Return ``wave_`` without leading and trailing silence, except 20 ms of each where there is as much."""
    loud = np.abs(wave_)
    if not loud.size or not loud.max():
        return wave_[:0]
    sounding = np.flatnonzero(loud > loud.max() * _SILENCE)
    return wave_[max(0, sounding[0] - MARGIN) : sounding[-1] + 1 + MARGIN]


def fade(wave_: Floats) -> Floats:
    """Return ``wave_`` with ends that begin and end at nothing."""
    distance = np.minimum(np.arange(len(wave_)), np.arange(len(wave_))[::-1])
    return wave_ * np.minimum(distance / np.float32(_FADE), 1).astype(np.float32)


def level(wave_: Floats) -> Floats:
    """Return ``wave_`` at the target loudness, its peaks within the limit."""
    peak = float(np.abs(wave_).max(initial=0))
    if not peak:
        return wave_
    # Measured at full scale: a voice may be so soft that it would count as silence.
    gain = 10 ** ((TARGET - loudness(wave_ / peak, SESSION_RATE)) / 20)
    return wave_ * np.float32(min(gain, PEAK_LIMIT) / peak)
