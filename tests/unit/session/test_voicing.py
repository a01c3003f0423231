"""Which voice a session is spoken by: the natural one where it is ready, and why not where it is not."""

import numpy as np
import pytest

from cuewalk import places
from cuewalk.session import voicing
from cuewalk.session.notices import NoticeBoard
from cuewalk.session.voicing import open_voice
from cuewalk.settings import Settings
from cuewalk.speech_out.ahead import SPEED_FILE, note_prepared
from cuewalk.speech_out.choose import may_be_natural

pytest.importorskip("sanotts")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    monkeypatch.setattr(voicing, "may_be_natural", may_be_natural)


@pytest.fixture
def opened():
    """Open voices and close them; return engine, sentence for the person, and what was told before."""
    voices = []

    def open_one(settings, programme):
        told = []
        voice, sentence, too_slow = open_voice(settings, programme, NoticeBoard(), told.append)
        voices.append(voice)
        assert too_slow == bool(sentence)
        return voice.spec.engine, sentence, told

    yield open_one
    for voice in voices:
        voice.close()


def measured(monkeypatch, seconds):
    asked = []

    def measure(_folder, _voice):
        asked.append(seconds)
        return seconds

    monkeypatch.setattr(voicing, "measure", measure)
    return asked


@pytest.mark.parametrize(("seconds", "engine"), [(0.3, "kokoro"), (0.75, "kokoro"), (0.76, "pyttsx3")])
def test_by_how_fast_it_is_here(monkeypatch, opened, seconds, engine):
    measured(monkeypatch, seconds)
    spoken_by, sentence, told = opened(Settings(), "feet-up")
    assert spoken_by == engine
    assert (sentence is None) == (engine == "kokoro")
    assert "tried once" in told[0]


def test_who_is_told_that_it_is_too_slow_learns_what_to_do(monkeypatch, opened):
    measured(monkeypatch, 2.1)
    _, sentence, _ = opened(Settings(), "feet-up")
    assert "2.1 s" in sentence
    assert sentence.endswith("cuewalk voice prepare feet-up")


def test_however_slow_it_speaks_what_was_prepared(monkeypatch, opened):
    asked = measured(monkeypatch, 9.0)
    voice = open_voice(Settings(voice_engine="kokoro"), None, NoticeBoard(), print).voice
    lines = ["Stand tall.", "Breathe out."]
    for text in lines:
        voice._cached._remember(voice._cached._key(text, 1.0), np.full(1_600, 9_000, np.int16))
    note_prepared(places.cache_dir(), "feet-up", voice.spec, lines)
    voice.close()
    assert opened(Settings(), "feet-up")[0] == "kokoro"
    assert asked == []
    assert opened(Settings(), "roller")[0] == "pyttsx3", "another programme was not"
    assert opened(Settings(talk_rate=0.9), "feet-up")[0] == "kokoro", "slower it is the same sound"


@pytest.mark.parametrize(
    "settings", [Settings(locale="ko-KR"), Settings(voice="en-scottish"), Settings(voice_engine="pyttsx3")]
)
def test_never_where_the_language_or_the_settings_say_otherwise(monkeypatch, opened, settings):
    asked = measured(monkeypatch, 0.1)
    assert opened(settings, "feet-up")[0] == "pyttsx3"
    assert asked == []


def test_simulated_time_has_the_fast_voice_and_says_nothing(monkeypatch, opened):
    asked = measured(monkeypatch, 0.1)
    assert opened(Settings(), None) == ("pyttsx3", None, [])
    assert asked == []


def test_it_is_really_measured_and_remembered(opened):
    engine, sentence, told = opened(Settings(), "")
    assert (places.cache_dir() / SPEED_FILE).exists()
    assert (engine == "pyttsx3") == bool(sentence)
    assert len(told) == 1
    assert opened(Settings(), "")[2] == [], "once"
