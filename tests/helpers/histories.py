"""Tells the records of a session as the engine keeps them, without running one."""

import datetime as dt

from cuewalk.domain.intents import Side
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.records import (
    RatingCorrected,
    RatingGiven,
    RatingPhase,
    Record,
    SessionStarted,
    TrialEndedEarly,
    TrialJudged,
    TrialStarted,
)
from cuewalk.domain.setup import Setup
from cuewalk.domain.verdicts import decide, judge
from helpers.sessions import heard, sample_setup

MONDAY = dt.date(2026, 11, 16)


class Telling:
    """Collects records; numbers ratings and trials as the engine does."""

    def __init__(self, setup: Setup | None = None) -> None:
        self.setup = setup or sample_setup()
        self.records: list[Record] = [SessionStarted(setup=self.setup)]
        self.ratings = self.trials = 0

    def rate(self, phase: RatingPhase, value: float | None, trial: int | None = None) -> int:
        self.ratings += 1
        self.records.append(
            RatingGiven(
                rating=self.ratings,
                trial=trial,
                phase=phase,
                value=value,
                missing_reason="silence" if value is None else None,
                heard=None if value is None else heard(f"{value:g}"),
            )
        )
        return self.ratings

    def begin(self, movement: str, before: int | None, side: Side = Side.LEFT, attempt: int = 1) -> int:
        self.trials += 1
        self.records.append(
            TrialStarted(
                trial=self.trials,
                movement=movement,
                side=side,
                attempt=attempt,
                before=before,
                pace=1.0,
                range_level=1,
            )
        )
        return self.trials

    def judge(
        self, trial: int, after: int | None, before: float | None, value: float | None, attempt: int
    ) -> None:
        verdict = judge(before, value, self.setup.rules)
        decision = decide(verdict, attempt=attempt, after=value, rules=self.setup.rules)
        self.records.append(TrialJudged(trial=trial, after=after, verdict=verdict, decision=decision))

    def trial(
        self,
        movement: str,
        before: float | None,
        after: float | None,
        side: Side = Side.LEFT,
        attempt: int = 1,
    ) -> tuple[int, int]:
        """Tell a whole trial with its own two ratings; return their numbers."""
        first = self.rate(RatingPhase.BEFORE, before)
        number = self.begin(movement, first if before is not None else None, side, attempt)
        second = self.rate(RatingPhase.AFTER, after, trial=number)
        self.judge(number, second, before, after, attempt)
        return first, second

    def skipped(self, movement: str, before: float, side: Side = Side.LEFT) -> None:
        number = self.begin(movement, self.rate(RatingPhase.BEFORE, before), side)
        self.records.append(TrialEndedEarly(trial=number, reason="skipped"))

    def correct(self, rating: int, value: float) -> None:
        self.records.append(RatingCorrected(rating=rating, value=value))

    def on(self, date: dt.date = MONDAY, session: str = "") -> SessionRecords:
        return SessionRecords(session or date.isoformat(), date, tuple(self.records))
