"""The meter against what the standard says of its own test signals."""

import math

import numpy as np
import pytest

from cuewalk.audio.loudness import loudness

RATES = [16_000, 24_000, 48_000]


def sine(dbfs: float, seconds: float, hertz: float = 997, rate: int = 16_000) -> np.ndarray:
    steps = np.arange(round(seconds * rate)) / rate
    return (10 ** (dbfs / 20) * np.sin(2 * np.pi * hertz * steps)).astype(np.float32)


@pytest.mark.parametrize("rate", RATES)
def test_a_sine_of_997_hz_is_3_lu_below_its_peak(rate: int) -> None:
    assert loudness(sine(-20, 3, rate=rate), rate) == pytest.approx(-23.01, abs=0.02)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    ("hertz", "weight"), [(25, -11.08), (100, -1.83), (1_000, 0.0), (2_000, 2.38), (6_000, 3.34)]
)
def test_pitches_weigh_what_the_filters_at_48_khz_say(hertz: float, weight: float, rate: int) -> None:
    assert loudness(sine(-20, 3, hertz, rate), rate) == pytest.approx(-23.01 + weight, abs=0.05)


def test_pauses_do_not_make_speech_softer() -> None:
    speech = sine(-20, 4)
    paused = np.concatenate([speech, np.zeros(16_000 * 20, np.float32), speech])
    assert loudness(paused, 16_000) == pytest.approx(-23.01, abs=0.2)


def test_a_part_far_softer_does_not_count() -> None:
    """Tech 3341, case 3: -36, -23 and -36 LUFS, 10, 60 and 10 s, are -23 together."""
    parts = [sine(-33, 10), sine(-20, 60), sine(-33, 10)]
    assert loudness(np.concatenate(parts), 16_000) == pytest.approx(-23.0, abs=0.1)


def test_a_word_shorter_than_a_block_has_a_loudness() -> None:
    assert loudness(sine(-20, 0.2), 16_000) == pytest.approx(-23.01, abs=0.2)


@pytest.mark.parametrize("samples", [0, 1, 16_000])
def test_silence_has_none(samples: int) -> None:
    assert loudness(np.zeros(samples, np.float32), 16_000) == -math.inf
