"""The speed benchmark: each engine in processes of its own, run by run, side by side."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

from cuewalk.bench.hearing.listening import Engine
from cuewalk.bench.speed.probe import WHISPER, ProbeRequest
from cuewalk.bench.speed.speech import speech_for
from cuewalk.settings import Settings

#: Auto is the arbiter where there is one.
ENGINES: Final = (
    Engine.AUTO.value,
    Engine.SPOTTER.value,
    Engine.POCKETSPHINX.value,
    Engine.VOSK.value,
    WHISPER,
)
#: Figures of a run that are summed up; one that could not be measured is None.
FIGURES: Final = (
    "cold_start_s",
    "idle_cpu_percent",
    "speech_cpu_percent",
    "realtime_factor",
    "rss_mb",
    "peak_rss_mb",
)
#: A process that has not finished after this many seconds hangs.
_TIMEOUT: Final = 600.0

Probe = Callable[[ProbeRequest], dict[str, Any]]


@dataclass(slots=True)
class SpeedReport:
    """Runs by engine, and why others were not measured. ``speech`` says what was decoded."""

    speech: str
    runs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    not_measured: dict[str, str] = field(default_factory=dict)


def bench_speed(
    settings: Settings,
    *,
    runs: int,
    speech: Path | None,
    whisper_model: Path | None,
    progress: Callable[[int, int], None],
    engines: Sequence[str] = ENGINES,
) -> SpeedReport:
    """Measure every engine ``runs`` times, one run of each after the other.

    Raises:
        CuewalkError: if ``speech`` cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        wav, says = speech_for(speech, settings, Path(folder) / "speech.wav")
        report = SpeedReport(says)
        for number in range(runs * len(engines)):
            progress(number, runs * len(engines))
            engine = engines[number % len(engines)]
            if engine not in report.not_measured:
                wanted = ProbeRequest(engine, settings.locale, 0.0, wav, str(whisper_model or ""))
                _note(report, engine, run_probe(wanted))
    return report


def run_probe(wanted: ProbeRequest) -> dict[str, Any]:
    """Return the figures of one run in its own process, or ``{"why_not": sentence}``."""
    command = [sys.executable, "-m", "cuewalk.bench.speed.probe"]
    request = json.dumps(asdict(wanted) | {"started": time.time()})
    try:
        done = subprocess.run(
            [*command, request], capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        return {"why_not": f"It had not finished after {_TIMEOUT:.0f} seconds."}
    except (IndexError, ValueError):
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return {"why_not": f"Its process ended with {done.returncode}: {last}"}
    return found


def _note(report: SpeedReport, engine: str, found: dict[str, Any]) -> None:
    if "why_not" in found:
        report.not_measured[engine] = found["why_not"]
    else:
        report.runs.setdefault(engine, []).append(found)


def summary(runs: Sequence[dict[str, Any]], figure: str) -> dict[str, float] | None:
    """Return median, least and greatest of one figure, None if it was not measured."""
    values = [run[figure] for run in runs if run[figure] is not None]
    if not values:
        return None
    return {"median": round(median(values), 5), "min": round(min(values), 5), "max": round(max(values), 5)}


def as_json(report: SpeedReport) -> dict[str, Any]:
    """Return the report as one object for JSON."""
    engines = {
        name: {
            "engine": runs[0]["engine"],
            "runs": len(runs),
            "utterances": runs[0]["utterances"],
            **{figure: summary(runs, figure) for figure in FIGURES},
        }
        for name, runs in report.runs.items()
    }
    return {"engines": engines, "not_measured": report.not_measured, "speech": report.speech}
