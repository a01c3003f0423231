"""Whatever the engine says has a text in every locale: keys are a type, and nothing makes one up."""

import typing

import pytest

from cuewalk.domain.errors import BugError
from cuewalk.domain.intents import Command
from cuewalk.domain.prompts import PROMPT_SLOTS, PromptKey, key_of
from cuewalk.domain.setup import EDITION
from cuewalk.engine.effects import Speak
from cuewalk.engine.lines import Line, help_in
from cuewalk.engine.states import CLOSED, STATES
from helpers.packs import pack_of
from helpers.states import ANY_STATE, world_in

_VALUES = {
    "value": "4.5", "low": "3", "high": "4", "n": "2", "total": "5", "left": "3", "side": "left",
    "construct": "pain", "text": "Something.", "name": "Hip Circles",
}  # fmt: skip


@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
@pytest.mark.parametrize("length", range(3))
def test_every_key_can_be_spoken_in_every_locale(locale, length):
    pack = pack_of(locale)
    for key, slots in PROMPT_SLOTS.items():
        assert pack.render(
            key, {name.rstrip("?"): _VALUES[name.rstrip("?")] for name in slots.split()}, length
        )


def test_keys_are_a_type_that_mypy_checks_wherever_a_line_is_made():
    """Spelled wrong, a key is a type error; one that is put together has to be in the registry."""
    for made in (Line, Speak):
        assert typing.get_type_hints(made)["prompt"] == PromptKey
    with pytest.raises(BugError, match="help_nowhere"):
        key_of("help_nowhere")


@pytest.mark.parametrize("state", ANY_STATE)
def test_everywhere_there_is_a_help_that_exists(state):
    assert help_in(state) in PROMPT_SLOTS


def test_before_and_after_a_session_there_is_none():
    assert [state for state in STATES if help_in(state) is None] == [*CLOSED]


def test_whoever_is_advised_about_a_red_flag_and_asks_for_help_is_told_what_can_be_said():
    """Once the text was missing, and the session broke off in the middle of the advice."""
    world = world_in("advised")
    assert world.session.place.edition == EDITION
    world.command(Command.HELP)
    assert world.said()[-1] == "help_farewell"
