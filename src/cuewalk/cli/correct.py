"""``cuewalk correct``: another value for a rating; the original stays visible."""

from datetime import datetime
from typing import Annotated, Final

import typer

from cuewalk.cli.common import NEGATIVE_NUMBERS, number_typed, tell, writing
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.words import bucket_words, number_words, trial_words, verdict_words
from cuewalk.learning.calibrating.consent import has_consented
from cuewalk.review.corrections import Correction, correct_rating

EntryArgument = Annotated[
    int, typer.Argument(min=1, max=2**53, help="The entry number of a rating, as 'cuewalk log' shows it.")
]
CONTEXT: Final = NEGATIVE_NUMBERS
Value = Annotated[
    float, typer.Argument(parser=number_typed, help="The right rating, 0 to 10, halves allowed.")
]


def correct(entry: EntryArgument, value: Value) -> None:
    """Correct a rating, and show which verdicts and buckets follow from it."""
    with writing() as journal:
        done = correct_rating(journal, entry, value, datetime.now().astimezone())
    tell(*_lines(done), *_learned(done))


def _learned(done: Correction) -> list[str]:
    """Learn from the correction where the person agreed to that; it is kept whatever comes of it."""
    try:
        if not has_consented():
            return []
        # Imported here: listening takes half a second to load, and most corrections do not need it.
        from cuewalk.learning.calibrating.from_corrections import learn_from_corrections  # noqa: PLC0415
        from cuewalk.settings import load_settings  # noqa: PLC0415

        learned = learn_from_corrections(load_settings(), done.entry)
    except CuewalkError as error:
        return [str(error)]
    return [learned] if learned else []


def _lines(done: Correction) -> list[str]:
    was, now = (number_words(value) for value in done.value)
    lines = [
        f"Entry {done.entry}: {was} → {now} (correction kept as entry {done.appended}; {was} stays visible)"
    ]
    for old, new in done.trials:
        verdict = _change(verdict_words(old.verdict), verdict_words(new.verdict))
        lines.append(f"{new.movement}, {new.side.value}, trial {new.trial} ({trial_words(new)}): {verdict}")
    for (movement, side), before, after in done.buckets:
        lines.append(f"{movement}, {side.value}: {_change(bucket_words(before), bucket_words(after))}")
    return lines


def _change(before: str, after: str) -> str:
    return f"{before} → {after}" if before != after else f"{after}, as before"
