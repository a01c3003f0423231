"""The network itself: symbols, a voice and a speed to sound."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from cuewalk.domain.sound import Floats

#: Hz.
RATE: Final = 24_000
#: Number of the symbol at both ends.
_EDGE: Final = 0


class Network:
    """Kokoro-82M in onnxruntime.

    Args:
        weights: the file, or its content.
    """

    def __init__(self, weights: Path | bytes) -> None:
        # Imported here: only the process of the voice needs it.
        import onnxruntime  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # What was laid out for a line serves none of another length: 337 MB instead of 380 (50 lines).
        options.enable_mem_pattern = False
        # Threads that spin between two runs take what the session needs to listen.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        given = weights if isinstance(weights, bytes) else str(weights)
        self._session = onnxruntime.InferenceSession(given, options, providers=["CPUExecutionProvider"])

    def speak(self, symbols: Sequence[int], voice: Floats, speed: float) -> Floats:
        """Return one run spoken, 24 kHz mono, about 0.3 s of silence at each end.

        Args:
            symbols: numbers from `Pronunciation.runs`.
            voice: who speaks.
            speed: factor of the network's own pace.
        """
        given = {
            "tokens": np.array([[_EDGE, *symbols, _EDGE]], np.int64),
            "style": voice[min(len(symbols), len(voice) - 1)],
            "speed": np.array([speed], np.float32),
        }
        sound: Floats = np.asarray(self._session.run(None, given)[0], np.float32).ravel()
        return sound
