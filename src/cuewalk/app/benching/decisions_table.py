"""The study of the decisions as tables of at most 100 columns."""

from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cuewalk.app.benching.decisions import (
    AFTER,
    CONFIRMING,
    RULES,
    SESSIONS,
    SOON,
    WORTH,
    Study,
    confirmed_soon,
    wrongly_confirmed,
)
from cuewalk.app.benching.intervals import wilson
from cuewalk.app.benching.made_people import EFFECTS

_WIDTH: Final = 100


def show_decisions(console: Console, study: Study) -> None:
    """Print how often each way of deciding is right, what it keeps, and the two limits that it must hold."""
    if not console.is_terminal:
        console = Console(file=console.file, width=max(console.width, _WIDTH))
    for table in (_right(study), _kept(study), _limits(study)):
        console.print(table)
    for note in _notes(study):
        console.print(Text(note))


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("", no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _right(study: Study) -> Table:
    table = _table("decisions that are right, %", *(_after(k) for k in AFTER))
    for rule in RULES:
        table.add_row(rule, *(_cell(study.right(rule, k)) for k in AFTER))
    return table


def _kept(study: Study) -> Table:
    table = _table(
        "kept, % of movements of each true effect (points)", *(f"{effect:g}" for effect in EFFECTS)
    )
    for k in AFTER:
        for rule in RULES:
            shares = (study.kept(rule, effect, k) for effect in EFFECTS)
            name = f"{k}: {rule}"
            table.add_row(
                name, *(_cell(share, digits=0) for share in shares), end_section=rule == list(RULES)[-1]
            )
    return table


def _limits(study: Study) -> Table:
    wrong, soon = f"no effect, ever confirmed in {SESSIONS}", f"2 points, confirmed within {SOON}"
    table = _table("confirmed keeps, %", wrong, soon)
    for rule in CONFIRMING:
        table.add_row(rule, _cell(wrongly_confirmed(study, rule)), _cell(confirmed_soon(study, rule)))
    return table


def _notes(study: Study) -> list[str]:
    return [
        *(f"{rule}: {words}." for rule, words in RULES.items()),
        "1, 3, 6: after so many sessions.",
        f"Right: kept if the true effect is {WORTH:g} point or more, not kept if it is less.",
        f"{study.people} simulated people of each true effect, seed {study.seed}. 95 % intervals (Wilson).",
        "Simulated, not measured on people: docs/decisions.md says what was assumed.",
    ]


def _after(sessions: int) -> str:
    return f"after {sessions}"


def _cell(counts: tuple[int, int], digits: int = 1) -> str:
    count, total = counts
    low, high = wilson(count, total)
    rate, lower, upper = (f"{100 * share:.{digits}f}" for share in (count / total, low, high))
    return f"{rate} ({lower}\N{EN DASH}{upper})"
