"""Voices that are a command writing a WAV to its standard output: espeak-ng and flite."""

import subprocess
import unicodedata
from typing import ClassVar, Final

from cuewalk.domain.errors import VoiceError
from cuewalk.domain.sound import Samples
from cuewalk.speech_out import pcm
from cuewalk.speech_out.api import VoiceSpec, closed
from cuewalk.speech_out.choose import espeak_version, espeak_voice_for, flite_version
from cuewalk.speech_out.line import clamp_rate, has_words, speakable, words_per_minute

#: Seconds that one line may take. Design: the longest takes 0.3 s on x86-64.
_ANSWER_SECONDS: Final = 10.0
#: Who is built into flite; with any other name it would silently speak in its default voice.
FLITE_VOICES: Final = {
    "slt": "a woman, American",
    "rms": "a man, American",
    "awb": "a man, Scottish",
    "kal16": "a man, American, like a machine",
    "kal": "the same, like on a telephone",
}


class CommandVoice:
    """Runs one command a line; nothing stays between lines, so the same text gives the same samples.

    Text without a letter or digit may come out as no samples at all. After `close` every `render` raises
    `VoiceError`.
    """

    engine: ClassVar[str]

    def __init__(self, voice: str) -> None:
        self._voice, self._closed = voice, False

    @property
    def spec(self) -> VoiceSpec:
        """The engine, voice and version."""
        return VoiceSpec(self.engine, self._voice, f"{self._version()}+{pcm.PROCESSING}")

    def render(self, text: str, rate: float = 1.0) -> Samples:
        """Return ``text`` spoken (see `Voice.render`); empty text is no samples."""
        if self._closed:
            raise closed()
        line, pace = self._readable(speakable(text)), clamp_rate(rate)
        samples = self._audio(line, pace) if line else pcm.empty()
        if not samples.size and has_words(line):
            raise self._error("it gave no sound")
        return samples

    def close(self) -> None:
        """Refuse further lines; no process is left between them."""
        self._closed = True

    def _command(self, line: str, rate: float) -> tuple[list[str], bytes]:
        """Return the command and its standard input."""
        raise NotImplementedError

    def _version(self) -> str:
        """Return the engine's version."""
        raise NotImplementedError

    def _readable(self, line: str) -> str:
        """Return what of the line this engine can read."""
        return line

    def _audio(self, line: str, rate: float) -> Samples:
        command, given = self._command(line, rate)
        try:
            done = subprocess.run(
                command, input=given, capture_output=True, timeout=_ANSWER_SECONDS, check=False
            )
            if done.returncode:
                raise self._error(done.stderr.decode("utf-8", "replace").strip() or str(done.returncode))
            return pcm.polish(*pcm.read_wav(done.stdout))
        except (OSError, subprocess.TimeoutExpired, ValueError) as error:
            raise self._error(str(error)) from error

    def _error(self, why: str) -> VoiceError:
        return VoiceError(
            f"The {self.engine} voice {self._voice!r} failed: {why}.",
            meaning="This line cannot be heard.",
            remedy="Run `cuewalk doctor` to see which voices work here.",
        )


class EspeakVoice(CommandVoice):
    """The stand-in for pyttsx3, and a simulated person's last choice: 150 words a minute at rate 1.0."""

    engine = "espeak"

    def __init__(self, locale: str = "en-US", voice: str = "") -> None:
        """Take espeak-ng's name of a voice (``en-us``, ``ko``, ``en-us+f3``), or its voice for the locale."""
        super().__init__(voice or espeak_voice_for(locale))

    def _command(self, line: str, rate: float) -> tuple[list[str], bytes]:
        speed = str(words_per_minute(rate))
        return ["espeak-ng", "--stdin", "--stdout", "-v", self._voice, "-s", speed], line.encode()

    def _version(self) -> str:
        return espeak_version()


class FliteVoice(CommandVoice):
    """The simulated person's voice, English only: recognisers hear it far better than espeak-ng's."""

    engine = "flite"

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
