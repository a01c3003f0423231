"""Compressed sound files (FLAC, MP3, Ogg Vorbis, Opus), written block by block, whole or not at all."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import soundfile

from cuewalk.devices.files.wav import unwritable
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE
from cuewalk.files.writing import WholeFile
from cuewalk.logs import ignoring

_log = logging.getLogger(__package__)

#: What libsndfile calls each kind of file.
_KINDS: Final = {
    ".flac": ("FLAC", "PCM_16"),
    ".mp3": ("MP3", "MPEG_LAYER_III"),
    ".ogg": ("OGG", "VORBIS"),
    ".opus": ("OGG", "OPUS"),
}
#: libsndfile's Vorbis encoder takes stack memory for a whole block, so blocks are short (250 ms).
_BLOCK: Final = SESSION_RATE // 4
#: All that libsndfile tells of a write that the system refused.
_SYSTEM_ERROR: Final = "System error"


def encoded_kinds() -> tuple[str, ...]:
    """Return the endings that can be written here; an old libsndfile knows no .mp3."""
    return tuple(ending for ending, kind in _KINDS.items() if soundfile.check_format(*kind))


class EncodedWriter:
    """Writes a long mono file of 16 kHz into a part beside; leaving the ``with`` block gives it its name.

    ``finish`` gets the part before that, to write tags into it. An exception in the ``with`` block or in
    ``finish`` removes the part and leaves ``path`` untouched.

    Raises:
        CuewalkError: if the file cannot be made or written to (full disk, read-only folder).
    """

    def __init__(self, path: Path, finish: Callable[[Path], None]) -> None:
        self._path, self._finish = path, finish
        kind, subtype = _KINDS[path.suffix.lower()]
        try:
            self._whole = WholeFile(path)
        except (OSError, ValueError) as error:
            raise unwritable(path, error) from error
        try:
            self._file = soundfile.SoundFile(
                os.fspath(self._whole.part), "w", SESSION_RATE, 1, format=kind, subtype=subtype
            )
        except soundfile.SoundFileError as error:
            self._whole.discard()
            raise self._refused(error) from error

    def append(self, samples: Samples) -> None:
        """Add ``samples`` at the end."""
        try:
            for at in range(0, len(samples), _BLOCK):
                self._file.write(samples[at : at + _BLOCK])
        except soundfile.SoundFileError as error:
            raise self._refused(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._close()
        finally:
            self._discard()

    def _close(self) -> None:
        try:
            self._file.close()
            self._finish(self._whole.part)
            self._whole.commit()
        except soundfile.SoundFileError as error:
            raise self._refused(error) from error
        except OSError as error:
            raise unwritable(self._path, error) from error

    def _discard(self) -> None:
        """Throw away the part; after a good end there is none."""
        # A full disk refuses even the last block; the file goes away anyhow.
        with ignoring(_log, soundfile.SoundFileError, doing="closing a sound file that is thrown away"):
            self._file.close()
        self._whole.discard()

    def _refused(self, error: soundfile.SoundFileError) -> Exception:
        """Return an error of libsndfile as one of ours; it only says "System error" for a full disk."""
        said = str(error).rstrip(".")
        words = "the disk may be full" if said == _SYSTEM_ERROR else said or "no reason given"
        return unwritable(self._path, OSError(0, words))
