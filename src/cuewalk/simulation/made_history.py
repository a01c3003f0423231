"""A made-up past for a demonstration: ``my-keepers`` and ``discover`` are made of earlier sessions."""

from datetime import datetime, timedelta
from typing import Final

from cuewalk.content.catalogue import Catalogue
from cuewalk.domain.intents import Answer, Intent, RatingSaid, ReadySaid
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.records import RatingPhase
from cuewalk.engine.session import Session, View
from cuewalk.engine.states import PHASES, READY_WAITS, State
from cuewalk.journal.store import Journal
from cuewalk.planning.preparing import prepare
from cuewalk.settings import Settings
from cuewalk.simulation.person.persona import Persona
from cuewalk.simulation.silent_session import run_silently

#: Ids of made sessions begin with this, so that nobody takes them for real ones.
PREFIX: Final = "made-"
_PROGRAMME: Final = "feet-up"
_DAYS_AGO: Final = (12, 9)
_BASELINE: Final = 6.0
#: The number after each station of a made session; a station without one stays where it was.
_AFTER: Final = ({1: 4.0, 2: 5.0, 5: 4.0}, {1: 4.0, 3: 3.0})


def make_history(
    journal: Journal, catalogue: Catalogue, persona: Persona, settings: Settings, now: datetime
) -> list[SessionRecords]:
    """Put made sessions of ``feet-up`` into the journal, once, and return them."""
    there = {row.id for row in journal.sessions()}
    for number, (days, after) in enumerate(zip(_DAYS_AGO, _AFTER, strict=True), start=1):
        ident = f"{PREFIX}{number}"
        if ident not in there:
            _make(journal, catalogue, (persona, settings), (ident, now - timedelta(days=days)), after)
    return [history for history in journal.histories() if history.session.startswith(PREFIX)]


def _make(
    journal: Journal,
    catalogue: Catalogue,
    who: tuple[Persona, Settings],
    when: tuple[str, datetime],
    after: dict[int, float],
) -> None:
    (persona, settings), (ident, at) = who, when
    earlier = [history for history in journal.histories() if history.session.startswith(PREFIX)]
    setup = prepare(catalogue, _PROGRAMME, settings, earlier, now=at, side=persona.side, rated=persona.rated)
    steps = run_silently(Session(setup), lambda view: _answer(view, after))
    first = next(steps)
    journal.begin_session(setup, ident, at, [first.event, *first.records])
    for told in steps:
        wall = at + timedelta(milliseconds=told.now)
        journal.append(ident, told.now, [told.event, *told.records], wall=wall)


def _answer(view: View, after: dict[int, float]) -> tuple[str, Intent]:
    if phase := PHASES.get(State(view.state)):
        value = after.get(view.position, _BASELINE) if phase is RatingPhase.AFTER else _BASELINE
        return f"{value:g}", RatingSaid(value=value)
    return ("ready", ReadySaid()) if view.state in READY_WAITS else ("no", Answer(yes=False))
