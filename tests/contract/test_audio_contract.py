"""What every AudioIO keeps to.

Run as it is, the suite is about the virtual room. With CUEWALK_TEST_LIVE set it is about the live device:
`tests/device` runs it so, on PulseAudio null sinks.
"""

import os

import numpy as np
import pytest

from cuewalk.audio.api import AudioIO
from cuewalk.devices.live import LiveAudio
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.errors import BugError
from cuewalk.domain.units import FRAME_SAMPLES

_SILENCE = np.zeros(FRAME_SAMPLES, np.int16)
_LOUD = np.full(FRAME_SAMPLES, 32767, np.int16)
_NOISE = np.random.default_rng(3).integers(-32768, 32768, FRAME_SAMPLES).astype(np.int16)


def _room():
    return VirtualRoom(1, echo_db=-6, noise_db=-50, rt60=0.2)


_DEVICES = {"live": LiveAudio} if "CUEWALK_TEST_LIVE" in os.environ else {"room": _room}


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


def test_every_frame_is_counted(audio):
    for _ in range(10):
        audio.exchange(_SILENCE)
    assert audio.health.frames == 10
    assert audio.health.overflows == 0


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


def test_it_says_how_late_play_out_is_heard_and_what_it_is_called(audio):
    assert 0 <= audio.output_latency_frames < 50
    assert audio.name


def test_silence_may_come_at_any_moment_and_the_exchange_goes_on(audio):
    audio.silence()
    audio.exchange(_NOISE)
    audio.silence()
    audio.silence()
    assert audio.exchange(_NOISE).shape == (FRAME_SAMPLES,)


def test_closing_twice_is_closing_once(audio):
    audio.exchange(_SILENCE)
    audio.close()
    audio.close()
    audio.silence()


def test_a_closed_device_is_not_used(audio):
    audio.close()
    with pytest.raises(BugError):
        audio.exchange(_SILENCE)


@pytest.mark.parametrize("size", [0, 319, 640])
def test_only_whole_frames_are_taken(audio, size):
    with pytest.raises(BugError):
        audio.exchange(np.zeros(size, np.int16))
