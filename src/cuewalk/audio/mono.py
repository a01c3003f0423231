"""From the channels of a device to one, and back."""

from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import Samples

#: Samples over which channels are compared (0.5 s at 48 kHz). Design: no single sound decides.
_WINDOW: Final = 24_000
#: Below this mean square (RMS 60 of 32,768, -55 dBFS) a channel is too quiet to be judged.
_AUDIBLE: Final = 60.0**2
#: Uncorrelated channels lose half their energy in the mean; losing 15 of 16 parts means opposite polarity.
_CANCELLED: Final = 1 / 16


class MonoMixer:
    """Mixes interleaved channels down to their mean, and drops channels that would spoil it.

    Some laptops wire one of their two built-in microphones with opposite polarity, so the mean of both is
    next to silence. When that is seen over half a second of audible sound, the louder channel is used alone
    from then on. A microphone on one side of a stereo socket leaves the other side at zero, and the mean
    would halve its voice: it is used alone too, as long as the other side stays at zero.

    Args:
        channels: how many there are.
        chosen: the only channel that is ever used (from 0), None for what is described above.
    """

    __slots__ = ("_channels", "_chosen", "_energy", "_seen", "cancelled", "only")

    def __init__(self, channels: int, chosen: int | None = None) -> None:
        self._channels, self._chosen = channels, chosen
        #: The one channel in use because it was chosen, or the others cancel it or are dead; else None.
        self.only: int | None = chosen
        #: Whether channels were seen to cancel each other.
        self.cancelled = False
        self._energy: npt.NDArray[np.float64] = np.zeros(channels + 1)
        self._seen = 0

    def mix(self, interleaved: Samples) -> Samples:
        """Return one sample for each ``channels`` samples of ``interleaved`` (whole frames only)."""
        if self._channels == 1:
            return interleaved
        frames = interleaved.reshape(-1, self._channels)
        if self.cancelled or self._chosen is not None:
            return np.ascontiguousarray(frames[:, self.only])
        mean = frames.mean(axis=1, dtype=np.float32)
        only = self.only
        self._watch(frames, mean)
        if only is not None:
            return np.ascontiguousarray(frames[:, only])
        mono: Samples = np.rint(mean).astype(np.int16)
        return mono

    def _watch(self, frames: Samples, mean: npt.NDArray[np.float32]) -> None:
        self._energy[:-1] += np.square(frames, dtype=np.float64).sum(axis=0)
        self._energy[-1] += float(np.dot(mean, mean))
        self._seen += len(mean)
        if self._seen < _WINDOW:
            return
        channels, mixed = self._energy[:-1] / self._seen, self._energy[-1] / self._seen
        alive = np.flatnonzero(channels)
        self.cancelled = bool(channels.min() > _AUDIBLE and mixed < channels.min() * _CANCELLED)
        if self.cancelled:
            self.only = int(channels.argmax())
        elif len(alive):  # nothing anywhere, a muted microphone, changes nothing
            self.only = int(alive[0]) if len(alive) == 1 else None
        self._energy[:] = 0
        self._seen = 0


def spread(mono: Samples, channels: int) -> Samples:
    """Return ``mono`` on each of ``channels`` interleaved channels."""
    return mono if channels == 1 else np.repeat(mono, channels)
