"""Which clips are heard: some speakers, a sample, and what is kept for calibration. Seeded, so repeatable."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from cuewalk.bench.hearing.manifest import UNKNOWN_SPEAKER, Clip
from cuewalk.domain.errors import CuewalkError

SEED: Final = 4
#: Nobody's voice: clips of such a speaker are never used for calibration.
_NOBODY: Final = frozenset({UNKNOWN_SPEAKER, "none", ""})


@dataclass(frozen=True, slots=True)
class Group:
    """Clips that one hearing hears; ``examples`` are kept for its calibration and not judged."""

    judged: tuple[Clip, ...]
    examples: tuple[Clip, ...] = ()


def read_speakers(path: Path) -> frozenset[str]:
    """Return the names in ``path``, one in a line.

    Raises:
        CuewalkError: if it cannot be read or holds no name.
    """
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
    return names


def of_speakers(clips: Sequence[Clip], names: frozenset[str]) -> list[Clip]:
    """Return the clips of these speakers.

    Raises:
        CuewalkError: if none of them has any.
    """
    # Sounds that nobody made have no speaker: they are named by their file.
    found = [clip for clip in clips if clip.speaker in names or clip.name in names]
    if not found:
        raise CuewalkError(
            f"None of the {len(names)} speakers in the list has a recording here.",
            meaning="Nothing was measured.",
            remedy="The names have to be those of the manifest's column speaker.",
        )
    return found


def sample(clips: Sequence[Clip], limit: int) -> list[Clip]:
    """Return at most ``limit`` clips of each set, in the order they were in."""
    chosen: set[Clip] = set()
    for name in dict.fromkeys(clip.set for clip in clips):
        chosen.update(_shuffled(clip for clip in clips if clip.set == name)[:limit])
    return [clip for clip in clips if clip in chosen]


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
    examples = [
        clip for _, takes_of in groupby(words, lambda c: c.words) for clip in _shuffled(takes_of)[:takes]
    ]
    kept = set(examples)
    return Group(tuple(clip for clip in clips if clip not in kept), tuple(examples))


def _shuffled(clips: Iterable[Clip]) -> list[Clip]:
    """Return the clips in an order that depends on nothing but which clips there are."""
    ordered = sorted(clips, key=lambda clip: (clip.set, clip.name))
    random.Random(SEED).shuffle(ordered)  # noqa: S311 - a sample, not a secret
    return ordered
