"""The resampler gives the same sound however it is fed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.audio.mono import MonoMixer, spread
from cuewalk.audio.resample import Resampler, resample

_RATES = st.sampled_from([8_000, 16_000, 22_050, 44_100, 48_000, 96_000])
_SOUND = np.random.default_rng(5).integers(-20_000, 20_000, 9_000).astype(np.int16)
_CUTS = st.lists(st.integers(0, len(_SOUND)), max_size=30).map(sorted)


def _fed(stream, cuts):
    parts = [stream.process(part) for part in np.split(_SOUND, cuts)]
    return np.concatenate([*parts, stream.flush()])


@settings(max_examples=60, deadline=None)
@given(device=_RATES, to_session=st.booleans(), cuts=_CUTS)
def test_chunking_does_not_change_the_sound(device, to_session, cuts):
    rates = (device, 16_000) if to_session else (16_000, device)
    stream = Resampler(*rates)
    once = resample(_SOUND, *rates)
    assert np.array_equal(_fed(stream, cuts), once)
    assert np.array_equal(_fed(stream, cuts), once), "after a flush the resampler is as new"
    assert len(once) == pytest.approx(len(_SOUND) * rates[1] / rates[0], abs=2)


@given(device=_RATES)
def test_reset_forgets_what_was_held(device):
    stream = Resampler(device, 16_000)
    stream.process(_SOUND)
    stream.reset()
    assert np.array_equal(_fed(stream, []), resample(_SOUND, device, 16_000))


@pytest.mark.parametrize("device", [44_100, 48_000])
def test_a_voice_keeps_its_pitch_and_loudness(device):
    moments = np.arange(device) / device
    tone = np.rint(10_000 * np.sin(2 * np.pi * 6_000 * moments)).astype(np.int16)
    heard = resample(tone, device, 16_000).astype(float)[2_000:-2_000]
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert np.argmax(spectrum) * 16_000 / len(heard) == pytest.approx(6_000, abs=3)
    assert np.sqrt(2 * np.mean(heard**2)) == pytest.approx(10_000, rel=0.01)


@pytest.mark.parametrize("device", [44_100, 48_000])
def test_sound_is_held_back_for_at_most_16_ms(device):
    for rates in ((device, 16_000), (16_000, device)):
        stream, block = Resampler(*rates), rates[0] // 50
        out = sum(len(stream.process(np.zeros(block, np.int16))) for _ in range(50))
        assert (50 * block * rates[1] / rates[0] - out) / rates[1] <= 0.016


def test_the_loudest_sound_is_clipped_and_does_not_wrap_round():
    square = np.where(np.arange(4_800) // 48 % 2, 32_767, -32_768).astype(np.int16)
    heard = resample(square, 48_000, 16_000).astype(int)
    assert np.abs(np.diff(np.sign(heard[500:-500]))).sum() / 2 <= 4_800 / 48


@given(channels=st.integers(1, 4), length=st.integers(0, 50))
def test_one_voice_on_every_channel_comes_back_as_it_was(channels, length):
    assert np.array_equal(MonoMixer(channels).mix(spread(_SOUND[:length], channels)), _SOUND[:length])
