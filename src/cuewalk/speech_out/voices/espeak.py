"""espeak-ng's command: the stand-in for pyttsx3, and a simulated person's last choice."""

from typing import ClassVar

from cuewalk.speech_out.engines import espeak_version, espeak_voice_for
from cuewalk.speech_out.pace import words_per_minute
from cuewalk.speech_out.voices.command import CommandVoice


class EspeakVoice(CommandVoice):
    """Speaks about 150 words a minute at rate 1.0."""

    engine: ClassVar[str] = "espeak"

    def __init__(self, locale: str = "en-US", voice: str = "") -> None:
        """Take espeak-ng's name of a voice (``en-us``, ``ko``, ``en-us+f3``), or its voice for the locale."""
        super().__init__(voice or espeak_voice_for(locale))

    def _command(self, line: str, rate: float) -> tuple[list[str], bytes]:
        speed = str(words_per_minute(rate))
        return ["espeak-ng", "--stdin", "--stdout", "-v", self._voice, "-s", speed], line.encode()

    def _version(self) -> str:
        return espeak_version()
