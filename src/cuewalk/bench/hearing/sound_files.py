"""Recordings of any rate and kind that libsndfile reads (WAV, FLAC, …) as the microphone would give them."""

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile

from cuewalk.audio.resample import resample
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.sound import FULL_SCALE, Samples, as_samples
from cuewalk.domain.units import SESSION_RATE

#: Below it nothing of speech is left: telephones use 8,000.
_LOWEST_RATE: Final = 4000


class UnreadableSoundError(CuewalkError):
    """A recording cannot be used; its text is the bare reason, for a list of what was skipped."""


def read_sound(path: Path) -> Samples:
    """Return the recording as 16 kHz mono int16; channels are averaged, other rates resampled.

    Raises:
        UnreadableSoundError: if it is missing, damaged, empty, or not a recording.
    """
    if not path.is_file():
        raise UnreadableSoundError("there is no such file")
    try:
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError, OSError, ValueError, MemoryError) as error:
        raise UnreadableSoundError(f"it cannot be read ({_reason(error)})") from error
    if not len(sound):
        raise UnreadableSoundError("it holds no sound")
    if rate < _LOWEST_RATE:
        raise UnreadableSoundError(f"its rate of {rate} Hz is too low for speech")
    if not np.isfinite(sound).all():
        raise UnreadableSoundError("some of its samples are not numbers")
    return resample(_mono(sound), rate, SESSION_RATE)


def _mono(sound: npt.NDArray[np.float32]) -> Samples:
    mean = sound.mean(axis=1, dtype=np.float64) * FULL_SCALE
    mono: Samples = as_samples(mean)
    return mono


def _reason(error: Exception) -> str:
    # libsndfile's own words, without the path that is shown beside them anyhow.
    text = str(getattr(error, "error_string", "") or error).strip().rstrip(".")
    return text or type(error).__name__
