"""faster-whisper behind the shape of a recogniser, for comparing speeds; never used in a session."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from cuewalk.domain.errors import RecogniserError
from cuewalk.domain.sound import FULL_SCALE
from cuewalk.speech_in.api import Hypothesis
from cuewalk.speech_in.pcm import SoundRecogniser

ENGINE: Final = "faster-whisper"
#: Tells the model what to expect, as a grammar does for the others.
_PROMPT: Final = "Zero, one, two, three, four, five, six, seven, eight, nine, ten. Stop. Yes. No."


class WhisperRecogniser(SoundRecogniser):
    """Hears an utterance at its end; it has no partial results.

    Raises:
        RecogniserError: if the package or the model is not there.
    """

    engine: Final = ENGINE

    def __init__(self, folder: Path | None, language: str) -> None:
        super().__init__()
        self._model: Any = _load(folder)
        self._language = language

    def partial(self) -> str:
        """Return nothing."""
        return ""

    def decode_early(self) -> None:
        """Do nothing: one decode takes as long as a session may wait."""

    def finish(self) -> Hypothesis:
        """Return the text of the whole utterance; the confidence is the least sure segment's."""
        sound = np.frombuffer(self._take(), "<i2").astype(np.float32) / np.float32(FULL_SCALE)
        segments, _ = self._model.transcribe(
            sound,
            language=self._language,
            beam_size=1,
            initial_prompt=_PROMPT,
            without_timestamps=True,
            condition_on_previous_text=False,
        )
        heard = list(segments)
        text = " ".join(each.text.strip() for each in heard).lower()
        sure = min((float(np.exp(each.avg_logprob)) for each in heard), default=0.0)
        return Hypothesis(text, sure if text else 0.0, ENGINE)

    def reset(self) -> None:
        """Forget the utterance so far."""
        self._take()

    def close(self) -> None:
        """Release the model."""
        self._model = None


def _load(folder: Path | None) -> object:
    if folder is None:
        raise RecogniserError("No model folder was given with --whisper-model.")
    if not (folder / "model.bin").is_file():
        raise RecogniserError(f"There is no faster-whisper model (model.bin) in {folder}.")
    try:
        # An optional extra, and slow to import.
        from faster_whisper import WhisperModel  # noqa: PLC0415
    except ImportError as error:
        raise RecogniserError(
            "The package faster-whisper is not installed.", remedy="Install it with the extra 'peers'."
        ) from error
    try:
        return WhisperModel(str(folder), device="cpu", compute_type="int8", local_files_only=True)
    except (RuntimeError, ValueError, OSError) as error:
        raise RecogniserError(f"faster-whisper cannot load the model in {folder}: {error}.") from error
