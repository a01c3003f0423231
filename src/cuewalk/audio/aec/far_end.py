"""The far end: what was handed to the speaker, and how far of it has been heard.

A position counts the samples handed over. What is heard now lies behind the newest sample by the latency that
the device states, and by every slip: silence that the device played in between (it had nothing to play, or
its clock is slower than the microphone's), minus silence that it left out.
"""

from collections import deque
from typing import Final

import numpy as np

from cuewalk.domain.sound import Doubles, Samples
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE

#: The largest lag of an echo that is followed: one second, more than any device buffers.
MOST_LAG: Final = SESSION_RATE
#: Samples kept: a second to compare with, as late as an echo can come, and the edge of one interpolation.
_KEPT: Final = MOST_LAG + SESSION_RATE + FRAME_SAMPLES + 12


class FarEnd:
    """The newest two seconds handed over (``line``, float64, newest last) and the position heard now."""

    def __init__(self, latency_frames: int = 0) -> None:
        self.latency_frames = latency_frames
        #: Twice the line, which wanders through it: it is moved back once a hundred frames, not in each.
        self._memory: Doubles = np.zeros(2 * _KEPT)
        self.line: Doubles = self._memory[:_KEPT]
        self._end = _KEPT
        #: The position behind the newest sample.
        self.handed_over = 0
        #: The position that is heard now; negative while the first sample is still on its way.
        self.heard = -latency_frames * FRAME_SAMPLES
        #: Samples by which what is heard now is later than the stated latency.
        self.slipped = 0
        #: (position, samples) of slips whose place has not been heard yet, oldest first.
        self._slips: deque[tuple[int, int]] = deque()

    def append(self, frame: Samples) -> None:
        """Take the frame that is handed over now; one frame more has been heard."""
        if self._end + FRAME_SAMPLES > len(self._memory):
            self._memory[:_KEPT] = self.line
            self._end = _KEPT
        self._memory[self._end : self._end + FRAME_SAMPLES] = frame
        self._end += FRAME_SAMPLES
        self.line = self._memory[self._end - _KEPT : self._end]
        self.handed_over += FRAME_SAMPLES
        reached = self._reached
        while self._slips and self._slips[0][0] <= reached:
            self.slipped += self._slips.popleft()[1]
            reached = self._reached
        self.heard = max(self.heard, reached)

    def replace(self, newest: Samples) -> None:
        """Take in that ``newest`` was put in place of the newest samples, before they were heard."""
        if len(newest):
            self.line[-len(newest) :] = newest

    def slip(self, samples: int) -> None:
        """Take in that what is handed over from now on is heard ``samples`` later (negative: sooner)."""
        self._slips.append((self.handed_over, samples))

    def sounds(self, level: int, ring_out: int) -> bool:
        """Return whether anything louder than ``level`` is due, or was heard in the last ``ring_out``."""
        due = self.handed_over - self.heard + ring_out
        return bool(np.abs(self.line[-min(due, _KEPT) :]).max() > level)

    @property
    def _reached(self) -> int:
        return self.handed_over - self.latency_frames * FRAME_SAMPLES - self.slipped
