"""The live benchmark as a table: what was measured beside what it should be."""

from typing import Any

from rich.console import Console

from cuewalk.terminal.printing import say
from cuewalk.terminal.tables import Rows

#: What a session should reach.
STOP_P95_MS, STOP_CAUGHT, ANSWER_P50_MS, CPU_PERCENT, GROWTH_MB = 400, 0.95, 600, 25.0, 5.0
Row = tuple[str, str, str, bool | None]


def show_live(console: Console, report: dict[str, Any]) -> None:
    """Print the report."""
    title = f"live session on null sinks, {report['engine']}, {report['speech']}"
    table = Rows(("", "measured", "target", ""), title)
    for name, value, target, reached in rows(report):
        mark = "" if reached is None else "reached" if reached else "not reached"
        table.add(name, value, target, mark)
    table.show(console)
    say(
        console,
        "Times from the end of the word until our voice is silent (stop) or begins (answer), found in a "
        "recording of the microphone. In brackets 95 % intervals.",
    )
    if report["missed"]:
        say(console, f"Not caught: {', '.join(report['missed'])}.")


def rows(report: dict[str, Any]) -> list[Row]:
    """Return name, value, target and whether it is reached (None: no target, or nothing was measured)."""
    stop, answer, cpu = report["stop_ms"], report["answer_ms"], report["cpu_percent_of_core"]
    found: list[Row] = [
        (
            "stop: until silent, p95",
            _ms(stop["p95"]),
            f"<= {STOP_P95_MS} ms",
            _most(stop["p95"], STOP_P95_MS),
        ),
        ("stop: until silent, median", _ms(stop["p50"]), "", None),
        ("stop: caught", _caught(stop), f">= {STOP_CAUGHT:.0%}", _share(stop) >= STOP_CAUGHT),
        (
            "answer: until the next cue, median",
            _ms(answer["p50"]),
            f"<= {ANSWER_P50_MS} ms",
            _most(answer["p50"], ANSWER_P50_MS),
        ),
        ("answer: until the next cue, p95", _ms(answer["p95"]), "", None),
        ("answer: taken", _caught(answer), "", None),
        ("processor", f"{cpu} % of a core", f"<= {CPU_PERCENT:g} %", cpu <= CPU_PERCENT),
        *_kept(report, ""),
    ]
    soak = report.get("soak")
    if soak:
        found += [(f"{soak['minutes']} minutes: caught", _caught(soak), "", None)]
        found += _kept(soak, f"{soak['minutes']} minutes: ")
    return found


def _kept(report: dict[str, Any], what: str) -> list[Row]:
    growth = report["rss_growth_mb"]
    return [
        (f"{what}understood and not said", str(report["self_triggers"]), "0", report["self_triggers"] == 0),
        (f"{what}frames lost", _lost(report), "0", report["frames_lost"] == 0),
        (f"{what}memory growth", f"{growth} MB", f"<= {GROWTH_MB:g} MB", growth <= GROWTH_MB),
    ]


def _ms(value: int | None) -> str:
    return "-" if value is None else f"{value} ms"


def _most(value: int | None, limit: int) -> bool | None:
    return None if value is None else value <= limit


def _share(counted: dict[str, Any]) -> float:
    return float(counted["caught"] / counted["trials"]) if counted["trials"] else 0.0


def _caught(counted: dict[str, Any]) -> str:
    low, high = counted["caught_interval"]
    return f"{counted['caught']} of {counted['trials']} ({low:.0%} to {high:.0%})"


def _lost(report: dict[str, Any]) -> str:
    """Return the frames lost, and which side lost them to whom."""
    sides = ", ".join(f"{number} {side}" for side, number in report["frames_lost_by"].items())
    return f"{report['frames_lost']} ({sides})" if sides else str(report["frames_lost"])
