"""The live device's two sides, with the streams taken by hand and no device."""

from types import SimpleNamespace

import numpy as np
import pytest

from cuewalk.audio.api import DeviceLostError, LostAudio
from cuewalk.devices import live, portaudio
from cuewalk.devices.capture import Capture
from cuewalk.devices.device_info import DeviceInfo
from cuewalk.devices.live import LiveAudio
from cuewalk.devices.playout import CUSHION_MS, Playout
from cuewalk.domain.errors import DeviceError

_DEVICE = DeviceInfo("bench", 0, "none", 2, 2, 48_000, is_default_input=True, is_default_output=True)
_FINE = SimpleNamespace(input_overflow=False, output_underflow=False)
_LATE = SimpleNamespace(input_overflow=True, output_underflow=True)
_SILENCE = np.zeros(320, np.int16)
_LOUD = np.full(320, 4_000, np.int16)


class _Stream:
    """A stream whose blocks come when the test says so."""

    def __init__(self, on_block):
        self.on_block, self.active, self.latency, self.closed = on_block, True, 0.05, 0

    def start(self):
        pass

    def abort(self):
        pass

    def close(self):
        self.closed += 1

    def block(self, value=0, status=_FINE):
        block = np.full((960, 2), value, np.int16)
        self.on_block(block, status)
        return block


@pytest.fixture
def streams(monkeypatch):
    opened = []

    def open_stream(device, kind, formats, *, latency, on_block):
        opened.append(_Stream(on_block))
        return opened[-1], formats[0]

    monkeypatch.setattr(portaudio, "open_stream", open_stream)
    return opened


def test_blocks_of_the_device_become_frames_of_the_session(streams):
    capture = Capture(_DEVICE)
    for _ in range(6):
        streams[0].block(1_000)
    frames = np.concatenate([capture.frame(1) for _ in range(5)])
    assert len(frames) == 1_600
    assert np.median(frames) == 1_000


def test_a_microphone_that_has_ended_is_lost_without_a_long_wait(streams):
    capture = Capture(_DEVICE)
    streams[0].active = False
    with pytest.raises(DeviceLostError, match="bench") as raised:
        capture.frame(60)
    assert raised.value.device == "microphone"


def test_a_microphone_that_says_nothing_is_lost_after_its_timeout(streams):
    capture = Capture(_DEVICE)
    with pytest.raises(DeviceLostError):
        capture.frame(0.01)


def test_sound_from_before_the_session_is_not_heard_in_it(streams):
    capture = Capture(_DEVICE)
    for _ in range(10):
        streams[0].block(30_000)
    capture.forget()
    for _ in range(3):
        streams[0].block(0)
    assert not capture.frame(1).any()


def test_lost_microphone_sound_is_counted(streams):
    capture = Capture(_DEVICE)
    streams[0].block(status=_LATE)
    for _ in range(501):
        streams[0].block()
    # One that the device reports, and two more than the ten seconds of the ring hold.
    assert capture.overruns == LostAudio(device=1, ours=2)


def test_the_cushion_is_silence_and_then_comes_the_cue_on_both_channels(streams):
    playout = Playout(_DEVICE)
    waking = streams[0].block(7)
    assert np.abs(waking).max() <= 1, (
        "a device that is not in use plays next to nothing, not what lies in memory"
    )
    assert waking.any(), "digital silence would leave some of them asleep"
    assert playout.underruns == LostAudio()
    playout.begin()
    for _ in range(12):
        playout.put(_LOUD)
    cushion = np.concatenate([streams[0].block(7) for _ in range(CUSHION_MS // 20)])
    cue = np.concatenate([streams[0].block(7) for _ in range(10)])
    assert not cushion.any()
    assert np.median(cue) == 4_000
    assert np.array_equal(cue[:, 0], cue[:, 1])
    assert playout.underruns == LostAudio()


def test_an_empty_queue_is_played_as_silence_and_counted(streams):
    playout = Playout(_DEVICE)
    playout.begin()
    for _ in range(CUSHION_MS // 20):
        streams[0].block(7)
    assert not streams[0].block(7).any()
    streams[0].block(status=_LATE)
    assert playout.underruns == LostAudio(device=1, ours=2)


def test_silence_is_there_from_the_next_block(streams):
    playout = Playout(_DEVICE)
    playout.begin()
    for _ in range(30):
        playout.put(_LOUD)
    for _ in range(12):
        streams[0].block()
    playout.begin()
    assert not np.concatenate([streams[0].block(7) for _ in range(CUSHION_MS // 20)]).any()
    playout.put(_LOUD)
    assert playout.underruns == LostAudio()


def test_a_speaker_that_asks_for_nothing_is_lost(streams):
    playout = Playout(_DEVICE)
    streams[0].block()
    playout.check(0)
    with pytest.raises(DeviceLostError, match="speaker"):
        playout.check(-1)


def test_a_speaker_that_does_not_open_gives_the_microphone_back(monkeypatch):
    microphone = []

    def open_stream(device, kind, formats, *, latency, on_block):
        if kind == "output":
            raise DeviceError("The speaker is busy.")
        microphone.append(_Stream(on_block))
        return microphone[0], formats[0]

    monkeypatch.setattr(portaudio, "open_stream", open_stream)
    monkeypatch.setattr(live, "find_device", lambda name, kind: _DEVICE)
    with pytest.raises(DeviceError, match="busy"):
        LiveAudio()
    assert microphone[0].closed == 1


def test_a_microphone_that_never_begins_gives_both_back(streams, monkeypatch):
    monkeypatch.setattr(live, "find_device", lambda name, kind: _DEVICE)
    monkeypatch.setattr(live, "_START_TIMEOUT", 0.01)
    with pytest.raises(DeviceLostError):
        LiveAudio()
    assert [stream.closed for stream in streams] == [1, 1]
