"""Plays a clip through the speaker."""

from pathlib import Path

import numpy as np

from cuewalk.app.settings import load_settings
from cuewalk.audio.live import LiveAudio
from cuewalk.audio.wav import read_wav
from cuewalk.domain.units import FRAME_SAMPLES


def play_file(path: Path) -> None:
    """Play a WAV file to its end.

    Raises:
        DeviceError: if the speaker does not work.
        CuewalkError: if the file cannot be read.
    """
    samples, settings = read_wav(path), load_settings()
    audio = LiveAudio(settings.microphone or None, settings.speaker or None)
    try:
        frames = -(-len(samples) // FRAME_SAMPLES) + audio.output_latency_frames
        padded = np.zeros(frames * FRAME_SAMPLES, dtype=np.int16)
        padded[: len(samples)] = samples
        for frame in padded.reshape(frames, FRAME_SAMPLES):
            audio.exchange(frame)
    finally:
        audio.close()
