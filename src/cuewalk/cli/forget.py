"""``cuewalk forget``: delete what the product knows of you."""

from typing import Annotated

import typer
from rich.console import Console

from cuewalk import places
from cuewalk.domain.errors import CuewalkError
from cuewalk.journal.forgetting import forget_person, personal_files

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
_WORD = "forget"


def forget(yes: Yes = False) -> None:
    """Delete your journal, clips, settings, learned voice and words, and cached cues; you are asked first."""
    console = Console(soft_wrap=True)
    data, cache = places.data_dir(), places.cache_dir()
    files = personal_files(data, cache)
    if not files:
        console.print(f"There is nothing of yours in {data}.", markup=False, highlight=False)
        return
    if not yes:
        _confirm(console, [str(file) for file in files])
    for path in forget_person(data, cache):
        console.print(f"Deleted {path}", markup=False, highlight=False)
    console.print("Downloaded models stay: they say nothing about you.")


def _confirm(console: Console, files: list[str]) -> None:
    console.print("This deletes for good:")
    for file in files:
        console.print(f"  {file}", markup=False, highlight=False)
    typed = typer.prompt(f'Type "{_WORD}" to delete it', default="", show_default=False)
    if typed.strip().lower() != _WORD:
        raise CuewalkError("Nothing was deleted.", meaning=f'You did not type "{_WORD}".')
