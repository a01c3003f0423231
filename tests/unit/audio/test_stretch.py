"""Speech that is made slower or faster."""

import numpy as np
import pytest

from cuewalk.audio.stretch import stretch

RATE = 24_000
FACTORS = [0.5, 0.8, 1.2, 2.0]


def tone(hertz: float, seconds: float = 1.0) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def test_a_sound_as_long_as_wanted_is_left_as_it_is() -> None:
    sound = tone(200)
    assert stretch(sound, 1.0, RATE) is sound


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("hertz", [90, 200, 1_000])
def test_pitch_and_loudness_stay_and_nothing_clicks(factor: float, hertz: float) -> None:
    sound = tone(hertz)
    longer = stretch(sound, factor, RATE)
    assert len(longer) == pytest.approx(len(sound) * factor, abs=1)
    spectrum = np.abs(np.fft.rfft(longer * np.hanning(len(longer))))
    assert np.argmax(spectrum) * RATE / len(longer) == pytest.approx(hertz, abs=2)
    middle = longer[2_000:-2_000]
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.3 / np.sqrt(2), rel=0.03)
    assert np.abs(np.diff(middle)).max() < 1.1 * np.abs(np.diff(sound)).max()


@pytest.mark.parametrize("factor", FACTORS)
def test_words_come_in_order_at_their_places(factor: float) -> None:
    silence = np.zeros(RATE // 2, np.float32)
    longer = stretch(np.concatenate([silence, tone(300), silence, tone(600), silence]), factor, RATE)
    loud = np.abs(longer) > 0.1
    for begin, end in ((0.5, 1.5), (2.0, 3.0)):
        inside = slice(round((begin + 0.05) * factor * RATE), round((end - 0.05) * factor * RATE))
        assert loud[inside].mean() > 0.5
    assert not loud[: round(0.45 * factor * RATE)].any()


@pytest.mark.parametrize("samples", [0, 1, 700, 1_200, 1_201, 5_003])
@pytest.mark.parametrize("factor", FACTORS)
def test_any_length_has_its_length(samples: int, factor: float) -> None:
    """What is shorter than two periods of a voice is left as it is."""
    noise = np.random.default_rng(samples).normal(size=samples).astype(np.float32)
    assert len(stretch(noise, factor, RATE)) in {samples, round(samples * factor)}
