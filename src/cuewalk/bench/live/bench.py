"""``cuewalk bench live``: from the end of a word to our silence, or to the next cue, on real streams."""

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from cuewalk.bench.intervals import percentile, rounded
from cuewalk.bench.listening import usable_head
from cuewalk.bench.live.null_sinks import null_sinks
from cuewalk.bench.live.sound import find, silent_from, sounds_from, trimmed
from cuewalk.bench.live.trials import (
    MOMENTS,
    QUICK_MOMENTS,
    LiveRig,
    LiveTrial,
    LiveWorker,
    lost_between,
    run_trials,
    soak,
    soak_trials,
)
from cuewalk.bench.speech import cues_to_speak_over, stops_and_answers
from cuewalk.content.packs import load_pack
from cuewalk.devices.files.wav import read_wav
from cuewalk.domain.errors import DeviceError
from cuewalk.domain.sound import FULL_SCALE, Samples
from cuewalk.domain.units import FRAME_MS, SESSION_RATE
from cuewalk.settings import Settings
from cuewalk.speech_out.pcm import TARGET_RMS
from cuewalk.terminal.printing import say
from cuewalk.terminal.tables import Rows

QUICK_TRIALS: Final = 10
TRIALS: Final = 50
#: What the loop from speaker to microphone takes: a metre of air, a sound card.
ECHO_DELAY_MS: Final = 30
#: Seconds in which the session has to start, loading of models included.
_START: Final = 60.0
#: How many cues there are.
_CUES, _QUICK_CUES = 20, 6
#: Where a word is looked for in the recording, s before and after the moment it was said: the recording's
#: clock and ours differ by the recording's latency, and `paplay` fills its buffer first.
_EARLIER, _LATER = 0.5, 2.5
_MS: Final = 1000 / SESSION_RATE
#: What a session should reach.
STOP_P95_MS, STOP_CAUGHT, ANSWER_P50_MS, CPU_PERCENT, GROWTH_MB = 400, 0.95, 600, 25.0, 5.0

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class LiveRequest:
    """What is measured. ``echo_db``: our voice against the person's, at the microphone.

    ``soak``: minutes of cues after the trials, every half minute a trial among them; 0 for none. ``quick``:
    shorter cues before each word, so that the trials take less time.
    """

    folders: Sequence[Path] = ()
    trials: int = TRIALS
    echo_db: float = 0.0
    speakers: Path | None = None
    head: Path | None = None
    soak: float = 0.0
    quick: bool = False


def bench_live(request: LiveRequest, settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return the figures of a live session on null sinks.

    Raises:
        DeviceError: if PulseAudio is not there or the session does not start.
        CuewalkError: if the recordings or the head cannot be used.
    """
    if request.head is not None:
        settings = settings.model_copy(update={"head": usable_head(request.head)})
    rms = TARGET_RMS * FULL_SCALE * settings.volume / 10 ** (request.echo_db / 20)
    said = stops_and_answers(request.folders, request.trials, request.speakers)
    stops, answers = ([(label, trimmed(sound, rms)) for label, sound in part] for part in said)
    total = len(stops) + len(answers) + soak_trials(request.soak)
    moments = QUICK_MOMENTS if request.quick else MOMENTS
    soaked = None
    with ExitStack() as opened:
        sinks = opened.enter_context(null_sinks())
        sinks.loop_back(ECHO_DELAY_MS, 0.0)
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        command = ("python", "-m", "cuewalk.bench.live.worker", _asked(request, settings))
        worker = LiveWorker(opened.enter_context(sinks.start(*command)))
        about = worker.until("engine", _START)
        if not about:
            raise DeviceError(f"The measured session did not start within {_START:g} s.")
        with sinks.recorded("micfeed", folder / "microphone.wav"):
            rig = LiveRig(sinks, worker, folder, time.monotonic())
            # The canceller learns the room.
            run_trials(rig, stops[:1], answers[:1], lambda _done: None, moments)
            before = worker.figures()
            trials = run_trials(rig, stops, answers, lambda done: progress(done, total), moments)
            after = worker.figures()
        if request.soak:
            ready = len(trials)
            soaked = soak(rig, request.soak, stops, answers, lambda done: progress(ready + done, total))
        worker.end()
        recording = read_wav(folder / "microphone.wav")
    return {**about[-1], **_report(request, trials, recording, (before, after)), "soak": soaked}


def _report(
    request: LiveRequest,
    trials: Sequence[LiveTrial],
    recording: Samples,
    readings: tuple[dict[str, Any], dict[str, Any]],
) -> dict[str, Any]:
    before, after = readings
    measured = [_measured(trial, recording) for trial in trials]
    return {
        "speech": "recordings" if request.folders else "synthetic voices",
        "echo_db": request.echo_db,
        **{f"{kind}_ms": _summary([m for m in measured if m.kind == kind]) for kind in ("stop", "answer")},
        "self_triggers": sum(trial.self_triggers for trial in trials),
        **lost_between(before, after),
        "cpu_percent_of_core": after["cpu_percent_of_core"],
        "rss_mb": after["rss_mb"],
        "rss_growth_mb": round(after["rss_mb"] - before["rss_mb"], 1),
        "minutes": round((after["frames"] - before["frames"]) * FRAME_MS / 60_000, 2),
        "missed": [f"{m.kind}: {m.label}" for m in measured if not m.caught],
    }


def _asked(request: LiveRequest, settings: Settings) -> str:
    pack = load_pack(settings.locale)
    cues = cues_to_speak_over(pack, _QUICK_CUES if request.quick else _CUES)
    asked: dict[str, Any] = {"settings": settings.model_dump(), "cues": cues}
    if request.quick:
        questions = [line for line in pack.every_line() if line.endswith("?") and len(line.split()) > 1]
        asked["question"] = min(questions, key=len, default=None)
    return json.dumps(asked)


@dataclass(frozen=True, slots=True)
class Measured:
    """One trial as the recording shows it: time from the end of the word to silence, or to the next cue.

    ``ms`` None: not caught, or not found in the recording.
    """

    kind: str
    label: str
    caught: bool
    ms: float | None


def _measured(trial: LiveTrial, recording: Samples) -> Measured:
    start, last = (round((trial.said_at + more) * SESSION_RATE) for more in (-_EARLIER, _LATER))
    until = round(trial.until * SESSION_RATE) + SESSION_RATE
    begins, ms = find(trial.word.samples, recording, start, last), None
    if begins is not None and trial.caught:
        if trial.kind == "stop":
            at = silent_from(recording, begins, until)
        else:
            at = sounds_from(recording, begins + len(trial.word.samples), until)
        ms = None if at is None else max(0.0, (at - begins - trial.word.end) * _MS)
    return Measured(trial.kind, trial.label, trial.caught, ms)


def _summary(measured: Sequence[Measured]) -> dict[str, Any]:
    """Return median, p95, how many there were and how many were caught."""
    times = [m.ms for m in measured if m.ms is not None]
    caught = sum(m.caught for m in measured)
    middle, most = percentile(times, 0.5), percentile(times, 0.95)
    return {
        "p50": None if middle is None else round(middle),
        "p95": None if most is None else round(most),
        "trials": len(measured),
        "caught": caught,
        "caught_interval": rounded(caught, len(measured)),
    }


def show_live(console: Console, report: dict[str, Any]) -> None:
    """Print the report: what was measured beside what it should be."""
    title = f"live session on null sinks, {report['engine']}, {report['speech']}"
    table = Rows(("", "measured", "target", ""), title)
    for name, value, target, reached in _rows(report):
        table.add(name, value, target, "" if reached is None else "reached" if reached else "not reached")
    table.show(console)
    say(
        console,
        "Times from the end of the word until our voice is silent (stop) or begins (answer), found in a "
        "recording of the microphone. In brackets 95 % intervals.",
    )
    if report["missed"]:
        say(console, f"Not caught: {', '.join(report['missed'])}.")


_Row = tuple[str, str, str, bool | None]


def _rows(report: dict[str, Any]) -> list[_Row]:
    """Return name, value, target and whether it is reached (None: no target, or nothing was measured)."""
    stop, answer, cpu = report["stop_ms"], report["answer_ms"], report["cpu_percent_of_core"]
    share = stop["caught"] / stop["trials"] if stop["trials"] else 0.0
    found: list[_Row] = [
        _time("stop: until silent, p95", stop["p95"], STOP_P95_MS),
        _time("stop: until silent, median", stop["p50"]),
        ("stop: caught", _caught(stop), f">= {STOP_CAUGHT:.0%}", share >= STOP_CAUGHT),
        _time("answer: until the next cue, median", answer["p50"], ANSWER_P50_MS),
        _time("answer: until the next cue, p95", answer["p95"]),
        ("answer: taken", _caught(answer), "", None),
        ("processor", f"{cpu} % of a core", f"<= {CPU_PERCENT:g} %", cpu <= CPU_PERCENT),
        *_kept(report, ""),
    ]
    soaked = report.get("soak")
    if soaked:
        about = f"{soaked['minutes']} minutes: "
        found += [(f"{about}caught", _caught(soaked), "", None), *_kept(soaked, about)]
    return found


def _kept(report: dict[str, Any], about: str) -> list[_Row]:
    growth, lost = report["rss_growth_mb"], str(report["frames_lost"])
    sides = ", ".join(f"{number} {side}" for side, number in report["frames_lost_by"].items())
    if sides:
        lost += f" ({sides})"
    return [
        (f"{about}understood and not said", str(report["self_triggers"]), "0", report["self_triggers"] == 0),
        (f"{about}frames lost", lost, "0", report["frames_lost"] == 0),
        (f"{about}memory growth", f"{growth} MB", f"<= {GROWTH_MB:g} MB", growth <= GROWTH_MB),
    ]


def _time(name: str, value: int | None, most: int | None = None) -> _Row:
    shown, target = "-" if value is None else f"{value} ms", "" if most is None else f"<= {most} ms"
    return name, shown, target, None if value is None or most is None else value <= most


def _caught(counted: dict[str, Any]) -> str:
    low, high = counted["caught_interval"]
    return f"{counted['caught']} of {counted['trials']} ({low:.0%} to {high:.0%})"
