"""The listening benchmark as a table of at most 100 columns."""

from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.text import Text

from cuewalk.bench.hearing.cells import cells
from cuewalk.bench.hearing.figures import by_kind, figures_of, must_trigger_nothing
from cuewalk.bench.hearing.report import Report, error_list
from cuewalk.terminal.printing import say
from cuewalk.terminal.tables import Rows

_COLUMNS: Final = (
    "clips>",
    "ex-\npected>",
    "correct\n%>",
    "best\nguess %>",
    "asked\nagain %>",
    "wrong\nacc. %>",
    "false\nan hour>",
    "ms\np50 p95>",
    "x real\ntime>",
)
#: As many skipped files are shown; JSON has them all.
_SHOWN: Final = 12


def show(console: Console, report: Report, *, errors: bool) -> None:
    """Print the report."""
    _table(report).show(console)
    for note in [*_notes(report), *_skipped(report)]:
        say(console, note)
    if errors:
        _show_errors(console, report)


def _table(report: Report) -> Rows:
    title = f"listening for {report.request.listen_for.value}, engine {report.engine}"
    table = Rows(("set", *_COLUMNS), title, one_line=False)
    for name, judged in report.sets().items():
        table.add(name, *cells(figures_of(judged)))
    table.section()
    table.add(Text("total", style="bold"), *cells(figures_of(report.judged)))
    kinds = by_kind(report.judged)
    for kind, figures in kinds.items() if len(kinds) > 1 else ():
        table.add(f"  {kind}", *cells(figures))
    return table


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


def _show_errors(console: Console, report: Report) -> None:
    found = error_list(report.judged)
    if not found:
        say(console, "Nothing wrong was accepted.")
        return
    table = Rows(("recording", "label", "heard", "confidence>", "kind"))
    for each in found:
        table.add(each["path"], each["label"], each["heard"], f"{each['confidence']:.2f}", each["kind"])
    table.show(console)
