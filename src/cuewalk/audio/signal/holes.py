"""Holes that a driver or a radio link tears into sound: blocks of digital zeros between loud blocks."""

from typing import Final

import numpy as np

from cuewalk.domain.sound import FULL_SCALE, Samples
from cuewalk.domain.units import SESSION_RATE

#: 5 ms: the shortest buffer that drivers lose.
_BLOCK: Final = SESSION_RATE // 200
#: Blocks that a hole may last (200 ms); longer is a pause in which a noise gate was shut.
_LONGEST: Final = 40
#: RMS from which a block is loud (-40 dBFS): a gate shuts on what has died away, a hole does not wait.
_LOUD: Final = 0.01 * FULL_SCALE


class Holes:
    """Counts holes in frames of 20 ms, fed in order."""

    __slots__ = ("_empty", "count")

    def __init__(self) -> None:
        #: Empty blocks since a loud one; beyond the longest hole it is a pause.
        self._empty = _LONGEST + 1
        #: Holes so far.
        self.count = 0

    def feed(self, frames: Samples) -> None:
        """Take in ``frames`` (frames x 320, int16)."""
        blocks = frames.reshape(-1, _BLOCK)
        empty = np.count_nonzero(blocks, axis=1) == 0
        floats = blocks.astype(np.float32)
        loud = np.einsum("ij,ij->i", floats, floats) > _BLOCK * _LOUD**2
        for is_empty, is_loud in zip(empty.tolist(), loud.tolist(), strict=True):
            self._step(is_empty=is_empty, is_loud=is_loud)

    def _step(self, *, is_empty: bool, is_loud: bool) -> None:
        if is_empty:
            self._empty += 1
        elif is_loud:
            self.count += 0 < self._empty <= _LONGEST
            self._empty = 0
        else:
            self._empty = _LONGEST + 1
