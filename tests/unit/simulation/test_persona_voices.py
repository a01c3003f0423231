"""Who speaks for a simulated person: flite's voices, or natural ones by name or by the persona's seed."""

import pytest

from cuewalk.domain.errors import VoiceError
from cuewalk.simulation.person.presence import person_voices
from cuewalk.speech_out.choose import problem_of
from cuewalk.speech_out.kokoro.voices import TABLES, VOICES

pytestmark = pytest.mark.skipif(problem_of("kokoro") is not None, reason="the natural voice is not installed")


def names(tmp_path, voices, seed=""):
    found = person_voices(voices, tmp_path, "en-US", seed)
    for voice in found:
        voice.close()
    return [(voice.spec.engine, voice.spec.voice) for voice in found]


def test_a_natural_voice_is_named(tmp_path):
    assert names(tmp_path, ["kokoro:am_michael"]) == [("kokoro", "am_michael")]


def test_one_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(VoiceError, match="no natural voice 'am_nobody'"):
        names(tmp_path, ["kokoro:am_nobody"])


def test_one_is_drawn_for_each_persona_and_never_the_voice_that_it_listens_to(tmp_path, monkeypatch):
    for number in range(9):
        (tmp_path / f"af_{number}.bin").touch()
    monkeypatch.setenv(TABLES, str(tmp_path))
    drawn = [names(tmp_path, ["kokoro", "kokoro"], seed) for seed in ("mixed", "mixed", "sore", "roller")]
    assert drawn[0] == drawn[1]
    assert len({name for pair in drawn for _, name in pair}) > 3
    assert ("kokoro", VOICES[0].name) not in [voice for pair in drawn for voice in pair]


@pytest.mark.skipif(problem_of("flite") is not None, reason="flite is not installed")
def test_flites_voices_speak_unless_told_otherwise(tmp_path):
    assert names(tmp_path, ["slt", "kokoro:bf_emma"]) == [("flite", "slt"), ("kokoro", "bf_emma")]
