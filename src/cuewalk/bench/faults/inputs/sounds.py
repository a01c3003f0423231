"""Sound files that claim odd things of themselves."""

import io
import struct
import wave
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from cuewalk.bench.faults.inputs.mutating import (
    mutated_bytes,
)
from cuewalk.bench.faults.inputs.place import Place
from cuewalk.devices.files.wav import read_wav

_WAV_FIELDS: Final = ((4, "<I"), (16, "<I"), (20, "<H"), (22, "<H"), (24, "<I"), (28, "<I"), (32, "<H"))
_WAV_MORE: Final = ((34, "<H"), (40, "<I"))
_WAV_ODD: Final = (0, 1, 2, 3, 7, 8, 24, 100, 255, 8000, 44100, 65535, 0x7FFFFFFF, 0xFFFFFFFF)


@cache
def wav_seed(_home: Path) -> bytes:
    """Return a tenth of a second of sound at 44.1 kHz, stereo."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44100)
        file.writeframes(bytes(range(256)) * 64)
    return out.getvalue()


def mutated_wav(rng: Random, data: bytes) -> bytes:
    """Return a sound file that claims something odd, or is damaged blindly."""
    if rng.random() < 0.3:  # noqa: PLR2004 - some blindly
        return mutated_bytes(rng, data)
    found = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        at, form = rng.choice((*_WAV_FIELDS, *_WAV_MORE))
        struct.pack_into(form, found, at, rng.choice(_WAV_ODD) % (1 << (8 * struct.calcsize(form))))
    return bytes(found)


def use_wav(data: bytes, place: Place) -> None:
    """Read a sound file."""
    read_wav(place.put("sound.wav", data))
