"""The progress of a long command: a bar on a terminal, else a line every few seconds; on standard error.

Nothing is drawn before the first few seconds or the first report, so that an error at once stands alone.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from rich.console import Console
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from cuewalk.terminal.printing import say

#: Seconds between two lines. Design: often enough to see that it lives, seldom enough for a log.
EVERY: Final = 5.0


class ProgressReport(Protocol):
    """Takes in the progress."""

    def __call__(self, done: float, total: float | None, what: str = "") -> None:
        """Take in one state. ``total`` None: unknown. ``what`` is done now, by default the same as before."""


@contextmanager
def progress(what: str, *, unit: str = "") -> Iterator[ProgressReport]:
    """Yield the function that takes in the progress of ``what``.

    ``unit``: "B" for bytes, "%" for a share of 1, "" for a number of things.
    """
    console = Console(stderr=True)
    if console.is_terminal and not console.is_dumb_terminal:
        with _bar(console, what, unit) as report:
            yield report
        return
    lines = Lines(what, unit)
    over = threading.Event()

    def tell() -> None:
        while not over.wait(EVERY):
            say(console, lines.line())

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield lines
    finally:
        over.set()
        thread.join()


class Lines:
    """The latest state as a line: "measuring: 120 of 900 (13 %), 40 s"."""

    def __init__(self, what: str, unit: str = "") -> None:
        self._what, self._unit, self._began = what, unit, time.monotonic()
        self._done = 0.0
        self._total: float | None = None

    def __call__(self, done: float, total: float | None, what: str = "") -> None:
        """Take in one state."""
        self._done, self._total, self._what = done, total, what or self._what

    def line(self) -> str:
        """Return the latest state."""
        seconds = f"{time.monotonic() - self._began:.0f} s"
        share = f"{self._done / self._total:.0%}".replace("%", " %") if self._total else ""
        if self._unit == "%":
            return f"{self._what}: {share or 'begun'}, {seconds}"
        done, total = _amount(self._done, self._unit), self._total and _amount(self._total, self._unit)
        known = f"{done} of {total} ({share})" if total else done if self._done else "begun"
        return f"{self._what}: {known}, {seconds}"


def _amount(value: float, unit: str) -> str:
    return decimal(int(value)) if unit == "B" else f"{value:g}"


@contextmanager
def _bar(console: Console, what: str, unit: str) -> Iterator[ProgressReport]:
    counted: dict[str, list[ProgressColumn]] = {
        "B": [DownloadColumn(), TransferSpeedColumn()],
        "%": [TaskProgressColumn()],
    }
    columns = counted.get(unit, [MofNCompleteColumn()])
    drawn = (TextColumn("{task.description}"), BarColumn(), *columns, TimeRemainingColumn())
    shown = Progress(*drawn, console=console, transient=True)
    task = shown.add_task(what, total=None)

    def report(done: float, total: float | None, what: str = "") -> None:
        if not shown.live.is_started:
            shown.start()
        shown.update(task, completed=done, total=total, description=what or None)

    try:
        yield report
    finally:
        if shown.live.is_started:
            shown.stop()
