"""What the records of all sessions add up to: ratings, trials, buckets, manners, settings.

Pure folds over what the journal keeps. A correction never changes a record; it is applied here, and verdicts
and buckets follow from it by the rules that the session itself was run with.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from cuewalk.domain.buckets import BucketEntry, PersonsWord, TrialRow, bucket_of
from cuewalk.domain.errors import BugError
from cuewalk.domain.frozen import Frozen
from cuewalk.domain.heard import Heard
from cuewalk.domain.intents import Side
from cuewalk.domain.records import (
    BucketChosen,
    MannerKept,
    Phase,
    RatingCorrected,
    RatingGiven,
    Record,
    SessionStarted,
    SettingChanged,
    TrialEndedEarly,
    TrialJudged,
    TrialStarted,
)
from cuewalk.domain.rules import Rules
from cuewalk.domain.setup import Manner, Setup
from cuewalk.domain.verdicts import decide, judge

Key = tuple[str, Side]
Kind = TypeVar("Kind", bound=Frozen)

#: Manner.pace is kept within these by the set-up.
SLOWEST, FASTEST = 0.4, 2.0


@dataclass(frozen=True, slots=True)
class SessionRecords:
    """The records of one session, in the order in which they were kept, and the day it began on."""

    session: str
    date: dt.date
    records: tuple[Record, ...]

    @property
    def setup(self) -> Setup:
        """What the session was decided by.

        Raises:
            BugError: if the session has no `SessionStarted`; the journal refuses trials without one.
        """
        for started in _only(SessionStarted, self.records):
            return started.setup
        raise BugError(f"session {self.session} has records but none of its start")

    @property
    def rules(self) -> Rules:
        """The session's own rules."""
        return self.setup.rules


class RatingRow(Frozen):
    """One rating as it stands now, with what was first recorded and every correction since."""

    rating: int
    trial: int | None
    phase: Phase
    value: float | None
    original: float | None
    missing_reason: str | None = None
    heard: Heard | None = None
    copied_from: int | None = None
    corrections: tuple[RatingCorrected, ...] = ()


def ratings_of(records: Sequence[Record]) -> dict[int, RatingRow]:
    """Return every rating by its number, the newest correction applied.

    A rating that repeats another follows its corrections, unless it was corrected itself: the person was
    not asked again, so the number is one and the same.
    """
    corrections: dict[int, list[RatingCorrected]] = {}
    for correction in _only(RatingCorrected, records):
        corrections.setdefault(correction.rating, []).append(correction)
    rows: dict[int, RatingRow] = {}
    for given in _only(RatingGiven, records):
        rows[given.rating] = _rating_row(given, corrections.get(given.rating, []), rows)
    return rows


def _rating_row(
    given: RatingGiven, corrections: Sequence[RatingCorrected], rows: dict[int, RatingRow]
) -> RatingRow:
    source = None if given.copied_from is None else rows.get(given.copied_from)
    value = given.value if source is None else source.value
    return RatingRow(
        rating=given.rating,
        trial=given.trial,
        phase=given.phase,
        value=corrections[-1].value if corrections else value,
        original=given.value,
        missing_reason=given.missing_reason,
        heard=given.heard,
        copied_from=given.copied_from,
        corrections=tuple(corrections),
    )


def trials_of(session: SessionRecords) -> list[TrialRow]:
    """Return every trial of a session in its order, judged again from its ratings as they stand now."""
    ratings = ratings_of(session.records)
    judged = {record.trial: record for record in _only(TrialJudged, session.records)}
    ended = {record.trial: record.reason for record in _only(TrialEndedEarly, session.records)}
    return [
        _trial_row(session, started, judged.get(started.trial), ended.get(started.trial), ratings)
        for started in _only(TrialStarted, session.records)
    ]


def _trial_row(
    session: SessionRecords,
    started: TrialStarted,
    judged: TrialJudged | None,
    ended: str | None,
    ratings: dict[int, RatingRow],
) -> TrialRow:
    before = _rating(started.before, started.trial, Phase.BEFORE, ratings)
    after = None if judged is None else _rating(judged.after, started.trial, Phase.AFTER, ratings)
    start, end = before.value if before else None, after.value if after else None
    verdict = judge(start, end, session.rules)
    return TrialRow(
        session=session.session,
        date=session.date,
        trial=started.trial,
        movement=started.movement,
        side=started.side,
        attempt=started.attempt,
        before=start,
        after=end,
        verdict=verdict,
        decision=decide(verdict, attempt=started.attempt, after=end, rules=session.rules),
        judged=judged is not None,
        ended_early=ended,
        carry_over=started.carry_over,
        corrected=any(row is not None and row.value != row.original for row in (before, after)),
    )


def _rating(number: int | None, trial: int, phase: Phase, ratings: dict[int, RatingRow]) -> RatingRow | None:
    """Return the rating that a trial names or, when it names none, the one recorded for it there.

    The second lets a missing rating be filled in afterwards: the trial was judged without it.
    """
    if number is not None:
        return ratings.get(number)
    rows = [row for row in ratings.values() if row.trial == trial and row.phase is phase]
    return rows[-1] if rows else None


def buckets_of(sessions: Iterable[SessionRecords], *, today: dt.date) -> dict[Key, BucketEntry]:
    """Return the bucket of every movement and side that was ever tried or spoken of.

    Sessions may come in any order of days; those of one day in the order in which they began.
    """
    rows: dict[Key, list[TrialRow]] = {}
    words: dict[Key, PersonsWord] = {}
    rules: dict[Key, Rules] = {}
    for session in _by_day(sessions):
        for row in trials_of(session):
            rows.setdefault((row.movement, row.side), []).append(row)
            rules[row.movement, row.side] = session.rules
        for chosen in _only(BucketChosen, session.records):
            words[chosen.movement, chosen.side] = PersonsWord(bucket=chosen.bucket, date=session.date)
            rules[chosen.movement, chosen.side] = session.rules
    return {
        key: bucket_of(rows.get(key, []), rules=own, today=today, word=words.get(key))
        for key, own in rules.items()
    }


def manners_of(sessions: Iterable[SessionRecords]) -> dict[str, Manner]:
    """Return the pace and range that the person last settled on, by movement."""
    return {
        kept.movement: Manner(pace=min(max(kept.pace, SLOWEST), FASTEST), range_level=kept.range_level)
        for session in _by_day(sessions)
        for kept in _only(MannerKept, session.records)
    }


def settings_of(sessions: Iterable[SessionRecords]) -> dict[str, float]:
    """Return the settings last changed by voice: volume, talk_rate, patience, brevity."""
    return {
        changed.name: changed.value
        for session in _by_day(sessions)
        for changed in _only(SettingChanged, session.records)
    }


def _by_day(sessions: Iterable[SessionRecords]) -> list[SessionRecords]:
    return sorted(sessions, key=lambda session: session.date)


def _only(kind: type[Kind], records: Sequence[Record]) -> Iterator[Kind]:
    return (record for record in records if isinstance(record, kind))
