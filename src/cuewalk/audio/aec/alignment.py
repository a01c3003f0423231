"""Keeps what was played and its echo together, so that the adaptive filter finds it where it knows it to be.

Three things move them apart: two clocks that differ (`drift`), frames put in or left out that the player
tells of, and jumps that nobody tells of (`echo_delay`). After such a jump the room is still the same: what
was last known of it when it was known well is put back.
"""

from collections import deque
from typing import Final

import numpy as np

from cuewalk.audio.aec.adaptive_filter import AdaptiveFilter, Room
from cuewalk.audio.aec.delay_search import DelaySearch
from cuewalk.audio.aec.drift import Drift
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

    def __init__(self, adaptive: AdaptiveFilter, latency_frames: int) -> None:
        self._filter = adaptive
        self._latency = latency_frames
        self._drift = Drift(max(0, latency_frames - LEAD_FRAMES) * FRAME_SAMPLES)
        self._search = DelaySearch()
        #: [frames until it is heard, samples] of each jump of the speaker's queue.
        self._jumps: deque[list[int]] = deque()
        #: The room when it was last known well.
        self._room: Room | None = None
        #: How often an echo was found elsewhere than it was expected.
        self.found_again = 0

    @property
    def lag(self) -> float:
        """How late what was played is expected back, in samples."""
        return self._drift.reference.lag

    def reference(self, played: Samples) -> Doubles:
        """Take the frame that is played now and return the one whose echo is due."""
        for jump in self._jumps:
            jump[0] -= 1
        while self._jumps and self._jumps[0][0] <= 0:
            self._drift.jumped(self._jumps.popleft()[1])
            self._search.forget()
        return self._drift.reference.read(played)

    def look(self, microphone: Samples, rest: Doubles, reference: Doubles) -> None:
        """Take in what the filter made of one frame, and move the reference if the echo is elsewhere."""
        heard = bool(np.abs(reference).max() > AUDIBLE)
        self._drift.look(self._filter.response if self._drift.due else None, heard=heard)
        self._filter.steady = self._drift.settled
        line = self._drift.reference.line
        lag = self._search.look(microphone.astype(np.float64), rest, line, heard=heard)
        if lag is not None:
            self._found(lag)
        elif self._search.good:
            self._room = self._filter.room

    def replace(self, newest: Samples) -> None:
        """Take in that other samples are played in place of the newest ones."""
        self._drift.reference.replace(newest)

    def jumped(self, samples: int) -> None:
        """Take in that what is played from now on comes back so many samples later."""
        self._jumps.append([self._latency, samples])

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
