"""Makes speech slower or faster at the same pitch: waveform-similarity overlap-add.

Pieces of the sound are set closer together or further apart; each is taken from where it goes on most like
the one before would have. Source: W. Verhelst and M. Roelands, ICASSP 1993.
"""

from typing import Final

import numpy as np

from cuewalk.domain.sound import Floats

#: Seconds: a piece holds two or three periods of a low voice; how far around its place it is looked for, more
#: than one period.
_PIECE, _AROUND = 0.03, 0.01
#: Design: shares of length that nobody hears, so the sound is left as it is.
_UNHEARD: Final = 0.01


def stretch(sound: Floats, factor: float, rate: int) -> Floats:
    """Return ``sound`` lasting ``factor`` times as long."""
    half, around = round(_PIECE * rate / 2), round(_AROUND * rate)
    size = 2 * half
    if abs(factor - 1) < _UNHEARD or len(sound) <= size + 2 * around:
        return sound
    window = np.hanning(size + 1)[:size].astype(np.float32)
    count = round(len(sound) * factor / half)
    padded = np.pad(sound, (half + around, 2 * (size + around)))
    longer = np.zeros((count + 2) * half, np.float32)
    begin = around
    for piece in range(count + 1):
        wanted = round(piece * half / factor)
        if piece:
            goes_on = padded[begin + half : begin + half + size]
            begin = wanted + _likest(padded[wanted : wanted + size + 2 * around], goes_on)
        longer[piece * half : piece * half + size] += padded[begin : begin + size] * window
    return longer[half : half + round(len(sound) * factor)]


def _likest(region: Floats, goes_on: Floats) -> int:
    """Return where in ``region`` the sound is most like ``goes_on``."""
    likeness = np.correlate(region, goes_on, "valid")
    energy = np.concatenate([[0.0], np.cumsum(np.square(region, dtype=np.float64))])
    size = len(goes_on)
    return int(np.argmax(likeness / np.sqrt(energy[size:] - energy[:-size] + 1e-9)))
