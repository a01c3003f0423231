"""A head for one voice: the last layer learns this person's examples, and rehearses all it knew before.

The hidden layer stays, so nothing about other words is lost that the rehearsal does not notice. A personal head is
worth having only if it does better on examples of this person that it has not learned; `held_back` says whether.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.spotting.head import Head, softmax
from cuewalk.spotting.rehearsal import Rehearsal
from cuewalk.spotting.training import Labels
from cuewalk.spotting.window import Floats

Rows = npt.NDArray[np.bool_]

#: At most so many turns of holding back; each costs one refit.
_FOLDS: Final = 4


@dataclass(frozen=True, slots=True)
class Refit:
    """How the last layer is refitted; chosen on people whom the head had not heard (docs/hearing.md)."""

    steps: int = 150
    #: Made-up examples of every label in each step.
    rehearsed: int = 4
    #: The share of the loss that is the person's.
    own: float = 0.5
    rate: float = 3e-3
    #: How strongly the weights are drawn back to the general ones.
    pull: float = 1e-3
    #: How far the words without a take are moved along with those that have one (0-1).
    shift: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Takes:
    """Examples of one person.

    ``features`` (N, F); ``labels`` (N,), numbers of the head's labels; ``take`` (N,), which take of its word each
    is; ``plain`` (N,), whether it is as it was heard. The same take in several augmented ways has one number.
    """

    features: Floats
    labels: Labels
    take: Labels
    plain: Rows

    def where(self, rows: Rows) -> "Takes":
        """Return some of the examples."""
        return Takes(self.features[rows], self.labels[rows], self.take[rows], self.plain[rows])


@dataclass(frozen=True, slots=True, eq=False)
class HeldBack:
    """What two heads make of takes that neither has learned: probabilities (N, L) of takes of ``labels`` (N,)."""

    labels: Labels
    general: Floats
    personal: Floats

    @property
    def right(self) -> tuple[int, int]:
        """How many takes the general and the personal head hear right when they have to answer."""
        return _right(self.general, self.labels), _right(self.personal, self.labels)

    @property
    def fit(self) -> tuple[float, float]:
        """The mean log-probability of the right word under the general and the personal head."""
        return _fit(self.general, self.labels), _fit(self.personal, self.labels)

    @property
    def better(self) -> bool:
        """Whether the personal head hears no take less and is surer of the right words."""
        (right, own_right), (fit, own_fit) = self.right, self.fit
        return own_right >= right and own_fit > fit


def personalise(
    head: Head,
    rehearsal: Rehearsal,
    takes: Takes,
    seed: int = 0,
    refit: Refit = Refit(),  # noqa: B008  (frozen)
) -> Head:
    """Return the head with its last layer refitted to the person's takes."""
    rng = np.random.default_rng(seed)
    own = head.hidden(takes.features)
    rehearsal = _moved(rehearsal, own, takes.labels, refit.shift)
    weights, bias = head.weights.copy(), head.bias.copy()
    optimiser = Adam([weights, bias], refit.rate)
    own_share = _even_shares(takes.labels) * np.float32(refit.own)
    for _ in range(refit.steps):
        old, old_labels = rehearsal.draw(refit.rehearsed, rng)
        hidden, labels = np.concatenate([old, own]), np.concatenate([old_labels, takes.labels])
        old_share = np.full(len(old), (1 - refit.own) / len(old), np.float32)
        error = softmax(hidden @ weights + bias)
        error[np.arange(len(labels)), labels] -= 1
        error *= np.concatenate([old_share, own_share])[:, None]
        pull = np.float32(refit.pull)
        optimiser.step([hidden.T @ error + pull * (weights - head.weights), error.sum(axis=0)])
    return replace(head, weights=weights, bias=bias)


def held_back(head: Head, rehearsal: Rehearsal, takes: Takes) -> HeldBack | None:
    """Return what the general and a personal head make of every plain take that has been held back.

    Each take of every word is held back once, and the personal head learns from the others. With a single take
    of every word nothing can be held back: None.
    """
    turns = takes.take % _FOLDS
    labels, general, personal = [], [], []
    for turn in np.unique(turns):
        held = turns == turn
        judged = takes.where(held & takes.plain)
        if held.all() or not len(judged.labels):
            continue
        own = personalise(head, rehearsal, takes.where(~held))
        labels.append(judged.labels)
        general.append(head.probabilities(judged.features))
        personal.append(own.probabilities(judged.features))
    if not labels:
        return None
    return HeldBack(np.concatenate(labels), np.concatenate(general), np.concatenate(personal))


def _moved(rehearsal: Rehearsal, own: Floats, labels: Labels, share: float) -> Rehearsal:
    """Return what is rehearsed as this person would say it: their voice moves all words, also those without takes."""
    if not share:
        return rehearsal
    known = np.unique(labels)
    moves = [own[labels == label].mean(axis=0) - rehearsal.means[label] for label in known]
    means = rehearsal.means + np.float32(share) * np.mean(moves, axis=0)
    return replace(rehearsal, means=np.maximum(means, 0))


def _even_shares(labels: Labels) -> Floats:
    """Return shares of 1 that count every word alike, however many takes it has."""
    shares = 1.0 / np.bincount(labels)[labels]
    even: Floats = (shares / shares.sum()).astype(np.float32)
    return even


def _right(probabilities: Floats, labels: Labels) -> int:
    return int((probabilities.argmax(axis=1) == labels).sum())


def _fit(probabilities: Floats, labels: Labels) -> float:
    return float(np.mean(np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-6))))


class Adam:
    """Adam (Kingma and Ba 2015) on arrays that are changed in place."""

    def __init__(self, parameters: list[Floats], rate: float) -> None:
        self._parameters, self._rate, self._time = parameters, rate, 0
        self._mean = [np.zeros_like(p) for p in parameters]
        self._square = [np.zeros_like(p) for p in parameters]

    def step(self, gradients: list[Floats]) -> None:
        """Take one step against the gradients."""
        self._time += 1
        for place, gradient in enumerate(gradients):
            self._mean[place] += np.float32(0.1) * (gradient - self._mean[place])
            self._square[place] += np.float32(0.001) * (np.square(gradient) - self._square[place])
            mean = self._mean[place] / np.float32(1 - 0.9**self._time)
            root = np.sqrt(self._square[place] / np.float32(1 - 0.999**self._time)) + np.float32(1e-8)
            self._parameters[place] -= np.float32(self._rate) * mean / root
