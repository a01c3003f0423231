"""Keeps the play-out queue near its length although two devices' clocks drift apart."""

import statistics
from typing import Final

from cuewalk.domain.units import FRAME_MS

#: Frames of one observation (1 s): the median over them ignores a loop that was late for a moment.
_WINDOW: Final = 50
#: Milliseconds that the queue may wander before silence is dropped or repeated: with the usual 100 ppm a
#: correction every 7 minutes, and a quarter of the cushion.
_SLACK_MS: Final = 40


class Levelling:
    """Tells how often a frame is queued: once; a silent one twice or not at all while the length is off.

    The first observation after `restart` gives the usual length, which differs between devices; later ones
    are compared with it.
    """

    def __init__(self, cushion_ms: int) -> None:
        self._cushion = cushion_ms
        self._levels: list[float] = []
        self._usual: float | None = None
        self._surplus = 0
        #: Frames of silence dropped or repeated so far.
        self.corrections = 0
        #: Frames repeated minus frames dropped.
        self.slipped = 0

    def restart(self) -> None:
        """Learn the usual length anew."""
        self._levels.clear()
        self._usual = None
        self._surplus = 0

    def times(self, level_ms: float, *, silent: bool) -> int:
        """Return how often to queue the next frame when ``level_ms`` of sound are queued before it."""
        self._observe(level_ms)
        if not silent or not self._surplus:
            return 1
        step = 1 if self._surplus > 0 else -1
        self._surplus -= step
        self.corrections += 1
        self.slipped -= step
        return 1 - step

    def _observe(self, level_ms: float) -> None:
        if self._surplus:
            return  # a correction is under way, or waits for silence
        self._levels.append(level_ms)
        if len(self._levels) < _WINDOW:
            return
        level = statistics.median(self._levels)
        self._levels.clear()
        if self._usual is None:
            # Underruns at the very start must not become the rule.
            self._usual = min(level, self._cushion)
        elif abs(level - self._usual) > _SLACK_MS:
            self._surplus = round((level - self._usual) / FRAME_MS)
