"""Synthetic speech for tests: 16 kHz mono int16, made once per text and voice."""

import io
import shutil
import subprocess
import wave
from functools import cache

import numpy as np
import pytest
import soxr

from cuewalk.domain.sound import as_samples

RATE = 16_000
#: Noise of a room and its microphone, in dBFS: below what is listened to, so silence takes no time. For tests
#: of what is said and done; those of how it is heard are in louder rooms.
STILL_ROOM_DB = -78.0


def silence(seconds):
    return np.zeros(int(seconds * RATE), dtype=np.int16)


def between_silence(samples, before=0.5, after=1.2):
    return np.concatenate((silence(before), samples, silence(after)))


@cache
def say(text, voice="slt"):
    """Return ``text`` spoken by flite; skips the test where flite is missing."""
    return _spoken("flite", ["flite", "-voice", voice, "-t", text, "-o", "/dev/stdout"])


@cache
def say_espeak(text, language="ko"):
    """Return ``text`` spoken by espeak-ng; skips the test where it is missing."""
    return _spoken("espeak-ng", ["espeak-ng", "-v", language, "--stdout", text])


def _spoken(program, command):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed, so there is no synthetic voice for this test")
    wav = subprocess.run(command, capture_output=True, check=True).stdout
    samples, rate = _decode(wav)
    if rate != RATE:
        floats = soxr.resample(samples.astype(np.float32), rate, RATE)
        samples = as_samples(floats)
    samples.setflags(write=False)
    return samples


def _decode(wav):
    # A program that writes to a pipe cannot know the length beforehand: the header's is wrong.
    with wave.open(io.BytesIO(wav)) as reader:
        rate, header = reader.getframerate(), wav.index(b"data") + 8
    return np.frombuffer(wav[header : header + (len(wav) - header) // 2 * 2], dtype="<i2"), rate
