"""Turns the state table into a `transitions` machine: states and conditions only, nothing performed."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from transitions import Machine

from cuewalk.engine.table import STATES, expanded


class Model(Protocol):
    """What the table's conditions and actions are methods of."""

    def entered_from(self, interrupting: str, origin: str) -> bool:
        """Return whether an interrupting state was entered from ``origin``."""
        ...


class Place:
    """Holds the state. `transitions` binds its trigger methods to this object, out of the session's way."""

    state: str


def build_machine(place: Place, model: Model) -> Machine:
    """Return the machine that moves ``place.state``; ``model`` has the conditions and actions."""
    machine = Machine(
        model=place, states=list(STATES), initial="idle", auto_transitions=False, ignore_invalid_triggers=True
    )
    for row in expanded():
        conditions: list[str | Callable[..., bool | None]] = [_condition(model, name) for name in row.when]
        if row.origin is not None:
            conditions += [partial(model.entered_from, source, row.origin) for source in row.sources]
        machine.add_transition(
            row.trigger,
            list(row.sources),
            row.dest,
            conditions=conditions,
            before=[getattr(model, a) for a in row.do],
        )
    return machine


def _condition(model: Model, name: str) -> Callable[[], bool]:
    if name.startswith("hurt_in_"):
        return partial(model.entered_from, "rate_during", name.removeprefix("hurt_in_"))
    condition: Callable[[], bool] = getattr(model, name)
    return condition
