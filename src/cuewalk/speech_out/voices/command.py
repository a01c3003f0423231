"""Voices that are a command writing a WAV to its standard output: espeak-ng and flite."""

import subprocess
from abc import ABC, abstractmethod
from typing import ClassVar, Final

from cuewalk.domain.errors import VoiceError
from cuewalk.domain.sound import Samples
from cuewalk.speech_out import pcm
from cuewalk.speech_out.api import VoiceSpec
from cuewalk.speech_out.line import clamp_rate, has_words, speakable

_SECONDS: Final = 10.0


class CommandVoice(ABC):
    """Runs one command a line; nothing stays between lines, so the same text gives the same samples.

    Text without a letter or digit may come out as no samples at all. After `close` every `render` raises
    `VoiceError`.
    """

    engine: ClassVar[str]

    def __init__(self, voice: str) -> None:
        """Take the engine's own name of the voice."""
        self._voice = voice
        self._closed = False

    @property
    def spec(self) -> VoiceSpec:
        """The engine, voice and version."""
        return VoiceSpec(self.engine, self._voice, f"{self._version()}+{pcm.PROCESSING}")

    def render(self, text: str, rate: float = 1.0) -> Samples:
        """Return ``text`` spoken (see `Voice.render`); empty text is no samples."""
        if self._closed:
            raise VoiceError("This voice has been closed.", remedy="Start a new session to hear it again.")
        line, pace = self._readable(speakable(text)), clamp_rate(rate)
        if not line:
            return pcm.empty()
        samples = self._audio(line, pace)
        if not samples.size and has_words(line):
            raise self._error("it gave no sound")
        return samples

    def close(self) -> None:
        """Refuse further lines; no process is left between them."""
        self._closed = True

    @abstractmethod
    def _command(self, line: str, rate: float) -> tuple[list[str], bytes]:
        """Return the command and its standard input."""

    @abstractmethod
    def _version(self) -> str:
        """Return the engine's version."""

    def _readable(self, line: str) -> str:
        """Return what of the line this engine can read."""
        return line

    def _audio(self, line: str, rate: float) -> Samples:
        command, given = self._command(line, rate)
        try:
            done = subprocess.run(command, input=given, capture_output=True, timeout=_SECONDS, check=False)
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
