"""The virtual room as the simulated session uses it."""

import numpy as np
import pytest

from cuewalk.devices.files.wav import read_wav
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.errors import CuewalkError

_SILENCE = np.zeros(320, np.int16)
_VOICE = np.full(320, 1_000, np.int16)


def test_the_person_speaks_from_now_and_then_next_after_that():
    room = VirtualRoom()
    room.exchange(_SILENCE)
    room.say(np.full(320, 5, np.int16))
    room.say(np.full(320, 7, np.int16))
    assert room.person_busy
    assert set(room.exchange(_SILENCE)) == {5}
    assert set(room.exchange(_SILENCE)) == {7}
    assert not room.person_busy
    assert room.now_ms == 60


def test_a_person_who_breaks_off_says_no_more():
    room = VirtualRoom()
    room.say(np.full(3_200, 5, np.int16))
    room.exchange(_SILENCE)
    room.silence_person()
    assert not room.person_busy
    assert not room.exchange(_SILENCE).any()


def test_fading_out_drops_what_waits_for_the_device():
    room = VirtualRoom(echo_db=0, echo_delay_ms=20, queue_frames=3)
    for _ in range(4):
        room.exchange(_VOICE)
    assert room.fade_out() == 3
    heard = np.concatenate([room.exchange(_SILENCE) for _ in range(6)])
    # What the device has taken already, 20 ms, is still heard, and 10 ms of fading after it.
    assert heard[:320].all()
    assert not heard[480:].any()


def test_a_cue_in_a_hurry_is_heard_in_place_of_the_silence_that_waits():
    room = VirtualRoom(echo_db=0, echo_delay_ms=20, queue_frames=3)
    for _ in range(4):
        room.exchange(_SILENCE)
    room.replace_silence(np.concatenate([_VOICE] * 3))
    heard = np.concatenate([room.exchange(_SILENCE) for _ in range(6)])
    assert np.flatnonzero(heard)[0] == 320
    assert np.count_nonzero(heard) == 3 * 320


def test_two_loud_voices_clip_and_do_not_wrap_round():
    room = VirtualRoom(echo_db=0, echo_delay_ms=0)
    room.say(np.full(320, 30_000, np.int16))
    assert set(room.exchange(np.full(320, 30_000, np.int16))) == {32_767}


def test_noise_has_the_level_asked_for():
    room = VirtualRoom(4, noise_db=-40)
    noise = np.concatenate([room.exchange(_SILENCE) for _ in range(200)]).astype(float)
    assert 20 * np.log10(np.sqrt(np.mean(noise**2)) / 32_768) == pytest.approx(-40, abs=0.3)


def test_seeds_differ():
    first, second = VirtualRoom(1, noise_db=-40), VirtualRoom(2, noise_db=-40)
    assert not np.array_equal(first.exchange(_SILENCE), second.exchange(_SILENCE))


def test_a_live_room_dies_away_by_60_db_in_its_time():
    room = VirtualRoom(rt60=0.3)
    click = np.zeros(320, np.int16)
    click[0] = 32_000
    room.say(click)
    heard = np.concatenate([room.exchange(_SILENCE) for _ in range(20)]).astype(float)
    assert heard[0] == 32_000
    assert np.abs(heard[1:1_600]).max() > 100
    assert np.abs(heard[4_800:]).max() <= 32


def test_the_recording_has_both_voices_as_they_sounded(tmp_path):
    wav = tmp_path / "session.wav"
    room = VirtualRoom(1, echo_delay_ms=20, noise_db=-40, recording=wav)
    room.say(np.full(320, 10, np.int16), at_sample=640)
    for _ in range(4):
        room.exchange(_VOICE)
    assert not wav.exists(), "it has its name only when it is whole"
    room.close()
    room.close()
    recorded = read_wav(wav).reshape(4, 320)
    assert [set(frame) for frame in recorded.tolist()] == [{0}, {1_000}, {1_010}, {1_000}]
    assert list(tmp_path.iterdir()) == [wav]


def test_a_recording_that_cannot_be_written_is_said_at_once(tmp_path):
    with pytest.raises(CuewalkError, match=r"nowhere.*cannot be written"):
        VirtualRoom(recording=tmp_path / "nowhere" / "session.wav")


def test_the_delay_is_the_output_latency():
    assert VirtualRoom(echo_delay_ms=0).state.latency_frames == 0
    assert VirtualRoom(echo_delay_ms=61).state.latency_frames == 4
