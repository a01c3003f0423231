"""The voices of the simulated person: flite, which sounds human enough to the recognisers, else espeak-ng."""

from collections.abc import Sequence
from pathlib import Path

from cuewalk.domain.errors import VoiceError
from cuewalk.speech_out.api import Voice
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.choose import available_engines
from cuewalk.speech_out.voices.commands import EspeakVoice, FliteVoice


def person_voices(names: Sequence[str], cache: Path, locale: str) -> list[Voice]:
    """Return the voices a persona asks for, cached.

    Raises:
        VoiceError: if neither flite nor espeak-ng is there.
    """
    engines = available_engines()
    flite = engines.get("flite") == "ok" and locale.startswith("en")
    if not flite and engines.get("espeak") != "ok":
        raise VoiceError(
            "The simulated person has no voice: neither flite nor espeak-ng is installed.",
            meaning="The demonstration was not started.",
            remedy="Install one, for example: sudo apt install flite.",
        )
    voices: list[Voice]
    if locale.startswith("en"):
        voices = [FliteVoice(name) for name in names] if flite else [EspeakVoice(locale=locale)]
    else:
        voices = [EspeakVoice(locale=locale, voice=name) for name in names]
    return [CachedVoice(voice, cache) for voice in voices]
