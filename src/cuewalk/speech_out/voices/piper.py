"""The optional, more natural voice: piper, in a worker process (GPL, about 230 MB)."""

import hashlib
from pathlib import Path
from typing import Final

from cuewalk.domain.errors import VoiceError
from cuewalk.files.looking import is_file
from cuewalk.speech_out.engines import package_version, problem_of
from cuewalk.speech_out.voices.worker_voice import WorkerVoice

#: A 240-character line takes about 1 s on a laptop and some 8 s on a Raspberry Pi 4.
_ANSWER_SECONDS: Final = 60.0
_BUNDLED: Final = "en_US-joe-medium"


class PiperVoice(WorkerVoice):
    """The same text and rate give the same samples."""

    def __init__(self, locale: str = "en-US", voice: str = "") -> None:
        """Take the path of a piper model (``.onnx`` beside its ``.onnx.json``), or the bundled American one.

        Raises:
            VoiceError: if piper is not installed, the model is not there, or the bundled one does not speak
                the language.
        """
        _check(locale, voice)
        label = Path(voice).stem if voice else _BUNDLED
        super().__init__("piper", voice, lambda: _version(voice), label=label, answer_seconds=_ANSWER_SECONDS)


def _check(locale: str, voice: str) -> None:
    if problem := problem_of("piper"):
        raise VoiceError(problem, meaning="The default voice can speak instead.")
    if voice and not is_file(Path(voice)):
        raise VoiceError(
            f"There is no piper voice at {voice}.",
            remedy="Name a file that ends in .onnx, or leave it empty.",
        )
    if not voice and not locale.lower().startswith("en"):
        raise VoiceError(
            f"The bundled piper voice speaks English only, not {locale}.",
            remedy="Name the file of a piper voice for that language, or use the default voice.",
        )


def _version(voice: str) -> str:
    """Return the version; two models of one name in two folders do not share cached cues."""
    own = hashlib.sha256(str(Path(voice).resolve()).encode()).hexdigest()[:8] if voice else "bundled"
    return f"{package_version('piper-tts')}+{own}"
