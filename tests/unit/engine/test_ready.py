"""Where the voice asks for "ready" it waits for it; anywhere else "ready" changes nothing."""

import pytest

from cuewalk.domain.intents import Command, RatingSaid
from cuewalk.domain.records import SessionPaused, TrialEndedEarly, TrialJudged, TrialStarted
from cuewalk.domain.setup import EDITION
from cuewalk.domain.units import Millis
from cuewalk.engine.core import PAUSED_AFTER, REMINDED_AFTER
from cuewalk.engine.events import NotUnderstood, Restored
from cuewalk.engine.session import Session
from cuewalk.engine.table import NOTES, READY_WAITS
from helpers.sessions import World, heard, sample_setup, started
from helpers.states import ANY_STATE, flagged, world_in

RESTORED = Restored(edition=EDITION)


def _of(world: World, kind: type) -> list:
    return [record for record in world.records if isinstance(record, kind)]


def _welcomed() -> World:
    return world_in("ready_first")


def test_after_the_welcome_it_waits_reminds_once_and_pauses() -> None:
    world = _welcomed()
    begun, said = world.now, len(world.spoken)
    world.pass_time()
    assert (world.now - begun, world.said()[said:]) == (REMINDED_AFTER, ["ask_ready"])
    world.run_until_quiet().pass_time()
    assert world.session.state == "paused"
    assert Millis(120_000) == REMINDED_AFTER + PAUSED_AFTER
    assert _of(world, SessionPaused)[0].reason == "no answer"
    assert world.command(Command.READY).session.state == "ready_first"


@pytest.mark.parametrize("word", [Command.READY, Command.NEXT, Command.RESUME, Command.CARRY_ON])
def test_the_word_goes_on_and_skips_nothing(word: Command) -> None:
    assert _welcomed().command(word).session.state == "baseline"


def test_ready_is_taken_as_soon_as_the_welcome_begins() -> None:
    assert world_in("welcome").command(Command.READY).session.state == "baseline"


def test_what_is_not_understood_meanwhile_is_not_answered() -> None:
    world = _welcomed()
    said = len(world.spoken)
    world.tell(NotUnderstood(heard=heard("where is my chair")))
    assert (world.session.state, world.said()[said:]) == ("ready_first", [])


@pytest.mark.parametrize(
    "state", [s for s in ANY_STATE if s not in {*READY_WAITS, *NOTES, "welcome", "rest", "paused"}]
)
def test_ready_said_where_nothing_waits_changes_nothing(state: str) -> None:
    world = world_in(state)
    records = len(world.records)
    world.command(Command.READY).command(Command.READY)
    assert world.session.state == state
    assert len(world.records) == records


def test_ready_ends_a_rest() -> None:
    assert world_in("rest").command(Command.READY).session.state == "introduce"


@pytest.mark.parametrize("state", ["introduce", "perform", "verdict", "review", "rest"])
def test_a_session_that_is_taken_up_waits_at_the_line_that_was_interrupted(state: str) -> None:
    world = world_in(state)
    said = len(world.spoken)
    restored = _restored(world)
    restored.run_until_quiet()
    assert (restored.session.state, restored.said()[-2:]) == ("ready", ["welcome_resumed", "ask_ready"])
    at = len(restored.spoken)
    restored.ready()
    assert restored.session.state == state
    assert restored.spoken[at].prompt == world.spoken[said - 1].prompt
    assert _of(restored, TrialStarted) == []
    assert _of(restored, TrialJudged) == []


@pytest.mark.parametrize("state", ["baseline", "rate_after", "ready_first", "settle", "unsteady"])
def test_a_question_that_was_interrupted_is_asked_again(state: str) -> None:
    restored = _restored(world_in(state)).run_until_quiet()
    assert restored.session.state == state
    assert restored.said()[-2] == "welcome_resumed"


def test_a_pause_that_was_interrupted_waits_for_ready_too() -> None:
    restored = _restored(world_in("paused")).run_until_quiet()
    assert restored.session.state == "ready"
    assert restored.ready().session.state == "perform"


def test_a_session_of_edition_two_is_taken_up_in_the_manner_of_today() -> None:
    world = started(2, edition=2).run_until("baseline").run_until_quiet().rate(4).run_until("perform")
    restored = _restored(world).run_until_quiet()
    assert restored.session.state == "ready"
    restored.ready().command(Command.SOMETHING_WRONG)
    assert restored.session.state == "unsteady"


def test_a_session_of_edition_two_that_was_taken_up_then_went_on_at_once() -> None:
    world = started(2, edition=2).run_until("baseline").run_until_quiet().rate(4).run_until("perform")
    world.tell(Restored())
    assert world.session.state == "perform"


def _restored(world: World) -> World:
    session = Session(world.session.setup)
    for event in world.events:
        session.step(event)
    restored = World(session)
    restored.events = list(world.events)
    restored.tell(RESTORED)
    return restored


@pytest.mark.parametrize("command", [Command.NEXT, Command.SKIP])
def test_a_movement_that_is_left_after_one_repetition_is_never_judged(command: Command) -> None:
    world = world_in("perform")
    while not any(speak.prompt == "count_phase" and speak.slots["n"] == "2" for speak in world.spoken):
        world.pass_time()
    world.command(command)
    assert world.session.state == "rest"
    assert _of(world, TrialJudged) == []
    assert len(_of(world, TrialEndedEarly)) == 1


def test_done_in_the_last_repetition_is_done() -> None:
    world = world_in("perform")
    while not any(speak.prompt == "last_one" for speak in world.spoken):
        world.pass_time()
    assert world.command(Command.NEXT).session.state == "rate_after"


def test_a_number_said_while_paused_is_the_answer_that_was_asked_for() -> None:
    world = world_in("baseline").run_until_quiet()
    while world.session.state != "paused":
        world.pass_time()
    world.run_until_quiet().hear(RatingSaid(value=4))
    assert world.session.state == "introduce"
    assert world.session.ledger.value(1) == 4


def test_a_number_said_while_a_movement_is_paused_is_no_answer() -> None:
    world = world_in("paused").hear(RatingSaid(value=4))
    assert world.session.state == "paused"
    assert world.said()[-1] == "not_here"


def test_held_setups_are_of_this_edition() -> None:
    assert flagged(sample_setup()).edition == EDITION
