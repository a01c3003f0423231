"""One trial of the live benchmark after the other: what is said when, and what the recording shows of it."""

import json
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final, NamedTuple

from cuewalk.bench.live.null_sinks import NullSinks
from cuewalk.bench.live.sound import Word
from cuewalk.devices.files.wav import write_wav
from cuewalk.domain.errors import DeviceError

#: What the script does next comes within this, or never.
_PATIENCE: Final = 8.0


class Moments(NamedTuple):
    """When something is said, in turn: "stop" in seconds into our voice, answers in seconds after it."""

    stops: tuple[float, ...]
    answers: tuple[float, ...]


MOMENTS: Final = Moments((0.5, 0.71, 0.92, 1.13, 1.34, 1.55, 1.76), (0.1, 0.2, 0.3))
QUICK_MOMENTS: Final = Moments((0.3, 0.45, 0.6), (0.05, 0.1, 0.15))


@dataclass(slots=True)
class Trial:
    """One thing said. Times are seconds since the recording began, give or take its latency."""

    kind: str
    label: str
    word: Word
    said_at: float
    until: float = 0.0
    heard: list[dict[str, Any]] = field(default_factory=list)


class Worker:
    """The measured process, as the trials see it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._happenings: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        Thread(target=self._read, daemon=True).start()

    def order(self, what: str) -> None:
        """Let the script begin something."""
        if self._process.stdin is not None:
            self._process.stdin.write(what + "\n")
            self._process.stdin.flush()

    def figures(self) -> dict[str, Any]:
        """Return what the session has lost and cost so far.

        Raises:
            DeviceError: if it does not answer.
        """
        self.order("figures")
        found = self.until("lost")
        if not found:
            raise DeviceError("The measured session does not answer.", meaning="Nothing was measured.")
        return found[-1]

    def end(self) -> None:
        """Let the session end and wait for it."""
        self.order("end")
        self._process.wait(_PATIENCE)

    def until(self, key: str, seconds: float = _PATIENCE) -> list[dict[str, Any]]:
        """Return what happened until something with ``key`` did, that included; [] after ``seconds``.

        Raises:
            DeviceError: if the process has ended.
        """
        found, deadline = [], time.monotonic() + seconds
        while True:
            try:
                happening = self._happenings.get(timeout=max(0.01, deadline - time.monotonic()))
            except Empty:
                return []
            if happening is None:
                raise DeviceError(f"The measured session ended: {self._last_words()}")
            found.append(happening)
            if key in happening:
                return found

    def so_far(self) -> list[dict[str, Any]]:
        """Return what has happened and was not asked for yet."""
        found = []
        while not self._happenings.empty():
            happening = self._happenings.get()
            if happening is not None:
                found.append(happening)
        return found

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._happenings.put(json.loads(line))
        self._happenings.put(None)

    def _last_words(self) -> str:
        said = self._process.stderr.read() if self._process.stderr else ""
        # A library reports at length what it leaves behind when a process fails; the reason comes before it.
        return said.partition("nanobind:")[0].strip()[-600:]


class Stage:
    """The null sinks with a worker on them, and the clock of the recording."""

    def __init__(self, sinks: NullSinks, worker: Worker, folder: Path, began: float) -> None:
        self._sinks, self.worker, self._folder, self._began = sinks, worker, folder, began
        self._said = 0

    @property
    def now(self) -> float:
        """Seconds since the recording began."""
        return time.monotonic() - self._began

    def stop_trial(self, label: str, word: Word, after: float) -> Trial:
        """Say a word ``after`` seconds into our voice, and wait until it is silent or not going to be."""
        self.worker.order("cue")
        self.worker.until("began")
        time.sleep(after)
        return self._say("stop", label, word, patience=2.0)

    def answer_trial(self, label: str, word: Word, after: float) -> Trial:
        """Say a word ``after`` seconds after the question, and wait for the next cue."""
        self.worker.order("question")
        self.worker.until("asked")
        time.sleep(after)
        return self._say("answer", label, word, patience=4.0)

    def _say(self, kind: str, label: str, word: Word, *, patience: float) -> Trial:
        self._said += 1
        wav = self._folder / f"said-{self._said}.wav"
        write_wav(wav, word.samples)
        heard, at = self.worker.so_far(), self.now
        self._sinks.play_into_microphone(wav)
        wav.unlink()
        trial = Trial(kind, label, word, at, heard=heard)
        trial.heard += self.worker.until("ready", patience)
        trial.heard += self.worker.so_far()
        trial.until = self.now
        return trial


def run_trials(
    stage: Stage,
    stops: Sequence[tuple[str, Word]],
    answers: Sequence[tuple[str, Word]],
    done: Callable[[int], None],
    moments: Moments = MOMENTS,
) -> list[Trial]:
    """Run the trials, stops and answers in turn, so that whatever changes with time meets both."""
    trials: list[Trial] = []
    for at in range(max(len(stops), len(answers))):
        # Different moments of a cue, the same ones in every run.
        if at < len(stops):
            trials.append(stage.stop_trial(*stops[at], after=moments.stops[at % len(moments.stops)]))
        if at < len(answers):
            trials.append(stage.answer_trial(*answers[at], after=moments.answers[at % len(moments.answers)]))
        done(len(trials))
    return trials
