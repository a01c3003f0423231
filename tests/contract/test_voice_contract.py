"""One suite over every voice: what the session may rely on, whichever engine speaks."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soxr

from cuewalk.domain.errors import VoiceError
from cuewalk.domain.sound import Samples
from cuewalk.speech_out.api import Voice, VoiceSpec
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.choose import choose_voice, make_voice, problem_of
from cuewalk.speech_out.line import FASTEST
from cuewalk.speech_out.pcm import PEAK_LIMIT, TARGET
from cuewalk.speech_out.voices.commands import FliteVoice
from cuewalk.speech_out.voices.fallback import FallbackVoice
from cuewalk.speech_out.voices.worker_voice import WorkerVoice

SHORT = "Four."
#: Three lengths: less than a block of the meter, a few seconds, many.
LINES_OF_EACH_LENGTH = (
    "Four.",
    "Breathe out.",
    "Roll to the outer edge of the right foot, and stay there for one breath.",
)
LINE = "Stand tall, and slowly tilt your ankle outward."
WEIRD = [
    "🦵",
    "Well done 🎉, go on.",
    "He said \"go\" and 'stop'.",
    "-v lists every voice",
    "--help",
    "first line\nsecond line\r\n\tthird",
    "a\x00b\x1b[31m",
    "…",
    "Hold the position and breathe out slowly. " * 12,
    "<speak>up & down</speak>",
    "café, naïve, 정지",
    "%s {0} $HOME `ls` ; \\",
]


@dataclass(frozen=True)
class Case:
    """One voice under test and whether it can be heard."""

    name: str
    engine: str
    heard: bool = True


CASES = [
    Case("pyttsx3", "pyttsx3"),
    Case("espeak", "espeak"),
    Case("flite", "flite"),
    Case("flite-kal16", "flite"),
    Case("piper", "piper"),
    Case("kokoro", "kokoro"),
    Case("auto", "pyttsx3"),
    Case("fallback", "espeak"),
    Case("cached", "pyttsx3"),
    Case("silent", "silent", heard=False),
]


class Broken:
    """A voice that fails at its first line."""

    spec = VoiceSpec("broken", "broken", "1")

    def render(self, text: str, rate: float = 1.0) -> Samples:
        raise VoiceError("It is broken.")

    def close(self) -> None:
        pass


def make(case: Case, folder: Path) -> Voice:
    if problem := problem_of(case.engine):
        pytest.skip(problem)
    if case.name == "flite-kal16":
        return FliteVoice("kal16")
    if case.name == "auto":
        return choose_voice()[0]
    if case.name == "fallback":
        return FallbackVoice([Broken(), make_voice(case.engine)], lambda _sentence: None)
    if case.name == "cached":
        return CachedVoice(make_voice(case.engine), folder)
    return make_voice(case.engine)


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture(scope="module")
def voice(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    made = make(case, tmp_path_factory.mktemp("cues"))
    yield made
    made.close()


def seconds(samples: Samples) -> float:
    return len(samples) / 16_000


def standard_loudness(samples: Samples) -> float:
    """Return LUFS by the letter of ITU-R BS.1770-4: its own coefficients, at 48 kHz, sample by sample."""
    sound = soxr.resample(samples.astype(np.float64) / 32_768, 16_000, 48_000)
    for b, a in (
        ((1.53512485958697, -2.69169618940638, 1.19839281085285), (-1.69065929318241, 0.73248077421585)),
        ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621)),
    ):
        one = two = 0.0
        for index, value in enumerate(sound):
            state = value - a[0] * one - a[1] * two
            sound[index] = b[0] * state + b[1] * one + b[2] * two
            one, two = state, one
    blocks = [sound[start : start + 19_200] for start in range(0, max(1, len(sound) - 19_199), 4_800)]
    powers = np.array([np.mean(block**2) for block in blocks])
    gate = -0.691 + 10 * np.log10(powers[10 * np.log10(powers) - 0.691 > -70].mean()) - 10
    return float(-0.691 + 10 * np.log10(powers[10 * np.log10(powers) - 0.691 > gate].mean()))


def test_every_line_is_equally_loud_and_none_clips(case: Case, voice: Voice) -> None:
    for line in LINES_OF_EACH_LENGTH if case.heard else ():
        samples = voice.render(line)
        assert standard_loudness(samples) == pytest.approx(TARGET, abs=1), line
        assert np.abs(samples.astype(int)).max() <= PEAK_LIMIT * 32_768, line


def test_a_line_is_one_strip_of_sound_that_begins_and_ends_softly(case: Case, voice: Voice) -> None:
    samples = voice.render(LINE)
    assert samples.dtype == np.int16
    assert samples.ndim == 1
    assert 1.5 < seconds(samples) < 6
    if case.heard:
        assert np.abs(samples[:1600]).max() > 100, "the line starts with more than its 20 ms of silence"
        assert max(abs(int(samples[0])), abs(int(samples[-1]))) < 20, "it clicks"


def test_a_short_word_is_whole(voice: Voice) -> None:
    assert 0.2 < seconds(voice.render(SHORT)) < 1


def test_the_same_line_is_as_long_again_after_other_lines(voice: Voice) -> None:
    first = len(voice.render(LINE))
    voice.render(SHORT)
    assert len(voice.render(LINE)) == first


def test_lines_in_a_row_are_neither_swapped_nor_cut_off(voice: Voice) -> None:
    lines = ["Six.", LINE, "Breathe out.", LINE + " " + LINE, "Ten."]
    forward = [len(voice.render(line, 1.9)) for line in lines]
    backward = [len(voice.render(line, 1.9)) for line in reversed(lines)]
    assert forward == backward[::-1]
    six, line, breathe, double, ten = forward
    assert max(six, ten) < breathe < line < double
    assert double > 1.8 * line


def test_a_lower_rate_takes_longer(voice: Voice) -> None:
    slow, normal, fast = (len(voice.render(LINE, rate)) for rate in (0.7, 1.0, 1.3))
    assert slow > 1.15 * normal > 1.15 * 1.1 * fast


def test_a_rate_out_of_range_is_its_nearest_end(voice: Voice) -> None:
    assert len(voice.render(SHORT, 9.0)) == len(voice.render(SHORT, 2.0))
    assert len(voice.render(SHORT, 0.0)) == len(voice.render(SHORT, 0.5))


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_nothing_to_say_is_no_sound(voice: Voice, text: str) -> None:
    assert len(voice.render(text)) == 0


@pytest.mark.parametrize("text", WEIRD)
def test_a_strange_text_does_not_cost_the_next_line(voice: Voice, text: str) -> None:
    strange = voice.render(text, FASTEST)
    assert strange.dtype == np.int16
    assert 0.2 < seconds(voice.render(SHORT)) < 1


def test_a_leading_dash_is_read_and_not_obeyed(voice: Voice) -> None:
    dashed, plain = (len(voice.render(text)) for text in ("-v lists every voice", "v lists every voice"))
    assert abs(dashed - plain) < 0.5 * plain


def test_the_spec_names_engine_and_voice(case: Case, voice: Voice) -> None:
    voice.render(SHORT)
    assert voice.spec.engine == case.engine
    assert voice.spec == voice.spec
    if case.heard:
        assert voice.spec.voice
        assert voice.spec.version


def test_closing_is_final_and_may_be_repeated(case: Case, tmp_path: Path) -> None:
    voice = make(case, tmp_path)
    voice.close()
    voice.close()
    with pytest.raises(VoiceError, match="closed"):
        voice.render(SHORT)


def test_a_killed_worker_is_replaced_without_a_word_lost(case: Case, voice: Voice) -> None:
    if not isinstance(voice, WorkerVoice):
        pytest.skip(f"{case.name} keeps no process between lines, or is tested by its inner voice")
    before = voice.render(LINE)
    killed = voice._worker.process.pid
    os.kill(killed, signal.SIGKILL)
    assert np.array_equal(voice.render(LINE), before)
    assert voice._worker.process.pid != killed
