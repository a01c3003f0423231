"""The study of the decisions as tables of at most 100 columns."""

from rich.console import Console

from cuewalk.bench.decisions.made_people import EFFECTS
from cuewalk.bench.decisions.trials import (
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
from cuewalk.bench.intervals import wilson
from cuewalk.terminal.printing import say
from cuewalk.terminal.tables import Rows


def show_decisions(console: Console, study: Study) -> None:
    """Print how often each way of deciding is right, what it keeps, and the two limits that it must hold."""
    for table in (_right(study), _kept(study), _limits(study)):
        table.show(console)
    for note in _notes(study):
        say(console, note)


def _table(title: str, *headings: str) -> Rows:
    return Rows(("", *(f"{heading}>" for heading in headings)), title)


def _right(study: Study) -> Rows:
    table = _table("decisions that are right, %", *(_after(k) for k in AFTER))
    for rule in RULES:
        table.add(rule, *(_cell(study.right(rule, k)) for k in AFTER))
    return table


def _kept(study: Study) -> Rows:
    table = _table(
        "kept, % of movements of each true effect (points)", *(f"{effect:g}" for effect in EFFECTS)
    )
    for k in AFTER:
        for rule in RULES:
            shares = (study.kept(rule, effect, k) for effect in EFFECTS)
            name = f"{k}: {rule}"
            table.add(name, *(_cell(share, digits=0) for share in shares))
        table.section()
    return table


def _limits(study: Study) -> Rows:
    wrong, soon = f"no effect, ever confirmed in {SESSIONS}", f"2 points, confirmed within {SOON}"
    table = _table("confirmed keeps, %", wrong, soon)
    for rule in CONFIRMING:
        table.add(rule, _cell(wrongly_confirmed(study, rule)), _cell(confirmed_soon(study, rule)))
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
