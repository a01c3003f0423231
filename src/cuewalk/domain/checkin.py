"""The next morning: what the number on a later day says about a session, and what follows from it.

Source: the pain-monitoring model (Thomeé; Silbernagel): a number no higher the next morning is fine.
"""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

from cuewalk.domain.buckets import TrialRow
from cuewalk.domain.content import Dose
from cuewalk.domain.frozen import Frozen
from cuewalk.domain.records import NextMorning, RatingCorrected, RatingGiven, RatingPhase, Record
from cuewalk.domain.rules import Rules
from cuewalk.domain.units import Rating
from cuewalk.domain.verdicts import Decision, Outcome


class CheckinOutcome(StrEnum):
    """What the next session is to be: as planned, the same dose again, or half of it without the suspects."""

    FINE = "fine"
    REPEAT = "repeat"
    FLARE_UP = "flare_up"
    #: The session has no number to compare with.
    UNKNOWN = "unknown"


class Checkin(Frozen):
    """A check-in as it stands: the session's first number, the one on the later day, what follows."""

    baseline: Rating | None
    value: Rating
    hours: float
    outcome: CheckinOutcome


def judge_checkin(baseline: Rating | None, value: Rating, hours: float, rules: Rules) -> CheckinOutcome:
    """Return what a number ``hours`` after the session means beside the session's first one."""
    if baseline is None:
        return CheckinOutcome.UNKNOWN
    rise = value - baseline
    if rise >= rules.checkin_flare_rise.value:
        return CheckinOutcome.FLARE_UP
    if rise < rules.checkin_repeat_rise.value:
        return CheckinOutcome.FINE
    return CheckinOutcome.FLARE_UP if hours > rules.checkin_hours.value else CheckinOutcome.REPEAT


def baseline_of(records: Sequence[Record]) -> float | None:
    """Return the first number of a session as it stands after corrections, None if there is none."""
    corrected = {record.rating: record.value for record in records if isinstance(record, RatingCorrected)}
    for record in records:
        if isinstance(record, RatingGiven) and record.phase in {RatingPhase.BASELINE, RatingPhase.BEFORE}:
            value = corrected.get(record.rating, record.value)
            if value is not None:
                return value
    return None


def checkin_of(records: Sequence[Record], rules: Rules) -> Checkin | None:
    """Return the newest check-in of a session, None if there was none."""
    given = [record for record in records if isinstance(record, NextMorning)]
    if not given:
        return None
    newest, baseline = given[-1], baseline_of(records)
    outcome = judge_checkin(baseline, newest.value, newest.hours, rules)
    return Checkin(baseline=baseline, value=newest.value, hours=newest.hours, outcome=outcome)


def with_flare_up(rows: Sequence[TrialRow], records: Sequence[Record], rules: Rules) -> list[TrialRow]:
    """Return the trials of one session; if a flare-up followed it, keeps and rises are marked as suspects."""
    done = checkin_of(records, rules)
    if done is None or done.outcome is not CheckinOutcome.FLARE_UP:
        return list(rows)
    return [row.model_copy(update={"flare_up": row.judged and _is_suspect(row)}) for row in rows]


def _is_suspect(row: TrialRow) -> bool:
    return row.decision is Decision.KEEP or row.verdict.outcome is Outcome.WORSE


def halved(dose: Dose) -> Dose:
    """Return half of a dose, rounded down: never more than half, so long as there is more than one to do.

    Half the sets where they can be halved, else half the seconds or repetitions of each set.
    """
    if dose.sets > 1 and (dose.sets % 2 == 0 or dose.reps == 1):
        return dose.model_copy(update={"sets": dose.sets // 2})
    if dose.reps is not None:
        return dose.model_copy(update={"reps": max(1, dose.reps // 2)})
    return dose.model_copy(update={"hold_seconds": (dose.hold_seconds or 0) / 2})


def is_open(records: Sequence[Record], began: dt.date, today: dt.date, within_days: float) -> bool:
    """Return whether a session still waits for its next-morning number on this day."""
    rated = any(isinstance(record, RatingGiven) and record.value is not None for record in records)
    asked = any(isinstance(record, NextMorning) for record in records)
    return rated and not asked and 1 <= (today - began).days < within_days
