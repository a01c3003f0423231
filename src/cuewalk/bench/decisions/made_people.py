"""Simulated people who rate before and after movements of known effect; for ``cuewalk bench decisions``.

Nothing of this is measured on people: every assumption is a number here, with its source or "design".
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np

from cuewalk.domain.buckets import TrialRow
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Side
from cuewalk.domain.rules import Rules
from cuewalk.domain.verdicts import Decision, decide, judge

#: Points by which a movement truly lowers the number while it lasts. One movement of each a person.
EFFECTS: Final = (0.0, 0.5, 1.0, 2.0, 3.0)
#: Variance of rounding to whole numbers.
_ROUNDING: Final = 1 / 12
_FIRST_DAY: Final = dt.date(2026, 1, 5)


#: Shares: at most 1; everything else is points of a scale that ends at 10.
_SHARES: Final = frozenset({"regress", "carry"})


@dataclass(frozen=True, slots=True)
class Assumptions:
    """How simulated people feel and rate; points of the 0-10 scale unless said otherwise."""

    #: Error of one rating. Smallest detectable change 1.95 = 1.96 x sqrt(2) x this (knee osteoarthritis,
    #: retest 1.5 h apart), rounding to whole numbers included: those were numbers as people said them.
    measurement_sd: float = 0.70
    #: Some people rate less evenly: spread of the logarithm of their error (same mean square). Design.
    measurement_spread: float = 0.25
    #: A movement does not do the same every day. Design; more than the rules believe (``session_sd`` 0.5).
    session_sd: float = 0.6
    #: Any movement feels as if it helped by this. 3.2 of 100 points, placebo against no treatment: J. Clin.
    #: Epidemiol. 61 (2008) 256-260.
    placebo: float = 0.32
    #: From person to person. Design.
    placebo_sd: float = 0.3
    #: A usual day of a person: from 3.5 to 6.5. Design.
    usual_low: float = 3.5
    usual_high: float = 6.5
    #: From day to day around the usual. Design.
    day_sd: float = 0.8
    #: People begin when it is worse than usual: by this on the first day, half of it on each next. Design.
    bad_day: float = 2.0
    #: Share of the distance to a usual day that goes by itself during one movement. Design.
    regress: float = 0.1
    #: Share of the relief by the movements before that is still there after the next one. Design.
    carry: float = 0.75
    #: Other movements of the same session, and how often each effect is theirs. Design: most do little.
    others: int = 4
    others_share: tuple[float, ...] = (0.4, 0.25, 0.2, 0.1, 0.05)
    days_between: int = 3


def assume(wanted: Iterable[str]) -> Assumptions:
    """Return the assumptions with some changed, each as "name=value".

    Raises:
        CuewalkError: if there is no such assumption, or its value cannot be.
    """
    changed: dict[str, Any] = {}
    for each in wanted:
        name, _, value = each.partition("=")
        changed[name] = _value(name, value)
    world = replace(Assumptions(), **changed)
    if world.usual_low > world.usual_high:
        raise CuewalkError("usual_low is above usual_high.", remedy="Give both: the lower one first.")
    return world


def _value(name: str, written: str) -> float:
    known = [each.name for each in fields(Assumptions) if isinstance(each.default, float)]
    if name not in known:
        what = f'There is no assumption called "{name}".'
        raise CuewalkError(what, remedy=f"There are: {', '.join(known)}. Write one as name=value.")
    most = 1.0 if name in _SHARES else 10.0
    try:
        value = float(written)
    except ValueError:
        value = -1.0
    if not 0 <= value <= most:
        raise CuewalkError(f'{name} cannot be "{written}".', remedy=f"Write a number from 0 to {most:g}.")
    return value


class Person:
    """One simulated person; ``rng`` is theirs alone."""

    def __init__(self, rng: np.random.Generator, world: Assumptions, rules: Rules) -> None:
        self.rng, self.world, self.rules = rng, world, rules
        spread = world.measurement_spread
        unrounded = float(np.sqrt(max(0.0, world.measurement_sd**2 - _ROUNDING)))
        self._error = unrounded * float(np.exp(rng.normal(-(spread**2), spread)))
        self._placebo = max(0.0, float(rng.normal(world.placebo, world.placebo_sd)))
        self._usual = float(rng.uniform(world.usual_low, world.usual_high))

    def session(self, number: int, order: Sequence[str], effects: dict[str, float]) -> list[TrialRow]:
        """Return the trials of the ``number``-th session (from 0), judged and retried by the real rules."""
        day = float(self.rng.normal(self.world.bad_day * 0.5**number, self.world.day_sd))
        baseline = before = self._says(self._usual + day)
        relief, rows = 0.0, list[TrialRow]()
        for movement in order:
            far = abs(before - baseline) > self.rules.carry_over_within.value
            effect = effects[movement] + float(self.rng.normal(0, self.world.session_sd))
            day *= 1 - self.world.regress
            relief = relief * self.world.carry + effect + self._placebo
            feels = self._usual + day - relief
            after = self._says(feels)
            rows.append(self._row(number, movement, (before, after), carry_over=far))
            if rows[-1].decision is Decision.RETRY:
                # The same movement again does not add up; only the number is said anew.
                tried, after = min(before, after), self._says(feels)
                rows.append(self._row(number, movement, (tried, after), attempt=2, carry_over=far))
            # The number after one movement is the one before the next: a session asks little (design).
            before = after
        return rows

    def _says(self, feels: float) -> float:
        feels = max(0.0, feels)
        return float(np.clip(np.rint(self.rng.normal(feels, self._error)), 0, 10))

    def _row(
        self,
        number: int,
        movement: str,
        said: tuple[float, float],
        *,
        attempt: int = 1,
        carry_over: bool,
    ) -> TrialRow:
        before, after = said
        verdict = judge(before, after, self.rules)
        return TrialRow(
            session=str(number),
            date=_FIRST_DAY + dt.timedelta(days=number * self.world.days_between),
            trial=attempt,
            movement=movement,
            side=Side.LEFT,
            attempt=attempt,
            before=before,
            after=after,
            verdict=verdict,
            decision=decide(verdict, attempt=attempt, after=after, rules=self.rules),
            carry_over=carry_over,
        )
