"""The campaign's table, and the smallest input of each kind of failure."""

from rich.console import Console

from cuewalk.bench.faults.judging import WHATS
from cuewalk.bench.faults.report import STATE, Failure, Report, Row
from cuewalk.bench.faults.strikes.states import MOMENTS
from cuewalk.terminal.printing import say
from cuewalk.terminal.tables import Rows

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
    headings = ("kind", "tries>", *(f"{_COLUMNS[what]}>" for what in WHATS))
    table = Rows(headings, "Faults: ratings lost or doubled, homes unreadable, tracebacks, hangs")
    for row in report.rows.values():
        table.add(*_cells(row))
    table.section()
    table.add(*_cells(_sum(report)))
    table.show(console)
    request = report.request
    say(console, f"Seed {request.seed}, {report.seconds:.0f} s on {request.jobs} workers.")
    if request.wants(STATE):
        _show_states(console, report)
    if report.cut_off:
        console.print("Cut off: the rest was not tried.")
    if not report.shim:
        say(
            console,
            "SQLite's own operations cannot be seen by this Python: they were neither failed nor cut.",
        )
    if not report.modes:
        say(console, "Modes of files do not hold for this user: folders that may not be read were not tried.")
    for number, failure in enumerate(sorted(report.failures.values(), key=_order), start=1):
        say(console, f"{number}. {failure.what}: {failure.key} ({failure.count} times)", "red")
        say(console, f"   smallest: {failure.input}")
        if failure.detail:
            say(console, f"   {failure.detail.strip()}")
        again = f'cuewalk bench faults --seed {request.seed} --only "{failure.kind}"'
        say(console, f"   again: {again} {_amounts(report)}")


def _show_states(console: Console, report: Report) -> None:
    """Name the states of a session that were killed in, and those that were not."""
    killed = [moment for moment in MOMENTS if moment in report.states]
    missed = [moment for moment in MOMENTS if moment not in report.states]
    say(console, f"Killed in {len(killed)} of {len(MOMENTS)} states of a session: {', '.join(killed)}.")
    if missed:
        say(console, f"Not in {len(missed)}: {', '.join(missed)}.")


def _amounts(report: Report) -> str:
    amounts = report.request.amounts
    return f"--kills {amounts.kills} --inputs {amounts.inputs}"


def _order(failure: Failure) -> tuple[int, str]:
    return WHATS.index(failure.what), failure.key


def _cells(row: Row) -> list[str]:
    return [row.kind, str(row.tries), *(str(row.counts[what]) for what in WHATS)]


def _sum(report: Report) -> Row:
    whole = Row("all", sum(row.tries for row in report.rows.values()))
    whole.counts = {what: sum(row.counts[what] for row in report.rows.values()) for what in WHATS}
    return whole
