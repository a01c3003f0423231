"""The campaign's table, and the smallest input of each kind of failure."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cuewalk.app.benching.faults.campaign import Failure, Report, Row
from cuewalk.app.benching.faults.judging import WHATS

_COLUMNS = {
    "lost": "lost",
    "doubled": "doubled",
    "unreadable": "unreadable",
    "traceback": "tracebacks",
    "hang": "hangs > 1 s",
    "other": "other",
}


def show_faults(console: Console, report: Report) -> None:
    """Print what came of a campaign."""
    table = Table("kind", title="Faults: ratings lost or doubled, homes unreadable, tracebacks, hangs")
    for name in ("tries", *(_COLUMNS[what] for what in WHATS)):
        table.add_column(name, justify="right")
    for row in report.rows.values():
        table.add_row(*_cells(row))
    table.add_section()
    table.add_row(*_cells(_sum(report)), style="bold")
    console.print(table)
    request = report.request
    console.print(
        f"Seed {request.seed}, {report.seconds:.0f} s on {request.jobs} workers; killed in "
        f"{len(report.states)} states of a session."
    )
    if not report.shim:
        console.print(
            "SQLite's own operations cannot be seen by this Python: they were neither failed nor cut."
        )
    for number, failure in enumerate(sorted(report.failures.values(), key=_order), start=1):
        console.print(Text(f"{number}. {failure.what}: {failure.key} ({failure.count} times)", style="red"))
        console.print(Text(f"   smallest: {failure.input}"))
        if failure.detail:
            console.print(Text(f"   {failure.detail.strip()}"))
        again = f'cuewalk bench faults --seed {request.seed} --only "{failure.kind}"'
        console.print(Text(f"   again: {again} {_amounts(report)}"))


def _amounts(report: Report) -> str:
    request = report.request
    return f"--kills {request.kills} --inputs {request.inputs}"


def _order(failure: Failure) -> tuple[int, str]:
    return WHATS.index(failure.what), failure.key


def _cells(row: Row) -> list[str]:
    return [row.kind, str(row.tries), *(str(row.counts[what]) for what in WHATS)]


def _sum(report: Report) -> Row:
    whole = Row("all", sum(row.tries for row in report.rows.values()))
    whole.counts = {what: sum(row.counts[what] for row in report.rows.values()) for what in WHATS}
    return whole
