"""How well a new head hears its phrases, and which of them sound alike: on takes it has not learned from."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import Floats
from cuewalk.learning.teaching.verdict import HEARD, Confusion, Count, Meaning
from cuewalk.spotting.head import Head, softmax
from cuewalk.spotting.training import Labels

#: In so large a share of its takes a phrase is heard as another when the two sound alike.
_ALIKE: Final = 0.2
#: Smoothed labels and dropout leave a head less sure than it may be.
_TEMPERATURES: Final = np.geomspace(0.4, 4.0, 24)

Alike = Confusion


@dataclass(frozen=True, slots=True)
class Scores:
    """Counts of held-back takes."""

    #: The likeliest meaning is the right one.
    right: Count
    #: It is, and sure enough to be obeyed.
    heard: Count
    #: Obeyed as something else.
    wrong: Count
    #: Other words, and noises, that would be obeyed.
    invented: Count
    noise: Count
    alike: tuple[Alike, ...]


def scored(
    head: Head, takes: tuple[Floats, Sequence[str]], words: Floats, noises: Floats, meaning: Meaning
) -> Scores:
    """Return the scores of held-back takes (features and what was said), of other words, and of noises."""
    features, said = takes
    kinds, group_of = _groups(head, meaning)
    own = np.array([group_of[meaning(text)] for text in said], np.int64)
    chances = _by_group(head, features, kinds)
    best, sure = chances.argmax(axis=1), chances.max(axis=1) >= HEARD
    none = group_of.get(_nothing(meaning), -1)
    return Scores(
        right=Count(int((best == own).sum()), len(own)),
        heard=Count(int((sure & (best == own)).sum()), len(own)),
        wrong=Count(int((sure & (best != own) & (best != none)).sum()), len(own)),
        invented=_invented(_by_group(head, words, kinds), none),
        noise=_invented(_by_group(head, noises, kinds), none),
        alike=_alike(head, features, said, meaning),
    )


def temperature_of(head: Head, features: Floats, labels: Labels) -> float:
    """Return the temperature under which held-back takes are likeliest."""
    logits = head.logits(features)

    def cost(temperature: float) -> float:
        chances = softmax(logits / np.float32(temperature))[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(chances, 1e-9)).mean())

    return min(map(float, _TEMPERATURES), key=cost)


def _nothing(meaning: Meaning) -> tuple[object, ...]:
    return tuple(None for _ in meaning(""))


def _groups(head: Head, meaning: Meaning) -> tuple[Labels, dict[tuple[object, ...], int]]:
    """Return the number of each label's meaning (L,), and the numbers by meaning."""
    numbers: dict[tuple[object, ...], int] = {}
    kinds = [numbers.setdefault(meaning(label), len(numbers)) for label in head.labels]
    return np.array(kinds, np.int64), numbers


def _by_group(head: Head, features: Floats, kinds: Labels) -> npt.NDArray[np.float32]:
    """Return the probability of each meaning, shape (N, meanings)."""
    member = (kinds[:, None] == np.arange(kinds.max() + 1)).astype(np.float32)
    chances: npt.NDArray[np.float32] = head.probabilities(features) @ member
    return chances


def _invented(chances: npt.NDArray[np.float32], none: int) -> Count:
    obeyed = (chances.max(axis=1) >= HEARD) & (chances.argmax(axis=1) != none)
    return Count(int(obeyed.sum()), len(chances))


def _alike(head: Head, features: Floats, said: Sequence[str], meaning: Meaning) -> tuple[Alike, ...]:
    heard = [head.labels[place] for place in head.logits(features).argmax(axis=1)]
    pairs = Counter(zip(said, heard, strict=True))
    takes = Counter(said)
    found = [
        Alike(one, other, Count(part, takes[one]))
        for (one, other), part in pairs.items()
        if part >= max(2, _ALIKE * takes[one]) and any(meaning(other)) and meaning(one) != meaning(other)
    ]
    return tuple(sorted(found, key=lambda pair: -pair.count.part / pair.count.whole))
