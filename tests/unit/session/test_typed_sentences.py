"""What people type with full stops and exclamation marks mean what they say, key by key, in a session."""

import pytest

from cuewalk.domain.intents import Command
from cuewalk.domain.records import DistressSaid, NoteTaken, RatingGiven
from cuewalk.domain.units import Millis
from cuewalk.session.keyboard import Keyboard, event_of
from cuewalk.speech_in.keys_recogniser import KeysRecogniser
from cuewalk.understanding.interpreter import Interpreter
from cuewalk.understanding.meanings import Meanings
from cuewalk.understanding.thresholds import THRESHOLDS
from helpers.packs import pack_of
from helpers.states import world_in

MOVING = ["perform", "rest"]


def typed(state, text, *before):
    """Return the world after the text was typed in this state, each key by itself."""
    world = world_in(state)
    ears, keyboard = Interpreter(Meanings(pack_of("en-US")), THRESHOLDS), Keyboard(KeysRecogniser())
    for key in "".join([*before, text]):
        keyboard.press(key)
        for item in keyboard.read(world.session.state):
            world.tell(event_of(item, ears, world.session.expects, Millis(0)))
    return world


def kept(world, kind):
    return [record for record in world.records if isinstance(record, kind)]


@pytest.mark.parametrize("state", [*MOVING, "settle", "rate_after", "paused"])
@pytest.mark.parametrize(
    "text",
    ["Chest pain!", "Chest pain.", "I can't breathe!", "chest pain...", "I can't breathe! Call someone"],
)
def test_an_emergency_brings_the_advice_whatever_ends_the_sentence(state, text):
    world = typed(state, text + "\n")
    assert world.session.state == "emergency"
    assert kept(world, DistressSaid)


@pytest.mark.parametrize(
    "text", ["I feel dizzy!", "I feel dizzy.", "My knee gave way!", "HELP!", "help me...", "HELP"]
)
def test_trouble_stops_and_lets_the_person_sit(text):
    world = typed("perform", text + "\n")
    assert world.session.state == "unsteady"
    assert kept(world, DistressSaid)


@pytest.mark.parametrize("state", [*MOVING, "settle", "rate_after", "paused"])
@pytest.mark.parametrize("text", ["Stop!", "Stop.", "Please stop!", "Stop", "Stop!!!"])
def test_stop_is_a_stop_whatever_ends_it(state, text):
    assert typed(state, text + "\n").session.state == "stop_asked"


def test_help_and_a_heart_are_an_emergency_and_the_space_between_starts_nothing():
    world = typed("perform", "Help! It's my heart\n", "help\n")
    assert world.session.state == "emergency"


@pytest.mark.parametrize("text", ["Stop! ", "That hurts! ", "I'm scared! Please", "Help! I"])
@pytest.mark.parametrize("before", ["pause\n", "help\n", "my lungs won't fill\n"])
def test_no_space_within_a_sentence_resumes(before, text):
    world = typed("perform", text, before)
    assert world.session.state not in {"perform", "rest"}


@pytest.mark.parametrize(("text", "key"), [("fo.", Command.STOP), ("lalala.", Command.STOP)])
def test_the_stop_key_stops_after_text_that_means_nothing(text, key):
    assert typed("perform", text).session.state == "stop_asked"


def test_a_number_with_a_full_stop_is_no_stop():
    world = typed("rate_after", "About four.\n")
    assert world.session.state in {"confirm_rating", "verdict", "rest"}
    assert not kept(world, RatingGiven) or kept(world, RatingGiven)[-1].value == 4


def test_a_note_in_sentences_is_kept_whole():
    world = typed("note", "My left shoe is tight. It rubs.\n")
    assert [record.heard.text for record in kept(world, NoteTaken)] == ["My left shoe is tight. It rubs."]


@pytest.mark.parametrize("state", ["stop_asked", "unsteady", "emergency"])
@pytest.mark.parametrize("text", ["No.", "Yes.", "Four.", "hmm.", "Well."])
def test_an_answer_that_is_not_understood_does_not_end_the_session_by_its_full_stop(state, text):
    assert typed(state, text + "\n").session.state == state


def test_the_stop_key_alone_ends_it_there():
    assert typed("stop_asked", ".").session.state == "ended"
