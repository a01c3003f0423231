"""A cry for help, a note, a "wait": what would have gone on by itself is held until the person says so."""

from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.domain.heard import Heard, InputMode, Sureness
from cuewalk.domain.intents import Command
from cuewalk.domain.records import NoteTaken, SessionPaused
from cuewalk.engine.events import (
    DeviceBack,
    DeviceLost,
    Event,
    NotUnderstood,
    SpeechStarted,
    SpeechWasNothing,
)
from cuewalk.engine.states import ASKING, DEVICES, MOVING, NOTES, SCREEN
from helpers.packs import pack_of
from helpers.sessions import World, heard, started
from helpers.states import world_in

#: Nobody who is unsteady, being screened or getting ready is asked for a note.
_NO_NOTE: Final = {"unsteady", "ready_first", "ready", *NOTES, *SCREEN}


def _typed(text: str) -> Heard:
    return Heard(text=text, confidence=1, engine="keys", mode=InputMode.KEYS, sureness=Sureness.CONFIRM)


def _note(world: World) -> World:
    world.command(Command.NOTE).run_until_quiet()
    world.tell(NotUnderstood(heard=_typed("my lungs won't fill"), clear=True))
    return world


def _note_left_out(world: World) -> World:
    world.command(Command.NOTE)
    while world.session.state == "note":
        world.pass_time()
    return world


def _commanded(command: Command) -> Callable[[World], World]:
    return lambda world: world.command(command)


HOLDING: Final = {
    "help": _commanded(Command.HELP),
    "wait": _commanded(Command.WAIT),
    "note": _note,
    "note left out": _note_left_out,
}


@pytest.mark.parametrize("behind", MOVING)
@pytest.mark.parametrize("how", HOLDING)
def test_it_is_held_until_the_person_goes_on_where_it_was(how: str, behind: str) -> None:
    world = HOLDING[how](world_in(behind))
    assert world.run_until_quiet().session.state == "paused"
    assert not world._queue  # nothing is going to happen by itself
    assert isinstance(world.records[-1], SessionPaused)
    assert world.command(Command.RESUME).session.state == behind


@pytest.mark.parametrize("behind", MOVING)
def test_who_asks_for_help_hears_first_what_to_say_in_trouble_and_then_how_to_go_on(behind: str) -> None:
    world = world_in(behind)
    said = len(world.spoken)
    world.command(Command.HELP).run_until_quiet()
    assert world.said()[said:] == ["paused_help", f"paused_help_{behind}"]
    for locale, wrong, hurts, stop, resume in (
        ("en-US", "something is wrong", "that hurts", "say stop", "say resume"),
        ("ko-KR", "어지러워", "아파", "정지", "계속이라고"),
    ):
        pack = pack_of(locale)
        text = " ".join(pack.render(prompt, {}) for prompt in world.said()[said:]).lower()
        places = [text.index(words) for words in (wrong, hurts, stop, resume)]
        assert places == sorted(places)


@pytest.mark.parametrize("state", [*MOVING, "paused", "settle", "ready", "stop_asked", "note"])
def test_the_help_on_the_screen_names_what_to_say_in_trouble_first(state: str) -> None:
    assert pack_of("en-US").render(f"help_{state}", {}).startswith("If something is wrong, say something")


@pytest.mark.parametrize("state", sorted({*ASKING} - {"unsteady", *NOTES}))
def test_where_an_answer_is_waited_for_help_tells_and_asks_again(state: str) -> None:
    world = world_in(state).run_until_quiet().command(Command.HELP).run_until_quiet()
    assert world.session.state == state


@pytest.mark.parametrize("behind", MOVING)
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(
    "how",
    [*HOLDING.values(), _commanded(Command.PAUSE), _commanded(Command.HURTS)],
    ids=[*HOLDING, "pause", "hurts"],
)
def test_a_device_that_comes_back_does_not_go_on_after_it(
    how: Callable[[World], World], device: str, behind: str
) -> None:
    world = world_in(behind)
    world.tell(DeviceLost(device=device))
    how(world.run_until_quiet()).run_until_quiet()
    world.tell(DeviceBack(device=device))
    assert world.run_until_quiet().session.state == "paused"
    assert world.command(Command.RESUME).session.state == behind


def test_nothing_is_said_twice_after_a_note() -> None:
    world = world_in("perform").command(Command.NOTE).run_until_quiet()
    said = len(world.spoken)
    world.tell(NotUnderstood(heard=heard("left shoe is tight")))
    world.run_until_quiet()
    assert world.said()[said:] == ["paused_note"]
    assert [r.heard.text for r in world.records if isinstance(r, NoteTaken)] == ["left shoe is tight"]


def test_who_is_silent_when_a_note_is_asked_for_is_told_that_it_is_paused() -> None:
    world = _note_left_out(world_in("perform")).run_until_quiet()
    assert world.said()[-1] == "paused_no_answer"


@pytest.mark.parametrize("state", [*sorted({*ASKING} - _NO_NOTE), "settle"])
def test_a_note_over_a_question_returns_to_it(state: str) -> None:
    world = _note(world_in(state).run_until_quiet()).run_until_quiet()
    assert world.session.state == state
    assert world.said()[-2] == "note_kept"


def test_help_in_a_note_is_no_note() -> None:
    world = world_in("note").run_until_quiet().command(Command.HELP).run_until_quiet()
    assert (world.session.state, world.said()[-2:]) == ("note", ["help_note", "note_ask"])


def test_that_hurts_while_paused_is_answered_and_stays_paused() -> None:
    world = world_in("paused").run_until_quiet().command(Command.HURTS).run_until_quiet()
    assert (world.session.state, world.said()[-2:]) == ("paused", ["hurt_ack", "paused"])


def test_a_session_that_was_held_before_is_held_as_it_was() -> None:
    world = started().run_until("baseline").run_until_quiet().rate(4).run_until("perform")
    assert world.command(Command.HELP).session.state == "perform"
    assert _note(world).session.state == "perform"


#: All that happens without the person's word, and what tells nothing of wanting to go on.
_no_word: Final = st.one_of(
    st.none(),
    st.sampled_from([SpeechStarted(), SpeechWasNothing(), NotUnderstood(heard=heard("mumble"))]),
    st.just(NotUnderstood(heard=_typed("my lungs won't fill"), clear=True)),
    st.sampled_from(DEVICES).map(lambda d: DeviceLost(device=d)),
    st.sampled_from(DEVICES).map(lambda d: DeviceBack(device=d)),
    st.sampled_from([Command.HELP, Command.NOTE, Command.WAIT, Command.PAUSE, Command.HURTS, Command.STATUS]),
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(MOVING), st.sampled_from(sorted(HOLDING)), st.lists(_no_word, max_size=15))
def test_nothing_leads_on_from_it_but_a_word_that_does(
    behind: str, how: str, steps: list[Event | Command | None]
) -> None:
    world = HOLDING[how](world_in(behind))
    for step in steps:
        if isinstance(step, Command):
            world.command(step)
        elif step is not None:
            world.tell(step)
        elif world._queue:
            world.pass_time()
        assert world.session.state in {"paused", "note"}
