"""Rendering ahead in a background thread, always behind whatever the session needs now."""

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator

from cuewalk.domain.errors import VoiceError

Line = tuple[str, float]


class Prefetcher:
    """Renders waiting lines one at a time while nobody is `urgent`. The thread starts with the first line."""

    def __init__(self, render: Callable[[str, float], object]) -> None:
        """Take what renders one line; it may raise `VoiceError`."""
        self._render = render
        self._waiting: list[Line] = []
        self._urgent, self._closed, self._busy = 0, False, False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def add(self, lines: Iterable[Line]) -> None:
        """Put ``lines`` before those that still wait: what is asked for last is needed first."""
        new = list(dict.fromkeys(lines))
        with self._changed:
            if self._closed or not new:
                return
            self._waiting = new + [line for line in self._waiting if line not in new]
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="cue-prefetch", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    @contextlib.contextmanager
    def urgent(self) -> Iterator[None]:
        """Hold the background back; the line it is at is finished first."""
        with self._changed:
            self._urgent += 1
        try:
            yield
        finally:
            with self._changed:
                self._urgent -= 1
                self._changed.notify_all()

    def wait(self, timeout: float) -> bool:
        """Return whether every line was rendered within ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._waiting or self._busy), timeout)

    def stop(self) -> None:
        """Begin no further line."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()

    def join(self) -> None:
        """Wait for the thread to end after `stop`."""
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        while (line := self._next()) is not None:
            # The session will ask for this line itself, and then the error is raised where it can be told.
            with contextlib.suppress(VoiceError):
                self._render(*line)

    def _next(self) -> Line | None:
        with self._changed:
            self._busy = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._closed or (self._waiting and not self._urgent))
            if self._closed:
                return None
            self._busy = True
            return self._waiting.pop(0)
