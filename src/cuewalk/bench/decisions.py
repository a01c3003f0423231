"""``cuewalk bench decisions``: how often the decisions are right for simulated people of known effect.

They rate before and after movements; the real rules decide. Nothing of this is measured on people: every
assumption is a number here, with its source or "design".
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final

import numpy as np
from rich.console import Console

from cuewalk.bench.intervals import wilson
from cuewalk.domain.buckets import Bucket, BucketState, TrialRow, bucket_of
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Side
from cuewalk.domain.rules import Rules
from cuewalk.domain.verdicts import Decision, decide, judge
from cuewalk.planning.own_programmes import draw
from cuewalk.terminal.printing import say
from cuewalk.terminal.tables import Rows

#: Sessions of every person, and after which of them the decisions are compared.
SESSIONS: Final = 6
AFTER: Final = (1, 3, 6)
#: Sessions within which a movement of a clear effect shall be confirmed. Design.
SOON: Final = 4
#: From this true effect on a keep is right (points); below it, anything else is.
WORTH: Final = 1.0
_TARGET: Final = "target"

#: Ways to decide, and what each does.
RULES: Final = {
    "plain": 'keep whenever the number "went down" the last time',
    "bucket": "our keep, provisional or confirmed",
    "counted": "confirmed by counting alone: improved in 2 of the last 3 sessions",
    "confirmed": "our confirmed keep: counted, and likely to help by a point or more",
}
#: The ways that confirm.
CONFIRMING: Final = ("counted", "confirmed")
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
            # The number after one movement is the one before the next: no rating is asked for twice in a row.
            before = after
        return rows

    def _says(self, feels: float) -> float:
        feels = max(0.0, feels)
        return float(np.clip(np.rint(self.rng.normal(feels, self._error)), 0, 10))

    def _row(
        self, number: int, movement: str, said: tuple[float, float], *, attempt: int = 1, carry_over: bool
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


@dataclass(frozen=True, slots=True)
class DecisionCourse:
    """What each way of deciding said of one movement after each session: whether it keeps it."""

    effect: float
    keeps: dict[str, tuple[bool, ...]]


@dataclass(slots=True)
class Study:
    """All courses, and what they were simulated with. Each method returns a count, and of how many."""

    people: int
    seed: int
    rules: Rules
    world: Assumptions
    courses: list[DecisionCourse] = field(default_factory=list)

    def kept(self, rule: str, effect: float, session: int) -> tuple[int, int]:
        """Return how many movements of this true effect are kept after a session."""
        return self._share(effect, lambda course: course.keeps[rule][session - 1])

    def right(self, rule: str, session: int) -> tuple[int, int]:
        """Return how many decisions of all fit the true effect after a session (from 1)."""
        fits = [course.keeps[rule][session - 1] == (course.effect >= WORTH) for course in self.courses]
        return sum(fits), len(fits)

    def wrongly_confirmed(self, rule: str) -> tuple[int, int]:
        """Return how many movements without any effect were kept after any of the six sessions."""
        return self._share(0.0, lambda course: any(course.keeps[rule]))

    def confirmed_soon(self, rule: str) -> tuple[int, int]:
        """Return how many movements with a true effect of 2 points were kept within four sessions."""
        return self._share(2.0, lambda course: any(course.keeps[rule][:SOON]))

    def _share(self, effect: float, test: Callable[[DecisionCourse], bool]) -> tuple[int, int]:
        mine = [course for course in self.courses if course.effect == effect]
        return sum(map(test, mine)), len(mine)


def bench_decisions(
    rules: Rules,
    *,
    people: int,
    seed: int,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    world: Assumptions | None = None,
) -> Study:
    """Let ``people`` simulated people of each true effect do six sessions."""
    study = Study(people, seed, rules, world or Assumptions())
    total = people * len(EFFECTS)
    for number in range(total):
        if number % 50 == 0:
            progress(number, total)
        study.courses.append(_course(study, number))
    return study


def _course(study: Study, number: int) -> DecisionCourse:
    """One person; only one of their movements counts, so that the courses do not depend on each other."""
    rng = np.random.default_rng((study.seed, number))
    world, effect = study.world, EFFECTS[number % len(EFFECTS)]
    others = rng.choice(EFFECTS, world.others, p=world.others_share)
    effects = {_TARGET: effect, **{f"other-{n}": float(each) for n, each in enumerate(others)}}
    person = Person(rng, world, study.rules)
    orders: list[tuple[str, ...]] = []
    mine: list[TrialRow] = []
    said: dict[str, list[bool]] = {rule: [] for rule in RULES}
    for session in range(SESSIONS):
        orders.append(draw(effects, orders, number, len(effects)))
        mine += [row for row in person.session(session, orders[-1], effects) if row.movement == _TARGET]
        for rule, keeps in _decisions(mine, study.rules).items():
            said[rule].append(keeps)
    return DecisionCourse(effect, {rule: tuple(keeps) for rule, keeps in said.items()})


def _decisions(rows: Sequence[TrialRow], rules: Rules) -> dict[str, bool]:
    never = rules.confirm_probability.model_copy(update={"value": 0.0})
    counting = rules.model_copy(update={"confirm_probability": never})
    entry, counted = (bucket_of(rows, rules=each, today=rows[-1].date) for each in (rules, counting))
    # The plain rule knows no retry: the first go of the last session decides.
    first = next(row for row in reversed(rows) if row.attempt == 1)
    return {
        "plain": first.after is not None and first.before is not None and first.after < first.before,
        "bucket": entry.bucket is Bucket.KEEP,
        "counted": counted.state is BucketState.CONFIRMED,
        "confirmed": entry.state is BucketState.CONFIRMED,
    }


def as_json(study: Study) -> dict[str, Any]:
    """Return the study as one object for JSON."""
    kept = {
        rule: {
            f"{effect:g}": {str(k): _rate(study.kept(rule, effect, k)) for k in AFTER} for effect in EFFECTS
        }
        for rule in RULES
    }
    return {
        "people_per_effect": study.people,
        "seed": study.seed,
        "assumptions": asdict(study.world),
        "rules": {name: number.value for name, number in study.rules.numbers()},
        "right": {rule: {str(k): _rate(study.right(rule, k)) for k in AFTER} for rule in RULES},
        "kept": kept,
        "wrongly_confirmed": {rule: _rate(study.wrongly_confirmed(rule)) for rule in CONFIRMING},
        "confirmed_soon": {rule: _rate(study.confirmed_soon(rule)) for rule in CONFIRMING},
    }


def _rate(counts: tuple[int, int]) -> dict[str, Any]:
    """Return a rate with its 95 % interval (Wilson)."""
    count, total = counts
    low, high = wilson(count, total)
    rounded = {"rate": round(count / total, 4), "low": round(low, 4), "high": round(high, 4)}
    return {"count": count, "of": total, **rounded}


def show_decisions(console: Console, study: Study) -> None:
    """Print how often each way of deciding is right, what it keeps, and the two limits that it must hold."""
    for table in _tables(study):
        table.show(console)
    notes = [
        *(f"{rule}: {words}." for rule, words in RULES.items()),
        "1, 3, 6: after that many sessions.",
        f"Right: kept if the true effect is {WORTH:g} point or more, not kept if it is less.",
        f"{study.people} simulated people of each true effect, seed {study.seed}. 95 % intervals (Wilson).",
        "Simulated, not measured on people: docs/decisions.md says what was assumed.",
    ]
    for note in notes:
        say(console, note)


def _tables(study: Study) -> tuple[Rows, Rows, Rows]:
    right = _table("decisions that are right, %", *(f"after {k}" for k in AFTER))
    for rule in RULES:
        right.add(rule, *(_cell(study.right(rule, k)) for k in AFTER))
    kept = _table("kept, % of movements of each true effect (points)", *(f"{effect:g}" for effect in EFFECTS))
    for k in AFTER:
        for rule in RULES:
            kept.add(f"{k}: {rule}", *(_cell(study.kept(rule, effect, k), digits=0) for effect in EFFECTS))
        kept.section()
    wrong, soon = f"no effect, ever confirmed in {SESSIONS}", f"2 points, confirmed within {SOON}"
    limits = _table("confirmed keeps, %", wrong, soon)
    for rule in CONFIRMING:
        limits.add(rule, _cell(study.wrongly_confirmed(rule)), _cell(study.confirmed_soon(rule)))
    return right, kept, limits


def _table(title: str, *headings: str) -> Rows:
    return Rows(("", *(f"{heading}>" for heading in headings)), title)


def _cell(counts: tuple[int, int], digits: int = 1) -> str:
    count, total = counts
    rate, low, high = (f"{100 * share:.{digits}f}" for share in (count / total, *wilson(count, total)))
    return f"{rate} ({low}\N{EN DASH}{high})"
