"""The round trip and the echo reduction are those that were put in; the bar shows what is there."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.checkup.sound_check.measuring import Tape, echo_reduction_db, overload_share, round_trip_ms
from cuewalk.checkup.sound_check.meter import bar, level_dbfs

_RATE, _FRAME = 16_000, 320


def _rng(source, seed=0):
    """Return the chance of one source of sound: two sources never give the same, whatever their seeds."""
    return np.random.default_rng([*source.encode(), seed])


def _voice(seconds=3.0, seed=1):
    """Return something like speech: low, with pauses."""
    rng = _rng("voice", seed)
    sound = np.convolve(rng.normal(0, 1, int(seconds * _RATE)), np.ones(8) / 8, "same")
    sound *= np.repeat(rng.random(int(seconds * 10)) > 0.3, _RATE // 10)
    return np.rint(sound / np.abs(sound).max() * 12_000).astype(np.int16)


def _echo(played, delay_ms, gain, noise=5.0):
    delay = delay_ms * _RATE // 1000
    late = np.concatenate([np.zeros(delay), played[: len(played) - delay]]) * gain
    return np.rint(late + _rng("room").normal(0, noise, len(played))).astype(np.int16)


def _tape(played, raw, cleaned):
    tape = Tape()
    for frames in zip(*(np.split(part, len(part) // _FRAME) for part in (played, raw, cleaned)), strict=True):
        tape.add(*frames)
    return tape


@settings(max_examples=30)
@given(delay=st.integers(0, 900), gain=st.floats(0.01, 2.0))
def test_the_round_trip_is_the_delay_that_was_put_in(delay, gain):
    played = _voice()
    assert abs(round_trip_ms(played, _echo(played, delay, gain)) - delay) <= 1


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), level=st.floats(1, 3000))
def test_another_sound_is_no_echo(seed, level):
    rng = _rng("noise", seed)
    assert round_trip_ms(_voice(), rng.normal(0, level, 3 * _RATE).astype(np.int16)) is None
    assert round_trip_ms(_voice(), _voice(seed=seed + 2)) is None


def test_of_silence_there_is_no_round_trip():
    nothing = np.zeros(3 * _RATE, np.int16)
    assert round_trip_ms(nothing, _voice()) is None
    assert round_trip_ms(_voice(), nothing) is None
    assert round_trip_ms(nothing[:0], nothing[:0]) is None


@settings(max_examples=30)
@given(delay=st.integers(0, 400), taken=st.floats(0, 40))
def test_the_echo_reduction_is_what_was_taken_away(delay, taken):
    played = _voice()
    raw = _echo(played, delay, 0.5, noise=0.5)
    cleaned = np.rint(raw * 10 ** (-taken / 20)).astype(np.int16)
    assert echo_reduction_db(_tape(played, raw, cleaned), delay, -80.0) == pytest.approx(taken, abs=0.5)


def test_the_first_second_in_which_the_canceller_learns_does_not_count():
    played = _voice(seconds=4.0)
    raw = _echo(played, 60, 0.5)
    cleaned = raw.copy()
    sounding = np.sqrt((played.reshape(-1, _FRAME).astype(float) ** 2).mean(axis=1)) > 100
    learned = (int(np.flatnonzero(np.cumsum(sounding) > 50)[0]) + 3) * _FRAME
    cleaned[learned:] //= 100
    assert echo_reduction_db(_tape(played, raw, cleaned), 60, -80.0) > 30


def test_an_echo_below_the_noise_has_no_figure():
    played = _voice()
    raw = _echo(played, 60, 0.001, noise=300.0)
    assert echo_reduction_db(_tape(played, raw, raw), 60, -41.0) is None


def test_a_canceller_that_leaves_nothing_has_a_figure_all_the_same():
    played = _voice()
    raw = _echo(played, 60, 0.5)
    assert 60 < echo_reduction_db(_tape(played, raw, np.zeros_like(raw)), 60, -80.0) < 100


@pytest.mark.parametrize("part", ["nothing played", "nothing at all"])
def test_without_a_voice_nothing_is_measured(part):
    raw = _voice()
    tape = Tape() if part == "nothing at all" else _tape(np.zeros_like(raw), raw, raw)
    assert echo_reduction_db(tape, 60, -80.0) is None
    assert overload_share(tape, 60) == 0


def test_our_own_voice_at_the_end_stop_is_counted():
    played = _voice()
    loud = np.clip(_echo(played, 60, 1.0).astype(int) * 30, -32768, 32767).astype(np.int16)
    assert overload_share(_tape(played, loud, loud), 60) > 0.3
    assert overload_share(_tape(played, _echo(played, 60, 1.0), loud), 60) == 0


def test_the_level_of_a_frame_is_in_dbfs():
    assert level_dbfs(np.zeros(_FRAME, np.int16)) == -70
    assert level_dbfs(np.full(_FRAME, -32768, np.int16)) == pytest.approx(0, abs=0.01)
    assert level_dbfs(np.full(_FRAME, 3277, np.int16)) == pytest.approx(-20, abs=0.01)


@given(level=st.floats(-70, 0), below=st.floats(0, 70))
def test_the_bar_is_of_one_length_and_says_the_number(level, below):
    drawn = bar(max(-70.0, level - below), level, "your turn").plain
    assert drawn.index("dBFS") == drawn.rindex("dBFS") == 46
    assert drawn.endswith("your turn")
