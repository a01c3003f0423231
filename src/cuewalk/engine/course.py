"""Where the session is: the movements and sides in order, and how the person likes each."""

from dataclasses import dataclass

from cuewalk.domain.content import Dose, Item, Movement, Sides
from cuewalk.domain.intents import Side
from cuewalk.domain.setup import Manner, Setup

#: One step of "slower" or "faster"; the limits are those of `Manner.pace`.
PACE_STEP = 1.25
SLOWEST, FASTEST = 0.4, 2.0


@dataclass(slots=True)
class Station:
    """One movement on one side."""

    movement: Movement
    side: Side
    dose: Dose
    rest_seconds: float


class Course:
    """The stations, the present one, and pace and range of each movement."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self.stations: list[Station] = []
        self.index = 0
        self._manners = dict(setup.manners)

    def lay_out(self, complaint: Side) -> None:
        """Make the stations for a complaint on this side."""
        self.stations = [
            station for item in self._setup.programme.items for station in self._stations_of(item, complaint)
        ]
        self.index = 0

    @property
    def here(self) -> Station:
        """The present station."""
        return self.stations[self.index]

    @property
    def under_way(self) -> bool:
        """Whether the stations are laid out."""
        return bool(self.stations)

    @property
    def more(self) -> bool:
        """Whether another station follows."""
        return self.index + 1 < len(self.stations)

    def manner(self, movement: Movement | None = None) -> Manner:
        """Return pace and range of a movement (the present one), the range filled in."""
        movement = movement or self.here.movement
        known = self._manners.get(movement.id, Manner())
        level = movement.start_range if known.range_level is None else known.range_level
        return Manner(pace=known.pace, range_level=max(0, min(level, len(movement.ranges) - 1)))

    def range_level(self) -> int:
        """Return the present range level."""
        return self.manner().range_level or 0

    def change_pace(self, factor: float) -> bool:
        """Multiply the pace; return False at the end of its scale."""
        manner = self.manner()
        pace = round(min(FASTEST, max(SLOWEST, manner.pace * factor)), 3)
        return self.set_manner(Manner(pace=pace, range_level=manner.range_level))

    def change_range(self, by: int) -> bool:
        """Move the range by levels; return False at the end of its scale."""
        manner = self.manner()
        level = max(0, min(len(self.here.movement.ranges) - 1, (manner.range_level or 0) + by))
        return self.set_manner(Manner(pace=manner.pace, range_level=level))

    def set_manner(self, manner: Manner) -> bool:
        """Store pace and range of the present movement; return whether anything changed."""
        changed = manner != self.manner()
        self._manners[self.here.movement.id] = manner
        return changed

    def switch_side(self) -> bool:
        """Work the other side at this station; return False where the movement has no sides."""
        here = self.here
        if here.side is Side.BOTH:
            return False
        here.side = here.side.opposite
        return True

    def _stations_of(self, item: Item, complaint: Side) -> list[Station]:
        movement = self._setup.movements[item.movement]
        dose = item.dose or movement.dose
        sides = sides_for(item.sides or movement.sides, complaint)
        return [Station(movement, side, dose, item.rest_seconds) for side in sides]


def sides_for(sides: Sides, complaint: Side) -> tuple[Side, ...]:
    """Return the sides to work, the complaint's own side first; a complaint on both sides works each."""
    if sides is Sides.BOTH:
        return (Side.BOTH,)
    if sides is Sides.EACH or complaint is Side.BOTH:
        first = Side.LEFT if complaint is Side.BOTH else complaint
        return (first, first.opposite)
    return (complaint if sides is Sides.AFFECTED else complaint.opposite,)
