"""The one judge of trials, in a session and afterwards: what a before and an after say, and what follows."""

from collections.abc import Callable
from enum import StrEnum

from cuewalk.domain.frozen import Frozen
from cuewalk.domain.rules import Rules
from cuewalk.domain.units import Rating


class Outcome(StrEnum):
    """The verdict on one trial."""

    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    WORSE = "worse"
    NO_ROOM = "no_room"
    NOT_RATED = "not_rated"


class Grade(StrEnum):
    """How large an improvement is; a small one is within measurement error."""

    NONE = "none"
    SMALL = "small"
    CLEAR = "clear"


class Zone(StrEnum):
    """The pain-monitoring zones (Thomeé; Silbernagel)."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Verdict(Frozen):
    """An outcome with its grade and the rule that gave it."""

    outcome: Outcome
    grade: Grade = Grade.NONE
    rule: str


class Decision(StrEnum):
    """What happens to the movement now."""

    KEEP = "keep"
    RETRY = "retry"
    NOT_NOW = "not_now"
    UNDECIDED = "undecided"


def zone_of(rating: Rating, rules: Rules) -> Zone:
    """Return the zone a rating lies in."""
    if rating <= rules.zone_green_max.value:
        return Zone.GREEN
    return Zone.AMBER if rating <= rules.zone_amber_max.value else Zone.RED


def judge(before: Rating | None, after: Rating | None, rules: Rules) -> Verdict:
    """Return the verdict on one trial; a missing rating is never guessed."""
    if before is None or after is None:
        return Verdict(outcome=Outcome.NOT_RATED, rule="missing rating")
    if after > before:
        return Verdict(outcome=Outcome.WORSE, rule="went up")
    if before <= rules.floor.value:
        return Verdict(outcome=Outcome.NO_ROOM, rule="floor")
    drop = before - after
    if drop >= rules.clear_improvement.value:
        return Verdict(outcome=Outcome.IMPROVED, grade=Grade.CLEAR, rule="clear_improvement")
    if drop >= rules.small_improvement.value:
        return Verdict(outcome=Outcome.IMPROVED, grade=Grade.SMALL, rule="small_improvement")
    return Verdict(outcome=Outcome.UNCHANGED, rule="below small_improvement")


def decide(verdict: Verdict, *, attempt: int, after: Rating | None, rules: Rules) -> Decision:
    """Return what follows from a verdict on the ``attempt``-th trial (counted from 1).

    No change or worse is tried again, gentler, while retries are left and never from the red zone.
    """
    if verdict.outcome is Outcome.IMPROVED:
        return Decision.KEEP
    if verdict.outcome in {Outcome.NO_ROOM, Outcome.NOT_RATED}:
        return Decision.UNDECIDED
    red = after is not None and zone_of(after, rules) is Zone.RED
    return Decision.RETRY if attempt <= rules.retries.value and not red else Decision.NOT_NOW


def judged(
    before: Rating | None, after: Rating | None, *, attempt: int, rules: Rules
) -> tuple[Verdict, Decision]:
    """Return the verdict on a trial and what follows from it."""
    verdict = judge(before, after, rules)
    return verdict, decide(verdict, attempt=attempt, after=after, rules=rules)


def compared_with(
    noted: int | None, tried: tuple[int | None, int | None] | None, value: Callable[[int], Rating | None]
) -> int | None:
    """Return the number of the rating that a trial's rating after is compared with.

    A retry is compared with the lower rating of the trial that it retries, so that an attempt that only
    undoes what the first one did is not called an improvement. Of equal ones it is the one noted.

    Args:
        noted: the rating before, as it was noted when the trial began.
        tried: the ratings before and after of the trial that this one retries, None for a first attempt.
        value: returns the present value of a rating.
    """
    if tried is None or (noted is not None and noted not in tried):
        return noted
    known = {n: each for n in (noted, *tried) if n is not None and (each := value(n)) is not None}
    return min(known, key=known.__getitem__, default=noted)


def must_stop(before: Rating | None, during: Rating, rules: Rules) -> bool:
    """Return whether a number said while moving stops this movement."""
    rose = before is not None and during - before >= rules.stop_rise.value
    return rose or during > rules.stop_above.value
