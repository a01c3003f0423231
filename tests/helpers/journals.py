"""A journal that is gone with the program: the same code over SQLite in memory."""

from pathlib import Path

from cuewalk.journal.opening import Way
from cuewalk.journal.store import Journal


def memory_journal(**settings):
    return Journal(Path("journal in memory"), way=Way(":memory:", busy_ms=0), **settings)
