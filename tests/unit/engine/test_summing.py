"""The summary and "how many": what is told of two sides, and of holds."""

from cuewalk.domain.content import Dose, Sides
from cuewalk.domain.intents import Command
from cuewalk.engine.effects import Speak
from cuewalk.engine.session import Session
from helpers.sessions import World, sample_movement, sample_setup


def _world(sides: Sides, dose: Dose) -> World:
    drill = sample_movement("m1", sides, dose)
    setup = sample_setup(1).model_copy(update={"movements": {"m1": drill}})
    return World(Session(setup)).begin().run_until("baseline")


def _summary(world: World) -> list[Speak]:
    return [s for s in world.spoken if s.prompt.startswith(("summary_keep", "summary_undecided"))]


def test_a_movement_whose_sides_ended_differently_is_told_by_its_sides() -> None:
    world = _world(Sides.EACH, Dose(reps=2)).run_until_quiet().rate(3)
    world.run_until("rate_after").run_until_quiet().rate(0).run_until("rest")
    world.run_until("rate_after").run_until_quiet().rate(0).run_until("ended")
    assert [(s.prompt, s.slots.get("side")) for s in _summary(world)] == [
        ("summary_keep_side", "left"),
        ("summary_undecided_side", "right"),
    ]


def test_a_movement_that_helped_on_both_sides_is_told_once() -> None:
    world = _world(Sides.EACH, Dose(reps=2)).run_until_quiet().rate(5)
    world.run_until("rate_after").run_until_quiet().rate(3).run_until("rest")
    world.run_until("rate_after").run_until_quiet().rate(1).run_until("ended")
    assert [(s.prompt, s.slots["text"]) for s in _summary(world)] == [("summary_keep", "Movement m1")]


def test_how_many_counts_holds_not_their_seconds() -> None:
    world = _world(Sides.AFFECTED, Dose(hold_seconds=30, sets=3)).run_until_quiet().rate(5)
    world.run_until("perform")
    while world.spoken[-1].prompt != "hold_start":
        world.pass_time()
    world.pass_time()
    world.command(Command.HOW_MANY)
    assert [s.slots["left"] for s in world.spoken if s.prompt == "how_many"] == ["2"]
