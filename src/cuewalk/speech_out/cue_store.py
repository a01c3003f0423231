"""Rendered cues as files: written whole or not at all, checked when read, the least used removed first."""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from cuewalk.domain.sound import Samples
from cuewalk.files.reading import UnreadableFileError, read_bytes
from cuewalk.files.writing import private_folder

_MAGIC: Final = b"CUEWALK1"
_HEAD: Final = len(_MAGIC) + hashlib.sha256().digest_size
_SUFFIX: Final = ".cue"
_UNFINISHED: Final = ".cue-part"
#: Cleaning goes down to this share of the limit, so that it is not due again at once.
_AFTER_CLEANING: Final = 0.9
#: Ten minutes of sound; the longest line takes one.
_MAX_CUE_BYTES: Final = 20_000_000


class CueStore:
    """One file a cue: 8 bytes of magic, the SHA-256 of the rest, then 16 kHz mono int16, little endian.

    A file that a power cut or another program has damaged does not match its sum and counts as missing.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        """Touch nothing yet."""
        self._folder, self._max_bytes = folder, max_bytes
        self._total: int | None = None

    def get(self, key: str) -> Samples | None:
        """Return the cue, read-only, or None if there is no sound one."""
        path = self._folder / (key + _SUFFIX)
        try:
            data = read_bytes(path, limit=_MAX_CUE_BYTES)
        except UnreadableFileError:
            return None  # not there, or not readable: either way it must be rendered
        head, body = data[:_HEAD], data[_HEAD:]
        if head != _MAGIC + hashlib.sha256(body).digest() or len(body) % 2:
            return None
        # Its age decides what is removed first; on a read-only disk nothing is removed.
        with contextlib.suppress(OSError):
            os.utime(path)
        return np.frombuffer(body, dtype="<i2")

    def put(self, key: str, samples: Samples) -> None:
        """Store the cue, then remove the least used ones beyond the limit.

        Raises:
            OSError: if it cannot be written; the folder is then as it was.
        """
        body = samples.astype("<i2").tobytes()
        private_folder(self._folder)
        # Not by `write_whole`: a cue can be rendered again, and a sync for each would hold up the next one.
        handle, name = tempfile.mkstemp(suffix=_UNFINISHED, dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_MAGIC + hashlib.sha256(body).digest() + body)
            Path(name).replace(self._folder / (key + _SUFFIX))
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        self._count(len(body))

    def _count(self, added: int) -> None:
        self._total = self._measured() if self._total is None else self._total + added
        if self._total > self._max_bytes:
            self._clean()

    def _files(self) -> list[Path]:
        """Return only files of ours: the folder may hold something else as well."""
        return [path for path in self._folder.iterdir() if path.suffix in {_SUFFIX, _UNFINISHED}]

    def _measured(self) -> int:
        return sum(path.stat().st_size for path in self._files())

    def _clean(self) -> None:
        ages = sorted((path.stat().st_mtime_ns, path.stat().st_size, path) for path in self._files())
        total = sum(size for _, size, _ in ages)
        for _, size, path in ages:
            if total <= self._max_bytes * _AFTER_CLEANING:
                break
            path.unlink(missing_ok=True)
            total -= size
        self._total = total
