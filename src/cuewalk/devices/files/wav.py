"""Sound files: 16-bit mono WAV, read from anywhere and written whole or not at all."""

import errno
import logging
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

import numpy as np

from cuewalk.audio.resample import resample
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE
from cuewalk.files.faults import why_unwritable
from cuewalk.files.reading import UnreadableFileError, read_bytes
from cuewalk.files.wav import MAX_SOUND_BYTES, open_to_write, parse_wav
from cuewalk.files.writing import WholeFile
from cuewalk.logs import ignoring

_log = logging.getLogger(__package__)

_SPACE: Final = "Free some space on the disk, or choose another folder."
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
        raise CuewalkError(
            f"The sound file {path} cannot be read: {error}.",
            meaning="Nothing of it was used.",
            remedy="Give a WAV file with 16-bit PCM samples, of any rate, mono or stereo.",
        ) from error
    mono = sound[:, 0] if sound.shape[1] == 1 else np.rint(sound.mean(axis=1)).astype(np.int16)
    return resample(mono, rate, SESSION_RATE)


def write_wav(path: Path, samples: Samples, rate: int = SESSION_RATE) -> None:
    """Write mono ``samples`` to ``path``, replacing what was there.

    Raises:
        CuewalkError: if it cannot be written; what was there is then untouched.
    """
    with WavWriter(path, rate) as file:
        file.append(samples)


class SoundWriter(ABC):
    """Writes a long mono sound file piece by piece into a part beside; `close` gives it its name.

    Leaving a ``with`` block by an exception, or `discard`, removes the part and leaves ``path`` untouched.

    Raises:
        CuewalkError: if the file cannot be made or written to (full disk, read-only folder).
    """

    def __init__(self, path: Path) -> None:
        self._path, self._open = path, True
        try:
            self._whole = WholeFile(path)
        except (OSError, ValueError) as error:
            raise unwritable(path, error) from error

    @abstractmethod
    def _write(self, samples: Samples) -> None:
        """Write a piece. Raises `OSError`."""

    @abstractmethod
    def _end(self) -> None:
        """Write what is still due, such as the length in the header; a second call does nothing."""

    def append(self, samples: Samples) -> None:
        """Add ``samples`` at the end."""
        with self._refusals():
            self._write(samples)

    def close(self) -> None:
        """Finish the file under its own name, durably; a second call does nothing."""
        if not self._open:
            return
        try:
            with self._refusals():
                self._end()
                self._whole.commit()
        finally:
            self.discard()

    def discard(self) -> None:
        """Throw away what was written; after `close`, or a second time, it does nothing."""
        if self._open:
            self._open = False
            # A full disk refuses even what is still due.
            with ignoring(_log, OSError, doing="closing a sound file that is thrown away"):
                self._end()
            self._whole.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.discard()
            raise unwritable(self._path, error) from error


class WavWriter(SoundWriter):
    """Writes 16-bit WAV, into a folder that is there."""

    def __init__(self, path: Path, rate: int = SESSION_RATE) -> None:
        if not path.parent.is_dir():
            raise unwritable(path, FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)))
        super().__init__(path)
        self._file = open_to_write(self._whole.file, rate)

    def _write(self, samples: Samples) -> None:
        self._file.writeframesraw(samples.astype("<i2", copy=False).tobytes())

    def _end(self) -> None:
        self._file.close()


def unwritable(path: Path, error: OSError | ValueError) -> CuewalkError:
    """Return the error of a sound file that cannot be written."""
    return CuewalkError(
        f"The sound file {path} cannot be written: {why_unwritable(error)}.",
        meaning="The recording is not kept; an older file of that name is untouched.",
        remedy=_REMEDIES.get(getattr(error, "errno", None), _SPACE),
    )
