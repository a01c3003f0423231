"""A line begins when its sound is there and holds nothing up meanwhile; an interrupted one goes on once."""

import threading

import numpy as np
import pytest

from cuewalk.audio.aec.canceller import EchoMode
from cuewalk.audio.front_end import FrontEnd
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.errors import VoiceError
from cuewalk.engine.effects import CueKind, Speak
from cuewalk.engine.lines import notice
from cuewalk.session.cue_playback import CuePlayback, Wording
from cuewalk.speech_out.api import Piece
from helpers.packs import pack_of

_LINE = Speak(1, CueKind.PROMPT, "literal", {"text": "Lift the left leg slowly."})
_SOUND = np.full(16_000, 6_000, np.int16)


class Voice:
    """A voice that renders when it may."""

    def __init__(self, fault=None):
        self.may, self.fault, self.prepared = threading.Event(), fault, []

    def pieces(self, text, _rate):
        assert self.may.wait(10)
        if self.fault:
            raise self.fault
        yield Piece(text, _SOUND)

    def prefetch(self, lines):
        self.prepared += lines


class TwoSentences(Voice):
    """A sentence, a pause of two seconds, another sentence, each a second long."""

    def pieces(self, text, _rate):
        yield Piece(text, np.concatenate([_SOUND, np.zeros(32_000, np.int16), _SOUND]))


@pytest.fixture
def front_end():
    return FrontEnd(VirtualRoom(), EchoMode.HALF_DUPLEX)


@pytest.fixture
def cancelling():
    return FrontEnd(VirtualRoom(), EchoMode.CANCEL)


def playback(front_end, voice, *, waits=False):
    return CuePlayback(Wording(pack_of("en-US")), voice, front_end, rate=1.0, waits=waits)


def frames_until(front_end, cues, there):
    """Let frames pass until it is so; the rendering thread gets its turn. Return the lines that ended."""
    done = []
    for _ in range(5_000):
        if there(done):
            return done
        front_end.exchange()
        done += [ended.speak.cue for ended in cues.finished()]
        threading.Event().wait(0.001)
    raise AssertionError("it never came")


def test_a_line_that_is_being_rendered_delays_itself_and_no_frame(front_end):
    voice = Voice()
    cues = playback(front_end, voice)
    assert cues.speak(_LINE) == "Lift the left leg slowly."
    for _ in range(20):
        front_end.exchange()
        assert cues.finished() == []
        assert not front_end.played.any()
    assert cues.running == _LINE, "nobody takes the silence for the end of the line"
    assert cues.words_heard(1.0) == "", "a line that is not heard yet hides no word of the person's"
    voice.may.set()
    assert frames_until(front_end, cues, bool) == [1]
    assert cues.running is None


def test_a_stop_while_a_line_is_rendered_is_the_end_of_it(front_end):
    voice = Voice()
    cues = playback(front_end, voice)
    cues.speak(_LINE)
    cues.stop()
    voice.may.set()
    for _ in range(50):
        front_end.exchange()
        assert cues.finished() == []
        threading.Event().wait(0.001)
    assert not front_end.played.any()


def test_an_urgent_word_while_a_line_is_rendered_holds_it_until_it_was_nothing(front_end):
    voice = Voice()
    cues = playback(front_end, voice)
    cues.speak(_LINE)
    assert cues.interrupt()
    voice.may.set()
    for _ in range(50):
        front_end.exchange()
        assert cues.finished() == []
        assert not front_end.played.any(), "nobody is talked over"
        threading.Event().wait(0.001)
    assert cues.interrupted_lines == [], "nothing of it had sounded"
    cues.resume()
    front_end.exchange()
    assert cues.interrupt(), "none of its sound was interrupted for nothing, so a stop still silences it"
    cues.resume()
    assert frames_until(front_end, cues, bool) == [1]


@pytest.mark.parametrize("queue_frames", [0, 8])
def test_a_line_that_ended_leaves_its_last_words_and_not_its_first(queue_frames):
    """What is heard over its end may be our own "stop" coming back."""

    class SixSeconds(Voice):
        def pieces(self, text, _rate):
            yield Piece(text, np.full(6 * 16_000, 6_000, np.int16))

    front_end = FrontEnd(VirtualRoom(queue_frames=queue_frames), EchoMode.CANCEL)
    cues = playback(front_end, SixSeconds(), waits=True)
    text = "Well done. Move slowly and breathe out now, and if it hurts at all say stop."
    cues.speak(Speak(1, CueKind.PROMPT, "literal", {"text": text}))
    ended = []
    while not ended:
        front_end.exchange()
        ended = cues.finished()
    [line] = ended
    assert line.last_words(3.0).endswith("say stop.")
    assert not line.last_words(3.0).startswith("Well done")
    assert line.last_words(0.2) == "stop."
    assert line.last_words(0.0) == ""


@pytest.mark.parametrize(("frames", "heard"), [(55, "You say four. That"), (190, "four. That is good.")])
def test_which_words_were_heard_is_counted_without_the_pauses_of_a_cue(frames, heard):
    """By the clock alone the words of the second sentence would come too late."""
    front_end = FrontEnd(VirtualRoom(), EchoMode.CANCEL)
    cues = playback(front_end, TwoSentences(), waits=True)
    cues.speak(Speak(1, CueKind.PROMPT, "literal", {"text": "You say four. That is good."}))
    for _ in range(frames):
        front_end.exchange()
    assert cues.words_heard(0.4) == heard


def test_in_a_pause_of_a_cue_no_word_of_it_is_heard():
    """A "stop" in the pause before "say stop" is the person's."""
    front_end = FrontEnd(VirtualRoom(), EchoMode.CANCEL)
    cues = playback(front_end, TwoSentences(), waits=True)
    cues.speak(Speak(1, CueKind.PROMPT, "literal", {"text": "If it hurts, you may say stop."}))
    for _ in range(80):
        front_end.exchange()
    assert cues.words_heard(0.4) == ""


def test_before_a_long_pause_the_last_words_count_though_their_share_says_that_they_come_later():
    """A quick first sentence: by its letters "knee" comes in the second one."""

    class ShortAndLong(Voice):
        def pieces(self, text, _rate):
            yield Piece(text, np.concatenate([_SOUND, np.zeros(32_000, np.int16), np.tile(_SOUND, 2)]))

    front_end = FrontEnd(VirtualRoom(), EchoMode.CANCEL)
    cues = playback(front_end, ShortAndLong(), waits=True)
    cues.speak(Speak(1, CueKind.PROMPT, "literal", {"text": "Lift your knee. Then let it down again."}))
    for _ in range(65):
        front_end.exchange()
    assert "knee." in cues.words_heard(0.4)
    assert cues.words_heard(0.4).startswith("Lift")


def test_where_we_are_deaf_to_our_own_voice_none_of_its_words_is_heard(front_end):
    voice = Voice()
    voice.may.set()
    cues = playback(front_end, voice, waits=True)
    cues.speak(_LINE)
    for _ in range(30):
        front_end.exchange()
    assert cues.words_heard(1.0) == ""


def test_a_line_that_cannot_be_rendered_is_told_where_it_would_begin(front_end):
    voice = Voice(VoiceError("It broke."))
    cues = playback(front_end, voice)
    cues.speak(_LINE)
    voice.may.set()
    with pytest.raises(VoiceError, match="It broke"):
        frames_until(front_end, cues, lambda _done: False)


def test_in_simulated_time_a_rendering_is_waited_for(front_end):
    voice = Voice()
    voice.may.set()
    cues = playback(front_end, voice, waits=True)
    cues.speak(_LINE)
    front_end.exchange()
    assert front_end.played.any()


def test_a_line_that_was_interrupted_for_nothing_goes_on_and_is_not_interrupted_again(front_end):
    voice = Voice()
    voice.may.set()
    cues = playback(front_end, voice, waits=True)
    cues.speak(_LINE)
    for _ in range(5):
        front_end.exchange()
    assert cues.interrupt()
    assert not cues.interrupt(), "it is silent already"
    cues.resume()
    front_end.exchange()
    assert front_end.played.any()
    assert not cues.interrupt(), "or it might never come to its end"
    assert cues.interrupted_lines == ["Lift the left leg slowly."]
    assert frames_until(front_end, cues, bool) == [1]


def test_a_line_that_is_rendered_begins_in_its_frame(front_end):
    voice = Voice()
    voice.may.set()
    cues = playback(front_end, voice)
    for _ in range(20):  # a busy machine may miss the two milliseconds now and then
        cues.speak(_LINE)
        if front_end.queue.busy:
            return
        cues.stop()
    raise AssertionError("it never did")


def test_a_line_waits_for_no_rendering_that_nobody_wants_any_more(front_end):
    class Stuck(Voice):
        def pieces(self, text, rate):
            return super().pieces(text, rate) if text.startswith("Lift") else iter([Piece(text, _SOUND)])

    voice = Stuck()
    cues = playback(front_end, voice)
    cues.speak(_LINE)
    cues.stop()
    cues.speak(Speak(2, CueKind.NOTICE, "literal", {"text": "All right."}))
    assert frames_until(front_end, cues, bool) == [2]
    voice.may.set()


def test_lines_that_come_next_are_asked_for_once(front_end):
    voice = Voice()
    cues = playback(front_end, voice)
    coming = [notice("checkin_fine"), notice("checkin_stopped")]
    for _ in range(3):
        cues.prepare(coming)
    cues.rate = 0.8
    cues.prepare(coming)
    frames_until(front_end, cues, lambda _done: len(voice.prepared) == 4)
    assert {rate for _, rate in voice.prepared} == {1.0, 0.8}


class PieceByPiece:
    """A voice whose second sentence is rendered when it may be."""

    def __init__(self):
        self.may, self.begun = threading.Event(), []

    def pieces(self, text, _rate):
        for number, sentence in enumerate(text.split(" / ")):
            self.begun.append(sentence)
            assert number == 0 or self.may.wait(10)
            yield Piece(sentence, _SOUND)

    def prefetch(self, lines):
        """Nothing to do."""


_TWO = Speak(1, CueKind.PROMPT, "literal", {"text": "Lift the leg. / Now lower it. / Rest."})


def test_a_line_begins_with_its_first_sentence_and_waits_within_it_for_the_next(cancelling):
    voice = PieceByPiece()
    cues = playback(cancelling, voice)
    cues.speak(_TWO)
    assert frames_until(cancelling, cues, lambda _: cancelling.played.any()) == []
    for _ in range(100):  # two seconds: the first sentence takes one
        cancelling.exchange()
        assert cues.finished() == [], "its end is not here yet"
    assert cues.running == _TWO
    assert "lower" not in cues.words_heard(5.0), "what is not rendered was not heard"
    assert 900 < cues.waits[-1] < 1_200, "it says how long it was waited for"
    voice.may.set()
    assert frames_until(cancelling, cues, bool) == [1]


def test_nothing_more_is_rendered_of_a_line_that_was_stopped(cancelling):
    voice = PieceByPiece()
    cues = playback(cancelling, voice)
    cues.speak(_TWO)
    frames_until(cancelling, cues, lambda _: cancelling.played.any())
    cues.stop()
    voice.may.set()
    cues._renderers.shutdown(wait=True)
    assert voice.begun == ["Lift the leg.", "Now lower it."], "the one under way was the last"


def test_a_line_interrupted_while_it_is_rendered_goes_on_with_all_of_it(cancelling):
    voice = PieceByPiece()
    cues = playback(cancelling, voice)
    cues.speak(_TWO)
    frames_until(cancelling, cues, lambda _: cancelling.played.any())
    assert cues.interrupt()
    voice.may.set()
    for _ in range(100):
        cancelling.exchange()
        assert cues.finished() == []
        threading.Event().wait(0.001)
    cues.resume()
    heard = []
    while not heard:
        cancelling.exchange()
        heard = cues.finished()
    assert heard[0].last_words(0.2) == "Rest."


def test_while_we_are_deaf_a_line_begins_when_all_of_it_is_there(front_end):
    """Each phrase has a pause for an answer, and which is the last is known at the end only."""
    voice = PieceByPiece()
    cues = playback(front_end, voice)
    cues.speak(_TWO)
    for _ in range(50):
        front_end.exchange()
        cues.finished()
        assert not front_end.played.any()
        threading.Event().wait(0.001)
    voice.may.set()
    assert frames_until(front_end, cues, bool) == [1]
