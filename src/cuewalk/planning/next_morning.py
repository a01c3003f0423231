"""The check-in on a later day: which session waits for it, keeping it, what it means for the next one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from cuewalk.content.catalogue import Catalogue
from cuewalk.domain.checkin import Checkin, CheckinOutcome, baseline_of, checkin_of, halved, is_open
from cuewalk.domain.content import Item, Movement
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.heard import Heard, InputMode
from cuewalk.domain.projection import SessionRecords, trials_of
from cuewalk.domain.records import NextMorning, RatingGiven, Record, ScreenAnswered
from cuewalk.domain.units import as_rating, counted
from cuewalk.journal.api import SessionRow
from cuewalk.journal.store import Journal

_REMEDY: Final = '"cuewalk log --all" lists your sessions.'
#: A clock that is set right by so little has not been wrong.
_CLOCKS_DIFFER: Final = timedelta(minutes=10)
Dosed = TypeVar("Dosed", Item, Movement)
#: In the place of a group of red flags, for what is said after a session.
AFTERWARDS: Final = "after the session"


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """A check-in that was kept; ``suspects`` are the ids of the movements that rest."""

    session: SessionRow
    checkin: Checkin
    suspects: tuple[str, ...]


def waiting(journal: Journal, now: datetime) -> SessionRow | None:
    """Return the last session if it waits for its next-morning number; one that is still to come does not."""
    row = _last_rated(journal)
    if row is None:
        return None
    days = journal.setup(row.id).rules.retest_days.value
    began = row.started.astimezone(now.tzinfo).date()
    return row if is_open(journal.records(row.id), began, now.date(), days) else None


@dataclass(frozen=True, slots=True)
class OpenCheckin:
    """The session that a number of now belongs to, its first number, and how many hours ago it ended."""

    session: SessionRow
    baseline: float | None
    hours: float


def open_checkin(journal: Journal, at: datetime) -> OpenCheckin:
    """Return the session that a number of this moment belongs to.

    Raises:
        CuewalkError: if there is no such session, it was today or too long ago, or its date is still to come.
    """
    row = _last_rated(journal)
    if row is None:
        raise CuewalkError("There is no session to check in for yet.", remedy='"cuewalk run" starts one.')
    _in_time(row, at, journal.setup(row.id).rules.retest_days.value)
    rated = [entry.wall for entry in journal.entries(row.id) if isinstance(entry.item, RatingGiven)]
    hours = max(0.0, (at - rated[-1]).total_seconds() / 3600)
    return OpenCheckin(row, baseline_of(journal.records(row.id)), hours)


def check_in(journal: Journal, value: float, at: datetime, heard: Heard | None = None) -> CheckedIn:
    """Keep the number of a later day for the last session; a second one replaces the first.

    Args:
        journal: where it is kept.
        value: 0 to 10, halves allowed.
        at: the moment it was said, with its offset.
        heard: what it was heard in, None if it was typed.

    Raises:
        CuewalkError: if there is no such session, it was today or too long ago, or the value is no rating.
    """
    try:
        number = as_rating(value)
    except ValueError as error:
        raise CuewalkError(str(error), meaning="Nothing was kept.") from error
    about = open_checkin(journal, at)
    typed = Heard(text=f"{number:g}", confidence=1.0, engine="person", mode=InputMode.REVIEW)
    _keep(journal, about.session, NextMorning(value=number, hours=about.hours, heard=heard or typed), at)
    history = journal.history(about.session.id)
    done = checkin_of(history.records, history.rules)
    assert done is not None  # noqa: S101 - it was kept two lines above
    return CheckedIn(about.session, done, _suspects(history))


def worried(journal: Journal, row: SessionRow, at: datetime) -> None:
    """Keep that something was wrong after this session: the next one begins with the red flags."""
    _keep(journal, row, ScreenAnswered(group=AFTERWARDS, present=True), at)


def _keep(journal: Journal, row: SessionRow, record: Record, at: datetime) -> None:
    clock = max(entry.clock_ms for entry in journal.entries(row.id))
    journal.append(row.id, clock, [record], wall=at)


def _last_rated(journal: Journal) -> SessionRow | None:
    rated = [h.session for h in journal.histories() if any(isinstance(r, RatingGiven) for r in h.records)]
    return next((row for row in journal.sessions() if row.id in rated[-1:]), None)


def _in_time(row: SessionRow, now: datetime, most_days: float) -> None:
    """Refuse a session that a number of now cannot belong to; days are those of where the person is now."""
    days = (now.date() - row.started.astimezone(now.tzinfo).date()).days
    if row.started > now + _CLOCKS_DIFFER:
        raise CuewalkError(
            f"Your last session is dated {row.started:%d %B %Y, %H:%M}, which is still to come.",
            meaning="This machine's clock was wrong then or is wrong now; how long ago it was is not known.",
            remedy="Set the date of this machine if it is wrong. A check-in works again after a session.",
        )
    if days < 1:
        raise CuewalkError(
            "Your last session was today.",
            meaning="A check-in tells how you are the next morning.",
            remedy='Say "cuewalk checkin" with your number tomorrow.',
        )
    if days >= most_days:
        raise CuewalkError(
            f"Your last session was {counted(days, 'day')} ago.",
            meaning="A number of today says nothing about it any more.",
            remedy=_REMEDY,
        )


def _suspects(history: SessionRecords) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.movement for row in trials_of(history) if row.flare_up))


@dataclass(frozen=True, slots=True)
class Precautions:
    """What check-ins ask of the next session: movements to leave out, and whether the dose is halved."""

    resting: frozenset[str] = frozenset()
    halve: bool = False

    @property
    def words(self) -> str:
        """The sentence for the person, "" if nothing changes."""
        parts = ["half the dose this time"] if self.halve else []
        if self.resting:
            parts.append(f"resting until their re-test day: {', '.join(sorted(self.resting))}")
        return f"After your flare-up: {'; '.join(parts)}." if parts else ""


def precautions(sessions: Sequence[SessionRecords], today: date) -> Precautions:
    """Return what the check-ins of these sessions, oldest first, ask of a session on this day."""
    resting: set[str] = set()
    halve = False
    for session in sessions:
        rated = any(isinstance(record, RatingGiven) for record in session.records)
        if not (rated and session.has_start):
            continue
        done = checkin_of(session.records, session.rules)
        halve = done is not None and done.outcome is CheckinOutcome.FLARE_UP
        if halve and (today - session.date).days < session.rules.retest_days.value:
            resting.update(_suspects(session))
    return Precautions(frozenset(resting), halve)


def recent(journal: Journal, today: date, days: float) -> list[SessionRecords]:
    """Return the sessions that began within that many days, oldest first."""
    return [history for history in journal.histories() if (today - history.date).days <= days]


def before_session(catalogue: Catalogue, journal: Journal, now: datetime) -> tuple[Catalogue, list[str]]:
    """Return the catalogue as the check-ins ask, and what to tell the person before a session."""
    row, today = waiting(journal, now), now.date()
    lines = (
        [] if row is None else [f"How are you since {row.started:%A}? Tell it with: cuewalk checkin NUMBER"]
    )
    asked = precautions(recent(journal, today, catalogue.rules.retest_days.value), today)
    return with_precautions(catalogue, asked), lines + ([asked.words] if asked.words else [])


def with_precautions(catalogue: Catalogue, asked: Precautions) -> Catalogue:
    """Return the catalogue as the check-ins ask; a programme that would be empty stays whole."""
    if not asked.words:
        return catalogue
    programmes, movements = {}, catalogue.movements
    for name, programme in catalogue.programmes.items():
        kept = [item for item in programme.items if item.movement not in asked.resting] or programme.items
        items = tuple(_gentler(item) if asked.halve else item for item in kept)
        programmes[name] = programme.model_copy(update={"items": items})
    if asked.halve:
        movements = {name: _gentler(movement) for name, movement in movements.items()}
    return replace(catalogue, programmes=programmes, movements=movements)


def _gentler(dosed: Dosed) -> Dosed:
    return dosed if dosed.dose is None else dosed.model_copy(update={"dose": halved(dosed.dose)})
