"""What the spotter is fed with does not depend on how loud or how long the person spoke."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.spotting.augment import PRE_ROLL, TAIL, Spoken, as_heard, augmented
from cuewalk.spotting.features import FEATURES, LONGEST_SAMPLES, PADDING_SAMPLES, pool, window


def tone(length, loud):
    return (np.sin(np.arange(length) / 7) * loud).astype(np.int16)


@given(st.integers(0, 60_000))
def test_a_window_is_whole_steps_long_with_silence_at_both_ends(length):
    made = window(tone(length, 3000))
    assert len(made) % 1280 == 0
    assert len(made) >= min(length, LONGEST_SAMPLES) + 2 * PADDING_SAMPLES
    assert not made[:PADDING_SAMPLES].any()
    assert not made[-PADDING_SAMPLES:].any()


@given(st.floats(0.05, 0.99))
def test_a_quieter_voice_gives_the_same_window(share):
    loud, soft = window(tone(16_000, 20_000)), window(tone(16_000, 20_000 * share))
    assert np.abs(loud - soft).max() < 0.01 * np.abs(loud).max() + 5


@given(st.integers(5, 90))
def test_any_number_of_embeddings_makes_one_vector(steps):
    assert pool(np.ones((steps, 96), np.float32)).shape == (FEATURES,)


@given(st.integers(0, 5000), st.integers(1600, 20_000), st.integers(0, 2**32 - 1))
def test_the_same_seed_hears_the_same_and_never_nothing(start, length, seed):
    spoken = Spoken(tone(32_000, 5000), start, start + length)
    one, two = (augmented(spoken, np.random.default_rng(seed)) for _ in range(2))
    assert np.array_equal(one, two)
    assert len(one) >= 1600
    assert len(as_heard(spoken)) == length + PRE_ROLL + TAIL
