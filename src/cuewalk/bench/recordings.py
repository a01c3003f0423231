"""Labelled recordings: folders with a ``MANIFEST.csv``, clips of them chosen repeatably, their sound.

A manifest has at least the columns path and label; set and speaker are optional.
"""

import csv
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from cuewalk.audio.resample import resample
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.sound import FULL_SCALE, Samples, as_samples
from cuewalk.domain.units import SESSION_RATE
from cuewalk.files.looking import is_folder

MANIFEST: Final = "MANIFEST.csv"
UNKNOWN_SPEAKER: Final = "unknown"
#: Seed of every choice in the benchmarks, so that each run hears and says the same.
SEED: Final = 4
_NEEDED: Final = ("path", "label")
#: Nobody's voice: clips of such a speaker are never used for calibration.
_NOBODY: Final = frozenset({UNKNOWN_SPEAKER, "none", ""})
#: Lowest rate of a recording, Hz. Below it nothing of speech is left: telephones use 8,000.
_LOWEST_RATE: Final = 4000


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


class UnreadableSoundError(CuewalkError):
    """A recording cannot be used; its text is the bare reason, for a list of what was skipped."""


def read_manifests(folders: Sequence[Path]) -> tuple[list[Clip], list[Skipped]]:
    """Return the clips of all folders in their manifests' order, and the rows that name none.

    Raises:
        CuewalkError: if a folder has no manifest, or one without the columns path and label.
    """
    clips: list[Clip] = []
    skipped: list[Skipped] = []
    for folder in folders:
        for line, row in _rows(folder):
            missing = [column for column in _NEEDED if not row.get(column)]
            if missing:
                where = f"{folder / MANIFEST}, line {line}"
                skipped.append(Skipped(where, f"the row has no {' and no '.join(missing)}"))
                continue
            name, kind = row["path"], row.get("set") or folder.resolve().name
            clips.append(Clip(folder / name, name, kind, row["label"], row.get("speaker") or UNKNOWN_SPEAKER))
    return clips, skipped


def _rows(folder: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield each row with its line number; cells are stripped, those too few are empty."""
    path = folder / MANIFEST
    if not is_folder(folder):
        raise CuewalkError(
            f"There is no folder {folder}.",
            meaning="Nothing was measured.",
            remedy=f"Name a folder with recordings and a {MANIFEST}.",
        )
    try:
        # A spreadsheet may have put a byte order mark in front.
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            columns = [name.strip().lower() for name in next(reader, [])]
            _check_columns(path, columns)
            for cells in reader:
                if any(cells):
                    yield reader.line_num, dict(zip(columns, map(str.strip, cells), strict=False))
    except FileNotFoundError as error:
        raise CuewalkError(
            f"There is no {MANIFEST} in {folder}.",
            meaning="Nobody says which word is in which recording, so nothing was measured.",
            remedy="Write one with the columns path and label (and, if known, set and speaker).",
        ) from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CuewalkError(
            f"{path} cannot be read: {error}.",
            meaning="Nothing was measured.",
            remedy="It has to be a comma-separated file in UTF-8.",
        ) from error


def _check_columns(path: Path, columns: Sequence[str]) -> None:
    missing = [column for column in _NEEDED if column not in columns]
    if missing:
        raise CuewalkError(
            f"{path} has no column {' and none called '.join(missing)}.",
            meaning=f"Its columns are: {', '.join(filter(None, columns)) or 'none'}. Nothing was measured.",
            remedy="The first line has to name the columns, at least path and label.",
        )


def read_sound(path: Path) -> Samples:
    """Return a recording of any kind and rate that libsndfile reads as 16 kHz mono int16.

    Channels are averaged, other rates resampled.

    Raises:
        UnreadableSoundError: if it is missing, damaged, empty, or not a recording.
    """
    if not path.is_file():
        raise UnreadableSoundError("there is no such file")
    try:
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError, OSError, ValueError, MemoryError) as error:
        # libsndfile's own words, without the path that is shown beside them anyhow.
        reason = str(getattr(error, "error_string", "") or error).strip().rstrip(".")
        raise UnreadableSoundError(f"it cannot be read ({reason or type(error).__name__})") from error
    if not len(sound):
        raise UnreadableSoundError("it holds no sound")
    if rate < _LOWEST_RATE:
        raise UnreadableSoundError(f"its rate of {rate} Hz is too low for speech")
    if not np.isfinite(sound).all():
        raise UnreadableSoundError("some of its samples are not numbers")
    return resample(as_samples(sound.mean(axis=1, dtype=np.float64) * FULL_SCALE), rate, SESSION_RATE)


def of_speakers(clips: Sequence[Clip], path: Path | None) -> list[Clip]:
    """Return the clips of the speakers that a file names, one in a line; all clips where there is none.

    Raises:
        CuewalkError: if it cannot be read or holds no name, or none of them has any.
    """
    if path is None:
        return list(clips)
    try:
        names = frozenset(filter(None, map(str.strip, path.read_text("utf-8").splitlines())))
    except (OSError, UnicodeDecodeError) as error:
        raise CuewalkError(
            f"The list of speakers {path} cannot be read: {error}.",
            meaning="Nothing was measured.",
            remedy="Give a text file with one speaker in a line, as the manifest calls them.",
        ) from error
    if not names:
        raise CuewalkError(f"The list of speakers {path} is empty.", meaning="Nothing was measured.")
    # Sounds that nobody made have no speaker: they are named by their file.
    found = [clip for clip in clips if clip.speaker in names or clip.name in names]
    if not found:
        raise CuewalkError(
            f"None of the {len(names)} speakers in the list has a recording here.",
            meaning="Nothing was measured.",
            remedy="The names have to be those of the manifest's column speaker.",
        )
    return found


def shuffled(clips: Iterable[Clip]) -> list[Clip]:
    """Return the clips in an order that depends on nothing but which clips there are."""
    ordered = sorted(clips, key=lambda clip: (clip.set, clip.name))
    random.Random(SEED).shuffle(ordered)  # noqa: S311 - a sample, not a secret
    return ordered


def sample(clips: Sequence[Clip], limit: int) -> list[Clip]:
    """Return at most ``limit`` clips of each set, in the order they were in."""
    chosen: set[Clip] = set()
    for name in {clip.set for clip in clips}:
        chosen.update(shuffled(clip for clip in clips if clip.set == name)[:limit])
    return [clip for clip in clips if clip in chosen]


@dataclass(frozen=True, slots=True)
class Group:
    """Clips that one hearing hears; ``examples`` are kept for its calibration and not judged."""

    judged: tuple[Clip, ...]
    examples: tuple[Clip, ...] = ()


def groups(clips: Sequence[Clip], takes: int, is_word: Callable[[Clip], bool]) -> list[Group]:
    """Return the clips speaker by speaker, ``takes`` of each word of a speaker kept for calibration.

    Clips of nobody, and of people with no word at all, are one group without examples. Without ``takes``
    there is one group.
    """
    if not takes:
        return [Group(tuple(clips))]
    people = {clip.speaker for clip in clips if is_word(clip)} - _NOBODY
    of: dict[str, list[Clip]] = {who: [] for who in (*sorted(people), "")}
    for clip in clips:
        of[clip.speaker if clip.speaker in people else ""].append(clip)
    rest = Group(tuple(of.pop("")))
    found = [_calibrated(theirs, takes, is_word) for theirs in of.values()]
    return [group for group in (*found, rest) if group.judged]


def _calibrated(clips: list[Clip], takes: int, is_word: Callable[[Clip], bool]) -> Group:
    words = sorted((clip for clip in clips if is_word(clip)), key=lambda clip: clip.words)
    of_words = (shuffled(takes_of) for _, takes_of in groupby(words, lambda clip: clip.words))
    kept = [clip for takes_of in of_words for clip in takes_of[:takes]]
    return Group(tuple(clip for clip in clips if clip not in set(kept)), tuple(kept))
