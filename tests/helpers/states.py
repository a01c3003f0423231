"""Worlds whose session is in a given state, one for every state that a person can be in."""

import datetime as dt
from collections.abc import Callable
from typing import Final

from cuewalk.domain.intents import Command, Construct, CorrectionSaid, DenialSaid, Side, SideSaid
from cuewalk.domain.setup import EDITION, Setup
from cuewalk.engine.session import Session
from cuewalk.engine.states import STATES
from helpers.sessions import World, full_setup, sample_setup

#: Every state in which something can be said.
ANY_STATE: Final = tuple(state for state in STATES if state not in {"idle", "ended"})


def flagged(setup: Setup) -> Setup:
    """Return a set-up whose second safety question follows a fall."""
    first, second = setup.red_flags
    return setup.model_copy(
        update={"edition": EDITION, "red_flags": (first, second.model_copy(update={"after_a_fall": True}))}
    )


def _short(**changes: object) -> World:
    return World(Session(flagged(sample_setup(3, **changes)))).begin()


def _full(**changes: object) -> World:
    return World(Session(flagged(full_setup(3, **changes)))).begin()


def _asked(**changes: object) -> World:
    return _full(screening_due=False, side=Side.LEFT, rated=Construct.PAIN, **changes).run_until("rest_offer")


def _no(world: World) -> World:
    return world.run_until_quiet().yes(yes=False)


def _rated(value: float = 4) -> World:
    return _short().run_until("baseline").run_until_quiet().rate(value)


def _moving() -> World:
    return _rated().run_until("perform")


def _after() -> World:
    return _moving().run_until("rate_after").run_until_quiet()


def _confirming() -> World:
    return _short(screening_due=True).run_until("safety").run_until_quiet().yes()


def _rated_anew() -> World:
    return _irritated().run_until("introduce").run_until("rate_before")


def _noted() -> World:
    world = _no(_asked())
    for _ in range(3):
        world.run_until_quiet().yes()
    return world


def _sided() -> World:
    return _no(_full(screening_due=False).run_until("rest_offer"))


def _resting() -> World:
    return _full(screening_due=False, resting_until=dt.date(2026, 11, 23)).run_until("go_anyway")


def _irritated() -> World:
    return _after().rate(6).run_until_quiet().yes().run_until("rest").run_until("settle")


_WAYS: Final[dict[str, Callable[[], World]]] = {
    "welcome": _short,
    "ready_first": lambda: _short().run_until("ready_first"),
    "safety": lambda: _short(screening_due=True).run_until("safety").run_until_quiet(),
    "confirm_safety": _confirming,
    "each_flag": lambda: _confirming().run_until_quiet().yes(),
    "advised": lambda: _confirming().run_until_quiet().yes().run_until_quiet().yes(),
    "go_anyway": _resting,
    "rest_offer": _asked,
    "rest_days": lambda: _asked().run_until_quiet().yes(),
    "put_off": lambda: _resting().run_until_quiet().yes(yes=False),
    "ask_side": _sided,
    "ask_construct": lambda: _sided().run_until_quiet().hear(SideSaid(side=Side.LEFT)),
    "equipment": lambda: _no(_asked()),
    "before_note": _noted,
    "baseline": lambda: _short().run_until("baseline"),
    "introduce": _rated,
    "rate_before": _rated_anew,
    "perform": _moving,
    "rate_after": _after,
    "rate_during": lambda: _moving().command(Command.HURTS),
    "confirm_rating": lambda: _after().rate(8),
    "correct_rating": lambda: _after().rate(3).run_until("rest").hear(CorrectionSaid()),
    "verdict": lambda: _after().rate(4),
    "review": lambda: _after().rate(4).run_until("review"),
    "rest": lambda: _after().rate(3).run_until("rest"),
    "settle": _irritated,
    "summary": lambda: _after().rate(3).command(Command.STOP).command(Command.END),
    "paused": lambda: _moving().command(Command.PAUSE),
    "stop_asked": lambda: _moving().command(Command.STOP),
    "note": lambda: _moving().command(Command.NOTE),
    "ready": lambda: _moving().command(Command.EMERGENCY).hear(DenialSaid()),
    "unsteady": lambda: _moving().command(Command.SOMETHING_WRONG),
    "emergency": lambda: _moving().command(Command.EMERGENCY),
    "farewell": lambda: _moving().command(Command.SOMETHING_WRONG).command(Command.STOP),
}


def world_in(state: str) -> World:
    """Return a world whose session is in ``state``."""
    world = _WAYS[state]()
    assert world.session.state == state
    return world
