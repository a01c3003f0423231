"""The ratings and trials of a running session. Every change is a record, kept before the session goes on."""

from dataclasses import dataclass

from cuewalk.domain.heard import Heard
from cuewalk.domain.intents import Side
from cuewalk.domain.records import (
    Phase,
    RatingCorrected,
    RatingGiven,
    TrialEndedEarly,
    TrialJudged,
    TrialStarted,
)
from cuewalk.domain.rules import Rules
from cuewalk.domain.setup import Manner
from cuewalk.domain.verdicts import Decision, Verdict, decide, judge
from cuewalk.engine.course import Station
from cuewalk.engine.effects import Outbox


@dataclass(slots=True)
class Trial:
    """One trial as it stands now."""

    number: int
    station: int
    side: Side
    attempt: int
    before: int | None
    after: int | None = None
    judged: TrialJudged | None = None
    closed: bool = False


class Ledger:
    """Ratings by number, trials by number, and what may be concluded from them."""

    def __init__(self, out: Outbox, rules: Rules) -> None:
        self._out, self._rules = out, rules
        self.values: dict[int, float | None] = {}
        self.trials: list[Trial] = []
        self.baseline: int | None = None
        #: The last rating that may serve as the next movement's rating before.
        self.carried: int | None = None
        #: The last rating, where it was said because it hurt.
        self.during: int | None = None
        #: The number that waits for a yes.
        self.candidate = 0.0

    @property
    def trial(self) -> Trial | None:
        """The trial that is open, or the last one."""
        return self.trials[-1] if self.trials else None

    @property
    def open_trial(self) -> Trial | None:
        """The trial that has not been judged or dropped yet."""
        return self.trial if self.trial and not self.trial.closed else None

    @property
    def last(self) -> int | None:
        """The number of the last rating with a value."""
        return next((n for n in sorted(self.values, reverse=True) if self.values[n] is not None), None)

    def value(self, rating: int | None) -> float | None:
        """Return the present value of a rating, None if it is missing."""
        return None if rating is None else self.values[rating]

    def rate(
        self,
        phase: Phase,
        value: float | None,
        heard: Heard | None,
        *,
        confirmed: bool = False,
        missing: str = "",
    ) -> int:
        """Write a rating down, or that it is missing, and return its number."""
        number = len(self.values) + 1
        self.values[number] = value
        trial = self.open_trial
        record = RatingGiven(
            rating=number,
            trial=trial.number if trial else None,
            phase=phase,
            value=value,
            heard=heard,
            confirmed=confirmed,
            missing_reason=missing or None,
        )
        self._out.record(record)
        self._place(number, phase, value)
        return number

    def _place(self, number: int, phase: Phase, value: float | None) -> None:
        if phase is Phase.BASELINE:
            self.baseline = number
        if phase is Phase.AFTER and self.open_trial:
            self.open_trial.after = number
        self.carried = number if value is not None and phase is not Phase.DURING else None
        self.during = number if value is not None and phase is Phase.DURING else None

    def correct(self, rating: int, value: float, heard: Heard) -> None:
        """Give a rating another value; the original stays in the journal."""
        self.values[rating] = value
        self._out.record(RatingCorrected(rating=rating, value=value, heard=heard))

    def begin_trial(self, here: Station, index: int, manner: Manner) -> Trial:
        """Open a trial at a station; a retry is compared with the lower of the two ratings before it.

        So an attempt that only undoes what the first one did is not called an improvement (design).
        """
        tried = self.pending_retry(index, here.side)
        before, attempt = (self._lower(tried), tried.attempt + 1) if tried else (self.carried, 1)
        trial = Trial(len(self.trials) + 1, index, here.side, attempt, before)
        self.trials.append(trial)
        self._out.record(self._started(trial, here, manner))
        return trial

    def _lower(self, trial: Trial) -> int | None:
        known = [n for n in (trial.before, trial.after) if n is not None and self.values[n] is not None]
        return min(known, key=lambda n: (self.values[n] or 0.0, n), default=None)

    def _started(self, trial: Trial, here: Station, manner: Manner) -> TrialStarted:
        before, baseline = self.value(trial.before), self.value(self.baseline)
        far = before is not None and baseline is not None and abs(before - baseline) > self._carry_over
        return TrialStarted(
            trial=trial.number,
            movement=here.movement.id,
            side=here.side,
            attempt=trial.attempt,
            before=trial.before,
            pace=manner.pace,
            range_level=manner.range_level or 0,
            carry_over=far,
        )

    @property
    def _carry_over(self) -> float:
        return self._rules.carry_over_within.value

    def would_decide(self, trial: Trial, after: float | None) -> Decision:
        """Return what would follow if ``after`` were the rating after this trial."""
        verdict = judge(self.value(trial.before), after, self._rules)
        return decide(verdict, attempt=trial.attempt, after=after, rules=self._rules)

    def stands(self, trial: Trial) -> tuple[Verdict, Decision]:
        """Return the verdict and the decision on a trial by its ratings as they stand now."""
        after = self.value(trial.after)
        verdict = judge(self.value(trial.before), after, self._rules)
        return verdict, decide(verdict, attempt=trial.attempt, after=after, rules=self._rules)

    def judge_trial(self, trial: Trial) -> TrialJudged:
        """Judge a trial from its ratings as they stand now, and write the verdict down."""
        verdict, decision = self.stands(trial)
        trial.judged = TrialJudged(trial=trial.number, after=trial.after, verdict=verdict, decision=decision)
        trial.closed = True
        self._out.record(trial.judged)
        return trial.judged

    def drop_trial(self, reason: str) -> None:
        """Close the open trial without a verdict."""
        if trial := self.open_trial:
            trial.closed = True
            self._out.record(TrialEndedEarly(trial=trial.number, reason=reason))

    def pending_retry(self, station: int, side: Side) -> Trial | None:
        """Return the last judged trial of a station and side if its verdict asks for a second try."""
        judged = [t for t in self.trials if t.judged and (t.station, t.side) == (station, side)]
        last = judged[-1].judged if judged else None
        return judged[-1] if last and last.decision is Decision.RETRY else None

    def verdict_changed(self, trial: Trial) -> bool:
        """Return whether a judged trial would be judged differently by the ratings as they stand now."""
        if trial.judged is None:
            return False
        return self.stands(trial) != (trial.judged.verdict, trial.judged.decision)
