"""The record inside an installed model: which archive it came from, and every file with its size and sum."""

import hashlib
from pathlib import Path

from pydantic import Field, ValidationError

from cuewalk.domain.frozen import Frozen
from cuewalk.files.looking import is_file, what_else
from cuewalk.files.reading import UnreadableFileError, open_ordinary, parse_json, read_bytes
from cuewalk.files.writing import write_whole

RECORD_NAME = ".cuewalk-model.json"


class FileRecord(Frozen):
    """One unpacked file; ``path`` is relative to the model's folder, with forward slashes."""

    path: str
    size: int = Field(ge=0)
    sha256: str


class InstallRecord(Frozen):
    """Written after a verified unpack; a model in the cache without it does not count as installed."""

    name: str
    archive_sha256: str
    files: tuple[FileRecord, ...]

    def save(self, folder: Path) -> Path:
        """Write the record into ``folder`` and return its path."""
        path = folder / RECORD_NAME
        write_whole(path, self.model_dump_json(indent=1) + "\n")
        return path

    def size_faults(self, folder: Path) -> list[str]:
        """Return what a look at the file sizes shows to be wrong."""
        return [fault for item in self.files if (fault := _size_fault(folder / item.path, item))]

    def sum_faults(self, folder: Path) -> list[str]:
        """Return what hashing every file shows to be wrong."""
        return self.size_faults(folder) or [
            f"{item.path} has changed" for item in self.files if sha256_of(folder / item.path) != item.sha256
        ]


def has_record(folder: Path) -> bool:
    """Tell whether cuewalk unpacked this folder."""
    return is_file(folder / RECORD_NAME)


def load_record(folder: Path) -> InstallRecord | None:
    """Return the record of ``folder``, None where there is none that can be read."""
    try:
        return InstallRecord.model_validate(parse_json(read_bytes(folder / RECORD_NAME)))
    except (UnreadableFileError, ValidationError):
        return None


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with open_ordinary(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _size_fault(path: Path, item: FileRecord) -> str:
    try:
        size = path.stat().st_size
    except OSError:
        return f"{item.path} is missing"
    if what_else(path):
        return f"{item.path} is no file"
    return "" if size == item.size else f"{item.path} has {size} bytes instead of {item.size}"
