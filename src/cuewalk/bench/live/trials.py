"""The trials of the live benchmark: what is said when, and what the measured session makes of it."""

import json
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final, NamedTuple

from cuewalk.bench.intervals import rounded
from cuewalk.bench.live.null_sinks import NullSinks
from cuewalk.bench.live.sound import SaidWord, SpokenWord
from cuewalk.devices.files.wav import write_wav
from cuewalk.domain.errors import DeviceError
from cuewalk.domain.units import FRAME_MS

#: What the script does next comes within this many seconds, or never; a cue takes up to 6.
_TIMEOUT: Final = 8.0
#: Seconds from trial to trial in a soak; between them cue follows cue, up to some seconds before the next.
_EVERY, _BEFORE = 30.0, 5.0
#: Seconds in which what is loaded at its first use has been loaded.
_SETTLED: Final = 60.0


class Moments(NamedTuple):
    """When something is said, in turn: "stop" in seconds into our voice, answers in seconds after it."""

    stops: tuple[float, ...]
    answers: tuple[float, ...]


MOMENTS: Final = Moments((0.5, 0.71, 0.92, 1.13, 1.34, 1.55, 1.76), (0.1, 0.2, 0.3))
QUICK_MOMENTS: Final = Moments((0.3, 0.45, 0.6), (0.05, 0.1, 0.15))


@dataclass(slots=True)
class LiveTrial:
    """One thing said. Times are seconds since the recording began, give or take its latency."""

    kind: str
    label: str
    word: SpokenWord
    said_at: float
    until: float = 0.0
    heard: list[dict[str, Any]] = field(default_factory=list)

    @property
    def caught(self) -> bool:
        """Whether a stop ended the cue, or an answer was taken for a number."""
        if self.kind == "stop":
            stopped = any(h.get("understood") and h.get("state") == "cue" for h in self.heard)
            return stopped and any("ready" in h for h in self.heard)
        return any(h.get("rating") is not None and h.get("state") == "asked" for h in self.heard)

    @property
    def self_triggers(self) -> int:
        """How often something was understood that nobody had said.

        While the voice speaks a cue, nothing but a stop was said; a second understanding is its own.
        """
        return max(0, sum(bool(h.get("understood")) for h in self.heard) - 1)


class LiveWorker:
    """The measured process, as the trials see it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._messages: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
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
        self._process.wait(_TIMEOUT)

    def until(self, key: str, seconds: float = _TIMEOUT) -> list[dict[str, Any]]:
        """Return what happened until something with ``key`` did, that included; [] after ``seconds``.

        What happened meanwhile is then still to be had from `so_far`.

        Raises:
            DeviceError: if the process has ended.
        """
        found: list[dict[str, Any]] = []
        deadline = time.monotonic() + seconds
        while True:
            try:
                message = self._messages.get(timeout=max(0.01, deadline - time.monotonic()))
            except Empty:
                for message in found:
                    self._messages.put(message)
                return []
            if message is None:
                raise DeviceError(f"The measured session ended: {self._last_words()}")
            found.append(message)
            if key in message:
                return found

    def so_far(self) -> list[dict[str, Any]]:
        """Return what has happened and was not asked for yet."""
        found = []
        while not self._messages.empty():
            message = self._messages.get()
            if message is not None:
                found.append(message)
        return found

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._messages.put(json.loads(line))
        self._messages.put(None)

    def _last_words(self) -> str:
        said = self._process.stderr.read() if self._process.stderr else ""
        # A library reports at length what it leaves behind when a process fails; the reason comes before it.
        return said.partition("nanobind:")[0].strip()[-600:]


class LiveRig:
    """The null sinks with a worker on them, and the clock of the recording."""

    def __init__(self, sinks: NullSinks, worker: LiveWorker, folder: Path, began: float) -> None:
        self._sinks, self.worker, self._folder, self._began = sinks, worker, folder, began
        self._said = 0

    @property
    def now(self) -> float:
        """Seconds since the recording began."""
        return time.monotonic() - self._began

    def stop_trial(self, label: str, word: SpokenWord, after: float) -> LiveTrial:
        """Say a word ``after`` seconds into our voice, and wait until it is silent or not going to be."""
        self.worker.order("cue")
        self.worker.until("began")
        time.sleep(after)
        return self._say("stop", label, word, timeout=2.0)

    def answer_trial(self, label: str, word: SpokenWord, after: float) -> LiveTrial:
        """Say a word ``after`` seconds after the question, and wait for the next cue."""
        self.worker.order("question")
        self.worker.until("asked")
        time.sleep(after)
        return self._say("answer", label, word, timeout=4.0)

    def _say(self, kind: str, label: str, word: SpokenWord, *, timeout: float) -> LiveTrial:
        self._said += 1
        wav = self._folder / f"said-{self._said}.wav"
        write_wav(wav, word.samples)
        heard, at = self.worker.so_far(), self.now
        self._sinks.play_into_microphone(wav)
        wav.unlink()
        trial = LiveTrial(kind, label, word, at, heard=heard)
        trial.heard += self.worker.until("ready", timeout)
        trial.heard += self.worker.so_far()
        trial.until = self.now
        return trial


def run_trials(
    rig: LiveRig,
    stops: Sequence[SaidWord],
    answers: Sequence[SaidWord],
    done: Callable[[int], None],
    moments: Moments = MOMENTS,
) -> list[LiveTrial]:
    """Run the trials, stops and answers in turn, so that whatever changes with time meets both."""
    trials: list[LiveTrial] = []
    for at in range(max(len(stops), len(answers))):
        # Different moments of a cue, the same ones in every run.
        if at < len(stops):
            trials.append(rig.stop_trial(*stops[at], after=moments.stops[at % len(moments.stops)]))
        if at < len(answers):
            trials.append(rig.answer_trial(*answers[at], after=moments.answers[at % len(moments.answers)]))
        done(len(trials))
    return trials


def soak_trials(minutes: float) -> int:
    """Return how many trials there are in a soak."""
    return int(minutes * 60 / _EVERY)


def soak(
    rig: LiveRig,
    minutes: float,
    stops: Sequence[SaidWord],
    answers: Sequence[SaidWord],
    done: Callable[[int], None],
) -> dict[str, Any]:
    """Let cues go on for so long, every half minute with a trial; return what was lost and how memory grew.

    Growth counts from a reading after the first minute, or from the start if it is no longer than that.
    """
    began, trials, alone = time.monotonic(), list[LiveTrial](), list[str]()
    readings = [rig.worker.figures()]
    settled = None
    for at in range(soak_trials(minutes)):
        alone += _cues_until(rig, began + (at + 1) * _EVERY - _BEFORE)
        if at % 2:
            trials.append(rig.answer_trial(*answers[at // 2 % len(answers)], after=0.2))
        else:
            trials.append(rig.stop_trial(*stops[at // 2 % len(stops)], after=1.0))
        readings.append(rig.worker.figures())
        if settled is None and time.monotonic() - began >= _SETTLED - _BEFORE:
            settled = readings[-1]
        done(at + 1)
    alone += _cues_until(rig, began + minutes * 60)
    readings.append(rig.worker.figures())
    first, last = readings[0], readings[-1]
    caught = sum(trial.caught for trial in trials)
    return {
        "minutes": round((last["frames"] - first["frames"]) * FRAME_MS / 60_000, 2),
        "trials": len(trials),
        "caught": caught,
        "caught_interval": rounded(caught, len(trials)),
        **lost_between(first, last),
        "rss_mb": last["rss_mb"],
        "rss_growth_mb": round(last["rss_mb"] - (settled or first)["rss_mb"], 1),
        "self_triggers": len(alone) + sum(trial.self_triggers for trial in trials),
        "understood_alone": alone,
        "most_rss_mb": max(reading["rss_mb"] for reading in readings),
    }


def _cues_until(rig: LiveRig, moment: float) -> list[str]:
    """Let cues follow each other until then and return what was understood in them."""
    rig.worker.so_far()  # what was understood late in the trial before is none of it
    rig.worker.order("cue")
    time.sleep(max(0.0, moment - time.monotonic()))
    return [
        f"{message['understood']} ({message['engine']} {message['confidence']})"
        for message in rig.worker.so_far()
        if message.get("understood")
    ]


def lost_between(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return the frames lost between two readings, and which side lost how many to whom, without zeros."""
    sides = {
        f"{side.replace('_', ' ')} by {who}": after[side][key] - before[side][key]
        for side in ("microphone_overruns", "speaker_underruns", "speaker_overruns")
        for key, who in (("device", "the device"), ("ours", "us"))
    }
    by = {side: number for side, number in sides.items() if number}
    return {"frames_lost": int(after["lost"] - before["lost"]), "frames_lost_by": by}
