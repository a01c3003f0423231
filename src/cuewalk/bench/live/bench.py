"""``cuewalk bench live``: from the end of a word to our silence, or to the next cue, on real streams."""

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cuewalk.bench.live.figures import measure, self_triggers, summary
from cuewalk.bench.live.null_sinks import null_sinks
from cuewalk.bench.live.soak import lost, lost_by, soak, soak_trials
from cuewalk.bench.live.sound import trimmed
from cuewalk.bench.live.speech import answers_and_stops
from cuewalk.bench.live.trials import MOMENTS, QUICK_MOMENTS, Stage, Trial, Worker, run_trials
from cuewalk.content.packs import load_pack
from cuewalk.devices.files.wav import read_wav
from cuewalk.domain.errors import CuewalkError, DeviceError
from cuewalk.domain.sound import FULL_SCALE, Samples
from cuewalk.language.pack import LocalePack
from cuewalk.settings import Settings

QUICK_TRIALS: Final = 10
TRIALS: Final = 50
#: What the loop from speaker to microphone takes: a metre of air, a sound card.
ECHO_DELAY_MS: Final = 30
#: Loudness of our cues at full volume (`speech_out.pcm`): -20 dBFS.
_CUE_RMS: Final = 0.1 * FULL_SCALE
_START: Final = 60.0
#: Words in the cues that are spoken over, and how many cues there are.
_WORDS: Final = range(8, 31)
_CUES, _QUICK_CUES = 20, 6


@dataclass(frozen=True, slots=True)
class LiveRequest:
    """What is measured. ``echo_db``: our voice against the person's, at the microphone."""

    folders: Sequence[Path] = ()
    trials: int = TRIALS
    echo_db: float = 0.0
    speakers: Path | None = None
    head: Path | None = None
    #: Minutes of cues after the trials, every half minute a trial among them; 0: none.
    soak: float = 0.0
    #: Shorter cues before each word, so that the trials take less time.
    quick: bool = False


Progress = Callable[[int, int], None]


def bench_live(request: LiveRequest, settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return the figures of a live session on null sinks.

    Raises:
        DeviceError: if PulseAudio is not there or the session does not start.
        CuewalkError: if the recordings or the head cannot be used.
    """
    if request.head is not None:
        settings = settings.model_copy(update={"head": _usable(request.head)})
    rms = _CUE_RMS * settings.volume / 10 ** (request.echo_db / 20)
    said = answers_and_stops(request.folders, request.trials, request.speakers)
    stops, answers = ([(label, trimmed(sound, rms)) for label, sound in part] for part in said)
    total = len(stops) + len(answers) + soak_trials(request.soak)
    with ExitStack() as opened:
        sinks = opened.enter_context(null_sinks())
        sinks.loop_back(ECHO_DELAY_MS, 0.0)
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        command = ("python", "-m", "cuewalk.bench.live.worker", _asked(request, settings))
        worker = Worker(opened.enter_context(sinks.start(*command)))
        about = worker.until("engine", _START)
        if not about:
            raise DeviceError(f"The measured session did not start within {_START:g} s.")
        with sinks.recorded("micfeed", folder / "microphone.wav"):
            stage = Stage(sinks, worker, folder, time.monotonic())
            moments = QUICK_MOMENTS if request.quick else MOMENTS
            run_trials(
                stage, stops[:1], answers[:1], lambda _n: None, moments
            )  # the canceller learns the room
            before = worker.figures()
            trials = run_trials(stage, stops, answers, lambda done: progress(done, total), moments)
            after = worker.figures()
        soaked = None
        if request.soak:
            soaked = soak(
                stage, request.soak, stops, answers, lambda done: progress(len(trials) + done, total)
            )
        worker.end()
        recording = read_wav(folder / "microphone.wav")
    return {**about[-1], **_report(request, trials, recording, before, after), "soak": soaked}


def _asked(request: LiveRequest, settings: Settings) -> str:
    pack = load_pack(settings.locale)
    cues = [line for line in pack.every_line() if len(line.split()) in _WORDS]
    return json.dumps(
        {"settings": settings.model_dump(), "cues": cues[: _QUICK_CUES if request.quick else _CUES]}
        | ({"question": _short_question(pack)} if request.quick else {})
    )


def _short_question(pack: LocalePack) -> str | None:
    questions = [line for line in pack.every_line() if line.endswith("?") and len(line.split()) > 1]
    return min(questions, key=len, default=None)


def _usable(head: Path) -> str:
    if not head.is_file():
        raise CuewalkError(f"There is no head {head}.", remedy="Give the file that the training has written.")
    return str(head.resolve())


def _report(
    request: LiveRequest,
    trials: Sequence[Trial],
    recording: Samples,
    before: dict[str, Any],
    after: dict[str, Any],
) -> dict[str, Any]:
    measured = measure(trials, recording)
    return {
        "speech": "recordings" if request.folders else "synthetic voices",
        "echo_db": request.echo_db,
        "stop_ms": summary([m for m in measured if m.kind == "stop"]),
        "answer_ms": summary([m for m in measured if m.kind == "answer"]),
        "self_triggers": self_triggers(trials),
        "frames_lost": lost(before, after),
        "frames_lost_by": lost_by(before, after),
        "cpu_percent_of_core": after["cpu_percent_of_core"],
        "rss_mb": after["rss_mb"],
        "rss_growth_mb": round(after["rss_mb"] - before["rss_mb"], 1),
        "minutes": round((after["frames"] - before["frames"]) / 50 / 60, 2),
        "missed": [f"{m.kind}: {m.label}" for m in measured if not m.caught],
    }
