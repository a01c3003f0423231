"""Settings: safe defaults, whole files, sentences about what is wrong."""

from pathlib import Path

import pytest

from cuewalk.app.settings import Settings, change_setting, load_settings, settings_path
from cuewalk.domain.errors import CuewalkError


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))


def test_without_a_file_the_defaults_hold() -> None:
    assert load_settings() == Settings()


def test_a_changed_setting_is_there_the_next_time() -> None:
    change_setting("voice", 'a "quoted" name\\')
    change_setting("keep_clips", "false")
    assert load_settings().voice == 'a "quoted" name\\'
    assert load_settings().keep_clips is False


def test_an_unknown_setting_names_the_known_ones() -> None:
    with pytest.raises(CuewalkError, match="patience_seconds"):
        change_setting("patience", "9")


def test_a_value_that_is_not_allowed_changes_nothing() -> None:
    change_setting("volume", "0.5")
    with pytest.raises(CuewalkError, match="volume"):
        change_setting("volume", "7")
    assert load_settings().volume == 0.5


@pytest.mark.parametrize("text", ["volume = ", "volume = 9", "loudness = 1", "\xff"])
def test_a_broken_file_is_a_sentence_with_a_way_out(text: str) -> None:
    settings_path().write_bytes(text.encode("latin-1"))
    with pytest.raises(CuewalkError, match="delete the file"):
        load_settings()
