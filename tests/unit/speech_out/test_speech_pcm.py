import io
import wave

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cuewalk.audio.loudness import loudness
from cuewalk.speech_out import pcm

RATES = st.sampled_from([8_000, 16_000, 22_050, 48_000])
SOUNDS = hnp.arrays(np.int16, st.integers(0, 4_000), elements=st.integers(-32_768, 32_767))


def tone(seconds: float, amplitude: float, rate: int = 16_000) -> np.ndarray:
    steps = np.arange(round(seconds * rate)) / rate
    return (np.sin(2 * np.pi * 440 * steps) * amplitude * 32_767).astype(np.int16)


def wav(samples: np.ndarray, rate: int, channels: int = 1) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return out.getvalue()


@settings(deadline=None, max_examples=60)
@given(SOUNDS, RATES)
def test_no_sound_is_ever_too_loud_or_crashes(samples: np.ndarray, rate: int) -> None:
    out = pcm.polish(samples, rate)
    assert out.dtype == np.int16
    assert not out.size or np.abs(out.astype(int)).max() <= pcm.PEAK_LIMIT * 32_768


@pytest.mark.parametrize("amplitude", [0.001, 0.05, 1.0])
@pytest.mark.parametrize("rate", [16_000, 22_050])
def test_quiet_and_loud_engines_come_out_alike(amplitude: float, rate: int) -> None:
    out = pcm.polish(tone(1.0, amplitude, rate), rate)
    assert loudness(out.astype(np.float32) / 32_768, 16_000) == pytest.approx(pcm.TARGET, abs=0.1)


def test_a_pause_inside_a_line_does_not_make_it_louder() -> None:
    words = tone(3, 0.3)
    paused = pcm.polish(np.concatenate([words, np.zeros(64_000, np.int16), words]), 16_000)
    assert np.abs(paused).max() == pytest.approx(np.abs(pcm.polish(words, 16_000)).max(), rel=0.05)


def test_clicks_keep_below_the_peak_limit() -> None:
    click = np.zeros(16_000, np.int16)
    click[::320] = 20_000
    assert np.abs(pcm.polish(click, 16_000)).max() == round(pcm.PEAK_LIMIT * 32_767)


@given(st.integers(0, 3_000), st.integers(0, 3_000))
def test_only_20_ms_of_silence_stay_at_each_end(before: int, after: int) -> None:
    sound = np.ones(100, np.float32)
    padded = np.concatenate([np.zeros(before, np.float32), sound, np.zeros(after, np.float32)])
    assert len(pcm.trim(padded)) == min(before, 320) + 100 + min(after, 320)


def test_a_soft_consonant_at_the_start_is_not_cut_off() -> None:
    soft, loud = tone(0.1, 0.004), tone(0.3, 0.5)
    assert len(pcm.polish(np.concatenate([soft, loud]), 16_000)) == len(soft) + len(loud)


def test_resampling_keeps_the_length_in_seconds() -> None:
    assert len(pcm.polish(tone(2.0, 0.5, 22_050), 22_050)) == pytest.approx(32_000, abs=320)


def test_a_sound_that_begins_and_ends_at_once_does_not_click() -> None:
    steps = np.abs(np.diff(np.pad(pcm.polish(tone(0.5, 0.5)[9:-9], 16_000).astype(int), 1)))
    assert max(steps[0], steps[-1]) <= steps.max() / 20


def test_silence_is_no_samples() -> None:
    assert len(pcm.polish(np.zeros(1_000, np.int16), 22_050)) == 0


@given(SOUNDS, RATES)
def test_a_wav_is_read_as_it_was_written(samples: np.ndarray, rate: int) -> None:
    read, read_rate = pcm.read_wav(wav(samples, rate))
    assert np.array_equal(read, samples)
    assert read_rate == rate


def test_a_wav_that_is_cut_off_gives_what_there_is() -> None:
    assert len(pcm.read_wav(wav(tone(1, 0.5), 16_000)[:-1_001])[0]) == 16_000 - 501


@pytest.mark.parametrize(
    "data", [b"", b"RIFF", b"no sound at all, but long enough to look", wav(tone(1, 0.5), 16_000, 2)]
)
def test_anything_but_mono_sound_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="the engine did not write"):
        pcm.read_wav(data)
