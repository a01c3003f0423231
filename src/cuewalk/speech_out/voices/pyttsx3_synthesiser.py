"""The default voice: pyttsx3 with espeak-ng, in a worker process."""

from typing import Final

from cuewalk.speech_out.engines import espeak_version, espeak_voice_for, package_version
from cuewalk.speech_out.voices.worker_voice import WorkerVoice

_ANSWER_SECONDS: Final = 10.0


class Pyttsx3Voice(WorkerVoice):
    """Speaks about 150 words a minute at rate 1.0. The same text and rate give the same samples, always."""

    def __init__(self, locale: str = "en-US", voice: str = "") -> None:
        """Take espeak-ng's name of a voice (``en-us``, ``ko``), or its voice for the locale."""
        name = voice or espeak_voice_for(locale)
        super().__init__("pyttsx3", name, _version, label=name, answer_seconds=_ANSWER_SECONDS)


def _version() -> str:
    return f"{package_version('pyttsx3')}+{espeak_version()}"
