"""flite's command: the simulated person's voice; recognisers hear it far better than espeak-ng's."""

import unicodedata
from typing import ClassVar, Final

from cuewalk.domain.errors import VoiceError
from cuewalk.speech_out.engines import flite_version
from cuewalk.speech_out.voices.command import CommandVoice

#: Built into flite; with any other name it would silently speak in its default voice.
FLITE_VOICES: Final = ("slt", "rms", "awb", "kal16", "kal")


class FliteVoice(CommandVoice):
    """English only."""

    engine: ClassVar[str] = "flite"

    def __init__(self, voice: str = "slt") -> None:
        """Take one of `FLITE_VOICES`.

        Raises:
            VoiceError: for any other name.
        """
        if voice not in FLITE_VOICES:
            raise VoiceError(
                f"flite has no voice {voice!r}.", remedy=f"Use one of: {', '.join(FLITE_VOICES)}."
            )
        super().__init__(voice)

    def _command(self, line: str, rate: float) -> tuple[list[str], bytes]:
        stretch = f"duration_stretch={1 / rate:.4f}"
        return ["flite", "-voice", self._voice, "--setf", stretch, "-t", line, "-o", "/dev/stdout"], b""

    def _version(self) -> str:
        return flite_version()

    def _readable(self, line: str) -> str:
        """Return the line in ASCII, which is all flite reads: "café" becomes "cafe", an emoji goes."""
        plain = unicodedata.normalize("NFKD", line).replace("\u2019", "'").encode("ascii", "ignore").decode()
        return " ".join(plain.split())
