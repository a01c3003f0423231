"""How sure a counted figure is: 95 % intervals."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

#: Two-sided 95 % of the normal distribution.
Z: Final = 1.959963984540054


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of the rate ``count / total``; nothing is known of nothing: 0 to 1.

    Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212, the score interval.
    """
    if total == 0:
        return 0.0, 1.0
    rate, z2 = count / total, Z * Z / total
    middle = (rate + z2 / 2) / (1 + z2)
    half = Z * math.sqrt((rate * (1 - rate) + z2 / 4) / total) / (1 + z2)
    # At the ends the formula is exact but for rounding.
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == total else min(1.0, middle + half)
    return low, high


def rounded(count: int, total: int, digits: int = 3) -> list[float]:
    """Return the limits of `wilson` for a report."""
    return [round(limit, digits) for limit in wilson(count, total)]


def clustered(parts: Sequence[int], wholes: Sequence[int], seed: int = 0) -> tuple[float, float]:
    """Return the 95 % interval of ``sum(parts) / sum(wholes)``, each pair of one line, person or day.

    Words of one line are missed together, so they are no independent trials. Source: the percentile
    bootstrap, Efron and Tibshirani (1993), chapter 13; whole clusters are drawn, 2,000 times.
    """
    if not sum(wholes):
        return 0.0, 1.0
    draws = np.random.default_rng(seed).multinomial(len(wholes), np.full(len(wholes), 1 / len(wholes)), 2000)
    rates = (draws @ np.asarray(parts)) / np.maximum(draws @ np.asarray(wholes), 1)
    low, high = np.quantile(rates, (0.025, 0.975))
    return float(low), float(high)


def poisson(count: int) -> tuple[float, float]:
    """Return the 95 % interval of the mean of a count of rare events.

    Source: Byar's approximation of the exact limits; Breslow and Day, IARC Sci. Publ. 82 (1987), p. 69.
    """
    above = count + 1
    high = above * (1 - 1 / (9 * above) + Z / (3 * math.sqrt(above))) ** 3
    if count == 0:
        return 0.0, high
    return max(0.0, count * (1 - 1 / (9 * count) - Z / (3 * math.sqrt(count))) ** 3), high


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the smallest value that at least ``share`` (0-1) of the values do not exceed; None of none."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
