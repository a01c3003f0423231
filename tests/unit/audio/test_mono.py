"""Stereo microphones, good and odd ones."""

import numpy as np

from cuewalk.audio.mono import MonoMixer

_RNG = np.random.default_rng(6)


def _block(left, right):
    return np.stack([left, right], axis=1).astype(np.int16).reshape(-1)


def _voice(level=3_000.0):
    return _RNG.standard_normal(960) * level


def test_two_channels_become_their_mean():
    assert MonoMixer(2).mix(np.array([100, 300, -4, -8], np.int16)).tolist() == [200, -6]


def test_a_microphone_whose_channels_cancel_is_heard_through_one():
    mixer = MonoMixer(2)
    for _ in range(30):
        voice = _voice()
        mixer.mix(_block(voice, -1.1 * voice))
    voice = np.rint(_voice())
    assert mixer.only == 1
    assert np.array_equal(mixer.mix(_block(voice, -voice)), -voice)


def test_different_sounds_in_both_channels_do_not_count_as_cancelling():
    mixer = MonoMixer(2)
    for _ in range(60):
        mixer.mix(_block(_voice(), _voice()))
    assert mixer.only is None


def test_a_microphone_with_one_dead_side_is_as_loud_as_its_live_side():
    mixer = MonoMixer(2)
    for _ in range(30):
        mixer.mix(_block(np.zeros(960), _voice()))
    voice = np.rint(_voice())
    assert np.array_equal(mixer.mix(_block(np.zeros(960), voice)), voice)
    assert not mixer.cancelled


def test_a_side_that_comes_back_to_life_is_mixed_in_again():
    mixer = MonoMixer(2)
    for _ in range(30):
        mixer.mix(_block(np.zeros(960), _voice()))
    for _ in range(60):
        mixer.mix(_block(_voice(), _voice()))
    assert mixer.only is None


def test_a_muted_microphone_changes_nothing_about_its_channels():
    mixer = MonoMixer(2)
    for _ in range(60):
        mixer.mix(_block(np.zeros(960), np.zeros(960)))
    assert mixer.only is None


def test_a_silent_or_one_sided_microphone_does_not_count_as_cancelling():
    mixer = MonoMixer(2)
    for _ in range(60):
        mixer.mix(_block(_voice(), np.zeros(960)))
        mixer.mix(_block(_voice(5), -_voice(5)))
    assert mixer.only is None
