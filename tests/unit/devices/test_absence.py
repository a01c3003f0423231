"""A loop that was away: what the person said meanwhile is heard, and a cue goes on where it was."""

from types import SimpleNamespace

import numpy as np
import pytest

from cuewalk.audio.playout_queue import PlayoutQueue
from cuewalk.devices import live, portaudio
from cuewalk.devices.capture import Capture
from cuewalk.devices.device_info import DeviceChoice, DeviceInfo
from cuewalk.devices.live import LiveAudio
from cuewalk.devices.playout import CUSHION_MS

_DEVICE = DeviceInfo("bench", 0, "none", 1, 1, 16_000, is_default_input=True, is_default_output=True)
_FINE = SimpleNamespace(input_overflow=False, output_underflow=False)
_CUSHION = CUSHION_MS // 20


class _Device:
    """A microphone and a speaker with one clock: each call of `pass_time` is one block of each."""

    def __init__(self):
        self.now, self.callbacks = 0.0, {}
        self.played = []

    def open_stream(self, device, kind, formats, *, latency, on_block):
        self.callbacks[kind] = on_block
        return SimpleNamespace(active=True, latency=0.0, start=self._started, abort=int, close=int), (
            1,
            16_000,
        )

    def _started(self):
        if "input" in self.callbacks:
            self.pass_time(1)

    def pass_time(self, blocks, *, captured=True):
        """Capture blocks that hold the number of the frame in which they are captured; play as many."""
        for _ in range(blocks):
            self.now += 0.02
            if captured:
                self.callbacks["input"](np.full((320, 1), len(self.played) + 1, np.int16), _FINE)
            block = np.zeros((320, 1), np.int16)
            self.callbacks["output"](block, _FINE)
            self.played.append(block[:, 0].copy())


@pytest.fixture
def device(monkeypatch):
    device = _Device()
    monkeypatch.setattr(portaudio, "open_stream", device.open_stream)
    monkeypatch.setattr(live, "find_device", lambda name, kind: _DEVICE)
    monkeypatch.setattr(live, "_clock", lambda: device.now)
    # Waiting for a frame lets time pass, until it is there.
    monkeypatch.setattr(Capture, "_wait", lambda capture, deadline: device.pass_time(1))
    return device


@pytest.fixture
def session(device):
    """A play-out queue that keeps up with the device: 40 frames have passed."""
    queue = PlayoutQueue(LiveAudio(DeviceChoice(wake_seconds=0)))
    keep_up(queue, 40)
    return queue


def keep_up(queue, frames):
    return [int(np.median(queue.exchange()[1])) for _ in range(frames)]


def catch_up(queue):
    heard = []
    while queue.audio._capture.waiting_frames:
        heard += keep_up(queue, 1)
    return heard


@pytest.mark.parametrize("away", [4, 12, 50, 250])
def test_nothing_that_was_said_while_the_loop_was_away_is_dropped(session, device, away):
    first = keep_up(session, 1)[-1]
    epoch = session.audio.state.epoch
    device.pass_time(away)
    heard = catch_up(session) + keep_up(session, 30)
    assert heard == list(range(first + 1, first + 1 + len(heard)))
    assert len(heard) == away + 30
    assert session.audio.state.epoch == epoch, "the room is not learned anew"


@pytest.mark.parametrize("away", [12, 50, 250])
def test_a_cue_goes_on_where_it_was_and_no_later_than_before(session, device, away):
    cue = np.repeat(np.arange(101, 161, dtype=np.int16), 320)
    session.play(1, cue)
    keep_up(session, 20)
    before = session.audio._playout._ring.level
    device.pass_time(away)
    catch_up(session)
    keep_up(session, 70)
    sound = np.concatenate(device.played)
    assert np.array_equal(sound[sound > 1], cue), "every sample of it was played, once and in order"
    assert abs(session.audio._playout._ring.level - before) <= 2 * 320, (
        "nothing stays in the way of the next cue"
    )
    assert session.finished() == [1]


@pytest.mark.parametrize("away", [12, 50, 250])
def test_the_canceller_knows_when_each_sample_was_heard(session, device, away):
    cue = np.repeat(np.arange(101, 161, dtype=np.int16), 320)
    session.play(1, cue)
    keep_up(session, 20)
    device.pass_time(away)
    catch_up(session)
    keep_up(session, 30)
    slipped = session.audio.state.slipped
    assert abs(slipped) <= 2 * 320, "silence that was heard stands in the far end as silence"


def test_a_machine_that_slept_begins_anew(session, device):
    epoch = session.audio.state.epoch
    device.now += 3600
    keep_up(session, 1)
    assert session.audio.state.epoch == epoch + 1
