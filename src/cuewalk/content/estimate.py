"""How long a programme takes: the engine's own reckoning, so that the list and "how long" agree."""

from collections.abc import Mapping

from cuewalk.domain.content import Item, Movement, Programme, Sides
from cuewalk.engine.course import TALKING_SECONDS, movement_seconds


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
