"""``cuewalk evidence``: what your own numbers tell about a movement, and how sure that is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Annotated, Any

import typer
from rich.console import Console

from cuewalk.cli.common import Json, print_json, reading, tell
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.evidence import Evidence, evidence_of
from cuewalk.domain.words import (
    COUNTS_WORDS,
    STATEMENTS,
    bucket_words,
    change_words,
    number_words,
    percent,
    spoken,
    summary,
)
from cuewalk.review.rating_log import movement_names
from cuewalk.terminal.tables import Rows

MovementArgument = Annotated[
    str | None,
    typer.Argument(metavar="[MOVEMENT]", help="A movement's name or id; without one, an overview."),
]


def evidence(movement: MovementArgument = None, as_object: Json = False) -> None:
    """Show what your trials of a movement add up to: change, how sure, the chance that it helps."""
    with reading() as journal:
        found = evidence_of(journal.histories(), today=datetime.now().astimezone().date())
        names = movement_names(journal)
    all_of_it = [found[key] for key in sorted(found, key=lambda key: (names.get(key[0], key[0]), key[1]))]
    shown = all_of_it if movement is None else _wanted(movement, all_of_it, names)
    if as_object:
        print_json({"movements": [as_json(each, names) for each in shown], "statements": STATEMENTS})
        return
    if not shown:
        tell('Nothing was tried yet. "cuewalk run" starts a session.')
        return
    if movement is None:
        _overview(shown, names).show(Console())
        tell(
            "change: on average, in points; between: where it lies with 95 % probability;",
            "helps: the chance that it lowers your number by a point or more.",
            'The trials behind a line: "cuewalk evidence MOVEMENT".',
            style="dim",
        )
    else:
        for each in shown:
            _detail(each, names)
    tell(*STATEMENTS, style="dim")


def as_json(each: Evidence, names: Mapping[str, str]) -> dict[str, Any]:
    """Return one movement's evidence as an object for JSON."""
    figures = each.figures.model_dump(mode="json") if each.figures else None
    rounded = {name: round(value, 4) for name, value in figures.items()} if figures else None
    return {
        "movement": each.movement,
        "name": names.get(each.movement, each.movement),
        "side": each.side.value,
        "n": each.n,
        "sessions": each.sessions,
        "figures": rounded,
        "bucket": each.bucket.bucket.value,
        "state": each.bucket.state.value,
        "reason": each.bucket.reason,
        "trials": [trial.model_dump(mode="json") for trial in each.trials],
        "summary": summary(each),
        "spoken": spoken(each),
    }


def _wanted(asked: str, all_of_it: Sequence[Evidence], names: Mapping[str, str]) -> list[Evidence]:
    """Return the movement asked for on every side.

    Raises:
        CuewalkError: if no trial is of that name.
    """
    known = {each.movement.casefold(): each.movement for each in all_of_it}
    known |= {names.get(ident, ident).casefold(): ident for ident in known.values()}
    ident = known.get(asked.strip().casefold())
    if ident is not None:
        return [each for each in all_of_it if each.movement == ident]
    what = f'You have tried no movement called "{asked}".'
    if not known:
        raise CuewalkError(what, remedy='Nothing was tried yet. "cuewalk run" starts a session.')
    close = get_close_matches(asked.casefold(), known, n=3, cutoff=0.5)
    likely = list(dict.fromkeys(names.get(known[each], known[each]) for each in close))
    remedy = '"cuewalk evidence" lists those that you have tried.'
    raise CuewalkError(what, remedy=f"Did you mean {' or '.join(likely)}? {remedy}" if likely else remedy)


def _overview(shown: Sequence[Evidence], names: Mapping[str, str]) -> Rows:
    headings = ("movement", "side", "trials>", "change>", "between", "helps>", "bucket")
    table = Rows(headings, "What your numbers tell")
    for each in shown:
        name, figures = names.get(each.movement, each.movement), _figures(each)
        table.add(name, each.side.value, str(each.n), *figures, bucket_words(each.bucket))
    return table


def _figures(each: Evidence) -> tuple[str, str, str]:
    figures = each.figures
    if figures is None:
        return ("\N{EN DASH}",) * 3
    between = f"{change_words(figures.low)} to {change_words(figures.high)}"
    return change_words(figures.change), between, percent(figures.helps)


def _detail(each: Evidence, names: Mapping[str, str]) -> None:
    tell(f"{names.get(each.movement, each.movement)}, {each.side.value}", style="bold")
    table = Rows(("date", "try>", "before → after", "evidence"))
    for trial in each.trials:
        numbers = f"{number_words(trial.before)} → {number_words(trial.after)}"
        table.add(f"{trial.date:%Y-%m-%d}", str(trial.attempt), numbers, COUNTS_WORDS[trial.counts])
    if each.trials:
        table.show(Console())
    tell(summary(each), f"It is in: {bucket_words(each.bucket)} ({each.bucket.reason}).", "")
