"""What is said to a live session: people's recordings where there are any, else synthetic voices."""

import random
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from cuewalk import places
from cuewalk.bench.hearing.manifest import Clip, read_manifests
from cuewalk.bench.hearing.selection import SEED, of_speakers, read_speakers
from cuewalk.bench.hearing.sound_files import UnreadableSoundError, read_sound
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.sound import Samples
from cuewalk.simulation.person.voices import person_voices

_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_STOP: Final = ("stop",)
_VOICES: Final = ("slt", "rms", "kal", "awb")
Said = tuple[str, Samples]


def answers_and_stops(
    folders: Sequence[Path], count: int, speakers: Path | None
) -> tuple[list[Said], list[Said]]:
    """Return ``count`` sayings of "stop" and of digits, each with its word.

    Raises:
        CuewalkError: if the folders hold none.
    """
    if not folders:
        return _synthetic(_STOP, count), _synthetic(_DIGITS, count)
    clips, _ = read_manifests(folders)
    if speakers is not None:
        clips = of_speakers(clips, read_speakers(speakers))
    return _recorded(clips, _STOP, count), _recorded(clips, _DIGITS, count)


def _recorded(clips: Sequence[Clip], words: Sequence[str], count: int) -> list[Said]:
    found = sorted((c for c in clips if c.words in words), key=lambda clip: (clip.set, clip.name))
    random.Random(SEED).shuffle(found)  # noqa: S311 - a sample, not a secret
    said: list[Said] = []
    for clip in found:
        try:
            said.append((clip.words, read_sound(clip.file)))
        except UnreadableSoundError:
            continue
        if len(said) == count:
            return said
    if not said:
        raise CuewalkError(
            f"The recordings hold none of: {', '.join(words)}.",
            meaning="Nothing was measured.",
            remedy="Name a folder with such recordings, or none: then synthetic voices speak.",
        )
    return list(islice((said[at % len(said)] for at in range(count)), count))


def _synthetic(words: Sequence[str], count: int) -> list[Said]:
    voices = person_voices(_VOICES, places.cache_dir() / "cues", "en-US")
    return [
        (words[at % len(words)], voices[at % len(voices)].render(words[at % len(words)], 1.0))
        for at in range(count)
    ]
