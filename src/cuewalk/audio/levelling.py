"""Two devices never run at quite the same speed: keep the queue before the speaker near its length."""

import statistics
from typing import Final

from cuewalk.domain.units import FRAME_MS

#: Frames between two looks (1 s).
_WINDOW: Final = 50
#: How far the queue may wander before silence is dropped or repeated: minutes, as crystals differ by some
#: 100 ppm.
_SLACK_MS: Final = 40


class Levelling:
    """Says how often a frame is to be queued: once, and now and then twice or not at all, if it is silent.

    The first window after `restart` tells what the queue's usual length is (what the resampler holds back
    and where in a block the pump comes differs between devices); later ones are held against it. The median
    is used because a pump that was away for a moment finds the queue short and fills it up again by itself.
    """

    def __init__(self, cushion_ms: int) -> None:
        self._cushion = cushion_ms
        self._levels: list[float] = []
        self._usual: float | None = None
        self._surplus = 0
        #: Frames of silence dropped or repeated so far.
        self.corrections = 0
        #: Frames repeated minus frames dropped.
        self.put_in = 0

    def restart(self) -> None:
        """Learn the queue's usual length anew."""
        self._levels.clear()
        self._usual = None
        self._surplus = 0

    def times(self, level_ms: float, *, silent: bool) -> int:
        """Return how often to queue the next frame, given what is queued before it."""
        self._observe(level_ms)
        if not silent or not self._surplus:
            return 1
        step = 1 if self._surplus > 0 else -1
        self._surplus -= step
        self.corrections += 1
        self.put_in -= step
        return 1 - step

    def _observe(self, level_ms: float) -> None:
        if self._surplus:
            return  # a correction is under way or waits for silence: nothing to learn from the level now
        self._levels.append(level_ms)
        if len(self._levels) < _WINDOW:
            return
        level = statistics.median(self._levels)
        self._levels.clear()
        if self._usual is None:
            # Gaps at the very start must not become the rule.
            self._usual = min(level, self._cushion)
        elif abs(level - self._usual) > _SLACK_MS:
            self._surplus = round((level - self._usual) / FRAME_MS)
