"""The long-term spectrum of a signal: where it falls off."""

from typing import Final

import numpy as np

from cuewalk.domain.sound import Floats
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE

_WINDOW: Final = np.hanning(FRAME_SAMPLES).astype(np.float32)
#: Bins (50 Hz each) that are looked at together: 250 Hz.
_TOGETHER: Final = 5
_BIN_HZ: Final = SESSION_RATE // FRAME_SAMPLES
#: The band that speech is compared with: what every telephone still carries.
_BELOW: Final = slice(2500 // _BIN_HZ, 3600 // _BIN_HZ)
#: How far below that band is nothing. On development recordings the band above 4.4 kHz is at most 38 dB down
#: (99 % of 1,000 wide-band clips, flite's voices 34 dB), after 8 kHz at least 43 dB (95 %, FSDD 40 dB).
_FALL: Final = 10.0 ** (-40 / 10)


class LongTermSpectrum:
    """Mean power spectrum of 20 ms frames; the loud ones outweigh the rest."""

    __slots__ = ("_power",)

    def __init__(self) -> None:
        self._power = np.zeros(FRAME_SAMPLES // 2 + 1, np.float64)

    def add(self, frames: Floats) -> None:
        """Take in ``frames`` (frames x 320)."""
        spectrum = np.fft.rfft(frames * _WINDOW, axis=1)
        self._power += (spectrum.real**2 + spectrum.imag**2).sum(axis=0)

    @property
    def bandwidth_hz(self) -> int:
        """The upper edge of the highest 250 Hz band that still has something, 0 for silence."""
        bands = self._power[: FRAME_SAMPLES // 2].reshape(-1, _TOGETHER).mean(axis=1)
        there = np.flatnonzero(bands > self._power[_BELOW].mean() * _FALL)
        return 0 if not len(there) else int(there[-1] + 1) * _TOGETHER * _BIN_HZ
