"""The journal of a command: opened, closed, and what could not be read of it told once."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from rich.console import Console

from cuewalk.journal.api import Journal
from cuewalk.journal.rows import sentence
from cuewalk.journal.store import open_journal, read_journal
from cuewalk.terminal.printing import say


@contextmanager
def reading() -> Iterator[Journal]:
    """Open the person's journal for reading, also where nothing can be written.

    Raises:
        JournalError: if it cannot be read at all.
    """
    with closing(read_journal()) as journal, _told(journal):
        yield journal


@contextmanager
def writing() -> Iterator[Journal]:
    """Open the person's journal for writing.

    Raises:
        CuewalkError: if it cannot be written to.
    """
    with closing(open_journal()) as journal, _told(journal):
        yield journal


@contextmanager
def _told(journal: Journal) -> Iterator[None]:
    try:
        yield
    finally:
        # On standard error: what is printed besides may be read by a program.
        console = Console(stderr=True)
        for line in [*journal.notices, sentence(journal.left_out())]:
            if line:
                say(console, line)
