"""Sound files: 16-bit mono WAV, read from anywhere and written whole or not at all."""

import errno
import logging
import os
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from cuewalk.audio.resample import resample
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE
from cuewalk.files.faults import reason
from cuewalk.files.reading import UnreadableFileError, read_bytes
from cuewalk.files.wav import MAX_SOUND_BYTES, open_to_write, parse_wav
from cuewalk.files.writing import WholeFile
from cuewalk.logs import ignoring

_log = logging.getLogger(__package__)

_ANOTHER: Final = "Choose a folder that you may write to."
#: What to do about an errno; any other is probably the disk's.
_REMEDIES: Final[dict[int | None, str]] = {
    errno.ENOENT: "Choose a folder that is there.",
    errno.ENOTDIR: "Choose a folder that is there.",
    errno.EISDIR: "Choose a file name that is not a folder's.",
    errno.EACCES: _ANOTHER,
    errno.EPERM: _ANOTHER,
    errno.EROFS: _ANOTHER,
    errno.ENAMETOOLONG: "Choose a shorter name.",
}


def read_wav(path: Path) -> Samples:
    """Return the sound of a 16-bit PCM WAV file as 16 kHz mono; channels are averaged, other rates resampled.

    Raises:
        CuewalkError: if the file is missing, damaged, or of another kind.
    """
    try:
        sound, rate = parse_wav(read_bytes(path, limit=MAX_SOUND_BYTES))
    except UnreadableFileError as error:
        raise _unreadable(path, str(error)) from error
    mono = sound[:, 0] if sound.shape[1] == 1 else np.rint(sound.mean(axis=1)).astype(np.int16)
    return resample(mono, rate, SESSION_RATE)


def write_wav(path: Path, samples: Samples, rate: int = SESSION_RATE) -> None:
    """Write mono ``samples`` to ``path``, replacing what was there.

    Raises:
        CuewalkError: if it cannot be written; what was there is then untouched.
    """
    with WavWriter(path, rate) as file:
        file.append(samples)


class WavWriter:
    """Writes a long mono WAV piece by piece into a part beside; `close` gives it its name.

    Leaving a ``with`` block by an exception, or `discard`, removes the part and leaves ``path`` untouched.

    Raises:
        CuewalkError: if the file cannot be made or written to (full disk, read-only folder).
    """

    def __init__(self, path: Path, rate: int = SESSION_RATE) -> None:
        self._path = path
        try:
            if not path.parent.is_dir():
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            self._whole = WholeFile(path)
        except (OSError, ValueError) as error:
            raise unwritable(path, error) from error
        self._file = open_to_write(self._whole.file, rate)
        self._open = True

    def append(self, samples: Samples) -> None:
        """Add ``samples`` at the end."""
        try:
            self._file.writeframesraw(samples.astype("<i2", copy=False).tobytes())
        except OSError as error:
            self.discard()
            raise unwritable(self._path, error) from error

    def close(self) -> None:
        """Finish the file under its own name, durably; a second call does nothing."""
        if not self._open:
            return
        try:
            self._file.close()  # writes the final length into the header
            self._whole.commit()
        except OSError as error:
            self.discard()
            raise unwritable(self._path, error) from error
        self._open = False

    def discard(self) -> None:
        """Throw away what was written; a second call does nothing."""
        if not self._open:
            return
        self._open = False
        # A full disk refuses even the header.
        with ignoring(_log, OSError, doing="closing a WAV that is thrown away"):
            self._file.close()
        self._whole.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()


def _unreadable(path: Path, reason: str) -> CuewalkError:
    return CuewalkError(
        f"The sound file {path} cannot be read: {reason}.",
        meaning="Nothing of it was used.",
        remedy="Give a WAV file with 16-bit PCM samples, of any rate, mono or stereo.",
    )


def unwritable(path: Path, error: OSError | ValueError) -> CuewalkError:
    """Return the error of a sound file that cannot be written."""
    return CuewalkError(
        f"The sound file {path} cannot be written: {reason(error)}.",
        meaning="The recording is not kept; an older file of that name is untouched.",
        remedy=_REMEDIES.get(
            getattr(error, "errno", None), "Free some space on the disk, or choose another folder."
        ),
    )
