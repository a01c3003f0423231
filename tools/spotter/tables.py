"""Tables of features: every clip, heard in several ways, embedded and pooled; kept in a cache folder."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import Samples
from cuewalk.speech_in.embeddings import SpeechEmbedding
from cuewalk.spotting.augment import GENTLE, Chances, as_heard, augmented
from cuewalk.spotting.features import pool, window
from cuewalk.spotting.head import NOISE
from tools.spotter.clips import Clip

#: Synthetic voices belong to no fold of people: they are always learned from, never judged on.
NO_FOLD = -1
Texts = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """``features`` (N, 864) float16; the rest (N,). ``way`` 0 is as recorded, others are augmented."""

    features: npt.NDArray[np.float16]
    label: Texts
    origin: Texts
    speaker: Texts
    fold: npt.NDArray[np.int64]
    way: npt.NDArray[np.int64]

    def where(self, rows: npt.NDArray[np.bool_]) -> "Table":
        """Return some of the rows."""
        return Table(*(getattr(self, name)[rows] for name in self.__slots__))


def joined(tables: Sequence[Table]) -> Table:
    """Return the rows of all tables."""
    return Table(*(np.concatenate([getattr(t, name) for t in tables]) for name in Table.__slots__))


def cached(path: Path, make: Callable[[], Table]) -> Table:
    """Return the table kept at ``path``, made and kept first if it is not there."""
    if not path.exists():
        table = make()
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **{name: getattr(table, name) for name in Table.__slots__})
    with np.load(path) as kept:
        return Table(*(kept[name] for name in Table.__slots__))


def table(clips: Iterable[Clip], ways: Sequence[int], chances: Chances, noises: Sequence[Samples]) -> Table:
    """Return the table of the clips, each heard in every way; the seed is the clip's place and the way."""
    kept = list(clips)
    jobs = [(clip, place, way, chances) for place, clip in enumerate(kept) for way in ways]
    with ProcessPoolExecutor(2, initializer=_start, initargs=(tuple(noises),)) as pool_:
        features = list(pool_.map(_features, jobs, chunksize=64))
    rows = [(job[0], job[2]) for job in jobs]
    return Table(
        features=np.stack(features),
        label=np.array([clip.label for clip, _ in rows]),
        origin=np.array([clip.origin for clip, _ in rows]),
        speaker=np.array([clip.speaker for clip, _ in rows]),
        fold=np.array([clip.fold for clip, _ in rows]),
        way=np.array([way for _, way in rows]),
    )


def noises_in(clips: Iterable[Clip]) -> list[Samples]:
    """Return the recordings of noise among the clips, each once, cut to what memory likes."""
    found = {clip.speaker: clip.spoken.samples[: 20 * 16_000] for clip in clips if clip.label == NOISE}
    return [samples for samples in found.values() if len(samples) >= 16_000]


_NOISES: list[Samples] = []


def _start(noises: tuple[Samples, ...]) -> None:
    _NOISES.extend(noises)


@cache
def _embedding() -> SpeechEmbedding:
    return SpeechEmbedding()


def _features(job: tuple[Clip, int, int, Chances]) -> npt.NDArray[np.float16]:
    clip, place, way, chances = job
    rng = np.random.default_rng([place, way])
    heard = as_heard(clip.spoken) if way == 0 else augmented(clip.spoken, rng, _NOISES, chances)
    return features_of(heard)


def features_of(heard: Samples) -> npt.NDArray[np.float16]:
    """Return the features (864,) of one utterance."""
    return pool(_embedding().embed(window(heard))).astype(np.float16)


__all__ = ["GENTLE", "NO_FOLD", "Chances", "Table", "cached", "features_of", "joined", "noises_in", "table"]
