"""Where the session is: the movements and sides in order, and how the person likes each."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from cuewalk.domain.content import Dose, Item, Movement, RangeLevel, Sides
from cuewalk.domain.intents import Side
from cuewalk.domain.setup import FASTEST, SLOWEST, Manner, Setup

#: One step of "slower" or "faster": a fifth slower, a quarter faster, so that one undoes the other. A choice:
#: a smaller step is hardly noticed in a beat of two seconds.
PACE_STEP: Final = 1.25
#: Introducing a movement and rating it, without the movement itself (mean of simulated sessions).
TALKING_SECONDS: Final = 45.0


@dataclass(slots=True)
class Station:
    """One movement on one side."""

    movement: Movement
    side: Side
    dose: Dose
    rest_seconds: float
    #: The movement that this one stands in for.
    instead_of: Movement | None = None

    def seconds(self, pace: float) -> float:
        """Return how long the station takes, talking and rest included."""
        return movement_seconds(self.movement, self.dose) / pace + TALKING_SECONDS + self.rest_seconds


class Course:
    """The stations, the present one, and pace and range of each movement."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self.stations: list[Station] = []
        self.index = 0
        #: It is the next movement that waits until it has settled, not the rating after.
        self.settling_first = False
        self._manners = dict(setup.manners)
        self._before_retry: Manner | None = None

    def lay_out(self, complaint: Side, missing: Collection[str] = ()) -> None:
        """Make the stations for a complaint on this side, without what needs a missing thing."""
        self.stations = self.plan(complaint, missing)
        self.index = 0

    def plan(self, complaint: Side, missing: Collection[str]) -> list[Station]:
        """Return the stations for a complaint on this side when these things are missing."""
        return [
            station
            for item, movement in self._chosen(missing)
            for station in self._stations_of(item, movement, complaint)
        ]

    def touched_by(self, thing: str, missing: Collection[str]) -> tuple[list[Movement], list[Movement]]:
        """Return the movements that need a thing: those with a stand-in, and those that are left out."""
        chosen = {item.movement for item, _ in self._chosen(missing)}
        own = (self._setup.movements[item.movement] for item in self._setup.programme.items)
        touched = [movement for movement in own if any(need.item == thing for need in movement.needs)]
        replaced = [movement for movement in touched if movement.id in chosen]
        return replaced, [movement for movement in touched if movement.id not in chosen]

    def begin_gently(self) -> None:
        """Make every range one smaller than it would be."""
        for movement in self._setup.movements.values():
            manner = self.manner(movement)
            level = max(0, (manner.range_level or 0) - 1)
            self._manners[movement.id] = Manner(pace=manner.pace, range_level=level)

    def _chosen(self, missing: Collection[str]) -> Iterator[tuple[Item, Movement]]:
        """Yield each place of the programme with what is done there; no stand-in comes twice."""
        movements, items = self._setup.movements, self._setup.programme.items
        taken = {item.movement for item in items if not _lacks(movements[item.movement], missing)}
        for item in items:
            own = movements[item.movement]
            lacking = _lacks(own, missing)
            done = self._stand_in(lacking, taken, missing) if lacking else own
            if done is not None:
                taken.add(done.id)
                yield item, done

    def _stand_in(
        self, lacking: list[str | None], taken: set[str], missing: Collection[str]
    ) -> Movement | None:
        """Return the first stand-in that is not done already and needs nothing that is missing."""
        known = (self._setup.movements.get(ident) for ident in lacking if ident and ident not in taken)
        return next((each for each in known if each and not _lacks(each, missing)), None)

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

    @property
    def more_than_this(self) -> bool:
        """Whether a station of another movement follows."""
        return any(s.movement.id != self.here.movement.id for s in self.stations[self.index + 1 :])

    def leave_out(self) -> None:
        """Leave the present movement out of what is still to come."""
        ahead = (s for s in self.stations[self.index + 1 :] if s.movement.id != self.here.movement.id)
        self.stations = [*self.stations[: self.index + 1], *ahead]

    def manner(self, movement: Movement | None = None) -> Manner:
        """Return pace and range of a movement (the present one), the range filled in."""
        movement = movement or self.here.movement
        known = self._manners.get(movement.id, Manner())
        level = movement.start_range if known.range_level is None else known.range_level
        return Manner(pace=known.pace, range_level=max(0, min(level, len(movement.ranges) - 1)))

    def range_level(self) -> int:
        """Return the present range level."""
        return self.manner().range_level or 0

    def range(self) -> RangeLevel:
        """Return the present range."""
        return self.here.movement.ranges[self.range_level()]

    def try_gentler(self, pace: float) -> None:
        """Make a retry slower by this factor and one range smaller, until `settle_manner`."""
        manner = self._before_retry = self.manner()
        pace = max(SLOWEST, round(manner.pace * pace, 3))
        self.set_manner(Manner(pace=pace, range_level=max(0, (manner.range_level or 0) - 1)))

    def settle_manner(self, *, keep: bool = False) -> bool:
        """Go back to the person's own manner after a retry, unless it helped; return whether it was kept."""
        before, self._before_retry = self._before_retry, None
        if before is not None and not keep:
            self.set_manner(before)
        return before is not None and keep

    def minutes_left(self) -> int:
        """Return the minutes left, at least one, the present movement counted in full."""
        left = self.stations[self.index :]
        return max(
            1, round(sum(station.seconds(self.manner(station.movement).pace) for station in left) / 60)
        )

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

    def _stations_of(self, item: Item, movement: Movement, complaint: Side) -> list[Station]:
        own = self._setup.movements[item.movement]
        if movement is own:
            dose, sides, instead_of = item.dose or own.dose, item.sides or own.sides, None
        else:
            # A stand-in is another movement: dose and sides written for the place do not fit it.
            dose, sides, instead_of = movement.dose, movement.sides, own
        where = self._setup.own_sides.get(movement.id) or sides_for(sides, complaint)
        return [Station(movement, side, dose, item.rest_seconds, instead_of) for side in where]


def _lacks(movement: Movement, missing: Collection[str]) -> list[str | None]:
    """Return the stand-in (or None) of each missing thing that the movement needs."""
    return [need.instead for need in movement.needs if need.item in missing]


def movement_seconds(movement: Movement, dose: Dose) -> float:
    """Return how long performing a movement takes at normal pace."""
    once = (dose.hold_seconds or 0.0) + (dose.reps or 0) * sum(phase.seconds for phase in movement.phases)
    return once * dose.sets + dose.set_rest_seconds * (dose.sets - 1)


def sides_for(sides: Sides, complaint: Side) -> tuple[Side, ...]:
    """Return the sides to work, the complaint's own side first; a complaint on both sides works each."""
    if sides is Sides.BOTH:
        return (Side.BOTH,)
    if sides is Sides.EACH or complaint is Side.BOTH:
        first = Side.LEFT if complaint is Side.BOTH else complaint
        return (first, first.opposite)
    return (complaint if sides is Sides.AFFECTED else complaint.opposite,)
