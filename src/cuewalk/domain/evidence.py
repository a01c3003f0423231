"""What a person's own ratings tell about each movement: trials, pooled change, chance of help, bucket."""

import datetime as dt
from collections.abc import Iterable, Sequence
from enum import StrEnum

from pydantic import Field

from cuewalk.domain.belief import Belief, Go, believe
from cuewalk.domain.buckets import BucketEntry, Round, TrialRow, go_of, goes_of, rounds_of
from cuewalk.domain.frozen import Frozen
from cuewalk.domain.intents import Side
from cuewalk.domain.projection import MovementKey, SessionRecords, buckets_of, in_order, trials_of
from cuewalk.domain.rules import Rules
from cuewalk.domain.units import Rating


class Counts(StrEnum):
    """Whether a trial is evidence, and if not, why."""

    COUNTED = "counted"
    RETRY = "retry"
    WEAKER = "weaker"
    NO_ROOM = "no_room"
    NOT_RATED = "not_rated"
    NOT_DONE = "not_done"


class EvidenceTrial(Frozen):
    """One trial of the list: when, before and after (None: missing), and whether it counts."""

    session: str
    date: dt.date
    attempt: int
    before: Rating | None
    after: Rating | None
    counts: Counts


class Figures(Frozen):
    """What the counted trials add up to; changes are after minus before, below 0 is better (points).

    ``helps`` is the probability (0-1) that the movement lowers the number by ``points`` or more on average.
    """

    change: float
    low: float
    high: float
    helps: float = Field(ge=0, le=1)
    points: float


class Evidence(Frozen):
    """One movement on one side: ``n`` trials count, from ``sessions`` sessions; a retry belongs to its trial.

    ``figures`` is None where nothing counts: what was believed beforehand is never shown as a result.
    """

    movement: str
    side: Side
    trials: tuple[EvidenceTrial, ...]
    n: int = Field(ge=0)
    sessions: int = Field(ge=0)
    figures: Figures | None
    bucket: BucketEntry


def evidence_of(sessions: Iterable[SessionRecords], *, today: dt.date) -> dict[MovementKey, Evidence]:
    """Return the evidence of every movement and side that was ever tried or spoken of.

    Sessions may come in any order of days. The newest session with a movement brings the rules.
    """
    by_day = in_order(sessions)
    rows: dict[MovementKey, list[TrialRow]] = {}
    rules: dict[MovementKey, Rules] = {}
    for session in by_day:
        for row in trials_of(session):
            rows.setdefault((row.movement, row.side), []).append(row)
            rules[row.movement, row.side] = session.rules
    entries = buckets_of(by_day, today=today)
    return {key: _evidence(key, rows.get(key, []), rules.get(key), entry) for key, entry in entries.items()}


def _evidence(
    key: MovementKey, rows: Sequence[TrialRow], rules: Rules | None, entry: BucketEntry
) -> Evidence:
    """Weigh one movement's trials, oldest first; without rules there are none, only the person's word."""
    goes, counts = _weighed([row for row in rows if row.judged], rules) if rules else ([], {})
    return Evidence(
        movement=key[0],
        side=key[1],
        trials=tuple(_trial(row, counts.get((row.session, row.trial), Counts.NOT_DONE)) for row in rows),
        n=entry.counted,
        sessions=len({go.session for go in goes}),
        figures=figures_of(believe(goes, rules), rules) if rules and goes else None,
        bucket=entry,
    )


def _weighed(rows: Sequence[TrialRow], rules: Rules) -> tuple[list[Go], dict[tuple[str, int], Counts]]:
    """Return what counts of judged trials, and how each of them does, by session and number."""
    rounds = rounds_of(rows)
    how = {(row.session, row.trial): each for done in rounds for row, each in _counts(done, rules)}
    return goes_of(rounds, rules), how


def figures_of(belief: Belief, rules: Rules) -> Figures:
    """Return the figures that are shown of a belief."""
    points = rules.small_improvement.value
    return Figures(
        change=belief.change,
        low=belief.low,
        high=belief.high,
        helps=belief.chance_of_drop(points),
        points=points,
    )


def _counts(done: Round, rules: Rules) -> list[tuple[TrialRow, Counts]]:
    """Say of every trial of a round how it counts."""
    go = go_of(done, rules)
    first = done[0]
    if go is not None:
        alone = Counts.WEAKER if go.carry_over else Counts.COUNTED
    elif first.before is not None and first.before <= rules.floor.value:
        alone = Counts.NO_ROOM
    else:
        alone = Counts.NOT_RATED
    return [(row, _one(row, alone, counted=go is not None)) for row in done]


def _one(row: TrialRow, alone: Counts, *, counted: bool) -> Counts:
    if counted and row.after is None:
        return Counts.NOT_RATED
    return Counts.RETRY if counted and row.attempt > 1 else alone


def _trial(row: TrialRow, counts: Counts) -> EvidenceTrial:
    return EvidenceTrial(
        session=row.session,
        date=row.date,
        attempt=row.attempt,
        before=row.before,
        after=row.after,
        counts=counts,
    )
