"""The listening benchmark as a table of at most 100 columns."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from cuewalk.app.benching.cells import cells
from cuewalk.app.benching.figures import by_kind, figures_of, must_trigger_nothing
from cuewalk.app.benching.report import Report, error_list

_Cell = TypeVar("_Cell")

#: Heading, whether it is left out on a narrow terminal.
_COLUMNS: Final = (
    ("clips", False),
    ("ex-\npected", False),
    ("correct\n%", False),
    ("best\nguess %", True),
    ("asked\nagain %", False),
    ("wrong\nacc. %", False),
    ("false\nan hour", False),
    ("ms\np50 p95", False),
    ("x real\ntime", True),
)
#: From this width on every column is there.
_WIDE: Final = 100
#: As many skipped files are shown; JSON has them all.
_SHOWN: Final = 12


def show(console: Console, report: Report, *, errors: bool) -> None:
    """Print the report, as wide as is readable where no terminal says how wide it is."""
    if not console.is_terminal:
        console = Console(file=console.file, width=max(console.width, _WIDE))
    console.print(_table(report, wide=console.width >= _WIDE))
    for note in _notes(report):
        console.print(Text(note))
    # Paths are not folded: they are there to be copied.
    for line in _skipped(report):
        console.print(Text(line), soft_wrap=True)
    if errors:
        console.print(_errors(report))


def _table(report: Report, *, wide: bool) -> Table:
    title = f"listening for {report.request.listen_for.value}, engine {report.engine}"
    table = Table(title=title, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title_justify="left")
    table.add_column("set", overflow="fold", max_width=22)
    for heading, _ in _kept(_COLUMNS, wide=wide):
        table.add_column(heading, justify="right", no_wrap=True)
    sets = report.sets()
    for name, judged in sets.items():
        row = _kept(cells(figures_of(judged)), wide=wide)
        table.add_row(Text(name), *row, end_section=name == list(sets)[-1])
    table.add_row(Text("total", style="bold"), *_kept(cells(figures_of(report.judged)), wide=wide))
    kinds = by_kind(report.judged)
    for kind, figures in kinds.items() if len(kinds) > 1 else ():
        table.add_row(f"  {kind}", *_kept(cells(figures), wide=wide))
    return table


def _kept(row: Sequence[_Cell], *, wide: bool) -> list[_Cell]:
    pairs = zip(row, _COLUMNS, strict=True)
    return [cell for cell, (_, only_wide) in pairs if wide or not only_wide]


def _notes(report: Report) -> Iterable[str]:
    total = figures_of(report.judged)
    yield "Under each rate its 95 % interval. Best guess: right if every clip had to be answered."
    yield (
        f"Of those asked again {total['asked_back_right']} were asked back with the right word; "
        f"in {total['not_heard']} no speech was found."
    )
    others = must_trigger_nothing(report.judged)
    if others:
        labels = ", ".join(f"{label} {number}" for label, number in others.items())
        yield (
            f"Taken for speech or noise that must trigger nothing: {sum(others.values())} clips ({labels}). "
            f"{total['false_accept_clips']} of them triggered something, "
            f"{total['false_questions']} questions were asked."
        )
    if report.calibration_clips:
        yield f"{report.calibration_clips} clips were kept for calibration and not judged."
    if report.background:
        yield f"Background: {report.background}."
    yield f"Most memory held: {total['peak_rss_mb']:.0f} MB, the benchmark's own included."


def _skipped(report: Report) -> Iterable[str]:
    if report.skipped:
        yield f"Skipped: {len(report.skipped)}."
    yield from (f"  {each.path}: {each.why}" for each in report.skipped[:_SHOWN])
    if len(report.skipped) > _SHOWN:
        yield f"  … and {len(report.skipped) - _SHOWN} more; --json lists them all."


def _errors(report: Report) -> RenderableType:
    found = error_list(report.judged)
    if not found:
        return Text("Nothing wrong was accepted.")
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("recording", overflow="fold")
    for heading in ("label", "heard", "confidence", "kind"):
        table.add_column(heading)
    for each in found:
        cells = (each["path"], each["label"], each["heard"], f"{each['confidence']:.2f}", each["kind"])
        table.add_row(*map(Text, cells))
    return table
