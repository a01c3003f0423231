"""WAV files, read and written: bounded before anything is computed from what the header claims.

By Python's own `wave`, not by `soundfile`: loading that takes 30 to 80 ms (`wave`: 1 ms), and the first cue
of a session is a WAV.
"""

import io
import struct
import wave
from typing import BinaryIO, Final

import numpy as np

from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE
from cuewalk.files.reading import UnreadableFileError

#: An hour of a session (16 kHz, 16 bit, mono) takes 115 MB.
MAX_SOUND_BYTES: Final = 200_000_000
#: Telephones use 8 kHz, the finest sound cards 384 kHz. Design: half of the lowest; a file that claims 1 Hz
#: would grow 16,000 times.
MIN_RATE_HZ: Final = 4_000
MAX_RATE_HZ: Final = 384_000
#: Design: twice the channels of the largest microphone arrays on sale.
MAX_CHANNELS: Final = 32
_WIDTH: Final = 2
#: A wrong size of a chunk is a RuntimeError in `wave`, a missing one an AttributeError or a TypeError.
_DAMAGE: Final = (
    *(wave.Error, RuntimeError, ValueError, TypeError, AttributeError, struct.error, MemoryError),
)


def parse_wav(data: bytes) -> tuple[Samples, int]:
    """Return the frames, shape (N, channels), and the rate in Hz. A cut-off file gives what there is.

    Raises:
        UnreadableFileError: if it is not 16-bit PCM within the bounds; its text is the reason.
    """
    try:
        with wave.open(io.BytesIO(data), "rb") as file:
            channels, width, rate, *_ = file.getparams()
            _check(channels, width, rate)
            raw = file.readframes(file.getnframes())
    except EOFError as error:
        raise UnreadableFileError("it ends too early") from error
    except _DAMAGE as error:
        raise UnreadableFileError("it is no WAV file, or a damaged one") from error
    whole = len(raw) // (_WIDTH * channels) * channels
    return np.frombuffer(raw, "<i2", whole).astype(np.int16).reshape(-1, channels), rate


def open_to_write(file: BinaryIO, rate: int = SESSION_RATE) -> wave.Wave_write:
    """Return a mono 16-bit WAV to write frames to (little-endian bytes); closing it completes its header."""
    wav = wave.open(file, "wb")  # noqa: SIM115 - the caller closes it
    wav.setnchannels(1)
    wav.setsampwidth(_WIDTH)
    wav.setframerate(rate)
    return wav


def _check(channels: int, width: int, rate: int) -> None:
    if width != _WIDTH:
        raise UnreadableFileError(f"its samples have {8 * width} bits")
    if not 1 <= channels <= MAX_CHANNELS:
        raise UnreadableFileError(f"it claims to have {channels} channels")
    if not MIN_RATE_HZ <= rate <= MAX_RATE_HZ:
        raise UnreadableFileError(f"it claims {rate} samples a second")
