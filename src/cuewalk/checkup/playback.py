"""Plays a clip through the speaker; no microphone is needed."""

import time
from pathlib import Path
from typing import Final

import numpy as np

from cuewalk.devices import portaudio
from cuewalk.devices.files.wav import read_wav
from cuewalk.devices.playout import Playout
from cuewalk.domain.errors import DeviceError
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES
from cuewalk.settings import load_settings

#: Seconds after which a speaker that takes nothing is lost; a sleeping one may need two to wake up.
_TIMEOUT: Final = 6.0


def play_file(path: Path) -> None:
    """Play a WAV file to its end.

    Raises:
        DeviceError: if the speaker does not work.
        CuewalkError: if the file cannot be read.
    """
    samples, playout = read_wav(path), _opened()
    try:
        playout.start()
        playout.wait_awake(_TIMEOUT)
        _play(playout, samples)
    finally:
        playout.close()


def _opened() -> Playout:
    if not any(device.can("output") for device in portaudio.query()):
        raise DeviceError(
            "This machine has no speaker that can be used.",
            meaning="Nothing was played.",
            remedy="Plug one in, or have the sound written to a file with --out FILE.",
        )
    choice = load_settings().devices
    return Playout(portaudio.find_device(choice.speaker, "output"), wake=choice.wake_seconds)


def _play(playout: Playout, samples: Samples) -> None:
    """Hand the sound over at the speaker's own pace, and silence until its end is heard."""
    frames = -(-len(samples) // FRAME_SAMPLES) + playout.latency_frames
    padded = np.zeros(frames * FRAME_SAMPLES, dtype=np.int16)
    padded[: len(samples)] = samples
    playout.begin()
    # The queue stays as long as its cushion: a longer one would be taken for a slow clock, and levelled.
    full = playout.waiting_frames
    for frame in padded.reshape(frames, FRAME_SAMPLES):
        playout.put(frame)
        while playout.waiting_frames > full:
            time.sleep(FRAME_MS / 4000)
            playout.check(_TIMEOUT)
