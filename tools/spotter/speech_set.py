"""The pack's phrases, near-words and people's sentences in kokoro's voices, kept as features: a file a text.

Who learns and who judges is decided by speaker, once and for all: `LEARNERS`, `JUDGES`.
"""

import hashlib
import json
import multiprocessing
import os
import random
import re
import signal
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

from cuewalk.files.writing import whole_file
from cuewalk.language.pack import LocalePack
from cuewalk.speech_out.chorus import KOKORO_RATES
from cuewalk.speech_out.kokoro.speaking import KokoroSpeaker, as_played
from cuewalk.speech_out.kokoro.voices import english_voices
from cuewalk.spotting.augment import GENTLE, as_heard, augmented
from cuewalk.spotting.head import UNKNOWN
from cuewalk.spotting.teaching import clean_span
from tools.spotter.clips import RATE
from tools.spotter.phrases import EVERYTHING, other_words
from tools.spotter.tables import NO_FOLD, Table, features_of

#: Those that our own cues are spoken with learn: everybody has them, and a judge must be a stranger.
LEARNERS = (
    *("af_heart", "af_bella", "af_nicole", "af_nova", "af_river", "af_sarah"),
    *("am_michael", "am_adam", "am_fenrir", "am_liam", "am_puck"),
    *("bf_emma", "bf_isabella", "bm_fable", "bm_george"),
)
JUDGES = (
    *("af_alloy", "af_aoede", "af_jessica", "af_kore", "af_sky"),
    *("am_echo", "am_eric", "am_onyx", "am_santa"),
    *("bf_alice", "bf_lily", "bm_daniel", "bm_lewis"),
)
#: Learners and judges that speak each text of a kind, drawn anew for each. Design: what the head hears as a
#: label by all; of the rest, whose wordings resemble each other, so much that a set is made in a night.
_PHRASE, _OTHER, _SENTENCE, _LONG_PHRASE = (15, 13), (8, 4), (8, 8), (1, 1)
#: Semitones by which the second way of hearing a take is higher or lower. Design: two people of one sex
#: differ by as much, and more would sound like nobody.
_SEMITONES = (-2.0, 2.0)
#: A word is said as a statement more often than as an exclamation or a question.
_ENDS = (".", ".", "!", "?")
#: The second way is also in a room and through another microphone; its speed has been drawn already.
_ELSEWHERE = replace(GENTLE, speed=0.0)
_KEPT = ("features", "voice", "speed", "semitones", "way")


@dataclass(frozen=True, slots=True)
class Order:
    """One text, who speaks it, how often each."""

    text: str
    voices: tuple[str, ...]
    takes: int
    seed: int

    @property
    def file_name(self) -> str:
        """Another one for every other order, so that a folder can be added to."""
        words = re.sub(r"[^a-z0-9]+", "-", self.text.lower()).strip("-")[:40]
        whole = json.dumps([self.text, self.voices, self.takes, self.seed]).encode()
        return f"{words}-{hashlib.sha256(whole).hexdigest()[:8]}.npz"

    @property
    def cost(self) -> int:
        """How long it takes, in letters; the silence around a take is as long as 20."""
        return len(self.voices) * self.takes * (20 + len(self.text))


def orders(pack: LocalePack, takes: int = 1, seed: int = 0) -> list[Order]:
    """Return the whole set that the voices on this machine can speak, what matters most first."""
    asked: dict[str, tuple[int, int]] = {}
    for texts, counts in (
        (pack.short_phrases(), _PHRASE),
        (sentences(), _SENTENCE),
        (other_words(pack), _OTHER),
        (sorted(pack.grammar().phrases), _LONG_PHRASE),
    ):
        for text in texts:
            asked.setdefault(text, counts)
    here = [[name for name in names if name in english_voices()] for names in (LEARNERS, JUDGES)]
    found = []
    for text, counts in asked.items():
        drawn = random.Random(f"{seed}/{text}")  # noqa: S311 - who speaks is no secret
        some = [drawn.sample(names, min(len(names), n)) for names, n in zip(here, counts, strict=True)]
        found.append(Order(text, tuple(chain.from_iterable(some)), takes, seed))
    return found


def sentences() -> list[str]:
    """Return what people say in whole sentences."""
    lines = (Path(__file__).parent / "sentences.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def missing(ordered: Sequence[Order], folder: Path) -> list[Order]:
    """Return the orders that have no file yet."""
    return [order for order in ordered if not (folder / order.file_name).exists()]


def make(
    ordered: Sequence[Order], folder: Path, *, sound: bool = False, processes: int = 2
) -> Iterator[Order]:
    """Write the file of each order, and yield it; a file is there whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_start) as pool:
        yield from pool.map(make_one, ordered, [folder] * len(ordered), [sound] * len(ordered))


def _start() -> None:
    """Leave the machine to others, and Ctrl-C to the parent, so that what is begun is finished."""
    os.nice(19)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def make_one(order: Order, folder: Path, sound: bool = False) -> Order:  # noqa: FBT001, FBT002 - for map
    """Write the file of one order, in this process."""
    rows = list(_rows(order, folder / "sound" if sound else None))
    columns = zip(_KEPT, zip(*rows, strict=True), strict=True) if rows else ()
    arrays: dict[str, Any] = {name: np.array(column) for name, column in columns}
    with whole_file(folder / order.file_name) as file:
        np.savez_compressed(file, text=order.text, **arrays)
    return order


_Row = tuple[npt.NDArray[np.float16], str, float, float, int]


def _rows(order: Order, sound: Path | None) -> Iterator[_Row]:
    for voice in order.voices:
        for take in range(order.takes):
            rng = np.random.default_rng([order.seed, zlib.crc32(f"{order.text}/{voice}/{take}".encode())])
            speed, semitones = float(rng.uniform(*KOKORO_RATES)), float(rng.uniform(*_SEMITONES))
            said = order.text if order.text[-1] in "".join(_ENDS) else order.text + str(rng.choice(_ENDS))
            spoken = _speaker(voice).speak(said, speed)
            here, elsewhere = clean_span(as_played(spoken)), clean_span(as_played(spoken, semitones))
            if here is None or elsewhere is None:
                continue
            if sound is not None:
                sound.mkdir(exist_ok=True)
                name = f"{Path(order.file_name).stem}-{voice}-{take}.flac"
                soundfile.write(sound / name, here.samples, RATE)
            yield features_of(as_heard(here)), voice, speed, 0.0, 0
            faster = speed * 2 ** (semitones / 12)
            yield features_of(augmented(elsewhere, rng, (), _ELSEWHERE)), voice, faster, semitones, 1


_speaker = cache(KokoroSpeaker)


def read(folder: Path, pack: LocalePack, voices: Sequence[str] = LEARNERS) -> Table:
    """Return the set of a folder, as far as these voices speak it.

    A longer phrase or a sentence that means something to the pack is left out: for a head of short phrases it
    is neither a label nor "unknown".
    """
    found: dict[str, list[npt.NDArray[np.generic]]] = {name: [] for name in ("label", *_KEPT)}
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as kept:
            label = label_of(str(kept["text"]), pack)
            if label is None or "voice" not in kept:
                continue
            rows = np.isin(kept["voice"], voices)
            found["label"].append(np.full(rows.sum(), label))
            for name in _KEPT:
                found[name].append(kept[name][rows])
    whole = {name: np.concatenate(parts) for name, parts in found.items()}
    count = len(whole["label"])
    return Table(
        features=whole["features"],
        label=whole["label"],
        origin=np.full(count, "synthetic"),
        speaker=np.char.add("kokoro:", whole["voice"]),
        fold=np.full(count, NO_FOLD),
        way=whole["way"],
    )


def label_of(text: str, pack: LocalePack) -> str | None:
    """Return the text's label for a head of the pack's short phrases; None where it has none."""
    plain = " ".join(re.findall(r"[\w']+", text.lower()))
    if plain in pack.short_phrases():
        return plain
    return UNKNOWN if pack.read(text, EVERYTHING) is None else None
