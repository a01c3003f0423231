"""When things happened, told by a clock that may have been wrong: nobody's recordings hang on it."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

#: A longer gap between two sessions may be a rest, or a clock that jumped (a flat battery, a wrong year). The
#: value is a choice: a year off is rare, and costs no more than that old recordings go one month later.
LONG_GAP: Final = dt.timedelta(days=366)


def as_they_came(began: Sequence[dt.datetime], now: dt.datetime) -> list[dt.datetime]:
    """Return when sessions began that are given in the order in which they were written down.

    One that is dated after ``now`` was begun while the clock was wrong: it began before the next one that is
    not, and before now.
    """
    told: list[dt.datetime] = []
    latest = now
    for moment in reversed(began):
        if moment <= now:
            latest = moment
        told.append(min(moment, latest))
    return told[::-1]


def trusted(now: dt.datetime, began: Sequence[dt.datetime], days: float) -> dt.datetime:
    """Return the moment by which it may be told what is older than ``days``.

    That is ``now``, unless the clock is more than `LONG_GAP` ahead of the sessions before: then it is the
    last of those, until sessions have begun for ``days`` on this side of the gap. A wrong date on one day, or
    in a few sessions, so deletes nothing; after a long rest what is old goes ``days`` later.
    """
    first = now
    for moment in sorted((each for each in began if each <= now), reverse=True):
        if first - moment > LONG_GAP:
            return now if now - first >= dt.timedelta(days=days) else moment
        first = moment
    return now
