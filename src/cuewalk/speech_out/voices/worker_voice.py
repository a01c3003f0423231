"""Voices whose engine lives in a worker process: started on first use, restarted once, always checked.

pyttsx3 with espeak-ng is the default voice; piper is the optional, more natural one (GPL, about 230 MB).
"""

import hashlib
import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import ClassVar, Final

from cuewalk.domain.errors import VoiceError
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE
from cuewalk.files.looking import is_file
from cuewalk.speech_out import pcm
from cuewalk.speech_out.api import VoiceSpec, closed
from cuewalk.speech_out.choose import (
    BUNDLED_PIPER,
    espeak_version,
    espeak_voice_for,
    package_version,
    problem_of,
)
from cuewalk.speech_out.kokoro.pronunciation import SOUNDS
from cuewalk.speech_out.kokoro.voices import english_voices, pace_of
from cuewalk.speech_out.kokoro.weights import SHA256
from cuewalk.speech_out.line import clamp_rate, has_words, is_plausible, speakable
from cuewalk.workers import Worker, WorkerLostError

#: Loading a piper model takes 2 s (x86-64) and several times that on a Raspberry Pi.
_START_SECONDS: Final = 30.0
#: The name of scratch folders starts so, with the number of the process that uses one.
_FOLDERS: Final = "cuewalk-voice-"


class WorkerVoice:
    """Implements `Voice`; safe to use from several threads, which take turns.

    Text without a letter or digit may come out as no samples at all. After `close` every `render` raises
    `VoiceError`: a voice that started again would leave a process behind.
    """

    #: The worker's name of the engine.
    engine: ClassVar[str]
    #: Seconds that one line may take.
    answer_seconds: float

    def __init__(self, voice: str, label: str) -> None:
        # The engine's own name of the voice, "" for its default, and what `VoiceSpec` calls it.
        self._voice, self._label = voice, label
        self._spec: VoiceSpec | None = None
        self._worker: _VoiceWorker | None = None
        self._turn = threading.Lock()
        self._closed = False

    @property
    def spec(self) -> VoiceSpec:
        """The engine, voice and version."""
        if self._spec is None:
            self._spec = VoiceSpec(self.engine, self._label, f"{self._version()}+{pcm.PROCESSING}")
        return self._spec

    def warm(self) -> None:
        """Start the worker now, without waiting for it; the next `render` raises what went wrong."""
        if self._turn.acquire(blocking=False):
            try:
                self._running()
            finally:
                self._turn.release()

    def render(self, text: str, rate: float = 1.0) -> Samples:
        """Return ``text`` spoken (see `Voice.render`); empty text is no samples."""
        line, pace = speakable(text), clamp_rate(rate)
        with self._turn:
            if self._closed:
                raise closed()
            return self._checked(line, pace) if line else pcm.empty()

    def close(self) -> None:
        """End the worker, also under a `render` of another thread; a second call does nothing."""
        self._closed = True
        if worker := self._worker:
            worker.process.kill()
        with self._turn:
            self._drop()

    def _version(self) -> str:
        """Return the engine's version; asked once, when the spec is first needed."""
        raise NotImplementedError

    def _checked(self, line: str, rate: float) -> Samples:
        """Return the line's audio; a lost worker or an unlikely length is worth one more try in a new worker.

        The same unlikely length twice is how this engine reads this text, and is taken.
        """
        unlikely: list[Samples] = []
        why = ""
        for _ in range(2):
            try:
                samples = self._once(line, rate)
            except WorkerLostError as lost:
                why = str(lost)
            else:
                if is_plausible(line, rate, len(samples) / SESSION_RATE) or not has_words(line):
                    return samples
                unlikely.append(samples)
                why = f"it gave {len(samples) / SESSION_RATE:.1f} seconds of sound for {len(line)} characters"
            self._drop()
        if len(unlikely) == 2 and len(unlikely[0]) == len(unlikely[1]) > 0:  # noqa: PLR2004 - both tries
            return unlikely[0]
        raise VoiceError(
            f"The {self.engine} voice failed twice on one line ({why}).",
            meaning="This cue can only be read on the screen.",
            remedy="Run `cuewalk doctor`, or choose another voice engine.",
        )

    def _once(self, line: str, rate: float) -> Samples:
        try:
            return pcm.polish(*pcm.read_wav(self._running().render(line, rate, self.answer_seconds)))
        except ValueError as error:
            raise WorkerLostError(str(error)) from error
        except VoiceError:
            self._drop()  # an engine that cannot work at all: leave no process behind
            raise

    def _running(self) -> "_VoiceWorker":
        if self._closed:
            raise closed()
        if self._worker is None:
            self._worker = _VoiceWorker(self.engine, self._voice)
        return self._worker

    def _drop(self) -> None:
        worker, self._worker = self._worker, None
        if worker:
            worker.close()


class Pyttsx3Voice(WorkerVoice):
    """Speaks about 150 words a minute at rate 1.0. The same text and rate give the same samples, always."""

    engine = "pyttsx3"
    #: Design: the longest line takes 0.3 s on x86-64. The engine gives a line up a second earlier.
    answer_seconds = 10.0

    def __init__(self, locale: str = "en-US", voice: str = "") -> None:
        """Take espeak-ng's name of a voice (``en-us``, ``ko``), or its voice for the locale."""
        name = voice or espeak_voice_for(locale)
        super().__init__(name, name)

    def _version(self) -> str:
        return f"{package_version('pyttsx3')}+{espeak_version()}"


class KokoroVoice(WorkerVoice):
    """Speaks English; the same text and rate give sound of the same length."""

    engine = "kokoro"
    #: A line of 240 characters takes 8 s on one busy core, some 60 on a Raspberry Pi 4.
    answer_seconds = 120.0

    def __init__(self, voice: str = "") -> None:
        """Take the name of one of `english_voices`, or the first.

        Raises:
            VoiceError: for another name, or if a package is missing.
        """
        if problem := problem_of("kokoro"):
            raise VoiceError(problem, meaning="Another voice can speak instead.")
        names = english_voices()
        if voice and voice not in names:
            raise VoiceError(
                f"There is no natural voice {voice!r}.", remedy=f"Use one of: {', '.join(names)}."
            )
        super().__init__(voice or names[0], voice or names[0])

    def _version(self) -> str:
        return f"{SHA256[:8]}+{package_version('sanotts')}+{SOUNDS}+{pace_of(self._voice)}"


class PiperVoice(WorkerVoice):
    """The same text and rate give the same samples."""

    engine = "piper"
    #: A 240-character line takes about 1 s on a laptop and some 8 s on a Raspberry Pi 4.
    answer_seconds = 60.0

    def __init__(self, locale: str = "en-US", voice: str = "") -> None:
        """Take the path of a piper model (``.onnx`` beside its ``.onnx.json``), or `BUNDLED_PIPER`.

        Raises:
            VoiceError: if piper is not installed, the model is not there, or the bundled one does not speak
                the language.
        """
        if problem := problem_of("piper"):
            raise VoiceError(problem, meaning="The default voice can speak instead.")
        voice = "" if voice == BUNDLED_PIPER else voice
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
        super().__init__(voice, Path(voice).stem if voice else BUNDLED_PIPER)

    def _version(self) -> str:
        # Two models of one name in two folders do not share cached cues.
        own = hashlib.sha256(str(Path(self._voice).resolve()).encode()).hexdigest()[:8]
        return f"{package_version('piper-tts')}+{own if self._voice else 'bundled'}"


class _VoiceWorker:
    """One running worker with its scratch folder. Used by one thread at a time."""

    def __init__(self, engine: str, voice: str) -> None:
        self._ready = False
        try:
            sweep(Path(tempfile.gettempdir()))
            self.folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDERS}{os.getpid()}-"))
            self.process = Worker("cuewalk.speech_out.voices.worker", engine, voice, str(self.folder))
        except OSError as error:
            raise VoiceError(
                f"The voice could not be started ({error}).",
                meaning="Cues cannot be heard.",
                remedy="Free some memory and disk space, then try again.",
            ) from error

    def render(self, text: str, rate: float, seconds: float) -> bytes:
        """Return the WAV of one line.

        Raises:
            WorkerLostError: if the worker gave none.
            VoiceError: if the engine cannot work at all, so that a new worker could not either.
        """
        if not self._ready and (fault := self.process.receive(seconds=_START_SECONDS)):
            raise VoiceError(
                f"The voice engine does not work: {fault}.",
                meaning="Cues cannot be heard.",
                remedy="Run `cuewalk doctor` to see which voices work here.",
            )
        self._ready = True
        self.process.send((text, rate))
        answer = self.process.receive(seconds=seconds)
        if not isinstance(answer, bytes):
            raise WorkerLostError(str(answer))
        return answer

    def close(self) -> None:
        self.process.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove the scratch folders of processes that were killed together with their worker."""
    for scratch in folder.glob(f"{_FOLDERS}*-*"):
        owner = scratch.name.removeprefix(_FOLDERS).partition("-")[0]
        if owner.isdecimal() and not _is_alive(int(owner)):
            shutil.rmtree(scratch, ignore_errors=True)  # another user's cannot be, and stays


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
