"""Whoever is in trouble is never led on: everything stops, and goes on only when they say so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.domain.intents import Answer, Command, CommandSaid, DenialSaid, RatingSaid, ReadySaid
from cuewalk.domain.records import (
    DistressSaid,
    ScreenAnswered,
    SessionEnded,
    TrialEndedEarly,
    TrialJudged,
    TrialStarted,
)
from cuewalk.engine.effects import CueKind, StopSpeaking
from cuewalk.engine.events import (
    DeviceBack,
    DeviceLost,
    NotUnderstood,
    Restored,
    SpeechStarted,
    SpeechWasNothing,
    Understood,
)
from helpers.packs import pack_of
from helpers.sessions import World, heard
from helpers.states import ANY_STATE, world_in

UNWELL = (Command.SOMETHING_WRONG, Command.FELL)
#: All that may be said to somebody who does not answer.
_CARE = {
    "stop_and_sit", "ask_steady", "farewell_unheard", "farewell", "emergency_stop", "emergency_call",
    "emergency_denial", "red_flag_emergency", "red_flag_professional",
}  # fmt: skip
_MOVING = (CueKind.STEP, CueKind.COUNT, CueKind.COACHING)
_PLACES = [state for state in ANY_STATE if state not in {"emergency", "unsteady"}]


def _of(world: World, kind: type) -> list:
    return [record for record in world.records if isinstance(record, kind)]


def _silence(world: World, minutes: float) -> None:
    """Let nothing be said for so long."""
    until = world.now + minutes * 60_000
    while world._queue and world._queue[0][0] <= until:
        world.pass_time()


@pytest.mark.parametrize("command", [*UNWELL, Command.EMERGENCY])
@pytest.mark.parametrize("state", _PLACES)
def test_the_voice_stops_in_the_same_step_and_nothing_goes_on_by_itself(state: str, command: Command) -> None:
    world = world_in(state)
    speaking, effects, said = world.speaking, len(world.effects), len(world.spoken)
    trials = len(_of(world, TrialStarted))
    world.command(command)
    assert not speaking or StopSpeaking() in world.effects[effects:]
    assert world.session.state == ("emergency" if command is Command.EMERGENCY else "unsteady")
    _silence(world, 60)
    assert world.session.state == "ended"
    assert set(world.said()[said:]) <= _CARE
    assert len(_of(world, TrialStarted)) == trials
    assert _of(world, DistressSaid)[-1] == DistressSaid.model_validate(
        {"about": command.value, "state": state}
    )


@pytest.mark.parametrize("state", _PLACES)
def test_it_says_stop_and_sit_down_and_then_waits(state: str) -> None:
    world = world_in(state)
    said = len(world.spoken)
    world.command(Command.SOMETHING_WRONG).run_until_quiet()
    assert world.said()[said:] == ["stop_and_sit", "ask_steady"]
    _silence(world, 4)
    assert world.session.state == "unsteady"
    assert set(world.said()[said:]) == {"stop_and_sit", "ask_steady"}


@pytest.mark.parametrize(
    "state",
    ["introduce", "perform", "rate_after", "rate_during", "confirm_rating", "verdict", "review", "paused"],
)
def test_the_movement_is_left_out_and_the_next_asks_for_its_own_number(state: str) -> None:
    world = world_in(state)
    world.command(Command.SOMETHING_WRONG).run_until_quiet().ready()
    assert world.session.state == "rest"
    assert "left_out_today" in world.said()
    world.run_until("rate_before").run_until_quiet().rate(4).run_until("perform")
    last = _of(world, TrialStarted)[-1]
    assert (last.movement, last.attempt) == ("m2", 1)


def test_a_movement_that_was_under_way_is_not_judged() -> None:
    world = world_in("perform").command(Command.SOMETHING_WRONG).run_until_quiet().ready()
    assert [trial.reason for trial in _of(world, TrialEndedEarly)] == ["distress"]
    assert _of(world, TrialJudged) == []


@pytest.mark.parametrize(
    "state", ["ready_first", "safety", "ask_side", "equipment", "baseline", "rest", "settle"]
)
def test_where_nobody_moves_it_goes_on_at_the_same_place(state: str) -> None:
    world = world_in(state).command(Command.SOMETHING_WRONG).run_until_quiet().ready()
    assert world.session.state == state


@pytest.mark.parametrize("state", ["perform", "rest", "baseline"])
def test_after_a_fall_the_question_for_its_sign_follows(state: str) -> None:
    world = world_in(state).command(Command.FELL).run_until_quiet().ready()
    assert world.session.state == "safety"
    assert world.said()[-1] == "Locked knee, yes or no?"
    world.run_until_quiet().yes(yes=False)
    assert world.session.state == ("rest" if state == "perform" else state)
    assert "safety_done" not in world.said()


def test_a_sign_after_a_fall_ends_the_session_with_advice() -> None:
    world = world_in("perform").command(Command.FELL).run_until_quiet().ready().run_until_quiet().yes()
    world.run_until_quiet().yes().run_until_quiet().yes().run_until("ended")
    assert "red_flag_professional" in world.said()
    assert [(s.group, s.present) for s in _of(world, ScreenAnswered)] == [("soon", True)]


def test_stop_ends_it_with_advice() -> None:
    world = world_in("perform").command(Command.SOMETHING_WRONG).command(Command.STOP)
    assert world.session.state == "farewell"
    world.run_until("ended")
    assert _of(world, SessionEnded)[0].how == "stopped"


@pytest.mark.parametrize(
    "said",
    [
        Command.READY, Command.NEXT, Command.SKIP, Command.WAIT, Command.HELP, Command.HURTS, Command.BACK,
        Command.PAUSE, Command.NOTE,
    ],
)  # fmt: skip
def test_nothing_else_counts_as_steady(said: Command) -> None:
    world = world_in("unsteady").run_until_quiet().command(said)
    assert world.session.state == "unsteady"


def test_an_unsure_i_am_steady_is_asked_again() -> None:
    world = world_in("unsteady").run_until_quiet().hear(ReadySaid(), sure=False)
    assert world.session.state == "unsteady"
    assert world.said()[-1] == "ask_steady"


@pytest.mark.parametrize("said", [Command.RESUME, Command.CARRY_ON])
def test_carrying_on_is_the_persons_word(said: Command) -> None:
    assert world_in("unsteady").run_until_quiet().command(said).session.state == "rest"


def test_feeling_unwell_again_starts_the_waiting_anew() -> None:
    world = world_in("unsteady")
    _silence(world, 4)
    world.command(Command.SOMETHING_WRONG).run_until_quiet()
    assert world.said()[-2:] == ["stop_and_sit", "ask_steady"]
    _silence(world, 4)
    assert world.session.state == "unsteady"


def test_emergency_advice_comes_at_once_and_twice() -> None:
    world = world_in("perform")
    said = len(world.spoken)
    world.command(Command.EMERGENCY).run_until("ended")
    assert world.said()[said:] == ["emergency_stop", "emergency_call", "emergency_denial"] * 2
    assert _of(world, SessionEnded)[0].how == "red_flag"


@pytest.mark.parametrize(
    "said",
    [
        *(CommandSaid(command=c) for c in (Command.NEXT, Command.READY, Command.RESUME, Command.SKIP)),
        RatingSaid(value=4), Answer(yes=True), ReadySaid(),
    ],
)  # fmt: skip
def test_only_a_denial_keeps_the_session_alive(said: object) -> None:
    world = world_in("emergency")
    for _ in range(4):
        world.pass_time()
        world.hear(said)
        world.tell(NotUnderstood(heard=heard("mumble"), clear=True))
    world.run_until("ended")
    assert world.said().count("emergency_call") == 2


@pytest.mark.parametrize("state", _PLACES)
def test_a_misheard_emergency_goes_on_where_it_was_when_the_person_is_ready(state: str) -> None:
    world = world_in(state).command(Command.EMERGENCY).hear(DenialSaid())
    assert (world.session.state, world.said()[-1]) == ("ready", "ask_ready")
    assert _of(world, DistressSaid)[-1].denied
    world.run_until_quiet().ready()
    behind = {"paused": "perform", "note": "perform", "ready": "perform"}
    assert world.session.state == behind.get(state, state)


def test_a_denial_that_was_hardly_heard_is_asked_back_and_taken_when_it_comes_again() -> None:
    world = world_in("emergency").hear(DenialSaid(), sure=False)
    assert (world.session.state, world.said()[-1]) == ("emergency", "emergency_denial")
    world.pass_time()
    world.hear(DenialSaid(), sure=False)
    assert world.session.state == "ready"


def test_who_does_not_repeat_a_hardly_heard_denial_gets_the_advice() -> None:
    world = world_in("emergency")
    said = len(world.spoken)
    world.hear(DenialSaid(), sure=False).run_until("ended")
    assert world.said()[said:] == ["emergency_denial", "emergency_stop", "emergency_call", "emergency_denial"]


def test_stop_ends_emergency_advice_when_whom_to_call_has_been_said_once_more() -> None:
    world = world_in("emergency")
    said = len(world.spoken)
    world.command(Command.STOP)
    assert world.said()[said:] == ["emergency_call"]
    world.run_until("ended")
    assert world.said()[said:] == ["emergency_call"]
    assert _of(world, SessionEnded)[0].how == "red_flag"


def test_a_second_stop_ends_emergency_advice_at_once() -> None:
    world = world_in("emergency").command(Command.STOP).command(Command.STOP)
    assert world.session.state == "ended"


def test_a_stop_is_not_taken_back_by_a_denial() -> None:
    world = world_in("emergency").command(Command.STOP).hear(DenialSaid())
    world.run_until("ended")
    assert "ask_ready" not in world.said()


# --- who is unsteady stays so, whatever comes in between ---


@pytest.mark.parametrize("then", [Command.READY, Command.NEXT, Command.PAUSE])
@pytest.mark.parametrize("state", _PLACES)
def test_a_pause_changes_nothing_for_who_is_unsteady(state: str, then: Command) -> None:
    world = world_in(state).command(Command.SOMETHING_WRONG).run_until_quiet()
    world.command(Command.PAUSE)
    assert (world.session.state, world.said()[-1]) == ("unsteady", "ask_steady")
    world.command(then)
    assert (world.session.state, world.said()[-1]) == ("unsteady", "ask_steady")
    said = len(world.spoken)
    _silence(world, 10)
    assert world.session.state == "ended"
    assert set(world.said()[said:]) <= _CARE


@pytest.mark.parametrize("then", [Command.RESUME, Command.CARRY_ON])
def test_carrying_on_after_a_pause_leaves_the_movement_out_too(then: Command) -> None:
    world = world_in("unsteady").command(Command.PAUSE).run_until_quiet().command(then)
    assert world.session.state == "rest"
    assert "left_out_today" in world.said()


@pytest.mark.parametrize("device", ["microphone", "speaker"])
@pytest.mark.parametrize("state", _PLACES)
def test_a_device_that_goes_and_comes_back_leads_nobody_on(state: str, device: str) -> None:
    world = world_in(state).command(Command.SOMETHING_WRONG).run_until_quiet()
    world.tell(DeviceLost(device=device))
    world.run_until_quiet()
    world.tell(DeviceBack(device=device))
    world.run_until_quiet()
    assert world.session.state == "unsteady"
    assert world.said()[-4:] == [
        f"{device}_lost_waiting",
        "ask_steady",
        f"{device}_back_waiting",
        "ask_steady",
    ]
    _silence(world, 10)
    assert world.session.state == "ended"


def test_silence_is_counted_while_the_microphone_is_gone() -> None:
    world = world_in("unsteady").run_until_quiet()
    world.tell(DeviceLost(device="microphone"))
    _silence(world, 10)
    assert world.session.state == "ended"
    assert world.said()[-1] == "farewell_unheard"


def test_a_device_lost_before_the_trouble_leads_nobody_on_when_it_comes_back() -> None:
    world = world_in("perform")
    world.tell(DeviceLost(device="microphone"))
    world.command(Command.SOMETHING_WRONG).run_until_quiet()
    world.tell(DeviceBack(device="microphone"))
    assert world.session.state == "unsteady"


@pytest.mark.parametrize("before", [None, Command.PAUSE])
@pytest.mark.parametrize("state", _PLACES)
def test_a_session_taken_up_again_still_waits_for_who_is_unsteady(state: str, before: Command | None) -> None:
    world = world_in(state).command(Command.SOMETHING_WRONG)
    if before is not None:
        world.command(before)
    world._queue.clear()  # voice and timers of the interrupted session are gone
    world.tell(Restored(edition=3))
    assert world.session.state == "unsteady"
    assert world.said()[-1] in {"welcome_resumed", "ask_steady"}
    said = len(world.spoken)
    _silence(world, 10)
    assert set(world.said()[said:]) <= _CARE


def test_emergency_advice_that_was_cut_off_is_given_again_from_its_beginning() -> None:
    world = world_in("emergency")
    world.pass_time()
    world.pass_time()
    world._queue.clear()
    said = len(world.spoken)
    world.tell(Restored(edition=3))
    world.run_until("ended")
    assert world.said()[said:] == ["emergency_stop", "emergency_call", "emergency_denial"] * 2


@pytest.mark.parametrize("command", UNWELL)
@pytest.mark.parametrize("state", _PLACES)
def test_a_misheard_emergency_leaves_who_is_unsteady_unsteady(state: str, command: Command) -> None:
    world = world_in(state).command(command).command(Command.EMERGENCY).hear(DenialSaid())
    assert world.session.state == "unsteady"
    assert world.said()[-1] == "stop_and_sit"


def test_the_sign_of_a_fall_is_asked_for_whatever_else_was_said_meanwhile() -> None:
    world = world_in("perform").command(Command.FELL).command(Command.EMERGENCY).hear(DenialSaid())
    world.command(Command.SOMETHING_WRONG).run_until_quiet().ready()
    assert world.said()[-1] == "Locked knee, yes or no?"


def test_the_sign_of_a_fall_is_asked_for_once() -> None:
    world = world_in("rest").command(Command.FELL).run_until_quiet().ready().run_until_quiet().yes(yes=False)
    world.command(Command.SOMETHING_WRONG).run_until_quiet().ready()
    assert world.session.state == "rest"


def test_a_microphone_that_comes_back_does_not_count_as_ready() -> None:
    world = world_in("ready").run_until_quiet()
    world.tell(DeviceLost(device="microphone"))
    world.tell(DeviceBack(device="microphone"))
    assert world.session.state == "ready"
    world.run_until_quiet()
    assert world.said()[-2:] == ["microphone_back_waiting", "ask_ready"]
    assert world.ready().session.state == "perform"


_steady = (
    CommandSaid(command=Command.RESUME),
    CommandSaid(command=Command.CARRY_ON),
    ReadySaid(),
    DenialSaid(),
)
_others = st.one_of(
    st.sampled_from([c for c in Command if CommandSaid(command=c) not in _steady]).map(
        lambda c: Understood(intent=CommandSaid(command=c), heard=heard())
    ),
    st.sampled_from([RatingSaid(value=4), Answer(yes=True), Answer(yes=False)]).map(
        lambda i: Understood(intent=i, heard=heard())
    ),
    st.booleans().map(lambda clear: NotUnderstood(heard=heard("mumble"), clear=clear)),
    st.sampled_from(
        [
            SpeechStarted(),
            SpeechWasNothing(),
            DeviceLost(device="microphone"),
            DeviceBack(device="microphone"),
        ]
    ),
)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(_PLACES),
    st.sampled_from([*UNWELL, Command.EMERGENCY]),
    st.lists(st.one_of(st.none(), _others), max_size=40),
)
def test_whatever_else_happens_no_movement_goes_on(state: str, command: Command, events: list) -> None:
    world = world_in(state).command(command)
    said, trials = len(world.spoken), len(_of(world, TrialStarted))
    for event in events:
        if world.session.ended:
            break
        if event is not None:
            world.tell(event)
        elif world._queue:
            world.pass_time()
    assert not [speak for speak in world.spoken[said:] if speak.kind in _MOVING]
    assert len(_of(world, TrialStarted)) == trials


def test_no_line_says_that_it_is_safe(all_lines: list[str]) -> None:
    safe = ("nothing speaks against", "is safe", "safe to", "you can go on", "움직여도 좋")
    assert [line for line in all_lines if any(words in line.lower() for words in safe)] == []


@pytest.fixture
def all_lines() -> list[str]:
    return [
        line for locale in ("en-US", "ko-KR") for texts in pack_of(locale).prompts.values() for line in texts
    ]


def test_the_utterance_is_what_was_heard_last() -> None:
    world = world_in("perform").command(Command.SOMETHING_WRONG).command(Command.WHAT_DID_YOU_HEAR)
    assert world.spoken[-1].slots["text"] == "something_wrong"
