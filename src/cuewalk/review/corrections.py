"""Correcting a rating afterwards: appended to the journal, the original stays."""

from dataclasses import dataclass, replace
from datetime import datetime

from cuewalk.domain.buckets import BucketEntry, TrialRow
from cuewalk.domain.errors import CuewalkError, JournalError
from cuewalk.domain.heard import Heard, InputMode
from cuewalk.domain.projection import MovementKey, SessionRecords, buckets_of, ratings_of, trials_of
from cuewalk.domain.records import RatingCorrected, RatingGiven
from cuewalk.domain.units import as_rating
from cuewalk.journal.api import Entry
from cuewalk.journal.store import Journal


@dataclass(frozen=True, slots=True)
class Correction:
    """What a correction did, each pair being before and after it.

    ``entry`` is the ENTRY number of the rating, ``appended`` that of the correction. ``trials`` and
    ``buckets`` hold those that the rating belongs to, changed or not.
    """

    entry: int
    appended: int
    value: tuple[float | None, float | None]
    trials: tuple[tuple[TrialRow, TrialRow], ...]
    buckets: tuple[tuple[MovementKey, BucketEntry, BucketEntry], ...]


def correct_rating(journal: Journal, entry_id: int, value: float, at: datetime) -> Correction:
    """Append a correction of the rating in entry ``entry_id``; verdicts and buckets follow from it.

    Args:
        journal: where the rating is.
        entry_id: the ENTRY number of a rating.
        value: 0-10 in steps of one half.
        at: the time of day of the correction.

    Raises:
        CuewalkError: if the entry is not a rating or the value is none; nothing was appended.
    """
    try:
        number = as_rating(value)
    except ValueError as error:
        raise CuewalkError(str(error), meaning="Nothing was changed.") from error
    entry = journal.entry(entry_id)
    given = _rating_in(entry, journal)
    before = journal.histories()
    if entry.session not in {history.session for history in before}:
        raise JournalError(
            f"Entry {entry.id} belongs to a session that cannot be read.",
            meaning="Nothing was changed.",
            remedy='"cuewalk log" names what is damaged.',
        )
    heard = Heard(text=f"{number:g}", confidence=1.0, engine="person", mode=InputMode.REVIEW)
    clock = max(known.clock_ms for known in journal.entries(entry.session))
    item = RatingCorrected(rating=given.rating, value=number, heard=heard)
    (appended,) = journal.append(entry.session, clock, [item], wall=at)
    after = [
        replace(each, records=(*each.records, item)) if each.session == entry.session else each
        for each in before
    ]
    return _outcome(entry, appended, (before, after), given, at)


def _rating_in(entry: Entry, journal: Journal) -> RatingGiven:
    if isinstance(entry.item, RatingGiven):
        return entry.item
    what = entry.kind.partition(":")[2].replace("_", " ")
    remedy = '"cuewalk log" shows the number of every rating.'
    if isinstance(entry.item, RatingCorrected):
        remedy = f"Correct the rating itself: entry {_original(entry, entry.item, journal)}."
    raise JournalError(
        f'Entry {entry.id} is not a rating but "{what}".', meaning="Nothing was changed.", remedy=remedy
    )


def _original(entry: Entry, correction: RatingCorrected, journal: Journal) -> int | str:
    for other in journal.entries(entry.session):
        if isinstance(other.item, RatingGiven) and other.item.rating == correction.rating:
            return other.id
    return "unknown"


def _outcome(
    entry: Entry,
    appended: int,
    histories: tuple[list[SessionRecords], list[SessionRecords]],
    given: RatingGiven,
    at: datetime,
) -> Correction:
    was, now = (_one(histories_then, entry.session) for histories_then in histories)
    pairs = zip(trials_of(was), trials_of(now), strict=True)
    trials = tuple(
        pair for pair in pairs if any(given.rating in (row.before_rating, row.after_rating) for row in pair)
    )
    old_buckets, new_buckets = (buckets_of(then, today=at.date()) for then in histories)
    keys = dict.fromkeys((new.movement, new.side) for _, new in trials)
    return Correction(
        entry=entry.id,
        appended=appended,
        value=(_value(was, given.rating), _value(now, given.rating)),
        trials=trials,
        buckets=tuple((key, old_buckets[key], new_buckets[key]) for key in keys),
    )


def _one(histories: list[SessionRecords], session_id: str) -> SessionRecords:
    return next(history for history in histories if history.session == session_id)


def _value(session: SessionRecords, rating: int) -> float | None:
    return ratings_of(session.records)[rating].value
