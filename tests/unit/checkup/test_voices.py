"""The list of voices, and hearing one, as a person at a terminal has them."""

import wave
from pathlib import Path

import numpy as np
import pytest

from cuewalk.checkup.voices import sample, voices_here
from cuewalk.cli.voices import voices
from cuewalk.domain.errors import CuewalkError, DeviceError
from cuewalk.settings import Settings
from cuewalk.speech_out import choose
from cuewalk.speech_out.choose import ENGINES


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path / "home"))


def used(settings: Settings) -> list[tuple[str, str, str]]:
    return [(each.engine, each.voice, each.used) for each in voices_here(settings)[0] if each.used]


@pytest.mark.parametrize(
    ("settings", "speaks"),
    [
        (Settings(), ("pyttsx3", "en-us", "default")),
        (Settings(voice="bf_emma"), ("kokoro", "bf_emma", "setting voice")),
        (Settings(voice_engine="flite"), ("flite", "slt", "setting voice_engine")),
        (Settings(voice_engine="espeak", voice="en-gb+m4"), ("espeak", "en-gb+m4", "setting voice")),
    ],
)
def test_one_voice_is_in_use_and_the_setting_is_named(
    settings: Settings, speaks: tuple[str, str, str]
) -> None:
    assert used(settings) == [speaks]


def test_every_engine_is_listed_with_its_voices_or_with_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = voices_here(Settings())[0]
    assert {each.engine for each in found} == set(ENGINES)
    assert [each.who for each in found if each.voice == "am_michael"] == ["a man, American"]
    monkeypatch.setattr(choose, "find_spec", lambda _name: None)
    lacking = {each.engine: each.who for each in voices_here(Settings())[0] if not each.voice}
    assert "script/setup" in lacking["kokoro"]
    assert "pip install" in lacking["piper"]


def test_settings_that_no_voice_fits_are_told_below_the_list() -> None:
    found, problem = voices_here(Settings(voice_engine="kokoro", voice="slt"))
    assert not any(each.used for each in found)
    assert "no natural voice 'slt'" in problem


def test_two_voices_say_the_sample_differently() -> None:
    one, other = (sample(name, Settings()) for name in ("slt", "rms"))
    assert min(len(one), len(other)) > 3 * 16_000
    assert not np.array_equal(one, other)


def test_a_sample_goes_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    voices("slt", tmp_path / "sample.wav")
    assert capsys.readouterr().out.split() == [str(tmp_path / "sample.wav")]
    with wave.open(str(tmp_path / "sample.wav")) as file:
        assert file.getnframes() > 3 * 16_000


def test_without_a_speaker_a_sentence_says_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cuewalk.devices.portaudio.query", list)
    with pytest.raises(DeviceError, match=r"no speaker .*--out FILE"):
        voices("slt")


def test_a_voice_that_is_not_there_is_not_heard() -> None:
    with pytest.raises(CuewalkError, match="There is no voice"):
        sample("nobody", Settings())
    with pytest.raises(CuewalkError, match="English only"):
        sample("slt", Settings(locale="ko-KR"))
