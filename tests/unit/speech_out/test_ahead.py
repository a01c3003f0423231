"""How fast the natural voice is here is measured once; what was prepared is known the next time."""

import json

import numpy as np
import pytest

from cuewalk.speech_out import ahead
from cuewalk.speech_out.ahead import measure, note_prepared, prepared, seconds_for_one
from cuewalk.speech_out.api import VoiceSpec

_SPEC = VoiceSpec("kokoro", "af_heart", "1")
_LINES = ["Stand tall.", "How is it now?"]


class _Voice:
    """Takes half a second for a second of speech, as its clock says."""

    spec = _SPEC

    def __init__(self, monkeypatch):
        self.clock = 0.0
        monkeypatch.setattr(ahead.time, "perf_counter", lambda: self.clock)

    def render(self, _text, _rate=1.0):
        self.clock += 1.0
        return np.full(32_000, 9_000, np.int16)


@pytest.fixture
def voice(monkeypatch):
    return _Voice(monkeypatch)


def test_a_speed_is_measured_once_and_remembered(tmp_path, voice):
    assert seconds_for_one(tmp_path, voice) is None
    assert measure(tmp_path, voice) == 0.5
    assert seconds_for_one(tmp_path, voice) == 0.5


@pytest.mark.parametrize("other", [VoiceSpec("kokoro", "af_heart", "2"), VoiceSpec("pyttsx3", "", "1")])
def test_another_version_is_measured_anew(tmp_path, voice, other):
    measure(tmp_path, voice)
    voice.spec = other
    assert seconds_for_one(tmp_path, voice) is None


def test_the_speed_of_a_voice_that_took_over_is_not_taken_for_the_first_ones(tmp_path, voice):
    def failing(_text, _rate=1.0):
        voice.spec = VoiceSpec("pyttsx3", "", "1")
        return np.full(32_000, 9_000, np.int16)

    voice.render = failing
    measure(tmp_path, voice)
    voice.spec = _SPEC
    assert seconds_for_one(tmp_path, voice) is None


def test_what_was_prepared_is_known_by_programme_and_voice(tmp_path):
    note_prepared(tmp_path, "feet-up", _SPEC, _LINES)
    note_prepared(tmp_path, "roller", _SPEC, _LINES[:1])
    assert prepared(tmp_path, "feet-up", _SPEC) == _LINES
    assert prepared(tmp_path, "roller", _SPEC) == _LINES[:1]
    assert prepared(tmp_path, "feet-up", VoiceSpec("kokoro", "bf_emma", "1")) == []


@pytest.mark.parametrize(
    "damaged", ["", "{", "[]", '{"of": 7, "seconds": "x"}', "\x00\xff", '{"feet-up kokoro af_heart 1": [1]}']
)
def test_a_damaged_file_counts_as_missing(tmp_path, voice, damaged):
    for name in (ahead.SPEED_FILE, ahead.PREPARED_FILE):
        (tmp_path / name).write_text(damaged)
    assert seconds_for_one(tmp_path, voice) is None
    assert prepared(tmp_path, "feet-up", _SPEC) == []
    note_prepared(tmp_path, "feet-up", _SPEC, _LINES)
    assert prepared(tmp_path, "feet-up", _SPEC) == _LINES
    assert json.loads((tmp_path / ahead.PREPARED_FILE).read_text())


def test_where_nothing_can_be_written_it_is_measured_and_not_remembered(tmp_path, voice):
    (tmp_path / "file").write_text("")
    assert measure(tmp_path / "file" / "cache", voice) == 0.5
    assert seconds_for_one(tmp_path / "file" / "cache", voice) is None
