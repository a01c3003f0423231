"""Everything that a locale can say and do, loaded and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cuewalk.content.explain import suggestion
from cuewalk.domain.content import Equipment, Item, Movement, Programme, RedFlagGroup, Sides
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.rules import Number, Rules
from cuewalk.engine.course import TALKING_SECONDS, movement_seconds

#: The programmes that no file holds: they are made from the person's journal, in any locale.
MADE: Final = ("my-keepers", "discover")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The content of one locale; every movement and thing that is named in it is there.

    ``phrases`` holds the phrase files as data, by their names without ``.toml``, for the locale pack.
    """

    locale: str
    programmes: Mapping[str, Programme]
    movements: Mapping[str, Movement]
    red_flags: tuple[RedFlagGroup, ...]
    rules: Rules
    phrases: Mapping[str, Mapping[str, Any]]
    equipment: Mapping[str, Equipment] = field(default_factory=dict)
    #: The standard numbers that the person replaced by their own, by name.
    replaced_rules: Mapping[str, Number] = field(default_factory=dict)
    #: The ids of the movements and programmes of the person's own folder.
    own: frozenset[str] = frozenset()
    #: Those of them that stand in for one that comes with cuewalk.
    stand_ins: frozenset[str] = frozenset()

    def programme(self, name: str) -> Programme:
        """Return the programme with this id.

        Raises:
            CuewalkError: if no file holds one; the message names the nearest one and all there are.
        """
        if name in self.programmes:
            return self.programmes[name]
        raise CuewalkError(
            f'There is no programme "{name}".', remedy=suggestion(name, (*self.programmes, *MADE))
        )

    def movements_of(self, programme: Programme) -> dict[str, Movement]:
        """Return the movements of a programme by id, in its order."""
        return {item.movement: self.movements[item.movement] for item in programme.items}

    def stand_ins_of(self, programme: Programme) -> dict[str, Movement]:
        """Return the movements that take the place of a programme's own where a thing is missing, by id."""
        needs = [need for movement in self.movements_of(programme).values() for need in movement.needs]
        return {need.instead: self.movements[need.instead] for need in needs if need.instead}

    def equipment_of(self, programme: Programme) -> tuple[Equipment, ...]:
        """Return what to ask for before a programme, each thing once, in the order of its movements."""
        needs = [need for movement in self.movements_of(programme).values() for need in movement.needs]
        return tuple(self.equipment[item] for item in dict.fromkeys(need.item for need in needs))


def seconds_of(item: Item, movement: Movement) -> float:
    """Return how long one place of a programme takes at normal pace: talking, moving and rest, each side.

    A complaint on one side is assumed.
    """
    times = 2 if (item.sides or movement.sides) is Sides.EACH else 1
    once = movement_seconds(movement, item.dose or movement.dose) + TALKING_SECONDS + item.rest_seconds
    return times * once


def minutes_of(programme: Programme, movements: Mapping[str, Movement]) -> int:
    """Return how many minutes a programme takes, at least one, without the safety questions."""
    seconds = sum(seconds_of(item, movements[item.movement]) for item in programme.items)
    return max(1, round(seconds / 60))
