"""What every AudioIO keeps to.

Run as it is, the suite is about the rooms. With CUEWALK_TEST_LIVE set it is about the live devices:
`tests/device` runs it so, on PulseAudio null sinks.
"""

import os

import numpy as np
import pytest

from cuewalk.audio.api import AudioIO, PlayoutState
from cuewalk.bench.hearing.scene import TimedRoom
from cuewalk.bench.room.room import BenchRoom, Levels, responses
from cuewalk.devices.lasting import LastingAudio
from cuewalk.devices.live import LiveAudio
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.errors import BugError
from cuewalk.domain.units import FRAME_SAMPLES
from cuewalk.simulation.demo import RealTimeRoom

_SILENCE = np.zeros(FRAME_SAMPLES, np.int16)
_LOUD = np.full(FRAME_SAMPLES, 32767, np.int16)
_NOISE = np.random.default_rng(3).integers(-32768, 32768, FRAME_SAMPLES).astype(np.int16)


def _room(kind=VirtualRoom):
    return kind(1, echo_db=-6, queue_frames=3, noise_db=-50, rt60=0.2)


_ROOMS = {
    "virtual room": _room,
    "virtual room in real time": lambda: _room(RealTimeRoom),
    "virtual room whose time is taken": lambda: _room(TimedRoom),
    "bench room": lambda: BenchRoom(responses(0.2, 1), Levels(0.5, 100.0), 1, ppm=100),
}
_LIVE = {"live": LiveAudio, "lasting": LastingAudio}
_DEVICES = _LIVE if "CUEWALK_TEST_LIVE" in os.environ else _ROOMS


@pytest.fixture(params=sorted(_DEVICES))
def audio(request):
    device: AudioIO = _DEVICES[request.param]()
    yield device
    device.close()


@pytest.mark.parametrize("play", [_SILENCE, _LOUD, _NOISE], ids=["silence", "loud", "noise"])
def test_each_frame_played_gives_one_frame_heard(audio, play):
    for _ in range(8):
        heard = audio.exchange(play)
        assert heard.shape == (FRAME_SAMPLES,)
        assert heard.dtype == np.int16


def test_every_frame_is_counted_and_none_is_lost(audio):
    for _ in range(10):
        audio.exchange(_SILENCE)
    assert audio.health.frames == 10
    assert audio.health.microphone_overruns.total == audio.health.speaker_overruns.total == 0


def test_what_was_heard_stays_as_it_was(audio):
    first = audio.exchange(_NOISE)
    kept = first.copy()
    for _ in range(6):
        audio.exchange(_NOISE)
    assert np.array_equal(first, kept)


def test_playing_does_not_change_the_frame_played(audio):
    frame = _NOISE.copy()
    frame.flags.writeable = False
    for _ in range(5):
        audio.exchange(frame)
    assert np.array_equal(frame, _NOISE)


def test_it_says_where_play_out_stands_and_what_it_is_called(audio):
    audio.exchange(_SILENCE)
    state = audio.state
    assert isinstance(state, PlayoutState)
    assert 0 <= state.waiting_frames <= state.latency_frames < 50
    assert audio.name


def test_what_begins_anew_is_told_and_nothing_else_is(audio):
    before = audio.state.epoch
    for _ in range(10):
        audio.exchange(_NOISE)
    assert audio.changes() == []
    assert before <= audio.state.epoch <= before + 1, "it begins at the first exchange at the latest"
    assert audio.state.overdue == 0, "nothing waits where the loop keeps up"


def test_silence_that_waits_is_replaced_as_far_as_it_says(audio):
    for _ in range(12):
        audio.exchange(_SILENCE)
    frames = audio.state.waiting_frames
    before = audio.state.latency_frames
    audio.replace_silence(np.tile(_NOISE, frames))
    assert audio.exchange(_SILENCE).shape == (FRAME_SAMPLES,)
    assert audio.state.latency_frames == before, "it takes a place, it does not lengthen the queue"


def test_fading_out_may_come_at_any_moment_and_the_exchange_goes_on(audio):
    audio.fade_out()
    audio.exchange(_NOISE)
    assert 0 <= audio.fade_out() <= audio.state.latency_frames
    audio.fade_out()
    assert audio.exchange(_NOISE).shape == (FRAME_SAMPLES,)


def test_closing_twice_is_closing_once(audio):
    audio.exchange(_SILENCE)
    audio.close()
    audio.close()
    audio.fade_out()


def test_a_closed_device_is_not_used(audio):
    audio.close()
    with pytest.raises(BugError):
        audio.exchange(_SILENCE)


@pytest.mark.parametrize("size", [0, 319, 640])
def test_only_whole_frames_are_taken(audio, size):
    with pytest.raises(BugError):
        audio.exchange(np.zeros(size, np.int16))
