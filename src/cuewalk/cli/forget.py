"""``cuewalk forget``: delete what the product knows of you."""

from typing import Annotated

import typer

from cuewalk import places
from cuewalk.cli.common import tell
from cuewalk.domain.errors import CuewalkError
from cuewalk.journal.forgetting import forget_person, personal_files

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
_WORD = "forget"


def forget(yes: Yes = False) -> None:
    """Delete your journal, clips, settings, learned voice and words, and cached cues; you are asked first."""
    data, cache = places.data_dir(), places.cache_dir()
    files = personal_files(data, cache)
    if not files:
        tell(f"There is nothing of yours in {data}.")
        return
    if not yes:
        tell("This deletes for good:", *(f"  {file}" for file in files))
        typed = typer.prompt(f'Type "{_WORD}" to delete it', default="", show_default=False)
        if typed.strip().lower() != _WORD:
            raise CuewalkError("Nothing was deleted.", meaning=f'You did not type "{_WORD}".')
    tell(*(f"Deleted {path}" for path in forget_person(data, cache)))
    tell("Downloaded models stay: they say nothing about you.")
