"""The one attempt at a download that cuewalk makes without being asked, once in the life of a data folder."""

import time
from collections.abc import Callable
from pathlib import Path

from cuewalk.domain.errors import CuewalkError, ModelError
from cuewalk.files.looking import there
from cuewalk.files.writing import write_whole
from cuewalk.models.api import ModelState, Progress, ProgressSink
from cuewalk.models.disk import disk_sentences
from cuewalk.models.store import ModelStore

#: Seconds after which the attempt is ended even when bytes keep coming. Design: 41 MB at 3 Mbit/s.
LIMIT_S = 120.0
MARKER_NAME = "model-attempt.txt"


def attempt_once(
    store: ModelStore,
    data_folder: Callable[[], Path],
    *,
    progress: ProgressSink,
    timeout: float,
    clock: Callable[[], float] = time.monotonic,
) -> str:
    """Try to fetch the default model unless that was tried before; return a line for the person, or nothing.

    The attempt is written down before it is made, so it is never made twice, however it ends. ``data_folder``
    is called only when it is needed.
    """
    name = store.default
    if any(status.name == name and status.state is ModelState.INSTALLED for status in store.list()):
        return ""
    try:
        if not _write_down(data_folder()):
            return ""
        store.fetch(name, progress=_limited(progress, clock), timeout=timeout)
    except CuewalkError as error:
        why = error.what.splitlines()[0]
        return f"No download of {name}: {why} Listening goes on with what comes with cuewalk."
    return f"{name} is installed."


def _write_down(folder: Path) -> bool:
    """Return whether this is the first time."""
    marker = folder / MARKER_NAME
    if there(marker):
        return False
    with disk_sentences(folder):
        write_whole(marker, "The one attempt was made. Another only by: cuewalk models fetch\n")
    return True


def _limited(progress: ProgressSink, clock: Callable[[], float]) -> ProgressSink:
    end = clock() + LIMIT_S

    def watch(now: Progress) -> None:
        if clock() > end:
            raise ModelError(
                f"This network is too slow for waiting now ({now.done} of {now.total} bytes, kept).",
                remedy="Go on with: cuewalk models fetch",
            )
        progress(now)

    return watch
