"""The ratings and trials of a running session. Every change is a record, kept before the session goes on."""

from dataclasses import dataclass

from cuewalk.domain.heard import Heard
from cuewalk.domain.intents import Side
from cuewalk.domain.records import (
    RatingCorrected,
    RatingGiven,
    RatingPhase,
    TrialEndedEarly,
    TrialJudged,
    TrialStarted,
)
from cuewalk.domain.rules import Rules
from cuewalk.domain.setup import Edition, Manner
from cuewalk.domain.units import Rating
from cuewalk.domain.verdicts import Decision, Verdict, compared_with, judged
from cuewalk.engine.course import Station
from cuewalk.engine.effects import Outbox
from cuewalk.engine.machine import Place


@dataclass(slots=True)
class Trial:
    """One trial as it stands now."""

    number: int
    station: int
    side: Side
    #: The trial that this one tries again.
    tried: "Trial | None" = None
    #: Ratings by number: before, as it was when the trial began, and after.
    before: int | None = None
    after: int | None = None
    judged: TrialJudged | None = None
    closed: bool = False

    @property
    def attempt(self) -> int:
        """Counted from 1."""
        return self.tried.attempt + 1 if self.tried else 1


class Ledger:
    """Ratings by number, trials by number, and what may be concluded from them."""

    def __init__(self, out: Outbox, place: Place, rules: Rules) -> None:
        self._out, self._place, self._rules = out, place, rules
        self.values: dict[int, Rating | None] = {}
        self.trials: list[Trial] = []
        self.baseline: int | None = None
        #: The last rating that may serve as the next movement's rating before.
        self.carried: int | None = None
        #: The last rating, where it was said because it hurt.
        self.during: int | None = None
        #: The number that waits for a yes.
        self.candidate: Rating = 0.0
        self.candidate_heard: Heard | None = None
        #: The rating that it would correct.
        self.correcting: int | None = None

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

    def value(self, rating: int | None) -> Rating | None:
        """Return the present value of a rating, None if it is missing."""
        return None if rating is None else self.values[rating]

    def rate(
        self,
        phase: RatingPhase,
        value: Rating | None,
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
        if phase is RatingPhase.BASELINE:
            self.baseline = number
        if phase is RatingPhase.AFTER and self.open_trial:
            self.open_trial.after = number
        self.carried = number if value is not None and phase is not RatingPhase.DURING else None
        self.during = number if value is not None and phase is RatingPhase.DURING else None
        return number

    def correct(self, rating: int, value: Rating, heard: Heard) -> None:
        """Give a rating another value; the original stays in the journal."""
        self.values[rating] = value
        self._out.record(RatingCorrected(rating=rating, value=value, heard=heard))

    def begin_trial(self, here: Station, index: int, manner: Manner) -> Trial:
        """Open a trial at a station; a retry is compared with the lower of the two ratings before it."""
        trial = Trial(len(self.trials) + 1, index, here.side, tried=self.pending_retry(index, here.side))
        trial.before = self._lower(trial) if trial.tried else self.carried
        self.trials.append(trial)
        self._out.record(self._started(trial, here, manner))
        return trial

    def before(self, trial: Trial) -> Rating | None:
        """Return the value that a trial is compared with, of a retry as the two numbers stand now."""
        follows = trial.tried and self._place.edition >= Edition.JUDGES_CORRECTED
        return self.value(self._lower(trial) if follows else trial.before)

    def _lower(self, trial: Trial) -> int | None:
        tried = (trial.tried.before, trial.tried.after) if trial.tried else None
        return compared_with(trial.before, tried, self.values.get)

    def _started(self, trial: Trial, here: Station, manner: Manner) -> TrialStarted:
        before, baseline = self.value(trial.before), self.value(self.baseline)
        far = (
            before is not None
            and baseline is not None
            and abs(before - baseline) > self._rules.carry_over_within.value
        )
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

    def would_decide(self, trial: Trial, after: Rating | None) -> Decision:
        """Return what would follow if ``after`` were the rating after this trial."""
        return judged(self.before(trial), after, attempt=trial.attempt, rules=self._rules)[1]

    def stands(self, trial: Trial) -> tuple[Verdict, Decision]:
        """Return the verdict and the decision on a trial by its ratings as they stand now."""
        return judged(self.before(trial), self.value(trial.after), attempt=trial.attempt, rules=self._rules)

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
