"""Everything that a locale can say and do, loaded and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cuewalk.content.allowed import suggestion
from cuewalk.domain.content import Equipment, Movement, Programme, RedFlagGroup
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.rules import Number, Rules

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
