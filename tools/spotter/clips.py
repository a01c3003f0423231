"""Words and sounds to learn from: people's recordings cut by our own endpointer, and synthetic voices."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from cuewalk.domain.sound import FULL_SCALE, Samples, as_samples
from cuewalk.speech_in.endpointing import Endpointer, UtteranceEnded
from cuewalk.spotting.augment import Spoken
from cuewalk.spotting.head import NOISE, UNKNOWN

RATE = 16_000
FOLDS = 5
#: Sets whose labels are no words: whole sentences and sounds.
_SENTENCES = frozenset({"picovoice_s2i", "picovoice_wakewords", "pocketsphinx", "asr_samples"})
_SOUNDS = frozenset({"esc10", "minetest_foley", "speech_commands_background"})
#: Lengths of the pieces that sentences and sounds are cut into, in samples.
_PIECES = (6_000, 10_000, 16_000)


@dataclass(frozen=True, slots=True)
class Clip:
    """One thing to learn from. ``fold`` is the same for everything one speaker said."""

    label: str
    origin: str
    speaker: str
    fold: int
    spoken: Spoken


def fold_of(origin: str, speaker: str) -> int:
    """Return the fold of a speaker: a hash, but for the three people of FSDD, who get one each."""
    if origin == "fsdd":
        return {"george": 0, "theo": 1, "yweweler": 2}.get(speaker, 3)
    return int(hashlib.sha256(speaker.encode()).hexdigest(), 16) % FOLDS


def people(recordings: Path) -> Iterator[Clip]:
    """Yield every clip of ``recordings`` (a folder with MANIFEST.csv), labels as the manifest gives them."""
    with (recordings / "MANIFEST.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            samples = read(recordings / row["path"])
            origin, speaker = row["set"], row["speaker"]
            # "none" and "unknown" are no speakers: such clips are told apart by their file.
            known = row["path"] if speaker in {"none", "unknown", ""} else speaker
            for label, spoken in _pieces(origin, row["label"], samples):
                yield Clip(label, origin, known, fold_of(origin, known), spoken)


def read(path: Path) -> Samples:
    """Return a recording as 16 kHz mono int16."""
    floats, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = soxr.resample(floats.mean(axis=1), rate, RATE) if rate != RATE else floats.mean(axis=1)
    return as_samples(mono * FULL_SCALE)


def _pieces(origin: str, label: str, samples: Samples) -> Iterator[tuple[str, Spoken]]:
    if origin in _SOUNDS or label in {"background_noise", "kitchen_noise"}:
        yield from _cut(NOISE, samples)
    elif origin in _SENTENCES:
        yield from _cut(UNKNOWN, samples)
    else:
        spans = list(spans_of(samples))
        if spans:
            start, end = max(spans, key=lambda span: span[1] - span[0])
            yield label, Spoken(samples, start, end)


def _cut(label: str, samples: Samples) -> Iterator[tuple[str, Spoken]]:
    """Yield pieces of a long recording, a new one every half second, as the endpointer might cut them."""
    for place, start in enumerate(range(0, max(1, min(len(samples), 60 * RATE) - 4_000), RATE // 2)):
        length = _PIECES[place % len(_PIECES)]
        yield label, Spoken(samples, start, min(len(samples), start + length))


def spans_of(samples: Samples) -> Iterator[tuple[int, int]]:
    """Yield where the endpointer of a live session finds utterances in a clip."""
    before, behind = 12_000, RATE
    hiss = np.random.default_rng(0).normal(0, 6, len(samples) + before + behind)
    hiss[before : before + len(samples)] = samples
    for event in Endpointer().feed(hiss.astype(np.int16)):
        if isinstance(event, UtteranceEnded):
            yield event.start_sample - before, event.end_sample - before
