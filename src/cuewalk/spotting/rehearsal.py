"""What a head remembers of its training, so that it can learn more without forgetting.

Of each label the mean and the deviation of what the hidden layer made of its examples; new training draws
from them as if the old examples were still there (pseudo-rehearsal, Robins 1995). A hundred kilobytes instead
of the data.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cuewalk.domain.sound import Floats
from cuewalk.spotting.training import Labels


@dataclass(frozen=True, slots=True, eq=False)
class Rehearsal:
    """``means`` and ``deviations`` have the shape (labels, hidden units)."""

    labels: tuple[str, ...]
    means: Floats
    deviations: Floats

    def draw(self, each: int, rng: np.random.Generator) -> tuple[Floats, Labels]:
        """Return ``each`` made-up hidden vectors of every label, and their labels' numbers."""
        shape = (len(self.labels), each, self.means.shape[1])
        noise = rng.standard_normal(shape, dtype=np.float32)
        drawn = np.maximum(self.means[:, None] + self.deviations[:, None] * noise, 0)
        return drawn.reshape(-1, shape[2]), np.repeat(np.arange(len(self.labels)), each)


def remember(hidden: Floats, labels: Labels, weights: Floats, names: Sequence[str]) -> Rehearsal:
    """Return what to remember of hidden vectors (N, H) with label numbers and weights (N,).

    Raises:
        ValueError: if a label has no example.
    """
    means, deviations = [], []
    for number in range(len(names)):
        rows = labels == number
        if not rows.any():
            raise ValueError(f"There is no example of {names[number]!r}.")
        share = weights[rows, None] / weights[rows].sum()
        mean = (hidden[rows] * share).sum(axis=0)
        means.append(mean)
        deviations.append(np.sqrt((np.square(hidden[rows] - mean) * share).sum(axis=0)))
    return Rehearsal(tuple(names), np.array(means, np.float32), np.array(deviations, np.float32))
