"""A programme as a row of scripts, one a movement and side, and as sound on the beat."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cuewalk.content.catalogue import Catalogue
from cuewalk.domain.content import Movement, Programme
from cuewalk.domain.intents import Side
from cuewalk.domain.setup import Setup
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import SESSION_RATE, Millis
from cuewalk.engine.course import Course, Station, sides_for
from cuewalk.engine.lines import Gap, Line, Script, ScriptItem
from cuewalk.engine.telling import introduce, perform

#: Between the name of a movement and its first cue. Design.
_GET_READY: Final = Gap(Millis(3000), paced=False)
#: Coaching cues take turns from part to part, as they do in a session.
_CUES_A_PART: Final = 2

Say = Callable[[Line], Samples]


@dataclass(frozen=True, slots=True)
class TimelinePart:
    """One chapter: what is said, and the silence after it in seconds."""

    title: str
    script: Script
    rest_seconds: float = 0.0


def parts_of(
    catalogue: Catalogue,
    programme: Programme,
    side: Side,
    own_sides: Mapping[str, tuple[Side, ...]] | None = None,
) -> list[TimelinePart]:
    """Return the chapters of a programme for a complaint on this side, as a session would tell them.

    ``own_sides``: the sides of a movement where they are known, as those of the person's keepers are.
    """
    movements, known = catalogue.movements_of(programme), dict(own_sides or {})
    setup = Setup(programme=programme, movements=movements, rules=catalogue.rules, own_sides=known)
    course, words = Course(setup), side_words(catalogue)
    course.lay_out(side)
    last = len(course.stations) - 1
    return [_part(course.stations, index, words, rest=index < last) for index in range(last + 1)]


def part_of(movement: Movement, side: Side, words: Mapping[Side, str] | None = None) -> TimelinePart:
    """Return one movement on its first side, introduced and performed; ``words`` name the sides."""
    worked = sides_for(movement.sides, side)[0]
    return _part([Station(movement, worked, movement.dose, 0)], 0, words or {}, rest=False)


def side_words(catalogue: Catalogue) -> dict[Side, str]:
    """Return what the sides are called in a chapter's title, in the words of the locale."""
    if catalogue.locale.startswith("en-"):
        return {}  # "left" reads better after a name than the "the left side" that is spoken
    words = catalogue.phrases.get("locale", {}).get("words", {}).get("side", {})
    return {side: words[side.value] for side in Side if side.value in words}


def _part(stations: Sequence[Station], index: int, words: Mapping[Side, str], *, rest: bool) -> TimelinePart:
    here, movement = stations[index], stations[index].movement
    again = index > 0 and stations[index - 1].movement is movement
    level = movement.start_range
    told = introduce(here, index + 1, len(stations), level, brief=again)
    side = words.get(here.side, here.side.value)
    title = movement.name if here.side is Side.BOTH else f"{movement.name}, {side}"
    script = (*told, _GET_READY, *perform(here, _CUES_A_PART * index))
    return TimelinePart(title, script, here.rest_seconds if rest else 0.0)


def sound_of(part: TimelinePart, say: Say, pace: float = 1.0) -> Iterator[Samples]:
    """Yield the sound of a chapter, 16 kHz: each line with what is left of its beat, then the rest."""
    for item in part.script:
        yield from _sound(item, say, pace)
    if part.rest_seconds:
        yield silence(part.rest_seconds)


def _sound(item: ScriptItem, say: Say, pace: float) -> Iterator[Samples]:
    if isinstance(item, Gap):
        yield silence(item.wait / 1000 / (pace if item.paced else 1.0))
        return
    spoken = say(item)
    yield spoken
    left = item.beat / 1000 / (pace if item.paced else 1.0) - len(spoken) / SESSION_RATE
    if left > 0:
        yield silence(left)


def silence(seconds: float) -> Samples:
    """Return silence of this many seconds."""
    return np.zeros(round(seconds * SESSION_RATE), dtype=np.int16)
