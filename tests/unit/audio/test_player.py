"""The player's volume and its silence."""

import numpy as np
import pytest

from cuewalk.audio.player import Player

_LEVEL = np.full(3_200, 10_000, np.int16)


def test_an_idle_player_gives_silence_that_nobody_can_spoil():
    player = Player()
    frame = player.next_frame()
    assert not frame.any()
    with pytest.raises(ValueError, match="read-only"):
        frame[0] = 1


def test_a_change_of_volume_is_spread_over_one_frame():
    player = Player()
    player.play(1, _LEVEL)
    player.next_frame()
    player.volume = 0.5
    ramp, after = player.next_frame(), player.next_frame()
    assert np.abs(np.diff(ramp.astype(int))).max() < 50
    assert (ramp[0], ramp[-1]) == (10_000, 5_000)
    assert set(after) == {5_000}


def test_a_volume_set_between_cues_holds_from_the_first_sample():
    player = Player()
    player.volume = 0.25
    player.play(1, _LEVEL)
    assert set(player.next_frame()) == {2_500}


@pytest.mark.parametrize(("asked", "kept"), [(-1, 0), (3, 1)])
def test_volume_stays_between_silent_and_full(asked, kept):
    player = Player()
    player.volume = asked
    assert player.volume == kept


def test_a_stopped_cue_fades_from_the_volume_it_had():
    player = Player()
    player.volume = 0.5
    player.play(1, _LEVEL)
    player.next_frame()
    player.stop(10)
    tail = player.next_frame()
    assert tail[0] == 5_000
    assert tail[159] == 0
    assert np.abs(np.diff(tail.astype(int))).max() < 50


def test_a_cue_asked_for_after_a_stop_plays_whole_after_the_fade():
    player = Player()
    player.play(1, _LEVEL)
    player.next_frame()
    player.stop()
    player.play(2, np.arange(1, 641, dtype=np.int16))
    player.next_frame()
    heard = np.concatenate([player.next_frame(), player.next_frame()])
    assert heard.tolist() == list(range(1, 641))
    assert player.ended() == [(2, 640)]
