"""A stop that silenced our voice by its first sound counts, though the whole was not understood."""

import numpy as np
import pytest

from cuewalk.audio.aec.canceller import EchoMode
from cuewalk.audio.front_end import FrontEnd
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.intents import Command, CommandSaid
from cuewalk.domain.units import Millis
from cuewalk.engine.effects import CueKind, Speak
from cuewalk.engine.events import SpeechWasNothing, Understood
from cuewalk.session.barge_in import BargeIn
from cuewalk.session.cue_playback import CuePlayback, Wording
from cuewalk.session.logbook import Unwritten
from cuewalk.speech_in.api import Hypothesis
from cuewalk.speech_in.listener import Partial, UtteranceHeard, UtteranceStarted
from cuewalk.understanding.hearing import hearing_of
from helpers.packs import pack_of

_NOTHING = frozenset()
_LOUD = np.full(320, 6_000, np.int16)


class _Tone:
    """A voice that says everything as one long tone; the cache's shape."""

    def render(self, _text, _rate):
        return np.tile(_LOUD, 200)


@pytest.fixture
def barge_in():
    """Our voice is in the middle of a cue, and loud at the microphone."""
    return in_a_cue(None)


def in_a_cue(mode):
    room, pack = VirtualRoom(echo_db=-6.0), pack_of("en-US")
    front_end = FrontEnd(room, mode)
    playback = CuePlayback(Wording(pack), _Tone(), front_end, rate=1.0)
    playback.speak(Speak(1, CueKind.PROMPT, "literal", {"text": "Lift the left leg slowly and breathe out."}))
    barge_in = BargeIn(hearing_of(pack, ()), playback, Unwritten(), None)
    for _ in range(50):
        front_end.exchange()
        barge_in.frame(_LOUD)
    barge_in.hear(UtteranceStarted(Millis(1_000)), _NOTHING)
    return barge_in


@pytest.mark.parametrize(("frames", "ours"), [(1, True), (19, True), (25, False)])
def test_our_last_words_are_ours_when_they_are_found_after_the_cue_ended(frames, ours):
    """The VAD needs up to 0.4 s to find a sound, and our cue may have ended with "or say stop" by then."""
    barge_in = in_a_cue(None)
    barge_in._playback.stop()
    barge_in.own_cue_ended("or say stop")
    for _ in range(frames):
        barge_in.frame(np.zeros(320, np.int16))
    barge_in.hear(UtteranceStarted(Millis(1_400)), _NOTHING)
    event = barge_in.hear(heard_as("stop", 0.6), _NOTHING)
    assert not (ours and isinstance(event, Understood))
    assert bool(barge_in._own_words) == ours


def test_with_headphones_a_cue_that_ends_while_somebody_speaks_makes_no_residue_of_them():
    barge_in = in_a_cue(EchoMode.HEADPHONES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(barge_in._hearing.listener), "speaking", True)
        barge_in.own_cue_ended("")
    event = barge_in.hear(utterance(60, surely=True), _NOTHING)
    assert not isinstance(event, SpeechWasNothing)


def heard_as(text, confidence):
    heard = (Hypothesis(text, confidence, "spotter"),)
    sound = np.full(8_000, 3_000, np.int16)
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
    playback = CuePlayback(Wording(pack), _Tone(), front_end, rate=1.0)
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
