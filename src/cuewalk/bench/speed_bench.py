"""The speed benchmark: start, processor time and memory of each engine, in processes of its own."""

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

from rich.console import Console

from cuewalk.bench.listening import Engine
from cuewalk.bench.speech import phrases_to_decode
from cuewalk.bench.speed_probe import WHISPER, ProbeRequest
from cuewalk.settings import Settings
from cuewalk.terminal.printing import say
from cuewalk.terminal.tables import Rows

#: Auto is the arbiter where there is one.
ENGINES: Final = (
    *(Engine.AUTO.value, Engine.SPOTTER.value, Engine.POCKETSPHINX.value, Engine.VOSK.value, WHISPER),
)
#: Figures of a run that are summed up (one that could not be measured is None), their headings in a table of
#: at most 100 columns, and digits after the point.
_FIGURES: Final = {
    "cold_start_s": ("cold\nstart s>", 2),
    "idle_cpu_percent": ("idle\nCPU %>", 1),
    "speech_cpu_percent": ("speech\nCPU %>", 1),
    "realtime_factor": ("x real\ntime>", 3),
    "rss_mb": ("memory\nMB>", 0),
    "peak_rss_mb": ("most\nMB>", 0),
}
#: A process that has not finished after this many seconds hangs.
_TIMEOUT: Final = 600.0
_DASH: Final = "\N{EN DASH}"


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
        wav, says = phrases_to_decode(speech, settings, Path(folder) / "speech.wav")
        report = SpeedReport(says)
        for number in range(runs * len(engines)):
            progress(number, runs * len(engines))
            engine = engines[number % len(engines)]
            if engine not in report.not_measured:
                found = run_probe(ProbeRequest(engine, settings.locale, 0.0, wav, str(whisper_model or "")))
                if "why_not" in found:
                    report.not_measured[engine] = found["why_not"]
                else:
                    report.runs.setdefault(engine, []).append(found)
    return report


def run_probe(wanted: ProbeRequest) -> dict[str, Any]:
    """Return the figures of one run in its own process, or ``{"why_not": sentence}``."""
    command = [sys.executable, "-m", "cuewalk.bench.speed_probe"]
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
            **{figure: summary(runs, figure) for figure in _FIGURES},
        }
        for name, runs in report.runs.items()
    }
    return {"engines": engines, "not_measured": report.not_measured, "speech": report.speech}


def show_speed(console: Console, report: SpeedReport) -> None:
    """Print the report: medians, under each the least and the greatest."""
    table = Rows(("engine", *(heading for heading, _ in _FIGURES.values())), one_line=False)
    for name, found in as_json(report)["engines"].items():
        shown = name if name == found["engine"] else f"{name}\n({found['engine']})"
        table.add(shown, *(_cell(found[figure], digits) for figure, (_, digits) in _FIGURES.items()))
    table.show(console)
    runs = max(map(len, report.runs.values()), default=0)
    notes = [
        f"Medians of {runs} runs, under each the least and the greatest.",
        "CPU: share of one core, with echo canceller and voice activity; idle: nobody speaks, quiet room.",
        "x real time: elapsed time for each second of an utterance.",
        report.speech,
        *(f"Not measured: {name}. {why}" for name, why in report.not_measured.items()),
    ]
    for note in notes:
        say(console, note)


def _cell(found: dict[str, Any] | None, digits: int) -> str:
    if found is None:
        return _DASH
    median, low, high = (f"{found[name]:.{digits}f}" for name in ("median", "min", "max"))
    return f"{median}\n{low}{_DASH}{high}"
