"""Kokoro's voices: a table each, with a row for each number of symbols.

Three lie in models/voices (Apache-2.0, with attribution there); the other English ones can be had as speakers
for training, in a folder of a developer's.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cuewalk.domain.errors import VoiceError
from cuewalk.domain.sound import Floats
from cuewalk.files.reading import UnreadableFileError, read_bytes
from cuewalk.places import package_data

#: Rows, and numbers in one.
ROWS: Final = 510
WIDTH: Final = 256
_BYTES: Final = ROWS * WIDTH * 4


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks. ``pace``: the network's speed that is called 1.0.

    Measured: 149 to 153 words a minute within four sentences then.
    """

    name: str
    pace: float


#: The first one is the default.
VOICES: Final = (
    Speaker("af_heart", 0.68),
    Speaker("am_michael", 0.76),
    Speaker("bf_emma", 0.66),
)


def table_of(name: str, folder: Path | None = None) -> Floats:
    """Return the table of a voice, (`ROWS`, 1, `WIDTH`) float32; from ``models/voices`` or another folder.

    Raises:
        VoiceError: if it is missing or cut short.
    """
    path = (folder or package_data("models") / "voices") / f"{name}.bin"
    try:
        content = read_bytes(path, limit=_BYTES)
    except UnreadableFileError as error:
        raise _unusable(name, str(error)) from error
    if len(content) != _BYTES:
        raise _unusable(name, f"it has {len(content)} bytes instead of {_BYTES}")
    table = np.frombuffer(content, "<f4").astype(np.float32).reshape(ROWS, 1, WIDTH)
    if not np.isfinite(table).all():
        raise _unusable(name, "it holds no numbers")
    return table


def _unusable(name: str, why: str) -> VoiceError:
    return VoiceError(
        f"The voice {name} cannot be used: {why}.",
        meaning="It cannot speak.",
        remedy="Fetch cuewalk again, or choose another one: cuewalk settings voice am_michael",
    )
