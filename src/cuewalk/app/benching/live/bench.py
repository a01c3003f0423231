"""``cuewalk bench live``: from the end of a word to our silence, or to the next cue, on real streams."""

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cuewalk.app.benching.live.figures import measure, self_triggers, summary
from cuewalk.app.benching.live.null_sinks import null_sinks
from cuewalk.app.benching.live.sound import trimmed
from cuewalk.app.benching.live.speech import answers_and_stops
from cuewalk.app.benching.live.trials import Stage, Worker, run_trials
from cuewalk.app.settings import Settings
from cuewalk.audio.wav import read_wav
from cuewalk.content.packs import load_pack

QUICK_TRIALS: Final = 10
TRIALS: Final = 50
#: What the loop from speaker to microphone takes: a metre of air, a sound card.
ECHO_DELAY_MS: Final = 30
#: Loudness of our cues at full volume (`speech_out.pcm`): -20 dBFS.
_CUE_RMS: Final = 0.1 * 32768
_START: Final = 60.0


@dataclass(frozen=True, slots=True)
class LiveRequest:
    """What is measured. ``echo_db``: our voice against the person's, at the microphone."""

    folders: Sequence[Path] = ()
    trials: int = TRIALS
    echo_db: float = 0.0
    speakers: Path | None = None


Progress = Callable[[int, int], None]


def bench_live(request: LiveRequest, settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return the figures of a live session on null sinks.

    Raises:
        DeviceError: if PulseAudio is not there or the session does not start.
        CuewalkError: if the recordings cannot be used.
    """
    pack = load_pack(settings.locale)
    rms = _CUE_RMS * settings.volume / 10 ** (request.echo_db / 20)
    said = answers_and_stops(request.folders, request.trials, request.speakers)
    stops, answers = ([(label, trimmed(sound, rms)) for label, sound in part] for part in said)
    cues = [line for line in pack.every_line() if 8 <= len(line.split()) <= 30][:20]  # noqa: PLR2004
    with ExitStack() as opened:
        sinks = opened.enter_context(null_sinks())
        sinks.loop_back(ECHO_DELAY_MS, 0.0)
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        asked = json.dumps({"settings": settings.model_dump(), "cues": cues})
        command = ("python", "-m", "cuewalk.app.benching.live.worker", asked)
        worker = Worker(opened.enter_context(sinks.start(*command)))
        about = worker.until("engine", _START)[-1]
        with sinks.recorded("micfeed", folder / "microphone.wav"):
            stage = Stage(sinks, worker, folder, time.monotonic())
            run_trials(stage, stops[:1], answers[:1], lambda _n: None)  # the canceller learns the room
            worker.order("figures")
            before = worker.until("overflows")[-1]
            total = len(stops) + len(answers)
            trials = run_trials(stage, stops, answers, lambda done: progress(done, total))
            worker.order("figures")
            after = worker.until("overflows")[-1]
        worker.end()
        recording = read_wav(folder / "microphone.wav")
    measured = measure(trials, recording)
    return {
        "engine": about["engine"],
        "output_latency_ms": about["latency_ms"],
        "echo_db": request.echo_db,
        "stop_ms": summary([m for m in measured if m.kind == "stop"]),
        "answer_ms": summary([m for m in measured if m.kind == "answer"]),
        "self_triggers": self_triggers(trials),
        "frames_lost": after["overflows"] + after["underflows"] - before["overflows"] - before["underflows"],
        "cpu_percent_of_core": after["cpu_percent_of_core"],
        "rss_mb": after["rss_mb"],
        "rss_growth_mb": round(after["rss_mb"] - before["rss_mb"], 1),
        "minutes": round((after["frames"] - before["frames"]) / 50 / 60, 2),
        "missed": [f"{m.kind}: {m.label}" for m in measured if not m.caught],
    }
