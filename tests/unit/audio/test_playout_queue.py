"""The play-out queue: cues begin and end in the frames that wait for the device; what was heard is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.audio.aec.canceller import EchoMode
from cuewalk.audio.front_end import FrontEnd
from cuewalk.audio.playout_queue import PlayoutQueue
from cuewalk.devices.virtual_room import VirtualRoom

_WAITING = 5
_LONG = np.full(32_000, 8_000, np.int16)


class _Room(VirtualRoom):
    """A room with a queue before the speaker that may slip, stand still, or be opened anew."""

    def __init__(self, waiting=_WAITING):
        super().__init__(echo_db=0.0, echo_delay_ms=20, queue_frames=waiting)
        self.slipped = self.epoch = self.overdue = 0
        self.taken = []

    @property
    def state(self):
        return super().state._replace(slipped=self.slipped, epoch=self.epoch, overdue=self.overdue)

    def exchange(self, play):
        self.taken.append(play)
        if play is None:
            self.overdue -= 1
            return np.zeros(320, np.int16)
        return super().exchange(play)


@pytest.fixture
def room():
    return _Room()


@pytest.fixture
def queue(room):
    return PlayoutQueue(room)


def hear(queue, frames):
    return np.concatenate([queue.exchange()[1] for _ in range(frames)])


def loud_from(heard):
    return int(np.flatnonzero(heard)[0])


def test_a_cue_takes_the_place_of_the_silence_that_waits(queue):
    cue = np.arange(1, 6_401, dtype=np.int16)
    hear(queue, 8)
    queue.play(1, cue)
    newest = queue.far_end.line[-_WAITING * 320 :].copy()
    heard = hear(queue, 30)
    start = loud_from(heard)
    assert start == 320, "only the way to the ear is left"
    assert np.array_equal(heard[start : start + len(cue)], cue)
    assert np.array_equal(newest, cue[: _WAITING * 320]), "the canceller expects what is really heard"


def test_a_tone_takes_the_place_of_silence_too_and_never_of_a_cue(queue):
    hear(queue, 8)
    queue.overlay(np.full(320, 700, np.int16))
    assert loud_from(hear(queue, 4)) == 320
    queue.play(1, _LONG)
    hear(queue, 20)
    queue.overlay(np.full(320, 700, np.int16))
    assert (hear(queue, 20) == 8_700).sum() == 320


def test_a_cue_that_is_not_to_begin_sooner_comes_after_what_waits(queue):
    hear(queue, 8)
    queue.play(1, _LONG, sooner=False)
    assert loud_from(hear(queue, 20)) == (_WAITING + 1) * 320


def test_a_cue_that_follows_another_takes_nothing_of_it(queue):
    first, second = np.full(3_200, 500, np.int16), np.full(3_200, 900, np.int16)
    queue.play(1, first)
    hear(queue, 10)
    queue.play(2, second)
    heard = hear(queue, 30)
    assert (heard == 900).sum() == 3_200


def test_stopping_fades_out_at_once_what_waits(queue):
    queue.play(1, _LONG)
    hear(queue, 20)
    queue.stop()
    assert not queue.far_end.line[-_WAITING * 320 :].any(), "no echo of it is expected"
    heard = hear(queue, 12).astype(int)
    assert (heard[:320] == 8_000).all(), "what the device has is on its way"
    assert (np.diff(heard[320:]) <= 0).all()
    assert not heard[320 + 160 :].any()
    assert not queue.busy
    assert queue.finished() == []


def test_where_nothing_waits_the_cue_itself_fades(queue):
    queue = PlayoutQueue(_Room(0))
    queue.play(1, _LONG)
    hear(queue, 20)
    queue.stop()
    heard = hear(queue, 12).astype(int)
    assert np.abs(np.diff(heard)).max() < 100
    assert not heard[320 + 160 :].any()


def test_after_a_stop_the_next_cue_comes_at_once(queue):
    queue.play(1, _LONG)
    hear(queue, 20)
    queue.stop()
    queue.play(2, np.full(320, 700, np.int16))
    assert (hear(queue, 4) == 700).sum() == 320


def test_the_position_heard_is_behind_what_was_handed_over(queue):
    queue.play(1, _LONG, sooner=False)
    hear(queue, 3)
    assert queue.heard_of_cue == 0
    hear(queue, 17)
    assert queue.heard_of_cue == (20 - _WAITING - 1) * 320


def test_the_position_goes_on_to_the_end_of_a_cue_that_is_handed_over(queue):
    queue.play(1, _LONG[:3_200], sooner=False)
    hear(queue, 12)
    assert queue.heard_of_cue == (12 - _WAITING - 1) * 320
    hear(queue, 4)
    assert queue.heard_of_cue == 3_200
    assert queue.finished() == [1]


@given(
    lengths=st.lists(st.integers(0, 1_500), min_size=1, max_size=6),
    waiting=st.integers(0, 8),
    sooner=st.booleans(),
)
def test_each_cue_is_finished_once_in_the_frame_after_its_last_sample_was_heard(lengths, waiting, sooner):
    queue = PlayoutQueue(_Room(waiting))
    hear(queue, waiting + 2)
    for number, length in enumerate(lengths):
        queue.play(number, np.full(length, number + 1, np.int16), sooner=sooner)
    heard, finished = [], {}
    for frame in range(sum(lengths) // 320 + waiting + 20):
        heard.append(queue.exchange()[1])
        for cue in queue.finished():
            assert cue not in finished
            finished[cue] = frame
    assert list(finished) == list(range(len(lengths)))
    sound = np.concatenate(heard)
    for cue, frame in finished.items():
        assert (sound == cue + 1).sum() == lengths[cue], "every sample of it was heard, once"
        last = max(np.flatnonzero(sound == cue + 1), default=None)
        # A frame is heard while the one after it is exchanged.
        assert last is None or frame in {last // 320, last // 320 + 1}
    assert not queue.busy


def test_silence_that_the_device_puts_in_is_known_when_it_is_heard(queue, room):
    queue.play(1, _LONG, sooner=False)
    hear(queue, 10)
    room.slipped = 2 * 320
    before = queue.far_end.heard
    heard = [queue.exchange() and queue.far_end.heard for _ in range(_WAITING + 5)]
    steps = np.diff([before, *heard])
    assert queue.far_end.slipped == 640
    assert list(steps).count(0) == 2, "two frames of silence were heard"
    assert set(steps) == {0, 320}


def test_frames_from_an_absence_are_taken_without_play_out_and_the_cue_goes_on_where_it_was(queue, room):
    cue = np.arange(1, 16_001, dtype=np.int16)
    queue.play(1, cue, sooner=False)
    hear(queue, 10)
    room.overdue = 7
    hear(queue, 27)
    given = [frame for frame in room.taken[10:] if frame is not None]
    assert room.taken[10:17] == [None] * 7
    assert np.array_equal(np.concatenate(given), cue[3_200 : 3_200 + 20 * 320])
    behind = queue.far_end.line[-27 * 320 :].reshape(-1, 320)
    assert not behind[:7].any(), "the speaker played silence meanwhile"


def test_a_device_that_came_back_begins_with_its_own_latency(room):
    front_end = FrontEnd(room, EchoMode.HALF_DUPLEX)
    front_end.queue.play(1, _LONG, sooner=False)
    front_end.exchange()
    before = front_end.queue.far_end
    room.epoch, room._delay_ms = 1, 100
    front_end.exchange()
    assert front_end.queue.far_end is not before
    assert front_end.queue.far_end.latency_frames == 5 + _WAITING
    for _ in range(120):
        front_end.exchange()
    assert front_end.queue.finished() == [1], "the cue under way comes to its end"
