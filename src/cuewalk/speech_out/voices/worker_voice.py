"""A voice whose engine lives in a worker process: started on first use, restarted once, always checked."""

import threading
from collections.abc import Callable

from cuewalk.domain.errors import VoiceError
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE
from cuewalk.speech_out import pcm
from cuewalk.speech_out.api import VoiceSpec
from cuewalk.speech_out.line import clamp_rate, has_words, is_plausible, speakable
from cuewalk.speech_out.voices.worker_client import WorkerLostError, WorkerProcess


class WorkerVoice:
    """Implements `Voice`; safe to use from several threads, which take turns.

    Text without a letter or digit may come out as no samples at all. After `close` every `render` raises
    `VoiceError`: a voice that came back by itself would leave a process behind.
    """

    def __init__(
        self, engine: str, voice: str, version: Callable[[], str], *, label: str, answer_seconds: float
    ) -> None:
        """Start nothing yet.

        Args:
            engine: the worker's name for it.
            voice: the engine's own name for the voice, "" for its default.
            version: asked once, when the spec is first needed.
            label: the voice as `VoiceSpec` names it.
            answer_seconds: how long one line may take.
        """
        self._engine, self._voice, self._version, self._label = engine, voice, version, label
        self._answer_seconds = answer_seconds
        self._spec: VoiceSpec | None = None
        self._worker: WorkerProcess | None = None
        self._turn = threading.Lock()
        self._closed = False

    @property
    def spec(self) -> VoiceSpec:
        """The engine, voice and version."""
        if self._spec is None:
            self._spec = VoiceSpec(self._engine, self._label, f"{self._version()}+{pcm.PROCESSING}")
        return self._spec

    @property
    def worker_pid(self) -> int | None:
        """The process number of the worker, None while there is none."""
        return self._worker.pid if self._worker else None

    def warm(self) -> None:
        """Start the worker now, without waiting for it; what goes wrong is told by the next `render`."""
        if self._turn.acquire(blocking=False):
            try:
                self._running()
            finally:
                self._turn.release()

    def render(self, text: str, rate: float = 1.0) -> Samples:
        """Return ``text`` spoken (see `Voice.render`); empty text is no samples."""
        line, pace = speakable(text), clamp_rate(rate)
        with self._turn:
            self._must_be_open()
            return self._checked(line, pace) if line else pcm.empty()

    def close(self) -> None:
        """End the worker, also under a `render` of another thread; a second call does nothing."""
        self._closed = True
        if worker := self._worker:
            worker.kill()
        with self._turn:
            self._drop()

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
            f"The {self._engine} voice failed twice on one line ({why}).",
            meaning="This cue can only be read on the screen.",
            remedy="Run `cuewalk doctor`, or choose another voice engine.",
        )

    def _once(self, line: str, rate: float) -> Samples:
        try:
            return pcm.polish(*pcm.read_wav(self._running().render(line, rate)))
        except ValueError as error:
            raise WorkerLostError(str(error)) from error
        except VoiceError:
            self._drop()  # an engine that cannot work at all: leave no process behind
            raise

    def _running(self) -> WorkerProcess:
        self._must_be_open()
        if self._worker is None:
            self._worker = WorkerProcess(self._engine, self._voice, answer_seconds=self._answer_seconds)
        return self._worker

    def _drop(self) -> None:
        worker, self._worker = self._worker, None
        if worker:
            worker.close()

    def _must_be_open(self) -> None:
        if self._closed:
            raise VoiceError("This voice has been closed.", remedy="Start a new session to hear it again.")
