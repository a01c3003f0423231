"""A microphone that is muted when a calibration begins is told and waited for, as a session does."""

from types import SimpleNamespace

import numpy as np
import pytest

from cuewalk.audio.signal.microphone_watch import KEYS_WORK, MicrophoneWatch
from cuewalk.domain.errors import DeviceError
from cuewalk.learning.calibrating.flow import _hear_room

_SECOND = 50


class _Microphone:
    """Zeros for so many frames, then a room."""

    def __init__(self, muted):
        self.frames, self._muted = 0, muted

    def exchange(self, _play):
        self.frames += 1
        level = 0 if self.frames <= self._muted else 40
        return np.rint(np.random.default_rng(self.frames).normal(0, level, 320)).astype(np.int16)


def _onlooker():
    lines = []
    return SimpleNamespace(noticed=lines.append, lines=lines)


def test_it_goes_on_as_soon_as_the_button_is_found():
    onlooker, microphone = _onlooker(), _Microphone(10 * _SECOND)
    _hear_room(microphone, onlooker)
    assert microphone.frames == 10 * _SECOND + 1
    assert "nothing but silence" in onlooker.lines[0]
    assert "goes on as soon as something is heard" in onlooker.lines[1]


def test_it_ends_with_a_sentence_if_nothing_ever_comes():
    microphone = _Microphone(10**6)
    with pytest.raises(DeviceError, match=r"still delivers nothing but silence.*nothing was changed"):
        _hear_room(microphone, _onlooker())
    assert microphone.frames < 35 * _SECOND


def test_a_microphone_that_works_is_not_waited_for():
    onlooker, microphone = _onlooker(), _Microphone(0)
    _hear_room(microphone, onlooker)
    assert microphone.frames < 2 * _SECOND
    assert len(onlooker.lines) == 1


def test_a_session_says_what_goes_on_meanwhile():
    watch = MicrophoneWatch(KEYS_WORK)
    told = [
        line
        for _ in range(6 * _SECOND)
        for line in watch.feed(np.zeros(320, np.int16), speaking=False, own_voice=False)
    ]
    assert len(told) == 1
    assert told[0].endswith("the keys work.")
