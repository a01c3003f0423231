"""Play-out and microphone go on together when the device is opened anew, and when the canceller is lost."""

import numpy as np
import pytest

from cuewalk.audio.aec.canceller import EchoCanceller, EchoMode
from cuewalk.audio.front_end import FrontEnd
from cuewalk.devices.virtual_room import VirtualRoom
from helpers.synth import say


class _Failing(EchoCanceller):
    """A canceller whose WebRTC refuses from a frame on."""

    def __init__(self, far_end):
        super().__init__(far_end)
        self.frames_left = 20

    def clean(self, microphone):
        if not self.frames_left:
            raise RuntimeError("no such handle")
        self.frames_left -= 1
        return super().clean(microphone)


class _Room(VirtualRoom):
    """A room whose device may be opened anew."""

    epoch = 0

    @property
    def state(self):
        return super().state._replace(epoch=self.epoch)


@pytest.fixture
def room():
    return _Room(echo_db=-6.0)


def let_pass(front_end, frames):
    return [front_end.exchange() for _ in range(frames)]


def test_a_canceller_that_fails_makes_it_half_duplex_and_no_frame_is_lost(room):
    front_end = FrontEnd(room, echo=_Failing)
    front_end.queue.play(1, say("slow and small"))
    let_pass(front_end, 20)
    assert front_end.echo.mode is EchoMode.CANCEL
    for microphone, cleaned in let_pass(front_end, 10):
        assert len(microphone) == len(cleaned) == 320
        assert not cleaned.any(), "our own voice is not heard instead"
    assert front_end.echo.mode is EchoMode.HALF_DUPLEX


def test_a_canceller_that_failed_once_is_not_tried_again(room):
    front_end = FrontEnd(room, echo=_Failing)
    let_pass(front_end, 30)
    room.epoch += 1
    let_pass(front_end, 30)
    assert front_end.echo.mode is EchoMode.HALF_DUPLEX


def test_on_a_device_that_was_opened_anew_the_canceller_learns_anew(room):
    front_end = FrontEnd(room)
    sentence = np.tile(say("stand tall, breathe out, and let your shoulders drop"), 2)
    front_end.queue.play(1, sentence)
    let_pass(front_end, len(sentence) // 320)
    assert not front_end.echo.training
    room.epoch += 1
    let_pass(front_end, 1)
    assert front_end.echo.training
