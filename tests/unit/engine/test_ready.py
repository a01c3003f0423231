"""Where the voice asks for "ready" it waits for it; anywhere else "ready" changes nothing."""

import pytest

from cuewalk.domain.heard import Heard, InputMode
from cuewalk.domain.intents import Answer, Command, RatingGuessed, RatingSaid, RatingWithoutNumber
from cuewalk.domain.records import (
    RatingGiven,
    ScreenAnswered,
    SessionPaused,
    TrialEndedEarly,
    TrialJudged,
    TrialStarted,
)
from cuewalk.domain.setup import EDITION
from cuewalk.domain.units import Millis
from cuewalk.domain.verdicts import Decision
from cuewalk.engine.events import NotUnderstood, Restored, Understood
from cuewalk.engine.flow import PAUSED_AFTER, REMINDED_AFTER
from cuewalk.engine.session import Session
from cuewalk.engine.states import NOTES, READY_WAITS
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


def _typed(text: str) -> Heard:
    return heard(text).model_copy(update={"mode": InputMode.KEYS})


def _paused_at(state: str) -> World:
    """A session that is paused at a question."""
    return world_in(state).run_until_quiet().command(Command.PAUSE).run_until_quiet()


def test_a_number_said_after_a_pause_for_no_answer_is_asked_back() -> None:
    world = world_in("baseline").run_until_quiet()
    while world.session.state != "paused":
        world.pass_time()
    world.run_until_quiet().hear(RatingSaid(value=4))
    assert world.session.state == "confirm_rating"
    assert world.session.ledger.last is None
    world.run_until_quiet().yes()
    assert world.session.state == "introduce"
    assert world.session.ledger.value(1) == 4


@pytest.mark.parametrize("state", ["baseline", "rate_before", "rate_after"])
def test_a_number_typed_while_paused_is_the_answer_that_was_asked_for(state: str) -> None:
    world = _paused_at(state)
    world.tell(Understood(intent=RatingSaid(value=4), heard=_typed("4")))
    assert world.session.state not in {"paused", "confirm_rating", state}
    assert world.session.ledger.value(world.session.ledger.last) == 4


@pytest.mark.parametrize("state", ["baseline", "rate_before", "rate_after"])
def test_a_number_said_to_somebody_in_the_room_while_paused_is_asked_back(state: str) -> None:
    assert _paused_at(state).hear(RatingSaid(value=4)).session.state == "confirm_rating"


@pytest.mark.parametrize("said", [Answer(yes=True), Answer(yes=False)])
@pytest.mark.parametrize(
    "state", ["rest_offer", "rest_days", "go_anyway", "equipment", "confirm_rating", "ask_side"]
)
def test_a_yes_or_no_said_while_paused_brings_the_question_again(state: str, said: Answer) -> None:
    assert _paused_at(state).hear(said).session.state == state


@pytest.mark.parametrize("said", [Answer(yes=True), Answer(yes=False)])
@pytest.mark.parametrize("mode", list(InputMode))
@pytest.mark.parametrize("state", ["safety", "confirm_safety", "each_flag"])
def test_a_warning_sign_is_never_answered_while_paused(state: str, mode: InputMode, said: Answer) -> None:
    world = _paused_at(state)
    answers = len(_of(world, ScreenAnswered))
    world.tell(Understood(intent=said, heard=heard("no").model_copy(update={"mode": mode})))
    assert world.session.state == state
    assert len(_of(world, ScreenAnswered)) == answers


def test_a_number_said_while_a_movement_is_paused_is_no_answer() -> None:
    world = world_in("paused").hear(RatingSaid(value=4))
    assert world.session.state == "paused"
    assert world.said()[-1] == "not_here"


def test_held_setups_are_of_this_edition() -> None:
    assert flagged(sample_setup()).edition == EDITION


@pytest.mark.parametrize("state", ["perform", "introduce", "rest", "paused", "verdict"])
def test_a_command_that_was_nearly_heard_gets_a_word_and_everything_else_none(state: str) -> None:
    world = world_in(state)
    said = len(world.spoken)
    world.tell(NotUnderstood(heard=heard("talk in the room")))
    assert world.said()[said:] == []
    world.tell(NotUnderstood(heard=heard("slower"), clear=True))
    assert world.said()[said:] == ["not_caught"]


@pytest.mark.parametrize("state", ["introduce", "perform", "verdict", "review", "rest"])
def test_typed_words_that_mean_nothing_hold_the_movement(state: str) -> None:
    world = world_in(state)
    world.tell(NotUnderstood(heard=_typed("my lungs won't fill"), clear=True))
    assert (world.session.state, world.said()[-1]) == ("paused", "paused_not_understood")
    assert world.run_until_quiet().session.state == "paused"
    assert world.command(Command.RESUME).session.state == state


@pytest.mark.parametrize("state", ["paused", "welcome", "summary"])
def test_typed_words_that_mean_nothing_are_answered_where_nobody_moves(state: str) -> None:
    world = world_in(state)
    world.tell(NotUnderstood(heard=_typed("xyzzy"), clear=True))
    assert (world.session.state, world.said()[-1]) == (state, "not_understood")


def test_who_cannot_tell_is_offered_a_guess_and_then_left_blank() -> None:
    world = world_in("rate_after").hear(RatingWithoutNumber(hint="unsure"))
    assert world.said()[-1] == "rating_unsure"
    world.run_until_quiet().hear(RatingWithoutNumber(hint="unsure"))
    assert world.session.state == "verdict"
    ratings = [r for r in world.records if isinstance(r, RatingGiven)]
    assert (ratings[-1].value, ratings[-1].missing_reason) == (None, "not known")
    assert _of(world, TrialJudged)[0].decision is Decision.UNDECIDED


def test_a_number_off_the_scale_is_asked_again_in_words_and_in_the_end_pauses() -> None:
    world = world_in("rate_after")
    for _ in range(2):
        world.hear(RatingWithoutNumber(hint="beyond"))
        assert world.said()[-1] == "rating_beyond"
        world.run_until_quiet()
    assert world.hear(RatingWithoutNumber(hint="beyond")).session.state == "paused"


@pytest.mark.parametrize("state", ["baseline", "rate_before", "rate_after", "rate_during"])
def test_a_number_that_is_only_likely_is_asked_back_also_when_typed(state: str) -> None:
    world = world_in(state).run_until_quiet()
    world.tell(Understood(intent=RatingGuessed(value=4), heard=_typed("it was four before")))
    assert world.session.state == "confirm_rating"
