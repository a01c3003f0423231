"""How loud a sound is to a listener: its integrated loudness in LUFS by ITU-R BS.1770-4, one channel."""

import math
from typing import Final

import numpy as np

from cuewalk.domain.sound import Doubles, Floats

#: The K-weighting: a shelf for the head and a high-pass (Hz, quality). Source: the analogue filters behind
#: tables 1 and 2 of the standard, which holds at 48 kHz only; libebur128 and pyloudnorm have the same.
_SHELF_HZ, _SHELF_QUALITY = 1681.97, 0.70718
_SHELF_GAIN: Final = 10 ** (3.99984 / 20)
_HIGH_PASS_HZ, _HIGH_PASS_QUALITY = 38.1355, 0.50033
#: Source: the standard: a sine of 997 Hz and full scale is -3.01 LUFS, so the weighting is 1 there.
_UNITY_HZ: Final = 997.0
#: Seconds, LUFS, LU. Source: the standard: blocks of 400 ms, each begins 100 ms after the one before; one
#: below -70 LUFS does not count, nor one more than 10 LU below the mean of those that are left.
_BLOCK, _STEP = 0.4, 0.1
_SILENCE, _SOFTER = -70.0, 10.0
#: Seconds of silence after a sound, in which the filters ring out.
_RINGING: Final = 0.5


def loudness(sound: Floats, rate: int) -> float:
    """Return the integrated loudness in LUFS, 1.0 being full scale; minus infinity for silence.

    A sound of less than 400 ms is one block.
    """
    size = len(sound) + int(_RINGING * rate)
    weighting = _k_weighting(np.fft.rfftfreq(size, 1 / rate).astype(np.float64))
    weighted = np.fft.irfft(np.fft.rfft(sound, size) * weighting, size)[: len(sound)]
    energy = np.concatenate([[0.0], np.cumsum(np.square(weighted))])
    block = min(round(_BLOCK * rate), len(sound))
    starts = np.arange(0, len(sound) - block + 1, round(_STEP * rate))
    powers = (energy[starts + block] - energy[starts]) / max(block, 1)
    heard = powers[powers > 10 ** (_SILENCE / 10)]
    if not heard.size:
        return -math.inf
    counted = heard[heard > heard.mean() / 10 ** (_SOFTER / 10)]
    return 10 * math.log10(counted.mean())


def _k_weighting(hertz: Doubles) -> Doubles:
    # Phases are left out: energy over 400 ms does not know them.
    return _gain(hertz) / _gain(np.array([_UNITY_HZ]))


def _gain(hertz: Doubles) -> Doubles:
    high, low = 1j * hertz / _SHELF_HZ, 1j * hertz / _HIGH_PASS_HZ
    # Its middle term is the gain's root, but for a thousandth.
    shelf = _SHELF_GAIN * high**2 + math.sqrt(_SHELF_GAIN) * high / _SHELF_QUALITY + 1
    shelf /= high**2 + high / _SHELF_QUALITY + 1
    high_pass = low**2 / (low**2 + low / _HIGH_PASS_QUALITY + 1)
    weighted: Doubles = np.abs(shelf * high_pass)
    return weighted
