"""Trains the head: Adam on a softmax, in plain numpy, so that it also runs on the person's machine.

Dropout, label smoothing, mixup (Zhang et al. 2018) and decoupled weight decay (Loshchilov and Hutter 2019),
because there are few people and many synthetic voices. Seeded: the same data and seed give the same head.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import Floats
from cuewalk.spotting.head import Head, softmax

Labels = npt.NDArray[np.int64]

#: Adam's own settings (Kingma and Ba 2015): how much of the mean gradient and of the mean squared gradient is
#: kept from step to step, and what keeps a parameter without gradients from a division by 0.
_KEPT_MEAN: Final = 0.9
_KEPT_SQUARE: Final = 0.999
_EPSILON: Final = 1e-8
#: Steps over which the rate rises from 0. Design: Adam's means are of few gradients until then.
_WARM_UP: Final = 100
#: Added to the spread of a feature that hardly varies. Design: features are of the order of 1.
_LEAST_SPREAD: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a head is trained; the numbers were chosen on development speakers (docs/hearing.md).

    ``hidden``: units of the hidden layer. ``rate``: Adam's largest step. ``decay``: weight decay for each
    step of that size. ``dropout``, ``input_dropout``: shares of units and of features left out.
    ``smoothing``: share of a target spread over all labels. ``mixup``: both parameters of the beta
    distribution; 0 for none.
    """

    hidden: int = 128
    epochs: int = 30
    batch: int = 256
    rate: float = 2e-3
    decay: float = 1e-3
    dropout: float = 0.4
    input_dropout: float = 0.2
    smoothing: float = 0.05
    mixup: float = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Features (N, F), the number of each one's label (N,), and how often each one is drawn (N,)."""

    features: Floats
    labels: Labels
    weights: Floats


def train(
    examples: Examples,
    names: Sequence[str],
    seed: int,
    recipe: Recipe = Recipe(),
    progress: Callable[[float], None] = lambda _done: None,
) -> Head:
    """Return a head for the labels ``names``; ``progress`` is called with the share done (0-1)."""
    rng = np.random.default_rng(seed)
    centre = examples.features.mean(axis=0)
    spread = examples.features.std(axis=0) + np.float32(_LEAST_SPREAD)
    scaled = (examples.features - centre) / spread
    network = _Network(scaled.shape[1], len(names), recipe, rng)
    weights = examples.weights.astype(np.float64)
    share = weights / weights.sum()
    batches = max(1, len(scaled) // recipe.batch)
    for epoch in range(recipe.epochs):
        drawn = rng.choice(len(scaled), batches * recipe.batch, p=share).reshape(batches, recipe.batch)
        for step, batch in enumerate(drawn):
            network.step(scaled[batch], examples.labels[batch], (epoch + step / batches) / recipe.epochs)
        progress((epoch + 1) / recipe.epochs)
    w1, b1, w2, b2 = network.parameters
    return Head(tuple(names), centre, spread, w1, b1, w2, b2)


def together(heads: Sequence[Head], temperature: float = 1.0) -> Head:
    """Return one head with the mean logits of heads trained on the same data with other seeds."""
    first = heads[0]
    share = np.float32(1 / len(heads))
    return Head(
        labels=first.labels,
        centre=first.centre,
        spread=first.spread,
        hidden_weights=np.concatenate([head.hidden_weights for head in heads], axis=1),
        hidden_bias=np.concatenate([head.hidden_bias for head in heads]),
        weights=np.concatenate([head.weights for head in heads]) * share,
        bias=np.mean([head.bias for head in heads], axis=0),
        temperature=temperature,
    )


class _Network:
    """The parameters while they are trained, and Adam's memory of their gradients."""

    def __init__(self, features: int, labels: int, recipe: Recipe, rng: np.random.Generator) -> None:
        self._recipe, self._rng, self._time = recipe, rng, 0
        first = rng.normal(size=(features, recipe.hidden)) * np.sqrt(2 / features)
        second = rng.normal(size=(recipe.hidden, labels)) * np.sqrt(1 / recipe.hidden)
        biases = np.zeros(recipe.hidden, np.float32), np.zeros(labels, np.float32)
        self.parameters = [first.astype(np.float32), biases[0], second.astype(np.float32), biases[1]]
        self._mean = [np.zeros_like(p) for p in self.parameters]
        self._square = [np.zeros_like(p) for p in self.parameters]

    def step(self, features: Floats, labels: Labels, done: float) -> None:
        """Learn from one batch; ``done`` is the share of the training behind (cosine schedule)."""
        inputs, targets = self._mixed(features, self._targets(labels))
        inputs = inputs * self._mask(inputs.shape, self._recipe.input_dropout)
        self._descend(self._gradients(inputs, targets), done)

    def _targets(self, labels: Labels) -> Floats:
        count = self.parameters[3].size
        targets = np.full((len(labels), count), self._recipe.smoothing / count, np.float32)
        targets[np.arange(len(labels)), labels] += 1 - self._recipe.smoothing
        return targets

    def _mixed(self, inputs: Floats, targets: Floats) -> tuple[Floats, Floats]:
        if not self._recipe.mixup:
            return inputs, targets
        beta = self._rng.beta(self._recipe.mixup, self._recipe.mixup, (len(inputs), 1)).astype(np.float32)
        other = self._rng.permutation(len(inputs))
        return beta * inputs + (1 - beta) * inputs[other], beta * targets + (1 - beta) * targets[other]

    def _mask(self, shape: tuple[int, ...], dropout: float) -> Floats:
        kept = self._rng.random(shape, np.float32) >= dropout
        return kept.astype(np.float32) / np.float32(1 - dropout)

    def _gradients(self, inputs: Floats, targets: Floats) -> list[Floats]:
        w1, b1, w2, b2 = self.parameters
        before = inputs @ w1 + b1
        mask = self._mask(before.shape, self._recipe.dropout) * (before > 0)
        hidden = before * mask
        error = (softmax(hidden @ w2 + b2) - targets) / np.float32(len(inputs))
        back = (error @ w2.T) * mask
        return [inputs.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)]

    def _descend(self, gradients: list[Floats], done: float) -> None:
        self._time += 1
        warm = min(1.0, self._time / _WARM_UP)
        rate = np.float32(self._recipe.rate * 0.5 * (1 + np.cos(np.pi * done)) * warm)
        for place, gradient in enumerate(gradients):
            self._mean[place] += np.float32(1 - _KEPT_MEAN) * (gradient - self._mean[place])
            self._square[place] += np.float32(1 - _KEPT_SQUARE) * (np.square(gradient) - self._square[place])
            mean = self._mean[place] / np.float32(1 - _KEPT_MEAN**self._time)
            root = np.sqrt(self._square[place] / np.float32(1 - _KEPT_SQUARE**self._time))
            root = root + np.float32(_EPSILON)
            parameter = self.parameters[place]
            decay = self._recipe.decay * parameter if parameter.ndim > 1 else 0
            parameter -= rate * (mean / root + decay)
