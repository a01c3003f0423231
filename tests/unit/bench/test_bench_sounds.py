"""Recordings as they come, and noise under them."""

import numpy as np
import pytest
import soundfile

from cuewalk.bench.hearing.scene import LevelledVoice
from cuewalk.bench.noise import Background, is_noise, pink_noise, speech_rms
from cuewalk.bench.recordings import Clip, UnreadableSoundError, read_sound

RATE = 16_000


def tone(rate=RATE, seconds=0.5, level=0.25):
    return level * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)


def rms(sound):
    return float(np.sqrt(np.mean(np.square(sound.astype(np.float64)))))


@pytest.mark.parametrize("rate", [8000, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("kind", ["wav", "flac"])
def test_every_rate_gives_the_same_sound(tmp_path, rate, kind):
    path = tmp_path / f"a.{kind}"
    soundfile.write(path, tone(rate), rate)
    sound = read_sound(path)
    assert abs(len(sound) - RATE // 2) <= 8
    assert rms(sound[400:-400]) == pytest.approx(0.25 / np.sqrt(2) * 32768, rel=0.02)


@pytest.mark.parametrize("kind", ["PCM_U8", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW"])
def test_every_kind_of_sample_has_the_same_level(tmp_path, kind):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(), RATE, subtype=kind)
    assert rms(read_sound(path)) == pytest.approx(0.25 / np.sqrt(2) * 32768, rel=0.03)


def test_stereo_is_mixed_down(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.stack([tone(), 0 * tone()], axis=1), RATE)
    assert rms(read_sound(path)) == pytest.approx(0.125 / np.sqrt(2) * 32768, rel=0.01)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "no such file"),
        (b"", "cannot be read"),
        (b"fLaC nothing", "cannot be read"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "cannot be read"),
    ],
)
def test_what_is_no_recording_has_a_reason(tmp_path, content, says):
    path = tmp_path / "a.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableSoundError, match=says):
        read_sound(path)


@pytest.mark.parametrize(
    ("sound", "rate", "says"),
    [
        (np.zeros(0), RATE, "holds no sound"),
        (np.full(100, np.nan), RATE, "not numbers"),
        (np.zeros(100), 1000, "too low"),
    ],
)
def test_what_holds_nothing_has_a_reason(tmp_path, sound, rate, says):
    path = tmp_path / "a.wav"
    soundfile.write(path, sound, rate, subtype="FLOAT")
    with pytest.raises(UnreadableSoundError, match=says):
        read_sound(path)


def word(pause=0.0):
    spoken = np.rint(tone() * 32768).astype(np.int16)
    return np.concatenate([spoken, np.zeros(int(pause * RATE), np.int16)])


def test_the_level_of_speech_does_not_count_its_pauses():
    assert speech_rms(word(pause=3)) == pytest.approx(speech_rms(word()), rel=0.01)


def noise_clip(tmp_path, label, sound):
    path = tmp_path / f"{label}.wav"
    soundfile.write(path, sound, RATE)
    return Clip(path, path.name, "set", label, "none")


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize("snr", [-5.0, 0.0, 10.0, 20.0])
def test_the_noise_is_as_far_below_the_speech_as_asked(tmp_path, recorded, snr):
    white = np.random.default_rng(1).standard_normal(RATE) * 0.05
    clips = [noise_clip(tmp_path, "kitchen_noise", white), noise_clip(tmp_path, "dog", 0 * white)]
    background = Background(clips if recorded else clips[1:], seed=0)
    assert background.name == ("1 recorded noises" if recorded else "pink noise")
    sound = word() // 4
    mixed = background.under(sound, snr, before=3 * RATE, after=3 * RATE, seed=5)
    assert len(mixed) == len(sound) + 6 * RATE
    around = rms(np.concatenate([mixed[: 3 * RATE], mixed[-3 * RATE :]]))
    assert 20 * np.log10(speech_rms(sound) / around) == pytest.approx(snr, abs=0.6)
    assert np.array_equal(mixed, background.under(sound, snr, before=3 * RATE, after=3 * RATE, seed=5))


def test_silence_called_noise_gives_pink_noise(tmp_path):
    clip = noise_clip(tmp_path, "background_noise", np.zeros(RATE))
    assert is_noise(clip)
    assert Background([clip], seed=0).name == "pink noise"


def test_pink_noise_falls_by_three_decibels_an_octave():
    power = np.abs(np.fft.rfft(pink_noise(1 << 18, np.random.default_rng(3)))) ** 2
    octaves = [power[1 << k : 1 << (k + 1)].mean() for k in range(12, 17)]
    assert np.diff(10 * np.log10(octaves)) == pytest.approx(-3, abs=0.5)


def test_our_own_voice_is_as_loud_as_asked_for():
    voice = LevelledVoice({"soft knees": word(), "breathe out": word() // 2})
    voice.rms = 1000.0
    for text in ("soft knees", "breathe out"):
        assert rms(next(voice.pieces(text, 1.0)).samples) == pytest.approx(1000, rel=0.03)
