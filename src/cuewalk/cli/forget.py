"""``cuewalk forget``: delete what the product knows of you."""

from typing import Annotated

import typer
from rich.console import Console

from cuewalk import places
from cuewalk.domain.errors import CuewalkError
from cuewalk.journal.forgetting import forget_person, personal_files
from cuewalk.terminal.printing import say

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
_WORD = "forget"


def forget(yes: Yes = False) -> None:
    """Delete your journal, clips, settings, learned voice and words, and cached cues; you are asked first."""
    console = Console()
    data, cache = places.data_dir(), places.cache_dir()
    files = personal_files(data, cache)
    if not files:
        say(console, f"There is nothing of yours in {data}.")
        return
    if not yes:
        _confirm(console, [str(file) for file in files])
    for path in forget_person(data, cache):
        say(console, f"Deleted {path}")
    say(console, "Downloaded models stay: they say nothing about you.")


def _confirm(console: Console, files: list[str]) -> None:
    say(console, "This deletes for good:")
    for file in files:
        say(console, f"  {file}")
    typed = typer.prompt(f'Type "{_WORD}" to delete it', default="", show_default=False)
    if typed.strip().lower() != _WORD:
        raise CuewalkError("Nothing was deleted.", meaning=f'You did not type "{_WORD}".')
