"""The small head: from pooled features to the probability of each phrase. A few hundred kilobytes of numbers."""

from dataclasses import dataclass

import numpy as np

from cuewalk.spotting.window import Floats

#: Speech that is none of the phrases, and sound that is no speech.
UNKNOWN = "<unknown>"
NOISE = "<noise>"


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """One hidden layer and a softmax.

    Shapes, with F features, H hidden units and L labels: ``centre`` and ``spread`` (F,), ``hidden_weights``
    (F, H), ``hidden_bias`` (H,), ``weights`` (H, L), ``bias`` (L,). ``temperature`` makes the probabilities
    mean what they say (Guo et al. 2017, "On calibration of modern neural networks").
    """

    labels: tuple[str, ...]
    centre: Floats
    spread: Floats
    hidden_weights: Floats
    hidden_bias: Floats
    weights: Floats
    bias: Floats
    temperature: float = 1.0

    def hidden(self, features: Floats) -> Floats:
        """Return the hidden layer, shape (..., H), for features of shape (..., F)."""
        scaled = (features - self.centre) / self.spread
        return np.maximum(scaled @ self.hidden_weights + self.hidden_bias, 0)

    def logits(self, features: Floats) -> Floats:
        """Return the unnormalised log-probabilities, shape (..., L)."""
        return (self.hidden(features) @ self.weights + self.bias) / np.float32(self.temperature)

    def probabilities(self, features: Floats) -> Floats:
        """Return the probability of each label, shape (..., L), summing to 1."""
        return softmax(self.logits(features))


def softmax(logits: Floats) -> Floats:
    """Return probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares
