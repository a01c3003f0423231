"""Keeps what was played and its echo together, so that the adaptive filter finds it where it knows it to be.

Three things move them apart: two clocks that differ (`drift`), slips of the play-out queue (`far_end`), and
jumps that nobody reports (`delay_search`). After such a jump the room is still the same: the response that
was last known well is put back.
"""

from typing import Final

import numpy as np

from cuewalk.audio.aec.adaptive_filter import AdaptiveFilter, Room
from cuewalk.audio.aec.delay_search import DelaySearch
from cuewalk.audio.aec.drift import Drift
from cuewalk.audio.aec.far_end import FarEnd
from cuewalk.domain.sound import Doubles, Samples
from cuewalk.domain.units import FRAME_SAMPLES

#: The reference leads the echo by at least this much: a reference that comes after its echo cancels nothing.
LEAD_FRAMES: Final = 3
#: Louder than this is our voice and not the end of its fading away (-60 dBFS).
AUDIBLE: Final = 33
#: Nearer than this (samples) the filter follows by itself.
_NEAR: Final = 80
#: An echo that begins after so many samples of the filter's response is learned together with its room.
_LATEST: Final = 3200


class Alignment:
    """The reference of an adaptive filter, kept where the echo is."""

    def __init__(self, adaptive: AdaptiveFilter, far_end: FarEnd) -> None:
        self._filter, self._far_end = adaptive, far_end
        self._drift = Drift(far_end, max(0, far_end.latency_frames - LEAD_FRAMES) * FRAME_SAMPLES)
        self._search = DelaySearch()
        self._slipped = far_end.slipped
        #: The room when it was last known well.
        self._room: Room | None = None
        #: How often an echo was found elsewhere than it was expected.
        self.found_again = 0

    @property
    def lag(self) -> float:
        """How late what was played is expected back, in samples."""
        return self._drift.reference.lag

    def reference(self) -> Doubles:
        """Return the frame of far end whose echo is due, after a frame was handed over."""
        if self._far_end.slipped != self._slipped:
            self._drift.jumped(self._far_end.slipped - self._slipped)
            self._slipped = self._far_end.slipped
            self._search.forget()
        return self._drift.reference.read()

    def look(self, microphone: Samples, rest: Doubles, reference: Doubles) -> None:
        """Take in what the filter made of one frame, and move the reference if the echo is elsewhere."""
        heard = bool(np.abs(reference).max() > AUDIBLE)
        self._drift.look(self._filter.response if self._drift.due else None, heard=heard)
        self._filter.steady = self._drift.settled
        lag = self._search.look(microphone.astype(np.float64), rest, self._far_end.line, heard=heard)
        if lag is not None:
            self._found(lag)
        elif self._search.good:
            self._room = self._filter.room

    def _found(self, lag: int) -> None:
        """Let the filter learn anew, and move the reference if the echo is not where it could be learned."""
        room, arrival = self._room, lag - self.lag
        if room is None:
            expected, fits = LEAD_FRAMES * FRAME_SAMPLES, _NEAR < arrival < _LATEST
        else:
            expected, fits = room.arrival, abs(arrival - room.arrival) < _NEAR
        if not fits:
            self._drift.read_at(lag - expected)
            self._search.forget()
            self.found_again += 1
            if room is not None:
                self._filter.recall(room)
        self._filter.doubt()
