"""``cuewalk play``: the recorded audio of one rating."""

from pathlib import Path
from typing import Annotated

import typer

from cuewalk import places
from cuewalk.cli.common import reading, tell, written_to
from cuewalk.domain.errors import JournalError
from cuewalk.files.writing import copy_whole
from cuewalk.journal.clips import ClipStore
from cuewalk.journal.forgetting import CLIPS

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
    with written_to(out, "The clip cannot be copied to", "Nothing was copied.", kind=JournalError):
        copy_whole(clip, out)
    tell(str(out))


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
