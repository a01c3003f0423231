"""Reads folders of labelled recordings: ``MANIFEST.csv`` with at least the columns path and label."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cuewalk.domain.errors import CuewalkError
from cuewalk.files.looking import is_folder

FILE_NAME: Final = "MANIFEST.csv"
UNKNOWN_SPEAKER: Final = "unknown"
_NEEDED: Final = ("path", "label")


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording. ``name`` is its path as the manifest gives it."""

    file: Path
    name: str
    set: str
    label: str
    speaker: str

    @property
    def words(self) -> str:
        """The label as it is said: lower case, spaces for underscores."""
        return " ".join(self.label.lower().replace("_", " ").split())


@dataclass(frozen=True, slots=True)
class Skipped:
    """A recording that could not be used, and why."""

    path: str
    why: str


def read_manifests(folders: Sequence[Path]) -> tuple[list[Clip], list[Skipped]]:
    """Return the clips of all folders in their manifests' order, and the rows that name none.

    Raises:
        CuewalkError: if a folder has no manifest, or one without the columns path and label.
    """
    clips: list[Clip] = []
    skipped: list[Skipped] = []
    for folder in folders:
        for line, row in _rows(folder):
            clip = _clip(folder, row)
            if isinstance(clip, Clip):
                clips.append(clip)
            else:
                skipped.append(Skipped(f"{folder / FILE_NAME}, line {line}", clip))
    return clips, skipped


def _clip(folder: Path, row: Mapping[str, str]) -> Clip | str:
    missing = [column for column in _NEEDED if not row.get(column)]
    if missing:
        return f"the row has no {' and no '.join(missing)}"
    return Clip(
        file=folder / row["path"],
        name=row["path"],
        set=row.get("set") or folder.resolve().name,
        label=row["label"],
        speaker=row.get("speaker") or UNKNOWN_SPEAKER,
    )


def _rows(folder: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield each row with its line number; cells are stripped, those too few are empty."""
    path = folder / FILE_NAME
    if not is_folder(folder):
        raise CuewalkError(
            f"There is no folder {folder}.",
            meaning="Nothing was measured.",
            remedy=f"Name a folder with recordings and a {FILE_NAME}.",
        )
    try:
        # A spreadsheet may have put a byte order mark in front.
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            columns = [name.strip().lower() for name in next(reader, [])]
            _check(path, columns)
            for cells in reader:
                if any(cells):
                    yield reader.line_num, dict(zip(columns, map(str.strip, cells), strict=False))
    except FileNotFoundError as error:
        raise CuewalkError(
            f"There is no {FILE_NAME} in {folder}.",
            meaning="Nobody says which word is in which recording, so nothing was measured.",
            remedy="Write one with the columns path and label (and, if known, set and speaker).",
        ) from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CuewalkError(
            f"{path} cannot be read: {error}.",
            meaning="Nothing was measured.",
            remedy="It has to be a comma-separated file in UTF-8.",
        ) from error


def _check(path: Path, columns: Sequence[str]) -> None:
    missing = [column for column in _NEEDED if column not in columns]
    if missing:
        raise CuewalkError(
            f"{path} has no column {' and none called '.join(missing)}.",
            meaning=f"Its columns are: {', '.join(filter(None, columns)) or 'none'}. Nothing was measured.",
            remedy="The first line has to name the columns, at least path and label.",
        )
