"""Our own player of cues: frame by frame, one cue after the other, stopped within one frame."""

from collections import deque
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE

_SILENCE: Final[Samples] = np.zeros(FRAME_SAMPLES, np.int16)
_SILENCE.flags.writeable = False


class Player:
    """Gives the pump its next 20 ms of play-out and says when a cue has been *heard* to its end.

    Cues follow each other without overlap or gap. At volume 1 they come out sample-exact.

    Args:
        latency_frames: frames between handing over and being heard (`AudioIO.output_latency_frames`).
    """

    def __init__(self, latency_frames: int = 0) -> None:
        #: May be changed when a device is opened anew.
        self.latency_frames = latency_frames
        self._queue: deque[tuple[int, Samples]] = deque()
        self._at = self._length = 0
        self._fade = _SILENCE[:0]
        self._frame = 0
        #: (frame by which it is handed over, cue), oldest first.
        self._ended: deque[tuple[int, int]] = deque()
        self._gain = self._volume = 1.0
        #: What sounds besides the cues, from the next frame on.
        self._beside = _SILENCE[:0]

    @property
    def busy(self) -> bool:
        """Whether a cue is playing, waits, or is handed over and not reported yet."""
        return bool(self._queue or self._ended or len(self._fade))

    @property
    def position(self) -> int:
        """Samples handed over of the cue being played, and of the silence after it until it is reported."""
        if self._queue or not self._ended:
            return self._at
        return self._length + (self._frame - self._ended[-1][0]) * FRAME_SAMPLES

    @property
    def volume(self) -> float:
        """How loud, 0-1; a change is spread over one frame, so that it does not click."""
        return self._volume

    @volume.setter
    def volume(self, volume: float) -> None:
        self._volume = min(1.0, max(0.0, volume))
        if not self._queue:
            self._gain = self._volume

    def play(self, cue: int, samples: Samples) -> None:
        """Play ``samples`` (16 kHz mono) after whatever is playing; an empty cue is finished in its turn."""
        self._queue.append((cue, samples))

    def overlay(self, samples: Samples) -> None:
        """Let a short sound be heard besides the cues, from the next frame on.

        It is no cue: it delays none, is not reported, and `stop` does not end it.
        """
        sound = np.zeros(max(len(samples), len(self._beside)), np.int16)
        sound[: len(samples)] = _scaled(samples, np.float64(self._volume))
        self._beside = _mixed(sound, self._beside)

    def stop(self, fade_ms: int = 10) -> None:
        """Fade out and forget every cue; none of them is reported as finished."""
        if self._queue:
            tail = self._take(fade_ms * SESSION_RATE // 1000)
            self._fade = _scaled(tail, np.linspace(self._gain, 0.0, len(tail)))
        self._queue.clear()
        self._ended.clear()
        self._at = 0
        self._gain = self._volume

    def next_frame(self) -> Samples:
        """Return the next `FRAME_SAMPLES` samples to be played; silence (read-only) when idle."""
        frame = self._next_of_cues()
        if not len(self._beside):
            return frame
        part, self._beside = self._beside[:FRAME_SAMPLES], self._beside[FRAME_SAMPLES:]
        return _mixed(frame, part)

    def _next_of_cues(self) -> Samples:
        self._frame += 1
        if len(self._fade):
            part, self._fade = self._fade[:FRAME_SAMPLES], self._fade[FRAME_SAMPLES:]
            return _filled(part)
        return self._loud(_filled(self._take(FRAME_SAMPLES))) if self._queue else _SILENCE

    def finished(self) -> list[int]:
        """Return the cues that have been heard to their end since the last call, in order."""
        done: list[int] = []
        while self._ended and self._ended[0][0] + self.latency_frames <= self._frame:
            done.append(self._ended.popleft()[1])
        return done

    def _take(self, count: int) -> Samples:
        """Take up to ``count`` samples off the queue, noting each cue that ends with them."""
        parts: list[Samples] = [_SILENCE[:0]]
        while self._queue:
            cue, samples = self._queue[0]
            part = samples[self._at : self._at + count]
            parts.append(part)
            count -= len(part)
            self._at += len(part)
            if self._at < len(samples):
                break
            self._queue.popleft()
            self._at, self._length = 0, len(samples)
            self._ended.append((self._frame, cue))
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
    clipped: Samples = np.clip(mixed, -32768, 32767).astype(np.int16)
    return clipped


def _scaled(samples: Samples, gain: npt.NDArray[np.float64] | np.float64) -> Samples:
    scaled: Samples = np.rint(samples * gain).astype(np.int16)
    return scaled
