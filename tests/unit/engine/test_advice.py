"""Whom to see or to call is said before a session ends, whatever else is said meanwhile."""

import pytest

from cuewalk.domain.content import FlagOutcome
from cuewalk.domain.intents import Answer, Command, CommandSaid, RatingSaid, ReadySaid
from cuewalk.domain.records import SessionEnded
from cuewalk.engine.session import Session
from helpers.sessions import World, sample_setup
from helpers.states import flagged, world_in


def _advised(outcome: FlagOutcome) -> World:
    """A world in which a red flag has just been said yes to."""
    setup = flagged(sample_setup(screening_due=True))
    group = next(group for group in setup.red_flags if group.outcome is outcome)
    setup = setup.model_copy(update={"red_flags": (group,)})
    world = World(Session(setup)).begin().run_until("safety").run_until_quiet()
    for _ in range(3):
        world.yes().run_until_quiet() if world.session.state != "each_flag" else world.yes()
    assert world.session.state == "advised"
    return world


def _unheard() -> World:
    world = world_in("unsteady")
    while world.session.state != "farewell":
        world.pass_time()
    return world


ADVICE = {
    "red_flag_emergency": (lambda: _advised(FlagOutcome.EMERGENCY), "emergency_call", "red_flag"),
    "red_flag_professional": (lambda: _advised(FlagOutcome.PROFESSIONAL), "red_flag_whom", "red_flag"),
    "farewell": (lambda: world_in("farewell"), "farewell_whom", "stopped"),
    "farewell_unheard": (_unheard, "farewell_unheard_whom", "abandoned"),
}


def _how(world: World) -> str:
    return next(record.how for record in world.records if isinstance(record, SessionEnded))


@pytest.mark.parametrize(
    "said",
    [CommandSaid(command=Command.NEXT), CommandSaid(command=Command.READY), ReadySaid(), Answer(yes=True),
     RatingSaid(value=4), CommandSaid(command=Command.RESUME), CommandSaid(command=Command.PAUSE)],
)  # fmt: skip
@pytest.mark.parametrize("advice", ADVICE)
def test_it_is_said_to_its_end(advice: str, said: object) -> None:
    make, _, how = ADVICE[advice]
    world = make()
    before = world.now
    world.hear(said)
    assert world.session.state in {"advised", "farewell"}
    world.run_until("ended")
    assert world.said()[-1] == advice
    assert world.now > before
    assert _how(world) == how


@pytest.mark.parametrize("word", [Command.STOP, Command.SKIP, Command.END])
@pytest.mark.parametrize("advice", ADVICE)
def test_who_wants_to_hear_no_more_hears_whom_to_turn_to(advice: str, word: Command) -> None:
    make, sentence, how = ADVICE[advice]
    world = make().command(word)
    assert (world.session.ended, world.said()[-1]) == (False, sentence)
    world.run_until("ended")
    assert (world.said()[-1], _how(world)) == (sentence, how)


@pytest.mark.parametrize("word", [Command.STOP, Command.SKIP])
@pytest.mark.parametrize("advice", ADVICE)
def test_a_second_time_ends_at_once(advice: str, word: Command) -> None:
    assert ADVICE[advice][0]().command(word).command(word).session.ended


@pytest.mark.parametrize("state", ["summary", "put_off"])
def test_an_ordinary_goodbye_may_be_cut(state: str) -> None:
    assert world_in(state).command(Command.NEXT).session.ended


@pytest.mark.parametrize("outcome", FlagOutcome)
def test_who_feels_unwell_after_a_warning_sign_still_hears_its_advice(outcome: FlagOutcome) -> None:
    world = _advised(outcome).command(Command.SOMETHING_WRONG).run_until_quiet().command(Command.STOP)
    world.run_until("ended")
    assert (world.said()[-1], _how(world)) == (f"red_flag_{outcome.value}", "red_flag")


@pytest.mark.parametrize("outcome", FlagOutcome)
def test_who_does_not_answer_after_a_warning_sign_is_told_both(outcome: FlagOutcome) -> None:
    world = _advised(outcome).command(Command.SOMETHING_WRONG).run_until("ended")
    assert world.said()[-2:] == ["farewell_unheard", f"red_flag_{outcome.value}"]
    assert _how(world) == "red_flag"
