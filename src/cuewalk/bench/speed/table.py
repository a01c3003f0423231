"""The speed benchmark as a table of at most 100 columns."""

from typing import Any, Final

from rich.console import Console

from cuewalk.bench.speed.bench import SpeedReport, as_json
from cuewalk.terminal.printing import say
from cuewalk.terminal.tables import Rows

_DASH: Final = "\N{EN DASH}"
#: Figure, heading, digits after the point.
_COLUMNS: Final = (
    ("cold_start_s", "cold\nstart s", 2),
    ("idle_cpu_percent", "idle\nCPU %", 1),
    ("speech_cpu_percent", "speech\nCPU %", 1),
    ("realtime_factor", "x real\ntime", 3),
    ("rss_mb", "memory\nMB", 0),
    ("peak_rss_mb", "most\nMB", 0),
)


def show_speed(console: Console, report: SpeedReport) -> None:
    """Print the report: medians, under each the least and the greatest."""
    table = Rows(("engine", *(f"{heading}>" for _, heading, _ in _COLUMNS)), one_line=False)
    for name, found in as_json(report)["engines"].items():
        shown = name if name == found["engine"] else f"{name}\n({found['engine']})"
        table.add(shown, *(_cell(found[figure], digits) for figure, _, digits in _COLUMNS))
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
