"""What a few ratings before and after tell about a movement's true mean change: a small model in closed form.

In every session the movement changes the number by its own mean change, give or take the spread between
sessions; every rating said is off by the measurement error. Before the first trial the mean change is
believed to lie around a small drop (rules ``prior_drop``, ``prior_sd``). All of these are normal, so the
belief after any trials is normal too. Changes are after minus before, in points: below 0 is better.
"""

import math
from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Final

from pydantic import Field

from cuewalk.domain.frozen import Frozen
from cuewalk.domain.rules import Rules
from cuewalk.domain.units import Rating

#: Two-sided 95 % of the normal distribution.
_Z: Final = 1.959963984540054


class Go(Frozen):
    """One go at a movement: the number before, and those after it and after its retries."""

    session: str
    before: Rating
    afters: tuple[Rating, ...] = Field(min_length=1)
    #: The number before lay far from the session's baseline: relief from another movement may be fading.
    carry_over: bool = False

    @property
    def change(self) -> float:
        """Points from before to the mean of the numbers after.

        Every number after counts, the one that led to a retry too: taking only the last would count a
        lucky second try and forget the first.
        """
        return fmean(self.afters) - self.before

    def variance(self, rules: Rules) -> float:
        """Return how far measurement error (and carry-over) spread the change (points squared).

        How much relief from the movements before is fading is not known. A flagged go gets one more spread
        for it: half of what the carry-over rule allows, a choice, so that it still counts.
        """
        fading = rules.carry_over_within.value / 2 if self.carry_over else 0.0
        return float(rules.measurement_sd.value**2 * (1 + 1 / len(self.afters)) + fading**2)


class Belief(Frozen):
    """The mean change as believed now: normal around ``change`` with ``sd`` (points)."""

    change: float
    sd: float = Field(gt=0)

    @property
    def low(self) -> float:
        """The lower end of the 95 % credible interval (the largest drop)."""
        return self.change - _Z * self.sd

    @property
    def high(self) -> float:
        """The upper end of the 95 % credible interval (the smallest drop, or a rise)."""
        return self.change + _Z * self.sd

    def chance_of_drop(self, points: float) -> float:
        """Return the probability (0-1) that the mean change is a drop of ``points`` or more."""
        return 0.5 * math.erfc((points + self.change) / (self.sd * math.sqrt(2)))


def believe(goes: Iterable[Go], rules: Rules) -> Belief:
    """Return the belief after these goes.

    Goes of one session share that session's spread, so ten in one day say less than ten on ten days.
    Source: normal likelihood with known variances and a normal prior; A. Gelman et al., Bayesian Data
    Analysis, 3rd ed. (2013), sections 2.5 and 5.4.
    """
    by_session: dict[str, list[Go]] = {}
    for go in goes:
        by_session.setdefault(go.session, []).append(go)
    weight = rules.prior_sd.value**-2
    total = -rules.prior_drop.value * weight
    for same in by_session.values():
        change, variance = _session(same, rules)
        weight += 1 / variance
        total += change / variance
    return Belief(change=total / weight, sd=weight**-0.5)


def _session(goes: Sequence[Go], rules: Rules) -> tuple[float, float]:
    """Return the mean change of one session's goes and its variance about the movement's mean change."""
    weights = [1 / go.variance(rules) for go in goes]
    change = sum(w * go.change for w, go in zip(weights, goes, strict=True)) / sum(weights)
    return change, rules.session_sd.value**2 + 1 / sum(weights)
