"""The small head: from pooled features to the probability of each phrase. A few hundred kilobytes of numbers.

One network distinguishes all phrases. Beside it experts, each for a few words that matter most and that
people have recorded, say how likely those words are against everything else; where both hear the same, both
are surer.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import Floats

#: Speech that is none of the phrases, and sound that is no speech.
UNKNOWN = "<unknown>"
NOISE = "<noise>"
_LEAST: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """One hidden layer and a softmax.

    Shapes, with F features, H hidden units and L labels: ``centre`` and ``spread`` (F,), ``hidden_weights``
    (F, H), ``hidden_bias`` (H,), ``weights`` (H, L), ``bias`` (L,). ``temperature`` makes the probabilities
    mean what they say (Guo et al. 2017, "On calibration of modern neural networks"). ``experts`` are asked
    too.
    """

    labels: tuple[str, ...]
    centre: Floats
    spread: Floats
    hidden_weights: Floats
    hidden_bias: Floats
    weights: Floats
    bias: Floats
    temperature: float = 1.0
    experts: "tuple[Expert, ...]" = ()

    def hidden(self, features: Floats) -> Floats:
        """Return the hidden layer, shape (..., H), for features of shape (..., F)."""
        scaled = (features - self.centre) / self.spread
        return np.maximum(scaled @ self.hidden_weights + self.hidden_bias, 0)

    def logits(self, features: Floats) -> Floats:
        """Return the unnormalised log-probabilities, shape (..., L)."""
        return (self.hidden(features) @ self.weights + self.bias) / np.float32(self.temperature)

    def probabilities(self, features: Floats) -> Floats:
        """Return the probability of each label, shape (..., L), summing to 1."""
        probabilities = softmax(self.logits(features))
        for expert in self.experts:
            probabilities = expert.weigh(probabilities, features)
        return probabilities


@dataclass(frozen=True, slots=True, eq=False)
class Expert:
    """A head for a few words. ``groups`` (L,) gives for each label of the general head the expert's label.

    Everything that is none of the expert's words belongs to the last of its labels. ``weight`` (0-1) is how
    much it counts beside the general head, as a power (a logarithmic opinion pool, Genest and Zidek 1986).
    """

    head: Head
    groups: npt.NDArray[np.int64]
    weight: float

    def weigh(self, probabilities: Floats, features: Floats) -> Floats:
        """Return the general head's probabilities (..., L) with what the expert thinks of its words."""
        own = self.head.probabilities(features)
        member = self.groups[:, None] == np.arange(len(self.head.labels))
        general = probabilities @ member.astype(np.float32)
        pooled = np.maximum(own, _LEAST) ** self.weight * np.maximum(general, _LEAST) ** (1 - self.weight)
        pooled /= pooled.sum(axis=-1, keepdims=True)
        weighed: Floats = probabilities * (pooled / np.maximum(general, _LEAST))[..., self.groups]
        shares: Floats = weighed / weighed.sum(axis=-1, keepdims=True)
        return shares


def softmax(logits: Floats) -> Floats:
    """Return probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares
