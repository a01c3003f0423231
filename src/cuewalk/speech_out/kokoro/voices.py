"""Kokoro's voices: a table each, with a row for each number of symbols.

Three lie in models/voices (Apache-2.0, with attribution there). The other English ones can be speakers for
training and simulated people, on a developer's machine, in a folder that `TABLES` names.
"""

import os
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

    Measured: 160, 161 and 149 words a minute then, in lines of five words and more, pauses included.
    """

    name: str
    pace: float
    who: str


#: The first one is the default.
VOICES: Final = (
    Speaker("af_heart", 0.7, "a woman, American"),
    Speaker("am_michael", 0.79, "a man, American"),
    Speaker("bf_emma", 0.69, "a woman, British"),
)
#: The environment variable that names a developer's folder with more tables.
TABLES: Final = "CUEWALK_KOKORO_VOICES"
#: The pace of voices that are not in `VOICES`. Measured with one sentence at this pace: 27 of the 28 English
#: voices take 4.6 to 6.2 s (those in `VOICES` 5.0 to 5.9 s), af_nicole, who whispers, 7.8 s.
_COMMON_PACE: Final = 0.7


def english_voices() -> list[str]:
    """Return the names of the voices whose tables are here: ours, then the English ones of `TABLES`."""
    more = os.environ.get(TABLES)
    # American and British, women and men; other letters are other languages.
    others = sorted(path.stem for path in Path(more).glob("[ab][fm]_*.bin")) if more else []
    return list(dict.fromkeys([*(voice.name for voice in VOICES), *others]))


def pace_of(name: str) -> float:
    """Return the network's speed that is called 1.0 with a voice."""
    return next((voice.pace for voice in VOICES if voice.name == name), _COMMON_PACE)


def table_of(name: str, folder: Path | None = None) -> Floats:
    """Return the table of a voice, (`ROWS`, 1, `WIDTH`) float32; from its own folder or another one.

    Raises:
        VoiceError: if it is missing or cut short.
    """
    ours = any(voice.name == name for voice in VOICES)
    more = None if ours else os.environ.get(TABLES)
    own = Path(more) if more else package_data("models") / "voices"
    path = (folder or own) / f"{name}.bin"
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
