"""The way from the player to the air: cues begin and end in the frames that wait for the device."""

import numpy as np
import pytest

from cuewalk.audio.aec.canceller import EchoMode
from cuewalk.audio.outlet import Outlet
from cuewalk.audio.player import Player
from cuewalk.devices.virtual_room import VirtualRoom

_WAITING = 5


class _Told:
    """An echo stage that only notes what it is told."""

    mode, gate = EchoMode.HEADPHONES, None

    def __init__(self):
        self.hurried, self.silenced, self.jumps = [], [], []

    def clean(self, microphone, played):
        return microphone

    def hurry(self, frames):
        self.hurried.append(frames)

    def silence(self, frames):
        self.silenced.append(frames)

    def jumped(self, frames):
        self.jumps.append(frames)


class _Room(VirtualRoom):
    """A room with a queue before the speaker, whose clock can be corrected."""

    put_in = 0


@pytest.fixture
def outlet():
    room = _Room(echo_db=0.0, echo_delay_ms=20, queue_frames=_WAITING)
    outlet = Outlet(room, Player(room.output_latency_frames), EchoMode.HEADPHONES)
    outlet.echo = _Told()
    return outlet


def hear(outlet, frames):
    return np.concatenate([outlet.exchange()[0] for _ in range(frames)])


def loud_from(heard):
    return int(np.flatnonzero(heard)[0])


def test_a_cue_takes_the_place_of_the_silence_that_waits(outlet):
    cue = np.arange(1, 6_401, dtype=np.int16)
    hear(outlet, 8)
    outlet.player.play(1, cue)
    outlet.hurry()
    heard = hear(outlet, 30)
    start = loud_from(heard)
    assert start == 320, "only the way to the ear is left"
    assert np.array_equal(heard[start : start + len(cue)], cue)
    assert len(outlet.echo.hurried[0]) == _WAITING * 320


def test_a_cue_that_follows_another_takes_nothing_of_it(outlet):
    first, second = np.full(3_200, 500, np.int16), np.full(3_200, 900, np.int16)
    outlet.player.play(1, first)
    hear(outlet, 10)
    outlet.player.play(2, second)
    outlet.hurry()
    assert not outlet.echo.hurried
    heard = hear(outlet, 30)
    assert (heard == 900).sum() == 3_200


def test_silence_fades_out_at_once_what_waits(outlet):
    outlet.player.play(1, np.full(32_000, 8_000, np.int16))
    hear(outlet, 20)
    outlet.silence()
    heard = hear(outlet, 12).astype(int)
    assert (heard[:320] == 8_000).all(), "what the device has is on its way"
    assert (np.diff(heard[320:]) <= 0).all()
    assert not heard[320 + 160 :].any()
    assert outlet.echo.silenced == [_WAITING]
    assert not outlet.player.busy


def test_after_a_silence_the_next_cue_comes_at_once(outlet):
    outlet.player.play(1, np.full(32_000, 8_000, np.int16))
    hear(outlet, 20)
    outlet.silence()
    outlet.player.play(2, np.full(320, 700, np.int16))
    outlet.hurry()
    assert (hear(outlet, 4) == 700).sum() == 320


def test_the_position_heard_is_behind_what_was_handed_over(outlet):
    outlet.player.play(1, np.full(32_000, 8_000, np.int16))
    hear(outlet, 3)
    assert outlet.heard_to == 0
    hear(outlet, 17)
    assert outlet.heard_to == (20 - _WAITING - 1) * 320


def test_a_correction_of_the_clock_is_told_to_the_canceller(outlet):
    hear(outlet, 2)
    outlet.audio.put_in = 2
    hear(outlet, 2)
    outlet.audio.put_in = 1
    hear(outlet, 2)
    assert outlet.echo.jumps == [2, -1]


def test_a_device_that_came_back_begins_with_its_own_latency(outlet):
    outlet.player.latency_frames = 99
    outlet.renew()
    assert outlet.player.latency_frames == outlet.audio.output_latency_frames
    assert not isinstance(outlet.echo, _Told)
