"""Settings: safe defaults, whole files, sentences about what is wrong."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cuewalk.domain.errors import CuewalkError
from cuewalk.settings import Settings, change_setting, load_settings, read_settings, settings_path
from cuewalk.speech_out import choose
from cuewalk.speech_out.choose import problem_of, voices_of
from helpers.permissions import as_a_person


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))


def test_without_a_file_the_defaults_hold() -> None:
    assert load_settings() == Settings()


def test_a_changed_setting_is_there_the_next_time() -> None:
    change_setting("voice", 'a "quoted" name\\', anyway=True)
    change_setting("keep_clips", "false")
    assert load_settings().voice == 'a "quoted" name\\'
    assert load_settings().keep_clips is False


def test_what_the_person_wrote_beside_the_settings_stays() -> None:
    mine = "# My own.\nvolume = 0.5  # loud enough\n\n# For the van:\nspeaker_wake_seconds = 2.0\n"
    settings_path().write_text(mine, "utf-8")
    change_setting("volume", "0.6")
    changed = settings_path().read_text("utf-8")
    assert changed.startswith(mine.replace("0.5", "0.6"))
    assert load_settings().volume == 0.6


def test_what_is_no_setting_is_gone_once_one_is_set() -> None:
    settings_path().write_text("vollume = 0.5\ncancel_echo = false\n", "utf-8")
    change_setting("volume", "0.6")
    assert read_settings() == (Settings(volume=0.6, echo="headphones"), [])


def test_an_unknown_setting_names_the_known_ones() -> None:
    with pytest.raises(CuewalkError, match="patience_seconds"):
        change_setting("patience", "9")


def test_a_value_that_is_not_allowed_changes_nothing() -> None:
    change_setting("volume", "0.5")
    with pytest.raises(CuewalkError, match="volume"):
        change_setting("volume", "7")
    assert load_settings().volume == 0.5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("volume = ", "line 2 cannot be read"),
        ("volume = 9", "volume cannot be 9"),
        ("loudness = 1", "no setting called loudness"),
        ("volume = " + "9" * 5000, "line 2 cannot be read"),
        ("volume = " + "[" * 900, "line 2 cannot be read"),
        ("volume = 2026-13-45", "line 2 cannot be read"),
        ("voice = 3", "voice cannot be 3"),
    ],
)
def test_one_wrong_line_never_keeps_a_session_from_starting(text: str, says: str) -> None:
    settings_path().write_text(f"brevity = 2\n{text}\ntalk_rate = 1.2\n")
    settings, problems = read_settings()
    assert settings == Settings(brevity=2, talk_rate=1.2)
    assert len(problems) == 1
    assert says in problems[0]
    change_setting("brevity", "1")
    assert read_settings() == (Settings(brevity=1, talk_rate=1.2), [])
    assert text in settings_path().with_name("settings.toml.broken").read_text()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00" * 100, bytes(range(256))])
def test_a_file_that_is_no_text_gives_the_defaults_and_a_sentence(content: bytes) -> None:
    settings_path().write_bytes(content)
    settings, problems = read_settings()
    assert settings == Settings()
    assert problems
    change_setting("volume", "0.5")
    assert load_settings().volume == 0.5


IN_THE_WAY = {
    "folder": (lambda path: path.mkdir(), "it is a folder"),
    "pipe": (os.mkfifo, "it is no ordinary file"),
    "loop": (lambda path: path.symlink_to(path), "its links lead round in a circle"),
    "closed": (lambda path: path.touch(mode=0), "you do not have the permission"),
}


@pytest.mark.parametrize(("put", "why"), IN_THE_WAY.values(), ids=IN_THE_WAY.keys())
def test_what_lies_in_the_place_of_the_file_is_named_and_kept_beside(put, why: str) -> None:
    put(settings_path())
    with as_a_person():
        assert read_settings()[0] == Settings()
        assert why in read_settings()[1][0]
        assert change_setting("volume", "0.5").volume == 0.5
        assert read_settings() == (Settings(volume=0.5), [])
    assert os.path.lexists(settings_path().with_name("settings.toml.broken"))


@pytest.mark.parametrize("locale", ["xx", "../en-US", "en-us", ""])
def test_a_language_that_is_not_there_is_named_and_the_default_holds(locale: str) -> None:
    settings_path().write_text(f'locale = "{locale}"\nvolume = 0.5\n')
    settings, problems = read_settings()
    assert settings == Settings(volume=0.5)
    assert "There is no language" in problems[0]
    assert "Its default holds" in problems[0]


def test_an_unknown_setting_is_not_said_to_have_a_default() -> None:
    settings_path().write_text("nosuch = 3\n")
    _, problems = read_settings()
    assert "nosuch" in problems[0]
    assert "default" not in problems[0]
    assert "left out" in problems[0]
    change_setting("volume", "0.5")
    assert read_settings()[1] == []


@pytest.mark.parametrize("value", ["a\nb", "tab\there", "nul\0", "\ud800", "\x1b[31m"])
def test_a_value_that_would_break_the_file_is_refused(value: str) -> None:
    with pytest.raises(CuewalkError, match="line ends or control characters"):
        change_setting("voice", value, anyway=True)
    assert not settings_path().exists()


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.text(max_size=60))
def test_whatever_is_written_as_a_name_is_read_again(value: str) -> None:
    with suppress(CuewalkError):
        change_setting("microphone", value, anyway=True)
        assert read_settings() == (load_settings(), [])
        assert load_settings().microphone == value


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("microphone", "nope", "no microphone called|No microphone|PortAudio"),
        ("speaker", "nope", "no speaker called|No speaker|PortAudio"),
        ("voice", "../../etc", "has no voice"),
        ("locale", "xx-XX", "no language"),
        ("head", "/nowhere.npz", "cannot be read: it is not there"),
        ("volume", "-1", "at least 0.1"),
        ("keep_clips", "maybe", "true or false"),
        ("echo", "loud", "half-duplex"),
        ("nosuch", "1", "no setting called"),
    ],
)
def test_what_is_not_there_is_refused_in_our_own_words(name: str, value: str, says: str) -> None:
    if name == "voice" and not voices_of("auto"):
        pytest.skip("espeak-ng is not installed, so any voice may be right")
    with pytest.raises(CuewalkError, match=says) as refused:
        change_setting(name, value)
    assert "Input should" not in str(refused.value)
    assert not settings_path().exists()


def test_what_is_not_there_now_can_be_set_all_the_same() -> None:
    assert change_setting("microphone", "the one at home", anyway=True).microphone == "the one at home"


def test_flite_can_be_chosen_and_takes_no_voice_of_another_engine(capsys: pytest.CaptureFixture[str]) -> None:
    if problem_of("flite") or problem_of("espeak"):
        pytest.skip("flite or espeak-ng is not installed")
    change_setting("voice", "en-gb")
    assert change_setting("voice_engine", "flite").voice == ""
    assert "has no voice en-gb" in capsys.readouterr().err


@pytest.mark.parametrize("voice", ["am_michael", "rms", "en-gb", "en-us+f3"])
def test_where_the_engine_is_left_to_us_any_voice_can_be_chosen_by_its_name(voice: str) -> None:
    assert change_setting("voice", voice) == Settings(voice=voice)


@pytest.mark.parametrize(
    ("engine", "voice", "owner"),
    [("kokoro", "slt", "flite"), ("flite", "en-gb", "pyttsx3"), ("pyttsx3", "bf_emma", "kokoro")],
)
def test_another_engines_voice_is_refused_with_the_command_that_lets_its_name_decide(
    engine: str, voice: str, owner: str
) -> None:
    change_setting("voice_engine", engine)
    with pytest.raises(CuewalkError, match=rf"is one of {owner}.*settings voice_engine auto"):
        change_setting("voice", voice)
    assert load_settings().voice == ""
    change_setting("voice_engine", "auto")
    assert change_setting("voice", voice).voice == voice


def test_a_voice_whose_engine_is_not_installed_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(choose, "find_spec", lambda _name: None)
    with pytest.raises(CuewalkError, match=r"am_michael cannot speak here\..*script/setup"):
        change_setting("voice", "am_michael")


@pytest.mark.parametrize(("typed", "meant"), [("am_micheal", "am_michael"), ("AF_HEART", "af_heart")])
def test_a_voice_nearly_named_is_suggested(typed: str, meant: str) -> None:
    with pytest.raises(CuewalkError, match=f'Did you mean "{meant}"'):
        change_setting("voice", typed)


def test_a_file_of_the_first_version_is_read() -> None:
    settings_path().write_text("cancel_echo = false\n")
    assert read_settings() == (Settings(echo="headphones"), [])


def test_a_settings_file_is_its_owners_alone() -> None:
    change_setting("volume", "0.5")
    assert settings_path().stat().st_mode & 0o077 == 0


def test_reading_settings_does_not_load_the_sound_library() -> None:
    code = "import sys, cuewalk.settings; sys.exit('sounddevice' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("content", ["volume = 7\n", "volume = = 1\n", b"\xff"])
def test_in_a_home_that_can_only_be_read_nothing_is_advised_that_needs_writing(content, monkeypatch):
    path = settings_path()
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    monkeypatch.setattr(os, "access", lambda *_: False)
    _, (problem,) = read_settings()
    assert "NAME VALUE" not in problem
    assert "can only be read" in problem
    assert "CUEWALK_HOME" in problem
