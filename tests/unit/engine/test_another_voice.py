"""Another voice on request: the next one of those that take turns, from the answer on."""

import pytest

from cuewalk.domain.intents import Command
from cuewalk.engine.effects import SetVoice, Speak
from cuewalk.engine.session import Session
from helpers.sessions import World, sample_setup

VOICES = ("af_heart", "am_michael", "bf_emma")


def asked(times: int, voices: tuple[str, ...] = VOICES) -> World:
    world = World(Session(sample_setup(3, voices=voices))).begin().run_until("baseline")
    for _ in range(times):
        world.command(Command.ANOTHER_VOICE)
    return world


def names(world: World) -> list[str]:
    return [effect.voice for effect in world.effects if isinstance(effect, SetVoice)]


def test_voices_take_turns_and_the_first_one_comes_again() -> None:
    assert names(asked(4)) == ["am_michael", "bf_emma", "af_heart", "am_michael"]


def test_the_new_voice_says_that_it_speaks_from_now_on() -> None:
    world = asked(1)
    place = world.effects.index(SetVoice("am_michael"))
    after = [effect.prompt for effect in world.effects[place:] if isinstance(effect, Speak)]
    assert after == ["another_voice"]
    assert world.session.state == "baseline"


@pytest.mark.parametrize("voices", [(), ("ko",)])
def test_the_only_voice_says_so_and_stays(voices: tuple[str, ...]) -> None:
    world = asked(1, voices)
    assert names(world) == []
    assert world.said()[-1] == "only_voice"


def test_a_session_taken_up_again_goes_on_with_the_voice_it_had() -> None:
    world = asked(2)
    again = Session(world.session.setup)
    for event in world.events:
        again.step(event)
    assert again.style.voices == world.session.style.voices == ("bf_emma", "af_heart", "am_michael")
