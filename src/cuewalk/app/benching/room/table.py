"""The room benchmark as a table, and what our own voice was taken for."""

from typing import Any, Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

_UNITS: Final = {"echo": "echo {:+g} dB", "rt60": "RT60 {:g} s", "snr": "noise, SNR {:g} dB"}
_NONE: Final = {"rt60": "no reflections", "snr": "no noise", "echo": "no echo"}
#: As many lines are shown; JSON has them all.
_SHOWN: Final = 12
_WIDE: Final = 100


def show_room(console: Console, report: dict[str, Any]) -> None:
    """Print the report, as wide as is readable where no terminal says how wide it is."""
    if not console.is_terminal:
        console = Console(file=console.file, width=max(console.width, _WIDE))
    if report["cells"]:
        console.print(_table(report))
        console.print(
            Text(
                "One factor at a time; the others are echo 0 dB against the person, RT60 0.3 s, no noise. "
                "Under each number of times its 95 % interval. Latency: median, from the end of the word."
            )
        )
    console.print(Text(f"Room: {report['acoustics']}. Clocks differ by {report['drift_ppm']:g} ppm."))
    if report["self_triggers"]:
        _show_alone(console, report["self_triggers"])


def _table(report: dict[str, Any]) -> Table:
    title = f"said over our own voice, engine {report['engine']}, {report['speech']}"
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", padding=(0, 1, 0, 0))
    table.add_column("condition", no_wrap=True)
    for heading in (
        "numbers",
        "taken",
        "asked\nback",
        "asked\nagain",
        "wrong",
        "ms",
        "stops",
        "caught",
        "ms",
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    factor = None
    for cell in report["cells"]:
        if factor not in {None, cell["factor"]}:
            table.add_section()
        factor = cell["factor"]
        table.add_row(_name(cell), *_cells(cell))
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
    console.print(
        Text(
            f"Our own voice alone for {alone['minutes']:g} minutes at {alone['echo_db']:+g} dB "
            f"({alone['lines_spoken']} lines): "
            f"{alone['accepted']} times something was acted on that nobody said "
            f"({low:g} to {high:g} an hour; should be 0), {alone['false_questions']} needless questions, "
            f"{alone['hushes']} needless interruptions."
        )
    )
    for each in (alone["accepted_list"] + alone["false_questions_list"])[:_SHOWN]:
        console.print(Text(f'  heard "{each["heard"]}" ({each["engine"]}) in: {each["line"]}'))
    for line in alone["hushes_list"][:_SHOWN]:
        console.print(Text(f"  interrupted: {line}"))
