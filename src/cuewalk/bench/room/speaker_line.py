"""Play-out on its way through a device whose clock is not the microphone's."""

from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import Floats, Samples
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE

#: Samples on each side of a fractional position (windowed sinc).
_TAPS: Final = 16
_FADE: Final = SESSION_RATE // 100


class SpeakerLine:
    """Delays play-out, and plays it faster by ``ppm`` parts per million than it comes in.

    Frames of silence are put in or left out, as before a real device, so that the queue keeps its length.

    Args:
        queue_frames: frames that wait for the device and can still be changed.
        delay_ms: what device and air take after that.
        ppm: how much faster the speaker's clock is than the microphone's.
    """

    def __init__(self, queue_frames: int, delay_ms: int, ppm: float) -> None:
        self.queue_frames, self._step = queue_frames, 1 + ppm * 1e-6
        self._usual = delay_ms * SESSION_RATE // 1000 + queue_frames * FRAME_SAMPLES
        self._line: Floats = np.zeros(self._usual + _TAPS, np.float32)
        self._at = float(_TAPS)
        #: Samples of silence put in minus samples left out.
        self.slipped = 0

    def next_frame(self, play: Samples) -> Floats:
        """Take one frame and return what is heard in the same 20 ms."""
        self._append(play)
        moments = self._at + self._step * np.arange(FRAME_SAMPLES, dtype=np.float64)
        heard = _between(self._line, moments)
        self._at += self._step * FRAME_SAMPLES
        passed = int(self._at) - _TAPS
        self._line, self._at = self._line[passed:], self._at - passed
        return heard

    def replace(self, frames: Samples) -> None:
        """Put ``frames`` in place of the newest ones."""
        self._line[len(self._line) - len(frames) :] = frames

    def fade_out(self) -> int:
        """Fade out what can still be changed and return how many frames that is."""
        waiting = self.queue_frames * FRAME_SAMPLES
        newest = self._line[len(self._line) - waiting :]
        newest[:_FADE] *= np.linspace(1, 0, min(_FADE, waiting), dtype=np.float32)
        newest[_FADE:] = 0
        return self.queue_frames

    def _append(self, play: Samples) -> None:
        ahead = len(self._line) - self._at - self._usual
        if ahead > FRAME_SAMPLES and not play.any():
            self.slipped -= FRAME_SAMPLES
            return
        silent = [np.zeros(FRAME_SAMPLES, np.float32)] if ahead < -FRAME_SAMPLES and not play.any() else []
        self.slipped += len(silent) * FRAME_SAMPLES
        self._line = np.concatenate([self._line, *silent, play.astype(np.float32)])


def _between(line: Floats, moments: npt.NDArray[np.float64]) -> Floats:
    """Return ``line`` at fractional positions."""
    first = np.floor(moments).astype(np.int64)
    if np.array_equal(first, moments):
        return line[first]
    near = first[:, None] + np.arange(1 - _TAPS, _TAPS + 1)
    away = moments[:, None] - near
    weights = np.sinc(away) * (0.5 + 0.5 * np.cos(np.pi * away / (_TAPS + 1)))
    # Beyond its ends the line is silent.
    padded = np.concatenate([line, np.zeros(2 * FRAME_SAMPLES, np.float32)])
    between: Floats = np.einsum("ij,ij->i", padded[near], weights).astype(np.float32)
    return between
