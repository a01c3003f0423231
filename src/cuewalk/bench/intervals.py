"""How sure a counted figure is: 95 % intervals."""

import math
from collections.abc import Sequence
from typing import Final

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
