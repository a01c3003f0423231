"""Compressed sound files (FLAC, MP3, Ogg Vorbis, Opus), written block by block, whole or not at all."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import soundfile

from cuewalk.devices.files.wav import SoundWriter, unwritable
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE

#: What libsndfile calls each kind of file.
_KINDS: Final = {
    ".flac": ("FLAC", "PCM_16"),
    ".mp3": ("MP3", "MPEG_LAYER_III"),
    ".ogg": ("OGG", "VORBIS"),
    ".opus": ("OGG", "OPUS"),
}
#: Samples (250 ms) written at once: libsndfile's Vorbis encoder takes stack memory for a whole block.
_BLOCK: Final = SESSION_RATE // 4


def encoded_kinds() -> tuple[str, ...]:
    """Return the endings that can be written here; an old libsndfile knows no .mp3."""
    return tuple(ending for ending, kind in _KINDS.items() if soundfile.check_format(*kind))


class EncodedWriter(SoundWriter):
    """Writes 16 kHz in the kind of file that the ending names.

    ``finish`` gets the part before that has its name, to write tags into it; if it raises, the part goes.
    """

    def __init__(self, path: Path, finish: Callable[[Path], None]) -> None:
        super().__init__(path)
        self._finish = finish
        kind, subtype = _KINDS[path.suffix.lower()]
        name = os.fspath(self._whole.part)
        try:
            with _system_errors():
                self._file = soundfile.SoundFile(name, "w", SESSION_RATE, 1, format=kind, subtype=subtype)
        except OSError as error:
            self._whole.discard()
            raise unwritable(path, error) from error

    def _write(self, samples: Samples) -> None:
        with _system_errors():
            for at in range(0, len(samples), _BLOCK):
                self._file.write(samples[at : at + _BLOCK])

    def _end(self) -> None:
        if not self._file.closed:
            with _system_errors():
                self._file.close()
            if self._open:
                self._finish(self._whole.part)


@contextmanager
def _system_errors() -> Iterator[None]:
    """Raise `OSError` for errors of libsndfile, which says "System error" for a full disk and no more."""
    try:
        yield
    except soundfile.SoundFileError as error:
        said = str(error).rstrip(".")
        words = "the disk may be full" if said == "System error" else said or "no reason given"
        raise OSError(0, words) from error
