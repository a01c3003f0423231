"""``cuewalk checkin``: how you are the next morning, and what follows from it."""

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from typing import Annotated, Final

import typer
from rich.console import Console

from cuewalk.app.next_morning import CheckedIn, check_in, waiting
from cuewalk.cli.journal_words import number_words
from cuewalk.domain.checkin import CheckinOutcome
from cuewalk.domain.errors import CuewalkError
from cuewalk.journal.rating_log import movement_names
from cuewalk.journal.store import open_journal

Value = Annotated[
    float | None, typer.Argument(help="Your number now, 0 to 10, halves allowed (else you are asked).")
]
_MEANS: Final = {
    CheckinOutcome.FINE: "Not higher than before the session, or hardly: fine. Go on as planned.",
    CheckinOutcome.REPEAT: "A little higher: repeat the dose next time, do not raise it.",
    CheckinOutcome.FLARE_UP: "That is a flare-up: the next session has half the dose.",
    CheckinOutcome.UNKNOWN: "The session has no number to compare with, so nothing follows from it.",
}


def checkin(value: Value = None) -> None:
    """Tell your number the morning after your last session; a flare-up makes the next one gentler."""
    now = datetime.now().astimezone()
    with closing(open_journal()) as journal:
        if value is None:
            row = waiting(journal, now.date())
            if row is None:
                raise CuewalkError("No session waits for a check-in.", remedy='"cuewalk run" starts one.')
            asked = f"Your number right now, 0 to 10 (session of {row.started:%d %B, %H:%M})"
            value = typer.prompt(asked, type=float)
        done = check_in(journal, value, now)
        names = movement_names(journal)
    console = Console(soft_wrap=True)
    for line in _lines(done, names):
        console.print(line, markup=False, highlight=False)


def _lines(done: CheckedIn, names: Mapping[str, str]) -> list[str]:
    checked = done.checkin
    then, now = number_words(checked.baseline), number_words(checked.value)
    lines = [
        f"Before your session of {done.session.started:%d %B}: {then}. {checked.hours:.0f} h later: {now}.",
        _MEANS[checked.outcome],
    ]
    if done.suspects:
        resting = ", ".join(names.get(name, name) for name in done.suspects)
        lines.append(f"Resting until their re-test day: {resting}.")
    if checked.outcome is CheckinOutcome.FLARE_UP:
        lines.append("If it stays or worries you, see a professional.")
    return lines
