"""``cuewalk play``: the recorded audio of one rating."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cuewalk import places
from cuewalk.cli.opened import reading
from cuewalk.domain.errors import JournalError
from cuewalk.files.faults import reason
from cuewalk.files.writing import check_place, copy_whole
from cuewalk.journal.clips import ClipStore
from cuewalk.journal.forgetting import CLIPS
from cuewalk.terminal.printing import say

EntryArgument = Annotated[
    int, typer.Argument(min=1, max=2**53, help="An entry number, as 'cuewalk log' shows it.")
]
Out = Annotated[Path | None, typer.Option("--out", help="Copy the clip to this file instead of playing it.")]


def play(entry: EntryArgument, out: Out = None) -> None:
    """Play the recording of what you said for one rating."""
    clip = _clip(entry)
    if out is None:
        # Here and not above: the other commands must not load the sound library.
        from cuewalk.checkup.playback import play_file  # noqa: PLC0415

        play_file(clip)
        return
    try:
        check_place(out)
        copy_whole(clip, out)
    except (OSError, ValueError) as error:
        raise JournalError(
            f"The clip cannot be copied to {out}: {reason(error)}.",
            meaning="Nothing was copied.",
            remedy="Name a file you may write.",
        ) from error
    say(Console(), str(out))


def _clip(number: int) -> Path:
    with reading() as journal:
        name = journal.entry(number).clip
    if name is None:
        raise JournalError(
            f"Entry {number} has no clip.",
            meaning="It was not a spoken rating, or clips were switched off.",
            remedy='"cuewalk log" shows which entries have one.',
        )
    return ClipStore(places.data_dir() / CLIPS).path(name)
