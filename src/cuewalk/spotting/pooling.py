"""From a sequence of embeddings to one vector that a small head can judge.

Mean, largest, smallest and spread over the whole word say what is in it; the means of five equal parts of
it say in which order. On the development speakers (Speech Commands, 35 words, leave a fifth of the speakers
out, no augmentation) the first alone hear 94.0 % of the words right, both together 94.9 %.
"""

from itertools import pairwise
from typing import Final

import numpy as np

from cuewalk.domain.sound import Floats

_PARTS: Final = 5
EMBEDDING: Final = 96
#: Length of the vector.
FEATURES: Final = (4 + _PARTS) * EMBEDDING


def pool(embeddings: Floats) -> Floats:
    """Return the features, shape (864,), of embeddings of shape (five or more steps, 96)."""
    edges = np.linspace(0, len(embeddings), _PARTS + 1).astype(int)
    parts = [embeddings[a:b].mean(axis=0) for a, b in pairwise(edges)]
    whole = [embeddings.mean(axis=0), embeddings.max(axis=0), embeddings.min(axis=0), embeddings.std(axis=0)]
    return np.concatenate([*whole, *parts]).astype(np.float32)
