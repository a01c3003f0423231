"""What commands share: options, printing, the journal, files they write, and the end by Ctrl-C.

The journal is imported where it is opened: half of the commands do without it, and it takes 0.2 s.
"""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer
from rich.console import Console

from cuewalk.domain.errors import CuewalkError
from cuewalk.files.faults import why_unwritable
from cuewalk.files.writing import check_place
from cuewalk.terminal.printing import say

if TYPE_CHECKING:
    from cuewalk.journal.store import Journal
    from cuewalk.session.notices import NoticeBoard

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Content = Annotated[Path | None, typer.Option(help="A folder with movements and programmes of your own.")]
Locale = Annotated[str | None, typer.Option(help="The language (default: the one in the settings).")]

#: Settings of a command that takes a number: "-3" is one, which is then refused in a sentence, and no option.
NEGATIVE_NUMBERS: Final = {"ignore_unknown_options": True}


def number_typed(text: str) -> float:
    """Return a number as people write it: "4.5" or "4,5"."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise typer.BadParameter("that is no number. Type one from 0 to 10, such as 4 or 4.5.") from None


def tell(*lines: str, style: str = "") -> None:
    """Print sentences, each on a line of its own."""
    console = Console()
    for line in lines:
        say(console, line, style)


def print_json(data: Any) -> None:  # noqa: ANN401 - JSON is anything
    """Print one JSON object."""
    typer.echo(json.dumps(data))


def interrupted(*lines: str) -> NoReturn:
    """Say what Ctrl-C left, and end."""
    tell(*lines)
    raise typer.Exit(130) from None


@contextmanager
def noticing(board: "NoticeBoard") -> Iterator[None]:
    """Tell what a conversation has noticed: what came before the block, and what is left however it ends."""
    tell(*board.take())
    try:
        yield
    finally:
        tell(*board.take())


@contextmanager
def written_to(
    path: Path,
    what: str,
    meaning: str,
    remedy: str = "Name a file you may write.",
    kind: type[CuewalkError] = CuewalkError,
) -> Iterator[None]:
    """Check that a file can be written at ``path``; turn what the disk refuses in the block into an error."""
    try:
        check_place(path)
        yield
    except (OSError, ValueError) as error:
        raise kind(f"{what} {path}: {why_unwritable(error)}.", meaning=meaning, remedy=remedy) from error


@contextmanager
def reading() -> Iterator["Journal"]:
    """Open the person's journal for reading, also where nothing can be written.

    Raises:
        JournalError: if it cannot be read at all.
    """
    from cuewalk.journal.store import read_journal  # noqa: PLC0415

    with closing(read_journal()) as journal, _told(journal):
        yield journal


@contextmanager
def writing() -> Iterator["Journal"]:
    """Open the person's journal for writing.

    Raises:
        CuewalkError: if it cannot be written to.
    """
    from cuewalk.journal.store import open_journal  # noqa: PLC0415

    with closing(open_journal()) as journal, _told(journal):
        yield journal


@contextmanager
def _told(journal: "Journal") -> Iterator[None]:
    """Tell once, on standard error, what could not be read: what is printed may be read by a program."""
    from cuewalk.journal.rows import sentence  # noqa: PLC0415

    try:
        yield
    finally:
        console = Console(stderr=True)
        for line in [*journal.notices, sentence(journal.left_out())]:
            if line:
                say(console, line)
