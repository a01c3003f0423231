"""A speaker that swallows what is played at first: the first word of everything that is spoken is heard."""

import threading
from types import SimpleNamespace

import numpy as np
import pytest

from cuewalk.audio.api import DeviceLostError
from cuewalk.checkup import playback
from cuewalk.devices import live, portaudio
from cuewalk.devices.device_info import DeviceChoice, DeviceInfo
from cuewalk.devices.files.wav import write_wav
from cuewalk.devices.lasting import LastingAudio
from cuewalk.devices.live import LiveAudio
from cuewalk.devices.playout import Playout
from cuewalk.settings import Settings

_DEVICE = DeviceInfo("HDMI", 0, "none", 1, 1, 16_000, is_default_input=True, is_default_output=True)
_FINE = SimpleNamespace(input_overflow=False, output_underflow=False)
#: Seconds that are lost in the worst reports.
_SWALLOWED = 1.5
_WORD = np.arange(1, 3_201, dtype=np.int16) + 1_000
_SILENCE = np.zeros(320, np.int16)


class _Stream:
    """Plays (or hears silence) ten times as fast as it should; the first 1.5 s are not heard by anybody."""

    def __init__(self, kind, on_block):
        self.kind, self.on_block = kind, on_block
        self.latency, self.active, self.blocks = 0.02, True, []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def abort(self):
        self._ended.set()

    def close(self):
        self.abort()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def heard(self):
        return np.concatenate([_SILENCE, *self.blocks[round(_SWALLOWED * 50) :]])

    def _run(self):
        while not self._ended.wait(0.002):
            block = np.zeros((320, 1), np.int16)
            self.on_block(block, _FINE)
            self.blocks.append(block[:, 0].copy())


@pytest.fixture
def speaker(monkeypatch):
    """The stream of the speaker, once it is open."""
    opened = {}

    def open_stream(device, kind, formats, *, latency, on_block):
        opened[kind] = _Stream(kind, on_block)
        return opened[kind], formats[0]

    monkeypatch.setattr(portaudio, "open_stream", open_stream)
    monkeypatch.setattr(portaudio, "query", lambda: [_DEVICE])
    monkeypatch.setattr(live, "find_device", lambda name, kind: _DEVICE)
    return lambda: opened["output"]


def _whole(heard):
    """Return whether the word is heard from its first sample; equal rates change nothing."""
    at = np.flatnonzero(np.abs(heard) > 1)
    return len(at) and np.array_equal(heard[at[0] : at[0] + len(_WORD)], _WORD)


@pytest.mark.parametrize("device", [LiveAudio, LastingAudio])
def test_the_first_word_of_a_session_a_sound_check_and_a_calibration_is_heard(speaker, device):
    audio = device(Settings().devices)
    for frame in [*_WORD.reshape(-1, 320), *[_SILENCE] * 40]:
        audio.exchange(frame)
    audio.close()
    assert _whole(speaker().heard)


def test_the_first_word_of_a_clip_or_a_preview_is_heard(speaker, tmp_path, monkeypatch):
    monkeypatch.setattr(playback, "load_settings", Settings)
    write_wav(tmp_path / "word.wav", _WORD)
    playback.play_file(tmp_path / "word.wav")
    assert _whole(speaker().heard)


def test_a_speaker_that_needs_no_time_can_be_told_to_wait_for_nothing(speaker):
    audio = LiveAudio(DeviceChoice(wake_seconds=0))
    audio.exchange(_SILENCE)
    assert len(speaker().blocks) < 25
    audio.close()


def test_a_speaker_that_never_asks_for_sound_is_not_waited_for_for_ever(monkeypatch):
    idle = SimpleNamespace(latency=0.02, active=True, start=lambda: None)
    monkeypatch.setattr(portaudio, "open_stream", lambda _d, _k, formats, **_: (idle, formats[0]))
    with pytest.raises(DeviceLostError, match="HDMI"):
        Playout(_DEVICE).wait_awake(0.05)
