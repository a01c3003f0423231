"""The room benchmark as a table, and what our own voice was taken for."""

from typing import Any, Final

from rich.console import Console

from cuewalk.terminal.printing import say
from cuewalk.terminal.tables import Rows

_UNITS: Final = {"echo": "echo {:+g} dB", "rt60": "RT60 {:g} s", "snr": "noise, SNR {:g} dB"}
_NONE: Final = {"rt60": "no reflections", "snr": "no noise", "echo": "no echo"}
#: As many lines are shown; JSON has them all.
_SHOWN: Final = 12


def show_room(console: Console, report: dict[str, Any]) -> None:
    """Print the report."""
    if report["cells"]:
        _table(report).show(console)
        say(
            console,
            "One factor at a time; the others are echo 0 dB against the person, RT60 0.3 s, no noise. "
            "Under each number of times its 95 % interval. Latency: median, from the end of the word.",
        )
    say(console, f"Room: {report['acoustics']}. Clocks differ by {report['drift_ppm']:g} ppm.")
    if report["self_triggers"]:
        _show_alone(console, report["self_triggers"])


def _table(report: dict[str, Any]) -> Rows:
    title = f"said over our own voice, engine {report['engine']}, {report['speech']}"
    headings = ("numbers", "taken", "asked\nback", "asked\nagain", "wrong", "ms", "stops", "caught", "ms")
    table = Rows(("condition", *(f"{heading}>" for heading in headings)), title, one_line=False)
    factor = None
    for cell in report["cells"]:
        if factor not in {None, cell["factor"]}:
            table.section()
        factor = cell["factor"]
        table.add(_name(cell), *_cells(cell))
    return table


def _name(cell: dict[str, Any]) -> str:
    value, factor = cell["value"], cell["factor"]
    return _NONE[factor] if value is None else _UNITS[factor].format(value)


def _cells(cell: dict[str, Any]) -> list[str]:
    ratings, stops = cell["ratings"], cell["stops"]
    rated = [_counted(ratings, name) for name in ("taken", "asked_back", "asked_again", "wrong")]
    return [
        *(str(ratings["trials"]), *rated, _ms(ratings["latency_ms_p50"])),
        *(str(stops["trials"]), _counted(stops, "caught"), _ms(stops["latency_ms_p50"])),
    ]


def _counted(counts: dict[str, Any], name: str) -> str:
    low, high = (round(100 * limit) for limit in counts[f"{name}_interval"])
    return f"{counts[name]}\n{low}-{high} %"


def _ms(value: int | None) -> str:
    return "-" if value is None else str(value)


def _show_alone(console: Console, alone: dict[str, Any]) -> None:
    low, high = alone["accepted_per_hour_interval"]
    say(
        console,
        f"Our own voice alone for {alone['minutes']:g} minutes at {alone['echo_db']:+g} dB "
        f"({alone['lines_spoken']} lines): "
        f"{alone['accepted']} times something was acted on that nobody said "
        f"({low:g} to {high:g} an hour; should be 0), {alone['false_questions']} needless questions, "
        f"{alone['hushes']} needless interruptions.",
    )
    for each in (alone["accepted_list"] + alone["false_questions_list"])[:_SHOWN]:
        say(console, f'  heard "{each["heard"]}" ({each["engine"]}) in: {each["line"]}')
    for line in alone["hushes_list"][:_SHOWN]:
        say(console, f"  interrupted: {line}")
