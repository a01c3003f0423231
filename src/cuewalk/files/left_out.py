"""Reports to the person, once each, which of their files could not be used and were left out.

One damaged file never locks the rest: its reader reports it here and goes on. The sentence goes to standard
error, or where a session asked for it (its screen).
"""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cuewalk.logs import ignoring

_log = logging.getLogger(__package__)

Tell = Callable[[str], None]


def _to_stderr(sentence: str) -> None:
    # Closed or full: the rest of the command matters more.
    with ignoring(_log, OSError, ValueError, doing="naming what is left out"):
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201


_told: dict[str, None] = {}
_tell: Tell = _to_stderr


def left_out(sentence: str) -> None:
    """Say what was left out and what to do, unless it has been said in this run."""
    if sentence not in _told:
        _told[sentence] = None
        _tell(sentence)


def told_so_far() -> list[str]:
    """Return what was said in this run, in its order: a session's screen hides it and shows it anew."""
    return list(_told)


@contextmanager
def told_to(tell: Tell) -> Iterator[None]:
    """Let ``tell`` have the sentences of the block, also those that were said before it."""
    global _told, _tell  # noqa: PLW0603 - one place for a whole run, as `warnings` has
    before = _told, _tell
    _told, _tell = {}, tell
    try:
        yield
    finally:
        said, (_told, _tell) = _told, before
        _told |= said
