"""The player of cues: frame by frame, one cue after the other, stopped within one frame."""

from collections import deque
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import Samples, as_samples
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE

_SILENCE: Final[Samples] = np.zeros(FRAME_SAMPLES, np.int16)
_SILENCE.flags.writeable = False


class Player:
    """Makes the next 20 ms of play-out from cues that follow each other without overlap or gap.

    At volume 1 they come out sample-exact.
    """

    def __init__(self) -> None:
        self._queue: deque[tuple[int, Samples]] = deque()
        #: Whether the last cue of the queue is not complete; where it has no more, it is waited for.
        self._growing = False
        #: Samples handed over of the cue being played; 0 while there is none.
        self.position = 0
        self._fade = _SILENCE[:0]
        #: (cue, samples of it) that were handed over to their end since `ended` was called.
        self._ended: list[tuple[int, int]] = []
        self._gain = self._volume = 1.0
        #: What sounds beside the cues, from the next frame on.
        self._beside = _SILENCE[:0]

    @property
    def playing(self) -> bool:
        """Whether a cue is under way or waits."""
        return bool(self._queue)

    @property
    def sounding(self) -> bool:
        """Whether the next frame has something of a cue."""
        return bool(self._queue) and self.position < len(self._queue[0][1])

    @property
    def busy(self) -> bool:
        """Whether a cue is under way or waits, or the last one still fades out."""
        return bool(self._queue) or len(self._fade) > 0

    @property
    def volume(self) -> float:
        """How loud, 0-1; a change is spread over one frame, so that it does not click."""
        return self._volume

    @volume.setter
    def volume(self, volume: float) -> None:
        self._volume = min(1.0, max(0.0, volume))
        if not self._queue:
            self._gain = self._volume

    def play(self, cue: int, samples: Samples, *, more: bool = False) -> None:
        """Play ``samples`` (16 kHz mono) after whatever is playing; an empty cue ends in its turn.

        ``more``: more of the cue follows by `add`, until then it does not end.
        """
        self._queue.append((cue, samples))
        self._growing = more

    def add(self, samples: Samples, *, more: bool) -> None:
        """Add samples to the cue that was played last and is not complete."""
        cue, begun = self._queue.pop()
        self._queue.append((cue, np.concatenate([begun, samples])))
        self._growing = more

    def overlay(self, samples: Samples) -> None:
        """Mix a short sound with the cues from the next frame on; `stop` does not end it."""
        sound = np.zeros(max(len(samples), len(self._beside)), np.int16)
        sound[: len(samples)] = _scaled(samples, np.float64(self._volume))
        self._beside = _mixed(sound, self._beside)

    def stop(self, fade_ms: int = 10) -> None:
        """Fade out and forget every cue; none of them is reported as ended."""
        if self._queue:
            tail = self._take(fade_ms * SESSION_RATE // 1000)
            self._fade = _scaled(tail, np.linspace(self._gain, 0.0, len(tail)))
        self._queue.clear()
        self._growing = False
        self._ended.clear()
        self.position = 0
        self._gain = self._volume

    def next_frame(self) -> Samples:
        """Return the next `FRAME_SAMPLES` samples to be played; silence (read-only) when idle."""
        if len(self._fade):
            part, self._fade = self._fade[:FRAME_SAMPLES], self._fade[FRAME_SAMPLES:]
            frame = _filled(part)
        else:
            frame = self._loud(_filled(self._take(FRAME_SAMPLES))) if self._queue else _SILENCE
        if not len(self._beside):
            return frame
        part, self._beside = self._beside[:FRAME_SAMPLES], self._beside[FRAME_SAMPLES:]
        return _mixed(frame, part)

    def ended(self) -> list[tuple[int, int]]:
        """Return (cue, samples of it) of those handed over to their end since the last call, in order."""
        ended, self._ended = self._ended, []
        return ended

    def _take(self, count: int) -> Samples:
        """Take up to ``count`` samples off the queue, noting each cue that ends with them."""
        parts: list[Samples] = [_SILENCE[:0]]
        while self._queue:
            cue, samples = self._queue[0]
            part = samples[self.position : self.position + count]
            parts.append(part)
            count -= len(part)
            self.position += len(part)
            if self.position < len(samples) or (self._growing and len(self._queue) == 1):
                break
            self._queue.popleft()
            self.position = 0
            self._ended.append((cue, len(samples)))
        return np.concatenate(parts)

    def _loud(self, frame: Samples) -> Samples:
        if self._gain == self._volume:
            return frame if self._gain == 1.0 else _scaled(frame, np.float64(self._gain))
        ramp = np.linspace(self._gain, self._volume, FRAME_SAMPLES)
        self._gain = self._volume
        return _scaled(frame, ramp)


def _filled(part: Samples) -> Samples:
    frame: Samples = np.zeros(FRAME_SAMPLES, np.int16)
    frame[: len(part)] = part
    return frame


def _mixed(long: Samples, short: Samples) -> Samples:
    """Return ``long`` with ``short`` added at its beginning, clipped."""
    mixed = long.astype(np.int32)
    mixed[: len(short)] += short
    return as_samples(mixed)


def _scaled(samples: Samples, gain: npt.NDArray[np.float64] | np.float64) -> Samples:
    scaled: Samples = np.rint(samples * gain).astype(np.int16)
    return scaled
