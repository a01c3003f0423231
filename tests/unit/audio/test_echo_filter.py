"""The adaptive filter and the drift compensation: echo goes, everything else stays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.audio.aec.adaptive_filter import AdaptiveFilter
from cuewalk.audio.aec.alignment import Drift, DriftingReference
from cuewalk.audio.aec.far_end import MOST_LAG, FarEnd
from cuewalk.audio.reverb import Reverb, impulse_response

_SECOND = 50


def played(frames, seed=0):
    """Something like speech: noise that is loud at low frequencies, in syllables of 200 ms."""
    rng = np.random.default_rng(seed)
    white = rng.standard_normal(frames * 320 + 8)
    coloured = np.convolve(white, np.ones(8) / 8, "valid")[: frames * 320]
    syllables = np.abs(np.sin(np.arange(frames * 320) / 3_200 * np.pi / 2)) ** 2
    return np.rint(9_000 * coloured * syllables).clip(-32_000, 32_000).astype(np.int16)


def echo_of(sound, *, seed=0, decibels=-12.0, rt60=0.3):
    """The echo in a room, 20 ms late."""
    room = Reverb(impulse_response(rt60, np.random.default_rng([seed, 1])))
    late = np.concatenate([np.zeros(320, np.int16), sound])[: len(sound)].astype(np.float32)
    heard = np.concatenate([room.process(frame) for frame in late.reshape(-1, 320)])
    return heard * 10 ** (decibels / 20)


def at_speed(sound, ppm):
    """The sound on a device whose clock runs differently (band-limited enough for a cubic look-up)."""
    moments = np.clip(np.arange(len(sound)) * (1 - ppm * 1e-6), 0, len(sound) - 1)
    spectrum = np.fft.rfft(sound, 2 * len(sound))
    fine = np.fft.irfft(np.concatenate([spectrum, np.zeros(3 * len(spectrum))]), 8 * len(sound)) * 4
    return np.interp(moments * 4, np.arange(len(sound) * 4), fine[: len(sound) * 4])


def level(sound):
    return 10 * np.log10(np.square(np.asarray(sound, float)).mean() + 1e-9)


def as_samples(sound):
    return np.rint(sound).clip(-32_768, 32_767).astype(np.int16)


@settings(max_examples=4)
@given(seed=st.integers(0, 1_000), decibels=st.floats(-20, -6))
def test_after_five_seconds_little_is_left_of_an_echo(seed, decibels):
    sound = played(6 * _SECOND, seed)
    microphone = as_samples(echo_of(sound, seed=seed, decibels=decibels))
    adaptive = AdaptiveFilter()
    rest = [
        adaptive.clean(heard, reference)
        for heard, reference in zip(microphone.reshape(-1, 320), sound.reshape(-1, 320), strict=True)
    ]
    last = slice(5 * _SECOND * 320, None)
    assert level(microphone[last]) - level(np.concatenate(rest)[last]) > 20


@settings(max_examples=10)
@given(seed=st.integers(0, 1_000), loud=st.integers(10, 30_000))
def test_where_nothing_is_played_every_sample_stays(seed, loud):
    speech = np.random.default_rng(seed).integers(-loud, loud, 30 * 320).astype(np.int16)
    adaptive, silence = AdaptiveFilter(), np.zeros(320, np.int16)
    cleaned = [adaptive.clean(frame, silence) for frame in speech.reshape(-1, 320)]
    assert np.allclose(np.concatenate(cleaned), speech, atol=1e-6)


def _cancelled(sound, microphone):
    """Run reference, drift and filter as the canceller does; the echo is read as late as the reference."""
    far_end = FarEnd()
    drift, adaptive = Drift(far_end, 3 * 320), AdaptiveFilter()
    late = np.concatenate([np.zeros(3 * 320, np.int16), microphone])[: len(microphone)]
    rest = []
    for heard, reference in zip(late.reshape(-1, 320), sound.reshape(-1, 320), strict=True):
        far_end.append(reference)
        expected = drift.reference.read()
        rest.append(adaptive.clean(heard, expected))
        drift.look(adaptive.response if drift.due else None, heard=bool(np.abs(expected).max() > 33))
        adaptive.steady = drift.settled
    last = slice(-5 * _SECOND * 320, None)
    return level(late[last]) - level(np.concatenate(rest)[last]), drift.reference.drift


@pytest.mark.parametrize("ppm", [-200, 0, 200])
def test_two_clocks_that_differ_hardly_matter(ppm):
    sound = played(25 * _SECOND)
    microphone = as_samples(at_speed(echo_of(sound), ppm))
    less, drift = _cancelled(sound, microphone)
    assert less > 15
    assert drift * 1e6 == pytest.approx(ppm, abs=60)


class _Reference(DriftingReference):
    """A reference of a far end of its own, read once for each frame that is handed over."""

    def __init__(self, lag):
        self.far_end = FarEnd()
        super().__init__(self.far_end, lag)

    def read(self, frame):
        self.far_end.append(frame)
        return super().read()


def test_without_drift_the_reference_is_only_late():
    reference, sound = _Reference(700), played(20)
    read = np.concatenate([reference.read(frame) for frame in sound.reshape(-1, 320)])
    assert np.allclose(read[700:], sound[:-700], atol=1e-6)


@pytest.mark.parametrize("samples", [320, -500, 8_000])
def test_a_jump_moves_the_reference_by_so_many_samples(samples):
    reference, sound = _Reference(960), played(60)
    frames = list(sound.reshape(-1, 320))
    for frame in frames[:40]:
        reference.read(frame)
    reference.wanted += samples
    read = np.concatenate([reference.read(frame) for frame in frames[40:]])
    first = 40 * 320 - 960 - samples
    assert np.allclose(read, sound[first : first + len(read)], atol=1e-6)


@pytest.mark.parametrize("samples", [100_000, -100_000])
def test_a_jump_beyond_a_second_is_no_fault(samples):
    reference = _Reference(320)
    reference.wanted += samples
    assert all(np.isfinite(reference.read(frame)).all() for frame in played(10).reshape(-1, 320))
    assert 0 < reference.lag <= MOST_LAG


def test_what_is_put_in_place_of_the_newest_is_read_instead():
    reference, sound = _Reference(960), played(20)
    frames = list(sound.reshape(-1, 320))
    for frame in frames[:10]:
        reference.read(frame)
    reference.far_end.replace(np.full(640, 77, np.int16))
    read = np.concatenate([reference.read(frame) for frame in frames[10:14]])
    assert np.allclose(read[320:960], 77)
    assert np.allclose(read[960:], frames[10])
