"""What the records of all sessions add up to: ratings, trials, buckets, manners, settings.

Pure folds over what the journal keeps. A correction never changes a record; it is applied here, and verdicts
and buckets follow from it by the rules that the session itself was run with.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from cuewalk.domain.buckets import BucketEntry, PersonsWord, TrialRow, bucket_of
from cuewalk.domain.checkin import with_flare_up
from cuewalk.domain.errors import BugError
from cuewalk.domain.frozen import Frozen
from cuewalk.domain.intents import Side
from cuewalk.domain.records import (
    BucketChosen,
    MannerKept,
    RatingCorrected,
    RatingGiven,
    RatingPhase,
    Record,
    RestPlanned,
    SessionStarted,
    SettingChanged,
    TrialEndedEarly,
    TrialJudged,
    TrialStarted,
)
from cuewalk.domain.rules import Rules
from cuewalk.domain.setup import FASTEST, SLOWEST, Manner, Setup
from cuewalk.domain.units import Rating
from cuewalk.domain.verdicts import compared_with, judged

MovementKey = tuple[str, Side]
Kind = TypeVar("Kind", bound=Frozen)


@dataclass(frozen=True, slots=True)
class SessionRecords:
    """The records of one session, in the order in which they were kept, and the day it began on.

    ``began`` is the moment, where it is known: it tells which of two sessions was first, also across midnight
    and time zones.
    """

    session: str
    date: dt.date
    records: tuple[Record, ...]
    began: dt.datetime | None = None

    @property
    def has_start(self) -> bool:
        """Whether it says what it was decided by; without that nothing follows from its ratings."""
        return any(_only(SessionStarted, self.records))

    @property
    def setup(self) -> Setup:
        """What the session was decided by.

        Raises:
            BugError: if the session has no start; see `has_start`.
        """
        for started in _only(SessionStarted, self.records):
            return started.setup
        raise BugError(f"session {self.session} has records but none of its start")

    @property
    def rules(self) -> Rules:
        """The session's own rules."""
        return self.setup.rules


class RatingRow(Frozen):
    """One rating as it stands now, and what was first recorded."""

    rating: int
    value: Rating | None
    original: Rating | None


def ratings_of(records: Sequence[Record]) -> dict[int, RatingRow]:
    """Return every rating by its number, the newest correction applied."""
    corrected = {record.rating: record.value for record in _only(RatingCorrected, records)}
    return {
        given.rating: RatingRow(
            rating=given.rating, value=corrected.get(given.rating, given.value), original=given.value
        )
        for given in _only(RatingGiven, records)
    }


def trials_of(session: SessionRecords) -> list[TrialRow]:
    """Return every trial of a session in its order, judged again from its ratings as they stand now.

    A session without its start has none: what would judge them is not known.
    """
    if not session.has_start:
        return []
    ratings = ratings_of(session.records)
    judged = {record.trial: record for record in _only(TrialJudged, session.records)}
    ended = {record.trial: record.reason for record in _only(TrialEndedEarly, session.records)}
    rows: list[TrialRow] = []
    asked: RatingGiven | None = None
    for record in session.records:
        if isinstance(record, RatingGiven):
            asked = record
        elif isinstance(record, TrialStarted):
            before = _before(record, asked, rows, ratings)
            after = judged[record.trial].after if record.trial in judged else None
            row = _trial_row(session, record, (_row(before, ratings), _row(after, ratings)))
            update = {"judged": record.trial in judged, "ended_early": ended.get(record.trial)}
            rows.append(row.model_copy(update=update))
    return with_flare_up(rows, session.records, session.rules)


def _before(
    started: TrialStarted,
    asked: RatingGiven | None,
    earlier: Sequence[TrialRow],
    ratings: dict[int, RatingRow],
) -> int | None:
    """Return the number of the rating before, as the ratings stand now.

    A trial that began without one gets the missing rating that was asked for just before it, so that it can
    be filled in afterwards.
    """
    if started.before is None:
        return asked.rating if asked and asked.phase in {RatingPhase.BASELINE, RatingPhase.BEFORE} else None
    done = [row for row in earlier if row.judged]
    retry = done and started.attempt == done[-1].attempt + 1
    tried = (done[-1].before_rating, done[-1].after_rating) if retry else None
    return compared_with(started.before, tried, lambda number: _value(number, ratings))


def _trial_row(
    session: SessionRecords, started: TrialStarted, ratings: tuple[RatingRow | None, RatingRow | None]
) -> TrialRow:
    before, after = ratings
    start, end = before.value if before else None, after.value if after else None
    verdict, decision = judged(start, end, attempt=started.attempt, rules=session.rules)
    return TrialRow(
        session=session.session,
        date=session.date,
        trial=started.trial,
        movement=started.movement,
        side=started.side,
        attempt=started.attempt,
        before=start,
        after=end,
        before_rating=before.rating if before else None,
        after_rating=after.rating if after else None,
        verdict=verdict,
        decision=decision,
        carry_over=started.carry_over,
        corrected=any(row is not None and row.value != row.original for row in ratings),
    )


def _row(number: int | None, ratings: dict[int, RatingRow]) -> RatingRow | None:
    return None if number is None else ratings.get(number)


def _value(number: int, ratings: dict[int, RatingRow]) -> float | None:
    row = ratings.get(number)
    return None if row is None else row.value


def buckets_of(sessions: Iterable[SessionRecords], *, today: dt.date) -> dict[MovementKey, BucketEntry]:
    """Return the bucket of every movement and side that was ever tried or spoken of.

    Sessions may come in any order of days; those of one day in the order in which they began.
    """
    rows: dict[MovementKey, list[TrialRow]] = {}
    words: dict[MovementKey, PersonsWord] = {}
    rules: dict[MovementKey, Rules] = {}
    for session in in_order(sessions):
        if not session.has_start:
            continue
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
        for session in in_order(sessions)
        for kept in _only(MannerKept, session.records)
    }


def settings_of(sessions: Iterable[SessionRecords]) -> dict[str, float]:
    """Return the settings last changed by voice: volume, talk_rate, patience, brevity."""
    return {
        changed.name: changed.value
        for session in in_order(sessions)
        for changed in _only(SettingChanged, session.records)
    }


def rests_of(sessions: Iterable[SessionRecords]) -> dict[str, dt.date]:
    """Return the date until which the person last planned to leave a programme alone, by programme.

    A session of it that was done on that date or later, with any trial judged, closes the matter.
    """
    rests: dict[str, dt.date] = {}
    for session in in_order(sessions):
        for planned in _only(RestPlanned, session.records):
            rests[planned.programme] = planned.until
        done = session.has_start and any(_only(TrialJudged, session.records))
        if done and session.date >= rests.get(session.setup.programme.id, dt.date.max):
            del rests[session.setup.programme.id]
    return rests


def in_order(sessions: Iterable[SessionRecords]) -> list[SessionRecords]:
    """Return the sessions, the first one first."""
    return sorted(sessions, key=_moment)


def _moment(session: SessionRecords) -> float:
    began = session.began or dt.datetime.combine(session.date, dt.time(), dt.UTC)
    return began.timestamp()


def _only(kind: type[Kind], records: Sequence[Record]) -> Iterator[Kind]:
    return (record for record in records if isinstance(record, kind))
