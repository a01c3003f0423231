"""What is said while a movement is done: names of the phases, cues, and time that stays even."""

from cuewalk.domain.content import RepPhase
from cuewalk.domain.intents import Side
from cuewalk.engine.course import Station
from cuewalk.engine.effects import CueKind
from cuewalk.engine.lines import Line, ScriptItem
from cuewalk.engine.telling import perform
from helpers.sessions import sample_movement

REPS = 9
STEPS = tuple(RepPhase(say=foot, seconds=1.25) for foot in ("left", "right") * 2)


def _repetitions(*, named: bool, phases: tuple[RepPhase, ...] = STEPS) -> list[list[ScriptItem]]:
    """Return the lines of each repetition, without what is said between them."""
    movement = sample_movement("walk").model_copy(update={"phases": phases, "name_every_rep": named})
    dose = movement.dose.model_copy(update={"reps": REPS})
    found: list[list[ScriptItem]] = []
    for item in perform(Station(movement, Side.BOTH, dose, 0), 0):
        if isinstance(item, Line) and item.kind is CueKind.COUNT:
            found.append([])
        if found and not (isinstance(item, Line) and item.kind is CueKind.NOTICE):
            found[-1].append(item)
    return found


def _words(items: list[ScriptItem]) -> list[str]:
    return [
        "cue" if item.kind is CueKind.COACHING else item.slots.get("text", "")
        for item in items
        if isinstance(item, Line)
    ]


def _time(items: list[ScriptItem]) -> int:
    return sum(item.beat if isinstance(item, Line) else item.wait for item in items)


def test_walking_is_named_step_by_step_in_every_repetition() -> None:
    for number, items in enumerate(_repetitions(named=True), start=1):
        expected = ["left", "right", "left", "right"] if number % 3 else ["left", "right", "cue"]
        assert _words(items) == expected


def test_other_movements_are_named_twice_and_then_only_counted() -> None:
    words = [_words(items) for items in _repetitions(named=False)]
    assert words[:2] == [["left", "right", "left", "right"]] * 2
    assert words[2:] == [["", "cue"]] * (REPS - 2)


def test_every_repetition_takes_the_same_time_with_and_without_a_cue() -> None:
    for named in (True, False):
        assert {_time(items) for items in _repetitions(named=named)} == {5000}


def test_a_movement_of_one_named_phase_stays_on_its_beat() -> None:
    single = (RepPhase(say="step", seconds=2),)
    assert {tuple(_words(items)) for items in _repetitions(named=True, phases=single)} == {("step",)}
