"""The engine's timers, kept on the session's clock."""

from cuewalk.domain.units import Millis


class Timers:
    """Timers by number. Nothing runs by itself: `due` is asked once a frame."""

    def __init__(self) -> None:
        self._at: dict[int, Millis] = {}

    def start(self, timer: int, at: Millis) -> None:
        """Let this timer be due at ``at`` ms of the session's clock."""
        self._at[timer] = at

    def cancel(self, timer: int) -> None:
        """Forget a timer; one that is not running is no error."""
        self._at.pop(timer, None)

    def due(self, now: Millis) -> list[int]:
        """Return and forget the timers that are due, in the order of their times."""
        if not self._at or min(self._at.values()) > now:
            return []
        fired = sorted((at, timer) for timer, at in self._at.items() if at <= now)
        for _, timer in fired:
            del self._at[timer]
        return [timer for _, timer in fired]
