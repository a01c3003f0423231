"""A dialogue in turns on the session's loop; a calibration is one that keys and a stop can end."""

import numpy as np
import pytest

from cuewalk.audio.aec.canceller import EchoMode
from cuewalk.audio.front_end import FrontEnd
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.heard import Heard
from cuewalk.domain.intents import Command, CommandSaid, Expect
from cuewalk.domain.units import Millis
from cuewalk.engine.events import Begin, Understood
from cuewalk.learning.calibrating.asking import CalibrationDialogue, EndedByPersonError, TypedAnswer
from cuewalk.session.cue_playback import CuePlayback, Wording
from cuewalk.session.dialogue import Dialogue
from cuewalk.session.keyboard import Keyboard
from cuewalk.session.logbook import Unwritten
from cuewalk.session.loop import Parts, SessionLoop
from cuewalk.session.notices import NoticeBoard
from cuewalk.speech_in.api import Hypothesis
from cuewalk.speech_in.keys_recogniser import KeysRecogniser
from cuewalk.speech_in.pcm import SoundRecogniser
from cuewalk.speech_out.api import Piece
from cuewalk.understanding.hearing import hearing_of
from helpers.packs import pack_of
from helpers.synth import say

_YES_NO = frozenset({Expect.YES_NO})


class Voice:
    """Half a second of a tone."""

    def pieces(self, text, _rate):
        yield Piece(text, np.full(8_000, 5_000, np.int16))

    def prefetch(self, lines):
        """Nothing to do."""


class Yes(SoundRecogniser):
    """A recogniser that hears a yes in everything."""

    engine = "pocketsphinx"

    def partial(self):
        return ""

    def decode_early(self):
        return None

    def finish(self):
        self.reset()
        return Hypothesis("yes", 0.9, self.engine)

    def reset(self):
        self._take()

    def close(self):
        """Nothing to release."""


class Onlooker:
    """Notes what it is told, and acts when a line begins."""

    def __init__(self, at_a_line=lambda _text: None):
        self.lines, self._at_a_line = [], at_a_line

    def keys_work(self):
        self.lines.append("(keys)")

    def said(self, text):
        self.lines.append(text)
        self._at_a_line(text)

    def noticed(self, text):
        self.lines.append(text)

    def turn(self, wanted):
        self.lines.append(f"({wanted})")


def on_a_loop(dialogue, room, keyboard=None):
    pack, front_end = pack_of("en-US"), FrontEnd(room, EchoMode.HEADPHONES)
    parts = Parts(
        front_end=front_end,
        hearing=hearing_of(pack, (Yes(),)),
        playback=CuePlayback(Wording(pack), Voice(), front_end, rate=1.0),
        logbook=Unwritten(),
        notices=NoticeBoard(),
        observers=[dialogue],
        keyboard=keyboard,
    )
    dialogue.runs_on(SessionLoop(dialogue, parts))
    return dialogue


def test_a_line_is_said_to_its_end_and_the_answer_after_it_is_heard():
    room = VirtualRoom(noise_db=-66.0)
    dialogue = on_a_loop(Dialogue(_YES_NO), room)
    dialogue.say("Do you agree?")
    assert dialogue.now >= 500
    assert dialogue.silent_since == dialogue.now
    room.say(say("yes"))
    answer = dialogue.listen(Millis(dialogue.now + 4_000), dialogue.silent_since)
    assert answer is not None
    assert answer.utterance.start_ms >= dialogue.silent_since
    assert not answer.spoiled


def test_nobody_who_says_nothing_is_waited_for_longer_than_that():
    dialogue = on_a_loop(Dialogue(_YES_NO), VirtualRoom())
    dialogue.say("Do you agree?")
    until = Millis(dialogue.now + 300)
    assert dialogue.listen(until, dialogue.silent_since) is None
    assert dialogue.now == until


def test_what_was_said_before_the_line_was_over_is_no_answer_to_it():
    room = VirtualRoom(noise_db=-66.0)
    dialogue = on_a_loop(Dialogue(_YES_NO), room)
    room.say(say("yes"))
    dialogue.say("Do you agree?")
    assert dialogue.listen(Millis(dialogue.now + 2_000), dialogue.silent_since) is None


def test_lines_that_are_planned_are_rendered_ahead():
    dialogue = on_a_loop(Dialogue(_YES_NO), VirtualRoom())
    dialogue.planned = ["one", "two", "three", "four"]
    assert [line.slots["text"] for line in dialogue.coming(3)] == ["one", "two", "three"]
    dialogue.say("two")
    assert dialogue.planned == ["one", "three", "four"]


@pytest.mark.parametrize(
    ("typed", "key"), [("y", TypedAnswer.YES), ("n", TypedAnswer.NO), ("Y", TypedAnswer.YES)]
)
def test_a_key_answers_in_the_middle_of_the_question(typed, key):
    keyboard = Keyboard(KeysRecogniser())
    turns = CalibrationDialogue(Onlooker(lambda _text: keyboard.press(typed)), keyboard)
    on_a_loop(turns, VirtualRoom(), keyboard)
    turns.say("Do you agree?")
    assert turns.now < 100, "the line is not said to its end"
    assert turns.answer(Millis(1_000)) is key


@pytest.mark.parametrize("typed", ["q", "Q", ".", "stop\n"])
def test_a_key_ends_a_calibration(typed):
    keyboard = Keyboard(KeysRecogniser())
    turns = CalibrationDialogue(Onlooker(lambda _text: keyboard.press(typed)), keyboard)
    on_a_loop(turns, VirtualRoom(), keyboard)
    with pytest.raises(EndedByPersonError):
        turns.say("Do you agree?")


@pytest.mark.parametrize("typed", ["+", ">", "?"])
def test_the_keys_of_a_session_answer_and_end_nothing_here(typed):
    keyboard = Keyboard(KeysRecogniser())
    turns = CalibrationDialogue(Onlooker(lambda _text: keyboard.press(typed)), keyboard)
    on_a_loop(turns, VirtualRoom(), keyboard)
    turns.say("Do you agree?")
    assert turns.answer(Millis(100)) is None


@pytest.mark.parametrize(("line", "ends"), [("Now say: four.", True), ("Now say: stop.", False)])
def test_a_stop_over_our_own_line_ends_a_calibration_unless_it_is_the_word_to_be_learned(line, ends):
    heard = Heard(text="stop", confidence=0.9, engine="spotter", utterance=1)
    stop = Understood(intent=CommandSaid(command=Command.STOP), heard=heard)
    turns = on_a_loop(CalibrationDialogue(Onlooker()), VirtualRoom())
    begin = turns.step

    def over_the_line(event):
        effects = begin(event)
        if event == Begin():
            turns.understood(stop)
        return effects

    turns.step = over_the_line
    if ends:
        with pytest.raises(EndedByPersonError):
            turns.say(line)
        assert turns.now < 100, "it falls silent at once"
    else:
        turns.say(line)
        assert turns.now >= 500
