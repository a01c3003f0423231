"""Sound as arrays: mono at 16 kHz, shape (samples,), unless a docstring says otherwise."""

from typing import Final

import numpy as np
import numpy.typing as npt

#: int16 PCM.
Samples = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

#: The int16 step that is 1.0 (0 dBFS) as a float.
FULL_SCALE: Final = 32768.0


def as_samples(sound: Floats | Doubles | npt.NDArray[np.int32]) -> Samples:
    """Return a sound in int16 steps, rounded, clipped to what int16 holds."""
    return np.clip(np.rint(sound), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)
