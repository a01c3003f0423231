"""What had been confirmed before the end, and what is there afterwards.

A rating is confirmed when the journal's writing of it has returned: from then on the session may act on it.
Read back in two ways: from the rows as they are, and as the product reads them.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from cuewalk.bench.faults.children import Tell
from cuewalk.domain.records import NextMorning, RatingCorrected, RatingGiven
from cuewalk.journal.store import FILE_NAME, SqliteJournal

#: A session, the kind of a record and its JSON with sorted names.
Rating = tuple[str, str, str]
_RATINGS: Final = (RatingGiven, RatingCorrected, NextMorning)
_KINDS: Final = tuple(f"record:{each.model_fields['kind'].default}" for each in _RATINGS)
_GIVEN: Final = _KINDS[0]


def tell_confirmed(tell: Tell) -> None:
    """Have every rating told once its writing has returned. Only for a process of its own."""
    for name in ("append", "begin_session"):
        setattr(SqliteJournal, name, _telling(getattr(SqliteJournal, name), tell))


def _telling(write: Any, tell: Tell) -> Any:  # noqa: ANN401 - a method of any signature
    def telling(journal: SqliteJournal, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on
        done = write(journal, *given, **named)
        items = [*given, *named.values()]
        ratings = [each for item in items if isinstance(item, list | tuple) for each in item]
        session = next((item for item in items if isinstance(item, str)), "")
        told = [_rating(session, each) for each in ratings if isinstance(each, _RATINGS)]
        if told:
            tell({"confirmed": told})
        return done

    return telling


def _rating(session: str, record: RatingGiven | RatingCorrected | NextMorning) -> Rating:
    return session, f"record:{record.kind}", _sorted(record.model_dump_json())


def _sorted(payload: str) -> str:
    return json.dumps(json.loads(payload), sort_keys=True)


def confirmed_in(told: Sequence[Any]) -> list[Rating]:
    """Return the ratings that a child told."""
    return [(str(s), str(k), str(p)) for each in told for s, k, p in each]


def kept_in(home: Path) -> list[Rating]:
    """Return the ratings of a journal from its rows, read without the product.

    Raises:
        sqlite3.Error: if SQLite cannot read it.
    """
    file = home / FILE_NAME
    if not file.exists():
        return []
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as journal:
        if not journal.execute("SELECT 1 FROM sqlite_master WHERE name = 'entries'").fetchall():
            return []
        kinds = ",".join("?" * len(_KINDS))
        asked = f"SELECT session, kind, payload FROM entries WHERE kind IN ({kinds})"  # noqa: S608 - marks
        return [(s, k, _sorted(p)) for s, k, p in journal.execute(asked, _KINDS)]


def shown_in(home: Path) -> list[Rating]:
    """Return the ratings of a journal as the product reads them.

    Raises:
        CuewalkError: if it cannot be opened.
    """
    with closing(SqliteJournal(home / FILE_NAME)) as journal:
        return [
            _rating(history.session, record)
            for history in journal.histories()
            for record in history.records
            if isinstance(record, _RATINGS)
        ]


def lost_of(confirmed: Sequence[Rating], there: Sequence[Rating]) -> list[Rating]:
    """Return the confirmed ratings that are not there as often as they were confirmed."""
    return list((Counter(confirmed) - Counter(there)).elements())


def doubled_in(there: Sequence[Rating], before: Sequence[Rating], confirmed: Sequence[Rating]) -> list[str]:
    """Return what is there twice: a number of a rating, or a record more often than it was written.

    The last record may have been written without that having been told: the child died in between.
    """
    given = Counter((s, json.loads(p)["rating"]) for s, k, p in there if k == _GIVEN)
    twice = [f"rating {number} of {session}" for (session, number), count in given.items() if count > 1]
    more = Counter(there) - Counter(before) - Counter(confirmed)
    return twice + [f"{kind} in {session}" for (session, kind, _), count in more.items() if count > 1]


def missing_count(confirmed: Sequence[Rating]) -> str:
    """Return the lost ratings in words."""
    session, kind, payload = confirmed[0]
    return f"{len(confirmed)} lost, the first: {kind} {payload[:120]} of session {session}"
