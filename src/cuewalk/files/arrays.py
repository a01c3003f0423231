"""Named arrays in one file (``.npz``): bounded before they are unpacked, with a checksum over all of them."""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt

from cuewalk.files.reading import UnreadableFileError, read_bytes

#: Design: twenty times the largest file that cuewalk writes (1 MB, 4 MB unpacked).
MAX_FILE_BYTES: Final = 20_000_000
MAX_UNPACKED_BYTES: Final = 100_000_000
_CHECKSUM: Final = "checksum"
#: Damage shows in many ways: in the directory, in the packed bytes, in an array's own header.
_DAMAGE: Final = (
    *(zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError),
    *(RuntimeError, SyntaxError, TypeError, KeyError, MemoryError),
)

Array = npt.NDArray[Any]


def write_arrays(file: BinaryIO, arrays: Mapping[str, Any]) -> None:
    """Write arrays, compressed, with their checksum (SHA-256 over names, types, shapes and bytes).

    Raises:
        OSError: if the file cannot be written.
    """
    made: dict[str, Any] = {name: np.asarray(array) for name, array in arrays.items()}
    made[_CHECKSUM] = np.array(_digest(made))
    np.savez_compressed(file, **made)


def read_arrays(path: Path) -> dict[str, Array]:
    """Return the arrays of a file. One without a checksum, as older versions wrote it, is accepted.

    Raises:
        UnreadableFileError: if it cannot be read, unpacks to too much, is damaged, or is no such file.
    """
    data = read_bytes(path, limit=MAX_FILE_BYTES)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            infos = bundle.infolist()
            if sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
                raise UnreadableFileError(f"it claims to unpack to over {MAX_UNPACKED_BYTES / 1e6:g} MB")
            arrays = {info.filename.removesuffix(".npy"): _array(bundle, info) for info in infos}
    except _DAMAGE as error:
        raise UnreadableFileError("it is damaged, or no such file at all") from error
    checksum = arrays.pop(_CHECKSUM, None)
    if checksum is not None and str(checksum) != _digest(arrays):
        raise UnreadableFileError("it was changed after it was written")
    return arrays


def _array(bundle: zipfile.ZipFile, info: zipfile.ZipInfo) -> Array:
    with bundle.open(info) as packed:
        raw = packed.read(info.file_size + 1)
    file = io.BytesIO(raw)
    major, _minor = np.lib.format.read_magic(file)
    header = np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
    shape, _, dtype = header(file)
    claimed = int(np.prod(shape, dtype=object)) * dtype.itemsize
    if dtype.hasobject or min(shape, default=0) < 0 or claimed != len(raw) - file.tell():
        raise UnreadableFileError("an array in it has another size than it claims")
    file.seek(0)
    return np.lib.format.read_array(file, allow_pickle=False)


def _digest(arrays: Mapping[str, Array]) -> str:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {arrays[name].shape} ".encode("utf-8", "surrogatepass"))
        digest.update(array.tobytes())
    return digest.hexdigest()
