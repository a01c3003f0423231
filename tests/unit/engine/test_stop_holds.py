"""A stop, a pause, a number said to be wrong: nothing but the person's own word puts an end to it."""

from collections.abc import Callable
from typing import Final

import pytest

from cuewalk.domain.heard import Heard, InputMode, Sureness
from cuewalk.domain.intents import Answer, Command, CorrectionSaid, DenialSaid, RatingSaid, ReadySaid
from cuewalk.domain.records import SessionPaused
from cuewalk.domain.setup import EDITION
from cuewalk.engine.events import DeviceBack, DeviceLost, NotUnderstood, Restored
from cuewalk.engine.session import Session
from cuewalk.engine.states import ASKING, MOVING, NOTES, READY_WAITS, SCREEN
from helpers.sessions import World, heard
from helpers.states import world_in

DEVICES: Final = ("microphone", "speaker")
#: States that wait for the person's word, whatever it is.
WAITS: Final = tuple(dict.fromkeys([*ASKING, *READY_WAITS]))


def _lost_and_back(device: str) -> Callable[[World], World]:
    def lose(world: World) -> World:
        world.tell(DeviceLost(device=device))
        world.run_until_quiet()
        world.tell(DeviceBack(device=device))
        return world.run_until_quiet()

    return lose


def _pause_and_resume(world: World) -> World:
    world.command(Command.PAUSE).run_until_quiet()
    return world.command(Command.RESUME).run_until_quiet()


def _no_answer(world: World) -> World:
    """Say nothing until it pauses, and then resume."""
    while world.session.state != "paused":
        world.pass_time()
    return world.run_until_quiet().command(Command.RESUME).run_until_quiet()


def _note(world: World) -> World:
    world.command(Command.NOTE).run_until_quiet()
    world.tell(NotUnderstood(heard=heard("left shoe is tight")))
    return world.run_until_quiet()


def _restart(world: World) -> World:
    session = Session(world.session.setup)
    for event in world.events:
        session.step(event)
    restored = World(session)
    restored.events = list(world.events)
    restored.tell(Restored(edition=EDITION))
    return restored.run_until_quiet()


def _restart_while_paused(world: World) -> World:
    return _restart(world.command(Command.PAUSE).run_until_quiet())


BETWEEN: Final = {
    "microphone": _lost_and_back("microphone"),
    "speaker": _lost_and_back("speaker"),
    "pause": _pause_and_resume,
    "no answer": _no_answer,
    "note": _note,
    "restart": _restart,
    "restart while paused": _restart_while_paused,
}
#: Where a resume is the answer, a note is being taken, or silence leads on or ends.
_ELSEWHERE: Final = {
    "pause": {"unsteady"},
    "restart while paused": {"unsteady"},
    "no answer": {"unsteady", "safety", "confirm_safety", "each_flag", *NOTES},
    "note": {"unsteady", *NOTES, *SCREEN, "ready_first", "ready"},
}
CASES: Final = [
    (state, between) for state in WAITS for between in BETWEEN if state not in _ELSEWHERE.get(between, set())
]


@pytest.mark.parametrize(("state", "between"), CASES)
def test_what_was_being_waited_for_is_waited_for_again_and_asked(state: str, between: str) -> None:
    world = world_in(state).run_until_quiet()
    asked = {
        (line.prompt, line.slots.get("text")) for length in (0, 1) for line in world.session.question(length)
    }
    world = BETWEEN[between](world)
    assert world.session.state == state
    last = world.spoken[-1]
    assert (last.prompt, last.slots.get("text")) in asked


@pytest.mark.parametrize("twice", BETWEEN)
@pytest.mark.parametrize("once", BETWEEN)
def test_a_stop_is_still_asked_about_after_two_of_them(once: str, twice: str) -> None:
    world = BETWEEN[twice](BETWEEN[once](world_in("stop_asked").run_until_quiet()))
    assert (world.session.state, world.said()[-1]) == ("stop_asked", "stop_ask")
    assert world.command(Command.CARRY_ON).session.state == "perform"


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("behind", ["introduce", "perform", "verdict", "review", "rest"])
def test_a_device_never_resumes_a_stop(behind: str, device: str) -> None:
    world = world_in(behind).command(Command.STOP).run_until_quiet()
    said = len(world.spoken)
    _lost_and_back(device)(world)
    assert world.session.state == "stop_asked"
    assert world.said()[said:] == [f"{device}_lost", f"{device}_back_waiting", "stop_ask"]
    assert world.command(Command.CARRY_ON).session.state == behind


@pytest.mark.parametrize("device", DEVICES)
def test_a_device_never_resumes_a_stop_that_a_high_number_made(device: str) -> None:
    world = world_in("rest").command(Command.HURTS).run_until_quiet().rate(9).run_until_quiet().yes()
    assert world.session.state == "stop_asked"
    assert _lost_and_back(device)(world.run_until_quiet()).session.state == "stop_asked"
    assert world.command(Command.CARRY_ON).session.state == "rest"


def test_we_go_on_is_not_said_where_it_does_not_go_on() -> None:
    world = world_in("stop_asked").run_until_quiet()
    said = len(world.spoken)
    _pause_and_resume(world)
    assert world.said()[said:] == ["paused", "stop_ask"]


@pytest.mark.parametrize("word", [Command.RESUME, Command.CARRY_ON, Command.READY, Command.NEXT])
def test_a_pause_over_a_stop_ends_with_the_question(word: Command) -> None:
    world = world_in("stop_asked").run_until_quiet().command(Command.PAUSE).run_until_quiet()
    assert world.command(word).session.state == "stop_asked"


def test_end_ends_it_also_while_paused() -> None:
    world = world_in("stop_asked").command(Command.PAUSE).command(Command.END)
    assert world.session.state == "ended"


@pytest.mark.parametrize("intent", [Answer(yes=True), RatingSaid(value=4), CorrectionSaid(value=4)])
def test_no_other_answer_carries_on(intent: object) -> None:
    world = _lost_and_back("microphone")(world_in("stop_asked")).hear(intent)
    assert world.session.state == "stop_asked"


def test_a_stop_after_a_denied_emergency_is_still_asked_about() -> None:
    world = world_in("stop_asked").command(Command.EMERGENCY).hear(DenialSaid()).run_until_quiet()
    assert world.ready().session.state == "stop_asked"


@pytest.mark.parametrize("device", DEVICES)
def test_a_stop_while_ready_is_waited_for_is_kept(device: str) -> None:
    world = world_in("ready").run_until_quiet().command(Command.STOP).run_until_quiet()
    assert _lost_and_back(device)(world).session.state == "stop_asked"


# --- a pause ---


def test_a_note_does_not_end_a_pause() -> None:
    world = _note(world_in("paused").run_until_quiet())
    assert (world.session.state, world.said()[-2:]) == ("paused", ["note_kept", "paused"])
    assert world.command(Command.RESUME).session.state == "perform"


@pytest.mark.parametrize("device", DEVICES)
def test_a_device_lost_during_the_note_of_a_pause_leads_nobody_on(device: str) -> None:
    world = world_in("paused").run_until_quiet().command(Command.NOTE).run_until_quiet()
    _lost_and_back(device)(world)
    assert (world.session.state, world.said()[-1]) == ("note", "note_ask")
    world.tell(NotUnderstood(heard=heard("left shoe is tight")))
    assert world.session.state == "paused"


def test_pauses_and_notes_in_turn_come_to_an_end() -> None:
    world = world_in("perform")
    for _ in range(3):
        world.command(Command.PAUSE).command(Command.NOTE)
    world.command(Command.PAUSE).command(Command.RESUME)
    assert world.session.state == "note"
    world.tell(NotUnderstood(heard=heard("left shoe is tight")))
    assert world.session.state == "paused"
    assert world.command(Command.RESUME).session.state == "perform"


def test_stops_and_notes_in_turn_come_to_an_end() -> None:
    world = world_in("perform")
    for _ in range(3):
        world.command(Command.STOP).command(Command.NOTE)
    world.command(Command.STOP).command(Command.CARRY_ON)
    assert world.session.state == "perform"


def test_nothing_goes_on_while_the_other_device_is_gone() -> None:
    world = world_in("perform")
    world.tell(DeviceLost(device="microphone"))
    world.tell(DeviceLost(device="speaker"))
    world.run_until_quiet()
    world.tell(DeviceBack(device="microphone"))
    world.run_until_quiet()
    assert (world.session.state, world.said()[-1]) == ("paused", "speaker_lost_waiting")
    world.tell(DeviceBack(device="speaker"))
    assert world.session.state == "perform"


def test_a_pause_of_ones_own_is_not_ended_by_a_device() -> None:
    world = _lost_and_back("microphone")(world_in("paused").run_until_quiet())
    assert world.session.state == "paused"
    assert [r.reason for r in world.records if isinstance(r, SessionPaused)] == ["asked"]


# --- a number said to be wrong ---


@pytest.mark.parametrize("between", BETWEEN)
def test_a_wrong_number_is_asked_for_until_it_is_said(between: str) -> None:
    world = BETWEEN[between](world_in("correct_rating").run_until_quiet())
    world.rate(2)
    assert world.session.ledger.value(world.session.ledger.last) == 2


def test_a_stop_does_not_keep_a_number_that_was_said_to_be_wrong() -> None:
    world = world_in("correct_rating").command(Command.STOP).run_until_quiet().command(Command.CARRY_ON)
    assert world.session.state == "correct_rating"


# --- trouble after a stop ---


@pytest.mark.parametrize("behind", ["introduce", "perform", "review", "verdict"])
@pytest.mark.parametrize("steady", [Command.RESUME, Command.CARRY_ON, None])
def test_a_stop_before_the_trouble_is_asked_about_when_steady(behind: str, steady: Command | None) -> None:
    world = world_in(behind).command(Command.STOP).command(Command.SOMETHING_WRONG).run_until_quiet()
    world.ready() if steady is None else world.command(steady)
    assert (world.session.state, world.said()[-1]) == ("stop_asked", "stop_ask")
    said = len(world.spoken)
    world.run_until_quiet().command(Command.CARRY_ON)
    assert world.session.state == "rest"
    world.run_until_quiet()
    assert "left_out_today" in world.said()[said:]


@pytest.mark.parametrize("behind", ["rest", "settle", "baseline"])
def test_a_stop_where_nobody_moved_is_asked_about_when_steady(behind: str) -> None:
    world = world_in(behind).command(Command.STOP).command(Command.SOMETHING_WRONG).run_until_quiet().ready()
    assert world.session.state == "stop_asked"
    assert world.run_until_quiet().command(Command.CARRY_ON).session.state == behind


def test_a_stop_before_a_fall_is_asked_about_when_its_sign_has_been() -> None:
    world = world_in("perform").command(Command.STOP).command(Command.FELL).run_until_quiet().ready()
    assert world.session.state == "safety"
    world.run_until_quiet().yes(yes=False)
    assert world.session.state == "stop_asked"
    assert world.run_until_quiet().command(Command.CARRY_ON).session.state == "rest"


def test_a_stop_during_the_question_for_a_sign_leads_back_to_it() -> None:
    world = world_in("perform").command(Command.STOP).command(Command.FELL).run_until_quiet().ready()
    world.run_until_quiet().command(Command.STOP).run_until_quiet().command(Command.CARRY_ON)
    assert world.session.state == "safety"
    assert world.run_until_quiet().yes(yes=False).session.state == "rest"


def test_a_wrong_number_before_the_trouble_is_asked_for_when_steady() -> None:
    world = (
        world_in("verdict").hear(CorrectionSaid()).command(Command.SOMETHING_WRONG).run_until_quiet().ready()
    )
    assert world.session.state == "correct_rating"


def test_a_stop_before_the_last_movement_failed_ends_with_the_summary() -> None:
    world = world_in("perform")
    world.session.course.index = len(world.session.course.stations) - 1
    world.command(Command.STOP).command(Command.SOMETHING_WRONG).run_until_quiet().ready()
    assert world.session.state == "summary"


# --- what leads on by something else than the person's word ---


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("behind", MOVING)
def test_what_is_typed_and_not_understood_while_a_device_is_gone_outlasts_it(
    behind: str, device: str
) -> None:
    world = world_in(behind)
    world.tell(DeviceLost(device=device))
    world.run_until_quiet().tell(NotUnderstood(heard=_typed("feels all floaty"), clear=True))
    world.run_until_quiet()
    assert world.said()[-2:] == [f"{device}_lost", "paused_not_understood"]
    world.tell(DeviceBack(device=device))
    assert world.run_until_quiet().session.state == "paused"
    assert world.command(Command.RESUME).session.state == behind


def _typed(text: str) -> Heard:
    return Heard(text=text, confidence=1, engine="keys", mode=InputMode.KEYS, sureness=Sureness.CONFIRM)


@pytest.mark.parametrize("cut_off", [_restart, _restart_while_paused])
@pytest.mark.parametrize("behind", MOVING)
def test_a_note_that_was_cut_off_leads_nobody_on(behind: str, cut_off: Callable[[World], World]) -> None:
    world = cut_off(world_in(behind).command(Command.NOTE).run_until_quiet())
    assert (world.session.state, world.said()[-1]) == ("note", "note_ask")
    while world.session.state == "note":
        world.pass_time()  # nobody is there
    assert (world.session.state, world.run_until_quiet().said()[-1]) == ("paused", "paused_no_answer")
    assert world.command(Command.RESUME).session.state == behind


def _hurt_by(value: float, state: str) -> World:
    return world_in(state).command(Command.HURTS).run_until_quiet().rate(value)


def _corrected_at_once(world: World) -> World:
    return world.correct(9).run_until_quiet().yes()


def _corrected_when_asked(world: World) -> World:
    return world.hear(CorrectionSaid()).run_until_quiet().rate(9).run_until_quiet().yes()


@pytest.mark.parametrize("correct", [_corrected_at_once, _corrected_when_asked])
def test_a_movement_that_hurt_more_than_was_heard_ends(correct: Callable[[World], World]) -> None:
    world = _hurt_by(4, "perform")
    assert world.session.state == "perform"
    said = len(world.spoken)
    assert correct(world).session.state == "verdict"
    assert "hurt_stop_movement" in world.run_until("rest").said()[said:]
    assert world.session.ledger.open_trial is None


@pytest.mark.parametrize("correct", [_corrected_at_once, _corrected_when_asked])
@pytest.mark.parametrize("behind", ["introduce", "verdict", "review", "rest"])
def test_what_hurt_more_than_was_heard_asks_whether_to_end(
    behind: str, correct: Callable[[World], World]
) -> None:
    world = correct(_hurt_by(4, behind)).run_until_quiet()
    assert (world.session.state, world.said()[-1]) == ("stop_asked", "stop_ask")
    assert world.command(Command.CARRY_ON).session.state == behind


def test_a_correction_that_is_no_stop_goes_on() -> None:
    assert _hurt_by(4, "perform").correct(3).session.state == "perform"
    assert _hurt_by(4, "rest").correct(5).session.state == "rest"


@pytest.mark.parametrize("between", [Command.SOMETHING_WRONG, Command.EMERGENCY])
def test_steady_heard_unsurely_before_and_after_more_trouble_is_not_heard_twice(between: Command) -> None:
    world = world_in("unsteady").run_until_quiet().hear(ReadySaid(), sure=False).run_until_quiet()
    world.command(between)
    if between is Command.EMERGENCY:
        world.hear(DenialSaid())
    world.run_until_quiet().hear(ReadySaid(), sure=False)
    assert world.session.state == "unsteady"
    assert world.run_until_quiet().hear(ReadySaid(), sure=False).session.state == "rest"


def test_steady_heard_unsurely_the_last_time_one_was_unsteady_does_not_count() -> None:
    world = world_in("unsteady").run_until_quiet().hear(ReadySaid(), sure=False).command(Command.CARRY_ON)
    world.command(Command.SOMETHING_WRONG).run_until_quiet().hear(ReadySaid(), sure=False)
    assert world.session.state == "unsteady"


def test_a_denial_heard_unsurely_before_the_emergency_was_named_again_is_asked_back_again() -> None:
    world = world_in("emergency").hear(DenialSaid(), sure=False).command(Command.EMERGENCY)
    assert world.hear(DenialSaid(), sure=False).session.state == "emergency"
    assert world.hear(DenialSaid(), sure=False).session.state == "ready"
