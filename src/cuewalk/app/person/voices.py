"""The voices of the simulated person: flite, which sounds human enough to the recognisers, else espeak-ng."""

from collections.abc import Sequence
from pathlib import Path

from cuewalk.speech_out.api import Voice
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.choose import available_engines
from cuewalk.speech_out.espeak_voice import EspeakVoice
from cuewalk.speech_out.flite_voice import FliteVoice


def person_voices(names: Sequence[str], cache: Path, locale: str) -> list[Voice]:
    """Return the voices a persona asks for, cached."""
    flite = available_engines().get("flite") == "ok" and locale.startswith("en")
    voices: list[Voice] = [FliteVoice(name) for name in names] if flite else [EspeakVoice(locale=locale)]
    return [CachedVoice(voice, cache) for voice in voices]
