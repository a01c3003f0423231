"""The experts: small heads for the words that matter most and that people have recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cuewalk.spotting.head import NOISE, UNKNOWN, Head
from cuewalk.spotting.training import Examples, Recipe, together, train
from tools.spotter.learning import NUMBERS, TEMPERATURE, weights_within
from tools.spotter.tables import Table

ANSWERS = ("yes", "no", "stop", "go", "left", "right")
#: Said before a number these make something else of it.
_DENIALS = frozenset({"no", "not", "actually", "correction"})
_MEMBERS = 4
_RECIPE = Recipe(hidden=48, epochs=10, dropout=0.5, input_dropout=0.4, smoothing=0.02, mixup=0.2)
#: Share of the rows that are none of the words: there are far more of them than an expert needs.
_REST_KEPT = 0.5


@dataclass(frozen=True, slots=True)
class Field:
    """An expert's words, how much everything else counts in training, and its weight beside the head.

    ``over_cues`` is whether it learns from people over what is left of our own voice too.
    """

    words: tuple[str, ...]
    rest: float
    weight: float
    over_cues: bool


#: The numbers' expert does not: it would hear more numbers over our voice, but of 567 takes 16 instead of 10
#: wrong ones surely (offline, speakers left out), and a wrong number is worse than one asked for again.
FIELDS = (
    Field(NUMBERS, rest=6.0, weight=0.5, over_cues=False),
    Field(ANSWERS, rest=8.0, weight=0.7, over_cues=True),
)


def members(words: Sequence[str], labels: Sequence[str]) -> Mapping[str, str]:
    """Return which labels of the general head say one of the words: "five", "about five", not "no five"."""
    found = {label: label for label in labels if label in words}
    if words == NUMBERS:
        ends = {label: label.split()[-1] for label in labels if label.split()[0] not in _DENIALS}
        found |= {label: end for label, end in ends.items() if end in words}
    return found


def learn_expert(table: Table, field: Field) -> Head:
    """Return an expert's head trained on the table; all that is none of its words is one label."""
    names = (*field.words, UNKNOWN)
    word_of = members(field.words, np.unique(table.label).tolist())
    labels = np.array([names.index(word_of.get(label, UNKNOWN)) for label in table.label])
    kept = (labels < len(field.words)) | (np.random.default_rng(0).random(len(labels)) < _REST_KEPT)
    table, labels = table.where(kept), labels[kept]
    examples = Examples(table.features.astype(np.float32), labels, _weights(table, labels, field))
    heads = [train(examples, names, seed, _RECIPE) for seed in range(_MEMBERS)]
    return together(heads, temperature=TEMPERATURE)


def _weights(table: Table, labels: np.ndarray, field: Field) -> np.ndarray:
    weights = np.zeros(len(labels))
    for label in np.unique(labels):
        rows = labels == label
        within = weights_within(table.where(rows))
        if label < len(field.words):
            weights[rows] = within * 2.0
        else:
            noise = table.label[rows] == NOISE
            weights[rows] = np.where(noise, 2.0 * within, field.rest * within)
    return weights.astype(np.float32)
