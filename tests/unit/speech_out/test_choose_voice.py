import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from cuewalk.domain.errors import VoiceError
from cuewalk.domain.sound import Samples
from cuewalk.speech_out import choose
from cuewalk.speech_out.api import VoiceSpec
from cuewalk.speech_out.choose import available_engines, choose_voice
from cuewalk.speech_out.voices.fallback import FallbackVoice
from cuewalk.speech_out.voices.silent import SilentVoice


class BrittleVoice:
    """Fails on lines that hold a word of ``fails``; "" is in every line."""

    def __init__(self, engine: str, fails: str | None) -> None:
        self.spec = VoiceSpec(engine)
        self.fails, self.asked, self.closed = fails, 0, False

    def render(self, text: str, rate: float = 1.0) -> Samples:
        self.asked += 1
        if self.fails is not None and self.fails in text:
            raise VoiceError(f"The {self.spec.engine} voice failed.", remedy="Do something.")
        return np.full(len(text), len(self.spec.engine), dtype=np.int16)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without espeak-ng and flite: no command on the path, no library where the linker looks."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(choose, "_espeak_library", lambda: False)


@pytest.mark.usefixtures("bare_machine")
def test_without_any_engine_the_person_is_told_and_the_session_goes_on_in_silence() -> None:
    voice, notice = choose_voice()
    assert voice.spec.engine == "silent"
    assert notice
    assert "install espeak-ng" in notice
    assert not voice.render("Stand tall.").any()


@pytest.mark.usefixtures("bare_machine")
@pytest.mark.parametrize("engine", ["pyttsx3", "espeak", "flite"])
def test_an_engine_asked_for_by_name_says_what_to_install(engine: str) -> None:
    with pytest.raises(VoiceError, match=r"[Ii]nstall"):
        choose_voice(engine)
    assert "nstall" in available_engines()[engine]


def test_a_missing_piper_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "find_spec", lambda name: None)
    with pytest.raises(VoiceError, match=r"pip install 'cuewalk\[piper\]'"):
        choose_voice("piper")


def test_an_engine_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(VoiceError, match="auto, kokoro, pyttsx3, piper, espeak, flite, silent"):
        choose_voice("festival")


def test_a_flite_voice_that_does_not_exist_is_refused() -> None:
    with pytest.raises(VoiceError, match="slt, rms"):
        choose_voice("flite", voice="bob")


@pytest.mark.parametrize(
    ("voice", "engine"), [("am_michael", "kokoro"), ("awb", "flite"), ("en-gb", "pyttsx3"), ("", "pyttsx3")]
)
def test_a_name_decides_the_engine_where_none_is_set(voice: str, engine: str) -> None:
    chosen, notice = choose_voice("auto", voice=voice)
    assert (chosen.spec.engine, notice) == (engine, None)
    assert chosen.spec.voice == (voice or "en-us")


@pytest.mark.parametrize(("voice", "locale"), [("am_michael", "ko-KR"), ("slt", "ko-KR")])
def test_a_voice_that_cannot_speak_is_replaced_with_a_sentence(voice: str, locale: str) -> None:
    chosen, notice = choose_voice("auto", locale, voice)
    assert (chosen.spec.engine, chosen.spec.voice) == ("pyttsx3", "ko")
    assert notice is not None
    assert voice in notice
    assert "English only" in notice


@pytest.mark.parametrize(
    ("engine", "voice", "turns"),
    [
        ("kokoro", "am_michael", ("am_michael", "bf_emma", "af_heart")),
        ("flite", "kal", ("kal", "slt", "rms", "awb", "kal16")),
        ("piper", "my-own", ("my-own", "en_US-joe-medium")),
        ("silent", "", ("",)),
    ],
)
def test_the_voices_of_one_engine_take_turns_and_the_present_one_is_first(
    engine: str, voice: str, turns: tuple[str, ...]
) -> None:
    assert choose.in_turn(VoiceSpec(engine, voice), "en-US") == turns


def test_no_two_engines_have_a_voice_of_one_name() -> None:
    names = [name for engine in ("kokoro", "flite", "piper") for name in choose.voices_of(engine)]
    assert len(names) == len(set(names))
    assert {name.casefold() for name in names}.isdisjoint(map(str.casefold, choose.espeak_voices()))


@pytest.mark.parametrize("locale", ["en-US", "en-GB", "ko-KR", "de-DE"])
def test_the_first_voices_of_espeak_are_a_man_and_a_woman_of_the_language(locale: str) -> None:
    offered = choose.speakers_of("pyttsx3", locale)
    own = choose.espeak_voice_for(locale)
    assert list(offered)[:2] == [own, f"{own}+f3"]
    assert all(choose.has_voice("pyttsx3", name) for name in offered)


@pytest.mark.skipif(bool(choose.problem_of("piper")), reason="piper is not installed")
def test_the_bundled_piper_voice_is_not_made_to_read_korean() -> None:
    with pytest.raises(VoiceError, match="English only"):
        choose_voice("piper", "ko-KR")


@pytest.mark.skipif(bool(choose.problem_of("piper")), reason="piper is not installed")
def test_a_piper_model_that_is_not_there_is_named() -> None:
    with pytest.raises(VoiceError, match=r"no piper voice at /nowhere\.onnx"):
        choose_voice("piper", voice="/nowhere.onnx")


def test_every_engine_is_ok_or_has_a_reason() -> None:
    report = available_engines()
    assert list(report) == list(choose.ENGINES)
    assert all(text == "ok" or text.endswith((".", "'", "pyttsx3")) for text in report.values())
    assert report["silent"] == "ok"


@pytest.mark.parametrize(
    ("locale", "voice"),
    [("en-US", "en-us"), ("en_GB", "en-gb"), ("ko-KR", "ko"), ("de-DE", "de"), ("fr", "fr")],
)
def test_the_voice_follows_the_locale(locale: str, voice: str) -> None:
    assert choose.espeak_voice_for(locale) == voice


def test_choosing_starts_nothing_and_takes_no_time() -> None:
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        voice, notice = choose_voice()
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.05
    assert notice is None or voice.spec.engine == "silent"
    assert all(getattr(each, "_worker", None) is None for each in getattr(voice, "_voices", ()))


def test_importing_the_chooser_loads_no_engine() -> None:
    heavy = {"pyttsx3", "piper", "soxr", "pydantic", "onnxruntime", "cuewalk.speech_out.voices.worker_voice"}
    code = f"import sys, numpy; import cuewalk.speech_out.choose; print(*({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_voice_that_breaks_hands_over_for_good_and_says_so() -> None:
    notices: list[str] = []
    broken, spare = BrittleVoice("broken", fails=""), BrittleVoice("spare", fails=None)
    voice = FallbackVoice([broken, spare, SilentVoice()], notices.append)
    assert voice.render("Stand tall.").any()
    asked = broken.asked
    voice.render("Breathe.")
    assert broken.asked == asked
    assert broken.closed
    assert voice.spec.engine == "spare"
    assert notices == ["The broken voice failed. The spare voice goes on."]


def test_one_line_too_many_does_not_cost_the_voice() -> None:
    notices: list[str] = []
    voice = FallbackVoice([BrittleVoice("odd", fails="tongue"), SilentVoice()], notices.append)
    assert not voice.render("tongue twister").any()
    assert voice.render("Breathe.").any()
    assert notices == []


def test_when_only_silence_is_left_the_person_is_sent_to_the_screen() -> None:
    notices: list[str] = []
    voice = FallbackVoice([BrittleVoice("broken", fails=""), SilentVoice()], notices.append)
    assert not voice.render("Stand tall.").any()
    assert notices == ["The broken voice failed. Cues are shown on the screen only."]


def test_the_last_voice_may_fail_aloud_and_a_closed_one_does_not_step_down() -> None:
    last = FallbackVoice([BrittleVoice("broken", fails="")], pytest.fail)
    with pytest.raises(VoiceError, match="broken"):
        last.render("Stand tall.")
    closed = FallbackVoice([BrittleVoice("broken", fails=""), SilentVoice()], pytest.fail)
    closed.close()
    with pytest.raises(VoiceError):
        closed.render("Stand tall.")


def test_silence_is_as_long_as_speech() -> None:
    voice = SilentVoice()
    assert len(voice.render("x" * 60)) == pytest.approx(60 * 0.065 * 16_000, abs=1)
    assert len(voice.render("x" * 60, 0.5)) == 2 * len(voice.render("x" * 60))
    assert choose.AUTO == "auto"
