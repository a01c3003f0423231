"""How often the decisions are right: simulated people, the real rules; ``cuewalk bench decisions``."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np

from cuewalk.bench.decisions.made_people import EFFECTS, Assumptions, Person
from cuewalk.bench.intervals import wilson
from cuewalk.domain.buckets import Bucket, BucketState, TrialRow, bucket_of
from cuewalk.domain.rules import Rules
from cuewalk.planning.own_programmes import draw

#: Sessions of every person, and after which of them the decisions are compared.
SESSIONS: Final = 6
AFTER: Final = (1, 3, 6)
#: Within so many sessions a movement of a clear effect shall be confirmed.
SOON: Final = 4
#: From this true effect on a keep is right (points); below it, anything else is.
WORTH: Final = 1.0
_TARGET: Final = "target"

#: Ways to decide, and what each is called.
RULES: Final = {
    "plain": 'keep whenever the number "went down" the last time',
    "bucket": "our keep, provisional or confirmed",
    "counted": "confirmed by counting alone: improved in 2 of the last 3 sessions",
    "confirmed": "our confirmed keep: counted, and likely to help by a point or more",
}
#: The ways that confirm.
CONFIRMING: Final = ("counted", "confirmed")


@dataclass(frozen=True, slots=True)
class Course:
    """What each way of deciding said of one movement after each session: whether it keeps it."""

    effect: float
    keeps: dict[str, tuple[bool, ...]]

    def right(self, rule: str, session: int) -> bool:
        """Return whether the decision after a session (from 1) fits the true effect."""
        return self.keeps[rule][session - 1] == (self.effect >= WORTH)

    def ever(self, rule: str, sessions: int) -> bool:
        """Return whether it was kept after any of the first sessions."""
        return any(self.keeps[rule][:sessions])


@dataclass(slots=True)
class Study:
    """All courses, and what they were simulated with."""

    people: int
    seed: int
    rules: Rules
    world: Assumptions
    courses: list[Course] = field(default_factory=list)

    def share(self, effect: float, test: Callable[[Course], bool]) -> tuple[int, int]:
        """Return for how many of the movements of this true effect ``test`` holds, and of how many."""
        mine = [course for course in self.courses if course.effect == effect]
        return sum(map(test, mine)), len(mine)

    def kept(self, rule: str, effect: float, session: int) -> tuple[int, int]:
        """Return how many movements of this true effect are kept after a session, and of how many."""
        return self.share(effect, lambda course: course.keeps[rule][session - 1])

    def right(self, rule: str, session: int) -> tuple[int, int]:
        """Return how many decisions of all are right after a session, and of how many."""
        return sum(course.right(rule, session) for course in self.courses), len(self.courses)


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


def _course(study: Study, number: int) -> Course:
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
    return Course(effect, {rule: tuple(keeps) for rule, keeps in said.items()})


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


def rate_json(counts: tuple[int, int]) -> dict[str, Any]:
    """Return a rate with its 95 % interval (Wilson)."""
    count, total = counts
    low, high = wilson(count, total)
    rounded = {"rate": round(count / total, 4), "low": round(low, 4), "high": round(high, 4)}
    return {"count": count, "of": total, **rounded}


def as_json(study: Study) -> dict[str, Any]:
    """Return the study as one object for JSON."""
    return {
        "people_per_effect": study.people,
        "seed": study.seed,
        "assumptions": asdict(study.world),
        "rules": {name: number.value for name, number in study.rules.numbers()},
        "right": {rule: {str(k): rate_json(study.right(rule, k)) for k in AFTER} for rule in RULES},
        "kept": {rule: {f"{effect:g}": _kept(study, rule, effect) for effect in EFFECTS} for rule in RULES},
        "wrongly_confirmed": {rule: rate_json(wrongly_confirmed(study, rule)) for rule in CONFIRMING},
        "confirmed_soon": {rule: rate_json(confirmed_soon(study, rule)) for rule in CONFIRMING},
    }


def _kept(study: Study, rule: str, effect: float) -> dict[str, Any]:
    return {str(k): rate_json(study.kept(rule, effect, k)) for k in AFTER}


def wrongly_confirmed(study: Study, rule: str) -> tuple[int, int]:
    """Return how many movements without any effect were confirmed after any of the six sessions."""
    return study.share(0.0, lambda course: course.ever(rule, SESSIONS))


def confirmed_soon(study: Study, rule: str) -> tuple[int, int]:
    """Return how many movements with a true effect of 2 points were confirmed within four sessions."""
    return study.share(2.0, lambda course: course.ever(rule, SOON))
