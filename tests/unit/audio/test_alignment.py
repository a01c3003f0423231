"""What was played and its echo stay together, whatever moves them apart."""

import logging

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.audio.aec import alignment as aligning
from cuewalk.audio.aec.adaptive_filter import AdaptiveFilter
from cuewalk.audio.aec.alignment import Alignment, find_echo
from cuewalk.audio.aec.canceller import HalfDuplex
from cuewalk.audio.aec.far_end import MOST_LAG, FarEnd
from cuewalk.audio.reverb import Reverb, impulse_response

_SECOND = 50
_LATENCY = 12


def played(frames, seed=0):
    """Something like speech: noise that is loud at low frequencies, in syllables of 200 ms."""
    rng = np.random.default_rng(seed)
    coloured = np.convolve(rng.standard_normal(frames * 320 + 8), np.ones(8) / 8, "valid")[: frames * 320]
    syllables = np.abs(np.sin(np.arange(frames * 320) / 3_200 * np.pi / 2)) ** 2
    return np.rint(9_000 * coloured * syllables).clip(-32_000, 32_000).astype(np.int16)


class Speaker:
    """A speaker in a room, so many samples late; its queue may grow or shrink."""

    def __init__(self, sound, late, *, seed=0):
        room = Reverb(impulse_response(0.3, np.random.default_rng([seed, 1])))
        heard = [room.process(frame.astype(np.float32)) for frame in sound.reshape(-1, 320)]
        self._echo = np.concatenate([np.zeros(MOST_LAG), np.concatenate(heard)]) * 0.3
        self.late, self._at = late, MOST_LAG

    def next_frame(self):
        frame = self._echo[self._at - self.late : self._at - self.late + 320]
        self._at += 320
        return frame


def cancel(sound, speaker, *, person=None, at=None):
    """Run the canceller's own way; ``at`` {frame: what to do}; return what is left of each frame in dB."""
    adaptive, far_end = AdaptiveFilter(), FarEnd(_LATENCY)
    alignment = Alignment(adaptive, far_end)
    less = []
    for number, frame in enumerate(sound.reshape(-1, 320)):
        if at and number in at:
            at[number](far_end)
        far_end.append(frame)
        reference = alignment.reference()
        echo = speaker.next_frame()
        said = np.zeros(320) if person is None else person[number * 320 : number * 320 + 320]
        microphone = np.rint(echo + said).clip(-32_768, 32_767).astype(np.int16)
        rest = adaptive.clean(microphone, reference)
        alignment.look(microphone, rest, reference)
        less.append((np.square(echo).sum(), np.square(rest - said).sum()))
    return np.array(less)


@pytest.fixture(autouse=True)
def logged(caplog):
    caplog.set_level(logging.INFO, logger="cuewalk.audio.aec")


def found_elsewhere(caplog):
    return [record for record in caplog.records if "from where it was expected" in record.message]


def taken_out(less, begin, end):
    echo, left = less[begin:end].sum(axis=0)
    return 10 * np.log10(echo / (left + 1e-9))


@pytest.mark.parametrize("moved", [2_000, -1_800, 6_000])
def test_an_echo_that_jumped_without_a_word_is_found_within_three_seconds(moved, caplog):
    sound = played(20 * _SECOND)
    speaker = Speaker(sound, _LATENCY * 320)

    def jump(_):
        speaker.late += moved

    less = cancel(sound, speaker, at={10 * _SECOND: jump})
    assert taken_out(less, 8 * _SECOND, 10 * _SECOND) > 15
    assert taken_out(less, 13 * _SECOND, 15 * _SECOND) > 12
    [told] = found_elsewhere(caplog)
    assert abs(told.args[0] - moved) < 100


@pytest.mark.parametrize("moved", [4_160, -1_600])
def test_a_jump_that_is_told_costs_nothing_however_long_it_is(moved, caplog):
    sound = played(14 * _SECOND)
    speaker = Speaker(sound, _LATENCY * 320)

    def tell(far_end):
        far_end.slip(moved)

    def jump(_):
        speaker.late += moved

    less = cancel(sound, speaker, at={10 * _SECOND: tell, 10 * _SECOND + _LATENCY: jump})
    assert taken_out(less, 10 * _SECOND + _LATENCY + 2, 12 * _SECOND) > 12
    assert not found_elsewhere(caplog)


@pytest.mark.parametrize("late", [320, 12 * 320, 30 * 320])
def test_a_device_that_states_a_wrong_latency_is_found_out(late):
    sound = played(12 * _SECOND)
    less = cancel(sound, Speaker(sound, late))
    assert taken_out(less, 8 * _SECOND, 12 * _SECOND) > 12


def test_a_room_that_changes_is_learned_anew():
    sound = played(20 * _SECOND)
    here, there = (Speaker(sound, _LATENCY * 320, seed=seed) for seed in (0, 7))

    class Moved:
        def __init__(self):
            self.frames = 0

        def next_frame(self):
            self.frames += 1
            first, second = here.next_frame(), there.next_frame()
            return first if self.frames < 10 * _SECOND else second

    less = cancel(sound, Moved())
    assert taken_out(less, 16 * _SECOND, 20 * _SECOND) > 12


@pytest.mark.parametrize("seed", range(3))
def test_somebody_who_talks_over_it_is_not_taken_for_an_echo_elsewhere(seed, caplog):
    sound, said = played(20 * _SECOND), played(20 * _SECOND, seed + 50).astype(float)
    said[: 8 * _SECOND * 320] = 0
    less = cancel(sound, Speaker(sound, _LATENCY * 320), person=said)
    assert not found_elsewhere(caplog)
    assert taken_out(less, 15 * _SECOND, 20 * _SECOND) > 8


def test_an_echo_is_found_to_the_sample_also_under_a_voice():
    sound = played(3 * _SECOND).astype(float)
    heard = np.concatenate([np.zeros(5_432), sound])[: len(sound)] * 0.3
    heard += played(3 * _SECOND, 9) * 0.3
    found = find_echo(heard[-16_000:], sound[-32_000:])
    assert found.lag == 5_432
    assert found.stands_out > 11


def test_in_a_voice_alone_no_echo_stands_out():
    sound, said = played(3 * _SECOND).astype(float), played(3 * _SECOND, 9).astype(float)
    assert find_echo(said[-16_000:], sound[-32_000:]).stands_out < 11


@pytest.mark.parametrize("gap", [8_000, 16_000])
def test_half_duplex_stays_deaf_for_as_long_as_a_gap_makes_our_voice_later(gap):
    far_end, ours = FarEnd(_LATENCY), np.full(320, 900, np.int16)
    deaf = HalfDuplex(far_end)
    heard = []
    for number in range(3 * _SECOND):
        if number == 40:
            far_end.slip(gap)
        sounding = _LATENCY <= number < 40 + gap // 320 + _LATENCY
        far_end.append(ours * (number < 40))
        cleaned = deaf.clean(ours if sounding else np.zeros(320, np.int16))
        heard.append(np.abs(cleaned.astype(int)).max())
    assert not any(heard)


@settings(max_examples=60)
@given(
    lag=st.floats(12, 1_200),
    drift=st.one_of(st.floats(-400e-6, 400e-6), st.floats(-3e-5, 3e-5), st.just(0.0)),
    seed=st.integers(0, 99),
)
def test_a_frame_read_in_runs_is_the_frame_looked_up_sample_by_sample(lag, drift, seed):
    line = np.random.default_rng(seed).standard_normal(2_000)
    moments = len(line) - 320 - lag + (1 - drift) * np.arange(320)
    whole = np.floor(moments).astype(int)
    part = np.rint((moments - whole) * aligning._FINE).astype(int)
    expected = (line[whole[:, None] + aligning._AROUND] * aligning._WEIGHTS[part]).sum(axis=1)
    assert np.allclose(aligning._between(line, moments), expected, atol=1e-9)


class TestTraining:
    """Until the echo path is known, what is heard over our voice may be our voice."""

    def run(self, sound, speaker):
        """Return the echo stage's training after each frame."""
        adaptive, far_end = AdaptiveFilter(), FarEnd(_LATENCY)
        alignment, training = Alignment(adaptive, far_end), []
        for frame in sound.reshape(-1, 320):
            far_end.append(frame)
            reference, microphone = alignment.reference(), speaker.next_frame().astype(np.int16)
            alignment.look(microphone, adaptive.clean(microphone, reference), reference)
            training.append(alignment.training)
        return training

    def test_ends_when_the_echo_was_taken_out(self):
        sound = played(3 * _SECOND)
        training = self.run(sound, Speaker(sound, _LATENCY * 320))
        assert training[:25] == [True] * 25
        assert not training[-1]
        assert training.index(False) < 100

    def test_ends_after_two_seconds_of_our_voice_where_no_echo_comes(self):
        sound = played(3 * _SECOND)
        speaker = Speaker(np.zeros_like(sound), _LATENCY * 320)
        training = self.run(sound, speaker)
        assert 100 <= training.index(False) <= 115

    @pytest.mark.parametrize("late", [320, 30 * 320])
    def test_goes_on_when_the_echo_is_found_elsewhere_before_it_was_learned(self, late, caplog):
        sound = played(5 * _SECOND)
        training = self.run(sound, Speaker(sound, late))
        assert found_elsewhere(caplog)
        assert training.index(False) > 115, "two seconds of our voice were not enough"
        assert not training[-1]

    def test_ends_though_the_echo_jumps_again_and_again_and_is_never_learned(self):
        """Or a stop over our voice would be waited for to its end, for a whole session."""
        sound = played(12 * _SECOND)
        speaker = Speaker(sound, 320)

        class Jumping:
            def __init__(self):
                self.frames, self.noise = 0, np.random.default_rng(5)

            def next_frame(self):
                self.frames += 1
                if self.frames % 75 == 0:
                    speaker.late = (320, 30 * 320, 20 * 320)[self.frames // 75 % 3]
                return speaker.next_frame() + self.noise.normal(0, 900, 320)

        training = self.run(sound, Jumping())
        assert training.index(False) <= 230
        assert not training[-1]

    def test_goes_on_while_nothing_is_said(self):
        sound = np.zeros(4 * _SECOND * 320, np.int16)
        assert all(self.run(sound, Speaker(sound, _LATENCY * 320)))
