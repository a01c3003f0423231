"""What the real voices sound like, as far as figures tell."""

from collections.abc import Callable

import numpy as np
import pytest

from cuewalk.audio.loudness import loudness
from cuewalk.speech_out.api import Voice
from cuewalk.speech_out.choose import problem_of
from cuewalk.speech_out.voices.commands import EspeakVoice, FliteVoice
from cuewalk.speech_out.voices.worker_voice import Pyttsx3Voice

needs_espeak = pytest.mark.skipif(
    bool(problem_of("pyttsx3") or problem_of("espeak")), reason="espeak-ng is not installed"
)
needs_flite = pytest.mark.skipif(bool(problem_of("flite")), reason="flite is not installed")

#: 40 words.
PARAGRAPH = (
    "Stand tall and look forward. Let your weight sit evenly on both feet. Now roll slowly to the outer edge "
    "of your right foot, as far as it feels easy. Stay there for one breath, then come back to the middle."
)


@needs_espeak
def test_the_coach_speaks_calmly() -> None:
    voice = Pyttsx3Voice()
    minutes = len(voice.render(PARAGRAPH)) / 16_000 / 60
    voice.close()
    assert 125 < len(PARAGRAPH.split()) / minutes < 185


@needs_espeak
def test_the_same_line_is_the_same_bytes_in_any_order_and_any_session() -> None:
    lines = ["Four.", "Breathe out slowly.", "Hold the position. " * 8]
    sessions = []
    for order in (lines, lines[::-1]):
        voice = Pyttsx3Voice()
        sessions.append({line: voice.render(line, 1.1).tobytes() for line in order})
        voice.close()
    assert sessions[0] == sessions[1]


@needs_espeak
def test_pyttsx3_and_the_command_that_stands_in_for_it_sound_the_same() -> None:
    voice = Pyttsx3Voice()
    assert len(voice.render("Breathe out slowly.")) == len(EspeakVoice().render("Breathe out slowly."))
    voice.close()


@needs_espeak
@pytest.mark.parametrize("make", [Pyttsx3Voice, EspeakVoice])
def test_korean_is_read_by_the_korean_voice(make: Callable[[str], Voice]) -> None:
    text, voice = "정지 그만 다시", make("ko-KR")
    spoken = len(voice.render(text))
    voice.close()
    assert spoken == len(EspeakVoice(voice="ko").render(text))
    assert spoken != len(EspeakVoice("en-US").render(text))


@needs_flite
def test_simulated_people_differ_but_are_equally_loud() -> None:
    heard = [FliteVoice(name).render(PARAGRAPH) for name in ("slt", "rms", "awb", "kal16")]
    levels = [loudness(samples.astype(np.float32) / 32_768, 16_000) for samples in heard]
    assert max(levels) < min(levels) + 1.5  # kal16 has the highest peaks
    assert len({samples.tobytes() for samples in heard}) == len(heard)


@needs_flite
def test_flite_reads_accents_and_curly_quotes_as_plain_letters() -> None:
    voice = FliteVoice()
    assert np.array_equal(voice.render("It\u2019s a caf\u00e9"), voice.render("It's a cafe"))
