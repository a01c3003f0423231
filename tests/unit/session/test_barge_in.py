"""A stop that silenced our voice by its first sound counts, though the whole was not understood."""

import numpy as np
import pytest

from cuewalk.audio.aec.canceller import EchoMode, HalfDuplex
from cuewalk.audio.front_end import FrontEnd
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.heard import Sureness
from cuewalk.domain.intents import Command, CommandSaid, Expect, RatingSaid
from cuewalk.domain.units import Millis
from cuewalk.engine.effects import CueKind, Speak
from cuewalk.engine.events import SpeechWasNothing, Understood
from cuewalk.session.barge_in import BargeIn
from cuewalk.session.cue_playback import CuePlayback, Wording
from cuewalk.session.logbook import Unwritten
from cuewalk.speech_in.api import Hypothesis
from cuewalk.speech_in.endpointing import UtteranceDropped
from cuewalk.speech_in.listener import Partial, UtteranceHeard, UtteranceStarted
from cuewalk.speech_out.api import Piece
from cuewalk.understanding.hearing import hearing_of
from helpers.packs import pack_of

_NOTHING = frozenset()
_LOUD = np.full(320, 6_000, np.int16)


class _Noise:
    """A voice that says everything as four seconds of noise; the cache's shape."""

    def pieces(self, text, _rate):
        yield Piece(text, np.random.default_rng(1).integers(-6_000, 6_000, 200 * 320).astype(np.int16))


@pytest.fixture
def barge_in():
    """Our voice is in the middle of a cue, and loud at the microphone."""
    return in_a_cue(None)


class Place:
    """Our voice in a cue, loud at the microphone, and not the first that the canceller has heard of it."""

    def __init__(self, mode, text="Lift the left leg slowly and breathe out.", *, first=False):
        self.front_end = FrontEnd(VirtualRoom(echo_db=-6.0), mode)
        pack = pack_of("en-US")
        self.playback = CuePlayback(Wording(pack), _Noise(), self.front_end, rate=1.0)
        self.barge_in = BargeIn(hearing_of(pack, ()), self.playback, Unwritten(), None)
        if not first:
            self.say("Let us begin.")
            self.ends()
        self.say(text)
        for _ in range(50):
            self.front_end.exchange()
            self.barge_in.frame(_LOUD)

    def say(self, text):
        self.playback.speak(Speak(1, CueKind.PROMPT, "literal", {"text": text}))

    def ends(self):
        """Let the cue come to its end."""
        while True:
            self.front_end.exchange()
            self.barge_in.frame(_LOUD)
            for ended in self.playback.finished():
                self.barge_in.own_cue_ended(ended)
                return

    def lets_pass(self, frames):
        for _ in range(frames):
            self.front_end.exchange()

    def is_silent(self, frames):
        for _ in range(frames):
            self.front_end.exchange()
            self.barge_in.frame(np.zeros(320, np.int16))

    def hear(self, text, confidence, engine="spotter", expects=_NOTHING):
        """Somebody is heard to speak, from now on."""
        self.barge_in.hear(UtteranceStarted(Millis(1_400)), _NOTHING)
        return self.barge_in.hear(heard_as(text, confidence, engine), expects)


def in_a_cue(mode):
    place = Place(mode)
    place.barge_in.hear(UtteranceStarted(Millis(1_000)), _NOTHING)
    return place.barge_in


def said(event):
    return event.intent if isinstance(event, Understood) else None


_STOP = CommandSaid(command=Command.STOP)
_RATING = frozenset({Expect.RATING})
#: Enough for a stop, but not for one of our own words.
_HARDLY = (0.55, "pocketsphinx")


@pytest.mark.parametrize(("frames", "ours"), [(0, True), (18, True), (20, False)])
def test_our_last_words_are_ours_when_they_are_found_after_the_cue_ended(frames, ours):
    """The VAD needs up to 0.4 s to find a sound, and our cue may have ended with "or say stop" by then."""
    place = Place(None, "Go on like this for another minute or so, or say stop.")
    place.ends()
    place.is_silent(frames)
    assert said(place.hear("stop", *_HARDLY)) == (None if ours else _STOP)
    place.is_silent(20)
    assert said(place.hear("stop", *_HARDLY)) == _STOP


@pytest.mark.parametrize(("word", "intent"), [("zero", RatingSaid(value=0)), ("ten", None)])
def test_only_what_sounded_at_the_very_end_may_be_our_own(word, intent):
    """Each number is named in the question; its answer may come at once."""
    place = Place(None, "From zero, which is none, to the most that you can think of, ten?")
    place.ends()
    event = place.hear(word, 0.85, expects=_RATING)
    assert said(event) == intent


def test_a_cue_that_ended_is_not_forgotten_when_the_next_one_begins():
    place = Place(None, "If it hurts, say stop.")
    place.ends()
    place.say("Now the other leg.")
    place.front_end.exchange()
    assert said(place.hear("stop", *_HARDLY)) is None


def test_deaf_to_our_own_voice_none_of_our_words_is_left_when_a_cue_has_ended():
    place = Place(EchoMode.HALF_DUPLEX, "If it hurts, say stop.")
    place.ends()
    assert said(place.hear("stop", *_HARDLY)) == _STOP


def test_a_clear_stop_after_a_cue_is_one_however_faint():
    place = Place(None)
    place.ends()
    place.barge_in.hear(UtteranceStarted(Millis(1_400)), _NOTHING)
    event = place.barge_in.hear(heard_as("stop", 0.95, level=60), _NOTHING)
    assert said(event) == _STOP


@pytest.mark.parametrize(
    ("engine", "confidence", "counts"),
    [
        ("spotter", 0.76, True),
        ("spotter", 0.74, False),
        ("vosk", 0.76, True),
        ("vosk", 0.74, False),
        ("pocketsphinx", 0.61, True),
        ("pocketsphinx", 0.59, False),
    ],
)
def test_a_faint_stop_has_to_be_as_clear_as_our_own_words_or_three_quarters_sure(engine, confidence, counts):
    place = Place(None)
    place.ends()
    place.barge_in.hear(UtteranceStarted(Millis(1_400)), _NOTHING)
    event = place.barge_in.hear(heard_as("stop", confidence, engine, level=60), _NOTHING)
    assert said(event) == (_STOP if counts else None)


@pytest.mark.parametrize(("text", "confidence"), [("go", 0.95), ("stop", 0.45), ("stop", 0.7)])
def test_another_word_so_faint_or_one_that_is_not_clear_is_our_own_voice(text, confidence):
    place = Place(None)
    place.ends()
    place.barge_in.hear(UtteranceStarted(Millis(1_400)), _NOTHING)
    event = place.barge_in.hear(heard_as(text, confidence, level=60), _NOTHING)
    assert isinstance(event, SpeechWasNothing)


def test_a_faint_cry_for_help_after_a_cue_asks_how_the_person_is():
    place = Place(None)
    place.ends()
    place.barge_in.hear(UtteranceStarted(Millis(1_400)), _NOTHING)
    place.barge_in.hear(Partial(("i need help", "")), _NOTHING)
    event = place.barge_in.hear(heard_as("i need help", 0.85, "pocketsphinx", level=60), _NOTHING)
    assert said(event) == CommandSaid(command=Command.SOMETHING_WRONG)


def test_what_was_urgent_before_says_nothing_about_the_next_faint_sound():
    place = Place(None)
    place.barge_in.hear(UtteranceStarted(Millis(1_400)), _NOTHING)
    place.barge_in.hear(Partial(("stop", "")), _NOTHING)
    place.barge_in.hear(UtteranceDropped(0, 1, 2), _NOTHING)
    place.playback.resume()
    place.lets_pass(20)
    place.barge_in.hear(UtteranceStarted(Millis(1_800)), _NOTHING)
    assert isinstance(place.barge_in.hear(utterance(60, surely=True), _NOTHING), SpeechWasNothing)


def test_a_faint_stop_is_told_though_our_voice_was_interrupted_for_nothing_before():
    """Our voice does not fall silent twice in a cue, but the whole utterance is waited for."""
    barge_in = in_a_cue(None)
    barge_in.hear(Partial(("stop", "")), _NOTHING)
    barge_in._playback.resume()
    barge_in.hear(UtteranceStarted(Millis(1_400)), _NOTHING)
    barge_in.hear(Partial(("stop", "")), _NOTHING)
    assert said(barge_in.hear(heard_as("stop", 0.95, level=60), _NOTHING)) == _STOP


def test_in_the_gap_of_a_cue_a_stop_silences_us_though_the_cue_says_it_next():
    """Half-duplex: the gap is the only place where a stop can be heard."""
    place = Place(EchoMode.HALF_DUPLEX, "If it hurts, say stop.")
    place.barge_in.hear(UtteranceStarted(Millis(1_000)), _NOTHING)
    place.barge_in.hear(Partial(("stop", "")), _NOTHING)
    assert place.playback.interrupted_lines


def test_a_number_in_which_the_canceller_failed_is_asked_back():
    """What is listened to became silence in it: "four and a half" may be "four"."""
    place = Place(None)
    place.ends()
    place.barge_in.hear(UtteranceStarted(Millis(1_400)), _NOTHING)
    place.front_end.echo = HalfDuplex(place.front_end.queue.far_end)
    event = place.barge_in.hear(heard_as("four", 0.99), _RATING)
    assert isinstance(event, Understood)
    assert event.heard.sureness is Sureness.CONFIRM
    assert place.hear("four", 0.99, expects=_RATING).heard.sureness is Sureness.ACCEPT


def test_with_headphones_a_cue_that_ends_while_somebody_speaks_makes_no_residue_of_them():
    place = Place(EchoMode.HEADPHONES)
    place.barge_in.hear(UtteranceStarted(Millis(1_000)), _NOTHING)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(place.barge_in._hearing.listener), "speaking", True)
        place.ends()
    event = place.barge_in.hear(utterance(60, surely=True), _NOTHING)
    assert not isinstance(event, SpeechWasNothing)


@pytest.mark.parametrize(("level", "intent"), [(2_000, None), (3_500, _STOP)])
def test_while_the_canceller_learns_the_room_a_stop_is_waited_for_and_not_forgotten(level, intent):
    """What it leaves of our first words says "ow" or "stop"; a person is nearly as loud as our voice."""
    place = Place(None, first=True)
    place.barge_in.hear(UtteranceStarted(Millis(1_000)), _NOTHING)
    place.barge_in.hear(Partial(("", "stop")), _NOTHING)
    place.lets_pass(150)  # the training ends meanwhile, and the same words are told again
    place.barge_in.hear(Partial(("eight", "stop")), _NOTHING)
    assert place.playback.interrupted_lines == []
    assert said(place.barge_in.hear(utterance(level, surely=True), _NOTHING)) == intent


@pytest.mark.parametrize(
    ("text", "confidence", "intent"),
    [("stop", 0.6, _STOP), ("i need help", 0.97, CommandSaid(command=Command.SOMETHING_WRONG))],
)
def test_while_the_canceller_learns_what_is_urgent_need_not_be_as_loud_as_our_voice(text, confidence, intent):
    place = Place(None, first=True)
    place.barge_in.hear(UtteranceStarted(Millis(1_000)), _NOTHING)
    engine = "spotter" if text == "stop" else "pocketsphinx"
    assert said(place.barge_in.hear(heard_as(text, confidence, engine, level=1_200), _NOTHING)) == intent


@pytest.mark.parametrize(("level", "counts"), [(2_500, False), (3_500, True)])
def test_while_the_canceller_learns_the_room_a_number_has_to_be_nearly_as_loud_as_our_voice(level, counts):
    place = Place(None, first=True)
    place.barge_in.hear(UtteranceStarted(Millis(1_000)), _NOTHING)
    event = place.barge_in.hear(heard_as("six", 0.99, level=level), _RATING)
    assert said(event) == (RatingSaid(value=6) if counts else None)


def test_headphones_have_nothing_to_learn():
    place = Place(EchoMode.HEADPHONES, first=True)
    place.barge_in.hear(UtteranceStarted(Millis(1_000)), _NOTHING)
    place.barge_in.hear(Partial(("stop", "")), _NOTHING)
    assert place.playback.interrupted_lines


def heard_as(text, confidence, engine="spotter", level=3_000):
    heard = (Hypothesis(text, confidence, engine),)
    sound = np.full(8_000, level, np.int16)
    return UtteranceHeard(1, heard, sound, Millis(1_000), Millis(1_400), Millis(1_800))


def utterance(level, *, surely):
    sound = np.full(8_000, level, np.int16)
    heard = (Hypothesis("go", 0.03, "spotter"),)
    return UtteranceHeard(1, heard, sound, Millis(1_000), Millis(1_400), Millis(1_800), surely)


@pytest.mark.parametrize("surely", [True, False])
def test_as_loud_as_a_person_it_is_a_stop(barge_in, surely):
    barge_in.hear(Partial(("stop", "")), _NOTHING)
    event = barge_in.hear(utterance(3_000, surely=surely), _NOTHING)
    assert isinstance(event, Understood)
    assert event.intent == CommandSaid(command=Command.STOP)


@pytest.mark.parametrize("first", ["ow", "that hurts", "pause"])
def test_a_stop_after_another_urgent_word_is_a_stop(barge_in, first):
    """The first word silenced our voice already; the stop in the same breath must not count for less."""
    barge_in.hear(Partial((first, "")), _NOTHING)
    barge_in.hear(Partial(("stop", "")), _NOTHING)
    event = barge_in.hear(utterance(3_000, surely=True), _NOTHING)
    assert isinstance(event, Understood)
    assert event.intent == CommandSaid(command=Command.STOP)


def test_a_faint_stop_is_one_if_it_silenced_our_voice_and_was_surely_speech(barge_in):
    barge_in.hear(Partial(("stop", "")), _NOTHING)
    assert said(barge_in.hear(utterance(60, surely=True), _NOTHING)) == _STOP


def test_what_is_left_of_our_own_voice_is_no_stop(barge_in):
    barge_in.hear(Partial(("stop", "")), _NOTHING)
    event = barge_in.hear(utterance(60, surely=False), _NOTHING)
    assert not isinstance(event, Understood)


def test_without_a_stop_in_it_faint_sound_is_left_out_at_once(barge_in):
    assert isinstance(barge_in.hear(utterance(60, surely=True), _NOTHING), SpeechWasNothing)


def test_with_headphones_hardly_speech_is_no_stop():
    barge_in = in_a_cue(EchoMode.HEADPHONES)
    barge_in.hear(Partial(("stop", "")), _NOTHING)
    event = barge_in.hear(utterance(60, surely=False), _NOTHING)
    assert not isinstance(event, Understood)


def test_what_was_nearly_a_command_is_told_at_most_once_in_twenty_seconds():
    room, pack = VirtualRoom(), pack_of("en-US")
    front_end = FrontEnd(room)
    playback = CuePlayback(Wording(pack), _Noise(), front_end, rate=1.0)
    barge_in = BargeIn(hearing_of(pack, ()), playback, Unwritten(), None)

    def told(at):
        barge_in.hear(UtteranceStarted(Millis(at)), _NOTHING)
        heard = (Hypothesis("slower", 0.7, "spotter"),)
        utterance = UtteranceHeard(
            1, heard, np.tile(_LOUD, 30), Millis(at), Millis(at + 600), Millis(at + 900)
        )
        return barge_in.hear(utterance, _NOTHING).clear

    assert [told(at) for at in (1_000, 5_000, 20_000, 22_000, 40_000, 43_000)] == [
        True,
        False,
        False,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(("frames", "residue"), [(30, True), (200, False)])
def test_our_own_voice_is_remembered_over_the_pauses_of_a_cue(frames, residue):
    """Half a second after a loud phrase faint sound is left of it; after four seconds it is a person's."""
    barge_in = in_a_cue(None)
    for _ in range(frames):
        barge_in.frame(np.zeros(320, np.int16))
    barge_in.hear(UtteranceStarted(Millis(2_000) * 16), _NOTHING)
    event = barge_in.hear(utterance(200, surely=True), _NOTHING)
    assert isinstance(event, SpeechWasNothing) == residue
