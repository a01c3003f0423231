"""From tables of features to a head: which label each row has, and how much it counts."""

from collections.abc import Callable, Sequence

import numpy as np

from cuewalk.language.pack import LocalePack
from cuewalk.spotting.head import NOISE, UNKNOWN, Head
from cuewalk.spotting.rehearsal import Rehearsal, remember
from cuewalk.spotting.training import Examples, Recipe, together, train
from tools.spotter.tables import Table

#: How much a label counts beside a plain phrase. A wrong number is the worst error, and most of what a
#: microphone hears is none of the phrases.
_NUMBER, _RECORDED, _UNKNOWN, _NOISE = 3.0, 2.0, 20.0, 10.0
#: Of a label with people's recordings, how much they count beside the synthetic voices; FSDD is three people.
_PEOPLE, _FSDD = 0.7, 0.2
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
#: Label smoothing and mixup make a head less sure than it may be; fitted on the speakers left out.
TEMPERATURE = 0.7
#: Heads trained with other seeds and averaged.
_MEMBERS = 2


def labels_of(pack: LocalePack) -> tuple[str, ...]:
    """Return the labels of a head: the pack's short phrases, unknown speech, noise."""
    return (*pack.short_phrases(), UNKNOWN, NOISE)


def examples_of(table: Table, names: Sequence[str]) -> Examples:
    """Return the rows as examples, every label weighed as the constants above say."""
    numbers = {name: number for number, name in enumerate(names)}
    labels = np.array([numbers.get(label, numbers[UNKNOWN]) for label in table.label])
    weights = np.zeros(len(labels))
    for label in np.unique(labels):
        rows = labels == label
        weights[rows] = weights_within(table.where(rows)) * _mass(names[label], table.origin[rows])
    return Examples(table.features.astype(np.float32), labels, weights.astype(np.float32))


def learn(
    table: Table, names: Sequence[str], recipe: Recipe, progress: Callable[[float], None]
) -> tuple[Head, Rehearsal]:
    """Return a head trained on the table, and what it remembers of it."""
    examples = examples_of(table, names)
    heads = [train(examples, names, seed, recipe, _part_of(progress, seed)) for seed in range(_MEMBERS)]
    head = together(heads, temperature=TEMPERATURE)
    return head, remember(head.hidden(examples.features), examples.labels, examples.weights, names)


def _part_of(progress: Callable[[float], None], member: int) -> Callable[[float], None]:
    """Return the progress (0-1) of one member's training as progress of all of them."""
    return lambda done: progress((member + done) / _MEMBERS)


def weights_within(rows: Table) -> np.ndarray:
    """Return how much each row of one label counts, summing to 1: people before synthetic voices."""
    groups = np.where(rows.origin == "synthetic", 0, np.where(rows.origin == "fsdd", 1, 2))
    share = np.array([1 - _PEOPLE, _PEOPLE * _FSDD, _PEOPLE * (1 - _FSDD)])
    counts = np.bincount(groups, minlength=3)
    share = np.where(counts > 0, share, 0)
    share /= share.sum()
    per_row: np.ndarray = (share / np.maximum(counts, 1))[groups]
    return per_row


def _mass(label: str, origins: np.ndarray) -> float:
    if label == UNKNOWN:
        return _UNKNOWN
    if label == NOISE:
        return _NOISE
    if label in NUMBERS:
        return _NUMBER
    return _RECORDED if (origins != "synthetic").any() else 1.0
