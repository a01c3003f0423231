"""How much is left: minutes of the session, repetitions of the movement."""

from cuewalk.domain.content import Dose, Movement
from cuewalk.engine.course import Course, Station
from cuewalk.engine.effects import CueKind
from cuewalk.engine.lines import Line
from cuewalk.engine.talk import Talk

#: Introducing a movement and rating it, without the movement itself (mean of simulated sessions).
TALKING_SECONDS = 45.0


def movement_seconds(movement: Movement, dose: Dose) -> float:
    """Return how long performing a movement takes at normal pace."""
    once = (dose.hold_seconds or 0.0) + (dose.reps or 0) * sum(phase.seconds for phase in movement.phases)
    return once * dose.sets + dose.set_rest_seconds * (dose.sets - 1)


def station_seconds(station: Station, pace: float) -> float:
    """Return how long a station takes, talking and rest included."""
    return movement_seconds(station.movement, station.dose) / pace + TALKING_SECONDS + station.rest_seconds


def minutes_left(course: Course) -> int:
    """Return the minutes left, at least one, the present movement counted in full."""
    left = course.stations[course.index :]
    seconds = sum(station_seconds(station, course.manner(station.movement).pace) for station in left)
    return max(1, round(seconds / 60))


def reps_left(talk: Talk) -> int:
    """Return how many counted repetitions, or holds, are still to come in the running script."""
    ahead = (item for item in talk.items[talk.at + 1 :] if isinstance(item, Line))
    # The seconds that are counted down at the end of a hold are plain time, no repetitions.
    return sum(item.prompt == "hold_start" or (item.kind is CueKind.COUNT and item.paced) for item in ahead)
