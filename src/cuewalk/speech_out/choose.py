"""Which voice speaks. Nothing is started here: an engine starts at its first line, or by `warm`."""

from collections.abc import Callable
from typing import Final

from cuewalk.domain.errors import VoiceError
from cuewalk.speech_out.api import Voice, warm
from cuewalk.speech_out.engines import ENGINES, espeak_voices, problem_of

__all__ = ["AUTO", "available_engines", "choose_voice", "make_voice", "problem_of", "voices_of", "warm"]

AUTO: Final = "auto"
#: Best first. piper speaks only when asked for: it is GPL and needs 230 MB.
_AUTOMATIC: Final = ("pyttsx3", "espeak")
_SILENT_NOTICE: Final = (
    "No voice engine works here. Every cue is shown on the screen only. "
    "To hear them, install espeak-ng (for example: sudo apt install espeak-ng) and start again."
)


def available_engines() -> dict[str, str]:
    """Return each engine with "ok" or a sentence on why it cannot work here; nothing is started."""
    return {engine: problem_of(engine) or "ok" for engine in ENGINES}


def choose_voice(
    engine: str = AUTO,
    locale: str = "en-US",
    voice: str = "",
    *,
    on_notice: Callable[[str], None] | None = None,
) -> tuple[Voice, str | None]:
    """Return a voice and, if it is a silent one nobody asked for, a sentence that tells the person so.

    Args:
        engine: one of `ENGINES`, or "auto": pyttsx3, else espeak-ng's command, else silence. A voice from
            "auto" never raises while it is open: when its engine fails, it steps down to the next one.
        locale: the language of the cues, such as ``en-US``.
        voice: the engine's own name of a voice, "" for the one of the locale.
        on_notice: told when a voice from "auto" steps down later on.

    Raises:
        VoiceError: if a named engine does not exist or cannot work here.
    """
    if engine != AUTO:
        return make_voice(engine, locale, voice), None
    names = [name for name in _AUTOMATIC if problem_of(name) is None]
    if not names:
        return make_voice("silent"), _SILENT_NOTICE
    from cuewalk.speech_out.voices.fallback import FallbackVoice  # noqa: PLC0415 - see make_voice

    voices = [make_voice(name, locale, voice) for name in (*names, "silent")]
    return FallbackVoice(voices, on_notice or _ignore), None


def voices_of(engine: str) -> tuple[str, ...]:
    """Return the names that the setting ``voice`` can have with an engine; () where any name may be right.

    Of espeak-ng (and pyttsx3, which speaks by it) the languages, names and files of ``espeak-ng --voices``.
    """
    if engine == "flite":
        from cuewalk.speech_out.voices.commands import FLITE_VOICES  # noqa: PLC0415 - see make_voice

        return tuple(FLITE_VOICES)
    return espeak_voices() if engine in {AUTO, "pyttsx3", "espeak"} else ()


def make_voice(engine: str, locale: str = "en-US", voice: str = "") -> Voice:
    """Return a voice of one engine, not started.

    Raises:
        VoiceError: if the engine does not exist or cannot work here.
    """
    if engine not in ENGINES:
        allowed = ", ".join((AUTO, *ENGINES))
        raise VoiceError(f"There is no voice engine {engine!r}.", remedy=f"Choose one of: {allowed}.")
    if problem := problem_of(engine):
        raise VoiceError(problem, remedy=f"Or choose the voice engine {AUTO!r}.")
    return _built(engine, locale, voice)


def _built(engine: str, locale: str, voice: str) -> Voice:
    # Each import only when it is needed: the first cue must come within 2 s of the start.
    if engine == "pyttsx3":
        from cuewalk.speech_out.voices.worker_voice import Pyttsx3Voice  # noqa: PLC0415

        return Pyttsx3Voice(locale, voice)
    if engine == "piper":
        from cuewalk.speech_out.voices.worker_voice import PiperVoice  # noqa: PLC0415

        return PiperVoice(locale, voice)
    if engine == "espeak":
        from cuewalk.speech_out.voices.commands import EspeakVoice  # noqa: PLC0415

        return EspeakVoice(locale, voice)
    if engine == "flite":
        from cuewalk.speech_out.voices.commands import FliteVoice  # noqa: PLC0415

        return FliteVoice(voice or "slt")
    from cuewalk.speech_out.voices.silent import SilentVoice  # noqa: PLC0415

    return SilentVoice()


def _ignore(_: str) -> None:
    """Nobody asked to be told."""
