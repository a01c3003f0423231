"""``cuewalk voice prepare``: what a session may say is rendered ahead, once, and goes on where it was."""

import fcntl

import numpy as np
import pytest
from typer.testing import CliRunner

from cuewalk import places
from cuewalk.app import voice_preparation
from cuewalk.app.voice_preparation import lines_of_programme
from cuewalk.cli import voice as voice_module
from cuewalk.cli.voice import app
from cuewalk.domain.errors import VoiceError
from cuewalk.speech_out.ahead import prepared
from cuewalk.speech_out.api import VoiceSpec
from helpers.packs import pack_of
from helpers.sessions import full_setup

_LINES = ["Stand tall. Breathe out.", "Breathe out. Keep: Lateral Ankle Tilts."]
_PIECES = ["Stand tall.", "Breathe out.", "Keep:", "Lateral Ankle Tilts."]


class _Voice:
    """Stands for the worker; a piece in ``fails`` cannot be said, one in ``interrupts`` ends in Ctrl-C."""

    spec = VoiceSpec("kokoro", "af_heart", "1")

    def __init__(self):
        self.rendered, self.fails, self.interrupts = [], set(), set()

    def render(self, text, _rate=1.0):
        if text in self.interrupts:
            raise KeyboardInterrupt
        if text in self.fails:
            raise VoiceError("Cannot say that.")
        self.rendered.append(text)
        return np.full(1_600, 9_000, np.int16)

    def close(self):
        pass


@pytest.fixture
def voice(monkeypatch, tmp_path):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    made = _Voice()
    monkeypatch.setattr(voice_preparation, "make_voice", lambda *_: made)
    monkeypatch.setattr(voice_module, "lines_of_programme", lambda *_: _LINES)
    monkeypatch.setattr(voice_module, "lines_of_talks", lambda *_: ["Good morning."])
    monkeypatch.setattr(voice_module.os, "nice", lambda _: 0)
    return made


def prepare(*arguments):
    return CliRunner().invoke(app, ["prepare", *arguments], standalone_mode=False)


def test_each_sentence_is_rendered_once_and_the_next_morning_too(voice):
    done = prepare("feet-up")
    assert done.exit_code == 0, done.output
    assert voice.rendered == [*_PIECES, "Good morning."]
    assert "feet-up: 2 lines are ready, 4 sentences were rendered now" in done.output
    assert prepared(places.cache_dir(), "feet-up", voice.spec) == _PIECES
    assert "4 lines" not in prepare("feet-up").output
    assert len(voice.rendered) == 5


def test_interrupted_it_goes_on_where_it_was(voice):
    voice.interrupts = {"Keep:"}
    done = prepare("feet-up")
    assert done.return_value == 130
    assert "goes on from there" in done.output
    assert prepared(places.cache_dir(), "feet-up", voice.spec) == [], "it is not ready yet"
    voice.interrupts, voice.rendered = set(), []
    prepare("feet-up")
    assert voice.rendered == ["Keep:", "Lateral Ankle Tilts.", "Good morning."]


def test_a_changed_text_is_all_that_is_rendered_again(voice, monkeypatch):
    prepare("feet-up")
    voice.rendered.clear()
    monkeypatch.setattr(voice_module, "lines_of_programme", lambda *_: [_LINES[0], "Breathe in."])
    prepare("feet-up")
    assert voice.rendered == ["Breathe in."]


def test_what_cannot_be_said_is_named_and_the_rest_is_ready(voice):
    voice.fails = {"Keep:"}
    done = prepare("feet-up")
    assert done.exit_code == 0
    assert "cannot say: Keep:." in done.output
    assert "Lateral Ankle Tilts." in voice.rendered


def test_a_voice_that_fails_at_everything_is_an_error(voice):
    voice.fails = set(_PIECES)
    assert isinstance(prepare("feet-up").exception, VoiceError)


def test_what_cannot_be_kept_is_not_rendered_on(voice):
    places.cache_dir().mkdir(parents=True, exist_ok=True)
    (places.cache_dir() / "cues").write_text("a file in the way")
    error = prepare("feet-up").exception
    assert isinstance(error, VoiceError)
    assert "cannot be stored" in str(error)
    assert len(voice.rendered) == 1


def test_two_at_once_do_not_render_everything_twice(voice):
    places.cache_dir().mkdir(parents=True, exist_ok=True)
    with (places.cache_dir() / "voice-prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = prepare("feet-up")
    assert done.return_value == 1
    assert "by another program" in done.output
    assert voice.rendered == []


def test_all_are_those_that_there_is_something_for(voice):
    done = prepare()
    assert "roller: 2 lines" in done.output
    assert "my-keepers" not in done.output


def test_my_keepers_without_keepers_is_a_sentence(voice):
    assert "keep" in str(prepare("my-keepers").exception)


def test_in_the_background_nothing_is_waited_for_and_a_failure_is_a_sentence(voice, monkeypatch):
    begun = []
    monkeypatch.setattr(voice_module, "prepare_in_background", lambda name: begun.append(name) or True)
    assert "being prepared in the background" in prepare("feet-up", "--background").output
    assert (begun, voice.rendered) == (["feet-up"], [])
    monkeypatch.setattr(voice_module, "prepare_in_background", lambda _: False)
    assert "leave --background out" in str(prepare("feet-up", "--background").exception)


@pytest.mark.parametrize("chosen", ['voice_engine = "espeak"\n', 'voice = "slt"\n', 'locale = "ko-KR"\n'])
def test_a_voice_that_speaks_at_once_needs_nothing(voice, tmp_path, chosen):
    (tmp_path / "settings.toml").write_text(chosen)
    assert "speaks at once" in prepare("feet-up").output
    assert voice.rendered == []


def test_lines_of_a_programme_have_its_movements_and_what_answers_need():
    lines = lines_of_programme(full_setup(1), pack_of("en-US"))
    assert {"Lift the foot.", "Four.", "Okay, stop moving. Let it settle."} <= {*lines}
    assert len(lines) == len({*lines})
