"""The buckets: where a person's own before-and-after puts a movement."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

from cuewalk.domain.belief import Go, believe
from cuewalk.domain.frozen import Frozen
from cuewalk.domain.intents import Side
from cuewalk.domain.rules import Rules
from cuewalk.domain.units import Rating, counted
from cuewalk.domain.verdicts import Decision, Grade, Outcome, Verdict


class Bucket(StrEnum):
    """Keep, not now, or undecided."""

    KEEP = "keep"
    NOT_NOW = "not_now"
    UNDECIDED = "undecided"


class BucketState(StrEnum):
    """How settled an entry is."""

    PROVISIONAL = "provisional"
    CONFIRMED = "confirmed"
    DUE_FOR_RETEST = "due_for_retest"


class TrialRow(Frozen):
    """One trial as it stands now: its ratings after corrections, and what follows from them.

    ``judged`` is False for a trial that was skipped, stopped or interrupted before its rating after.
    """

    session: str
    date: dt.date
    trial: int
    movement: str
    side: Side
    attempt: int
    before: Rating | None
    after: Rating | None
    verdict: Verdict
    decision: Decision
    #: Numbers of the two ratings within the session.
    before_rating: int | None = None
    after_rating: int | None = None
    judged: bool = True
    ended_early: str | None = None
    #: The rating before lay further from the session's baseline than the carry-over rule allows.
    carry_over: bool = False
    #: A rating of this trial has another value than the one first recorded.
    corrected: bool = False
    #: The session was followed by a flare-up, and this movement is among the suspects.
    flare_up: bool = False


class PersonsWord(Frozen):
    """What the person themselves said of a movement, and when."""

    bucket: Bucket
    date: dt.date


class BucketEntry(Frozen):
    """Where one movement on one side stands, and why.

    ``evidence`` holds every judged trial, oldest first; ``counted`` is how many of them are evidence, a retry
    counting with its trial; ``date`` is the day of what decided.
    """

    bucket: Bucket
    state: BucketState
    evidence: tuple[TrialRow, ...]
    date: dt.date | None
    reason: str
    by_person: bool = False
    counted: int = 0
    #: After a flare-up it rests until this day, whatever its bucket; None: it does not.
    suspended_until: dt.date | None = None

    def suspended(self, today: dt.date) -> bool:
        """Return whether it is to be left out on this day."""
        return self.suspended_until is not None and today < self.suspended_until


Round = tuple[TrialRow, ...]


def bucket_of(
    rows: Sequence[TrialRow], *, rules: Rules, today: dt.date, word: PersonsWord | None = None
) -> BucketEntry:
    """Return the bucket of one movement on one side from its trials, oldest first.

    The newest round (a trial and its retries) that decides anything decides: a round without room, without
    ratings or with its retry left undone leaves the bucket as it was. The person's own word stands, however
    the trials go on, until they say another; "undecided" hands the movement back to the rules. A flare-up
    the next morning lets its suspects rest until their re-test day.
    """
    counted = len(goes_of(rounds_of([row for row in rows if row.judged]), rules))
    entry = _by_evidence(rows, rules, today, word).model_copy(update={"counted": counted})
    flares = [row.date for row in rows if row.flare_up]
    if not flares:
        return entry
    until = max(flares) + dt.timedelta(days=rules.retest_days.value)
    return entry.model_copy(update={"suspended_until": until})


def _by_evidence(
    rows: Sequence[TrialRow], rules: Rules, today: dt.date, word: PersonsWord | None
) -> BucketEntry:
    evidence = tuple(row for row in rows if row.judged)
    rounds = rounds_of(evidence)
    if word is not None and word.bucket is not Bucket.UNDECIDED:
        return _by_person(word, evidence, rules, today)
    for done in reversed(rounds):
        decision = _decision(done)
        if decision is Decision.KEEP:
            return _keep(done, rounds, evidence, rules)
        if decision is Decision.NOT_NOW:
            return _not_now(done, evidence, rules, today)
    return _undecided(rounds, evidence)


def rounds_of(evidence: Sequence[TrialRow]) -> list[Round]:
    """Put each retry with the trial that it retries: judged trials of one movement and side, oldest first."""
    rounds: list[Round] = []
    for row in evidence:
        last = rounds[-1][-1] if rounds else None
        if last is not None and last.session == row.session and row.attempt > last.attempt:
            rounds[-1] = (*rounds[-1], row)
        else:
            rounds.append((row,))
    return rounds


def go_of(done: Round, rules: Rules) -> Go | None:
    """Return what a round adds to the evidence, None without a number before or after, or without room."""
    first = done[0]
    afters = tuple(row.after for row in done if row.after is not None)
    if first.before is None or first.before <= rules.floor.value or not afters:
        return None
    return Go(session=first.session, before=first.before, afters=afters, carry_over=first.carry_over)


def goes_of(rounds: Sequence[Round], rules: Rules) -> list[Go]:
    """Return everything that counts as evidence."""
    return [go for done in rounds if (go := go_of(done, rules)) is not None]


def _decision(done: Round) -> Decision:
    # A correction can turn a trial whose retry was done into an improvement: either of them is enough.
    decisions = {row.decision for row in done}
    for decision in (Decision.KEEP, Decision.NOT_NOW, Decision.RETRY):
        if decision in decisions:
            return decision
    return Decision.UNDECIDED


def _keep(done: Round, rounds: Sequence[Round], evidence: tuple[TrialRow, ...], rules: Rules) -> BucketEntry:
    best = next(row for row in done if row.decision is Decision.KEEP)
    improved, told = _improved_sessions(rounds, int(rules.confirmed_window.value))
    often = improved >= rules.confirmed_sessions.value
    chance = believe(goes_of(rounds, rules), rules).chance_of_drop(rules.small_improvement.value)
    flared = _flared(rounds, int(rules.confirmed_window.value))
    confirmed = often and chance >= rules.confirm_probability.value and not flared
    if flared:
        reason = f"{_improved_in(improved, told)}, but a flare-up followed"
    elif often:
        reason = _improved_in(improved, told)
        reason += "" if confirmed else ", but by too little to be sure yet"
    elif best.verdict.grade is Grade.CLEAR:
        reason = "clear improvement, not confirmed by another session yet"
    else:
        reason = "small improvement, within measurement error"
    state = BucketState.CONFIRMED if confirmed else BucketState.PROVISIONAL
    return BucketEntry(bucket=Bucket.KEEP, state=state, evidence=evidence, date=best.date, reason=reason)


def _improved_in(improved: int, sessions: int) -> str:
    if (improved, sessions) == (1, 1):
        return "improved in the last session"
    return f"improved in {improved} of the last {counted(sessions, 'session')}"


def _flared(rounds: Sequence[Round], window: int) -> bool:
    """Return whether one of the last ``window`` sessions with it was followed by a flare-up."""
    sessions = list(dict.fromkeys(done[0].session for done in rounds))[-window:]
    return any(row.flare_up and row.session in sessions for done in rounds for row in done)


def _improved_sessions(rounds: Sequence[Round], window: int) -> tuple[int, int]:
    """Return in how many of the last ``window`` sessions that told anything it improved, and their number."""
    by_session: dict[str, bool] = {}
    for done in rounds:
        decision = _decision(done)
        if decision is not Decision.UNDECIDED:
            by_session[done[0].session] = decision is Decision.KEEP
    last = list(by_session.values())[-window:]
    return sum(last), len(last)


def _not_now(done: Round, evidence: tuple[TrialRow, ...], rules: Rules, today: dt.date) -> BucketEntry:
    last = done[-1]
    what = "went up" if last.verdict.outcome is Outcome.WORSE else "no change"
    how = "after the retry" if len(done) > 1 else "in the red zone, not retried"
    return BucketEntry(
        bucket=Bucket.NOT_NOW,
        state=_retest(last.date, rules, today),
        evidence=evidence,
        date=last.date,
        reason=f"{what} {how}",
    )


def _by_person(
    word: PersonsWord, evidence: tuple[TrialRow, ...], rules: Rules, today: dt.date
) -> BucketEntry:
    keep = word.bucket is Bucket.KEEP
    return BucketEntry(
        bucket=word.bucket,
        # A re-test is offered for the person's own "not now" too; only their word moves it.
        state=BucketState.CONFIRMED if keep else _retest(word.date, rules, today),
        evidence=evidence,
        date=word.date,
        reason='you said "keep it"' if keep else 'you said "not now"',
        by_person=True,
    )


def _retest(since: dt.date, rules: Rules, today: dt.date) -> BucketState:
    due = (today - since).days >= rules.retest_days.value
    return BucketState.DUE_FOR_RETEST if due else BucketState.PROVISIONAL


def _undecided(rounds: Sequence[Round], evidence: tuple[TrialRow, ...]) -> BucketEntry:
    reasons = {
        Outcome.NO_ROOM: "no room to improve: the rating before was at the floor",
        Outcome.NOT_RATED: "a rating is missing",
    }
    outcome = rounds[-1][-1].verdict.outcome if rounds else None
    reason = "no trial was judged yet" if outcome is None else reasons.get(outcome, "its retry was not done")
    return BucketEntry(
        bucket=Bucket.UNDECIDED,
        state=BucketState.PROVISIONAL,
        evidence=evidence,
        date=evidence[-1].date if evidence else None,
        reason=reason,
    )
