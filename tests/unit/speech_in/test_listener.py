"""Microphone frames become utterances with the hypotheses of every recogniser."""

import numpy as np
import pytest

from cuewalk.domain.heard import InputMode
from cuewalk.domain.units import FRAME_SAMPLES
from cuewalk.speech_in.activity import CHUNK_SAMPLES
from cuewalk.speech_in.api import Hypothesis
from cuewalk.speech_in.listener import Listener, Partial, SpeechBegan, SpeechDropped, UtteranceHeard
from cuewalk.speech_in.segmenter import Segmenter
from helpers.activities import LoudIsSpeech


class Counting:
    """Says how many loud chunks it was fed: "one one one"."""

    mode = InputMode.VOICE
    unknown_words = frozenset()

    def __init__(self, engine="counting"):
        self.engine, self.loud, self.closed = engine, 0, False

    def feed(self, chunk):
        samples = np.frombuffer(chunk, dtype="<i2")
        self.loud += int(np.sum(samples > 1000)) // CHUNK_SAMPLES

    def partial(self):
        return " ".join(["one"] * (self.loud // 5))

    def guess(self):
        return None

    def finish(self):
        heard = Hypothesis(self.partial(), 0.5, self.engine)
        self.reset()
        return heard

    def reset(self):
        self.loud = 0

    def close(self):
        self.closed = True


def chunks(count, loudness=2000):
    return np.full(count * CHUNK_SAMPLES, loudness, dtype=np.int16)


def said(count, pause=40):
    return np.concatenate((chunks(10, 0), chunks(count), chunks(pause, 0)))


def listener(*recognisers, **settings):
    return Listener(Segmenter(LoudIsSpeech()), recognisers or [Counting()], **settings)


def test_a_word_is_told_from_beginning_to_hypothesis():
    events = listener(Counting(), Counting("second")).feed(said(10))
    assert events[:3] == [SpeechBegan(320), Partial(("one", "one")), Partial(("one one", "one one"))]
    utterance = events[3]
    assert utterance.hypotheses == (
        Hypothesis("one one", 0.5, "counting"),
        Hypothesis("one one", 0.5, "second"),
    )
    assert (utterance.number, utterance.start_ms, utterance.end_ms) == (1, 320, 640)
    assert utterance.decided_ms == 640 + 608
    assert len(utterance.audio) == (8 + 10 + 8) * CHUNK_SAMPLES


def test_utterances_are_counted_and_do_not_mix():
    ears = listener()
    events = ears.feed(np.concatenate((said(10), said(5))))
    found = [event for event in events if isinstance(event, UtteranceHeard)]
    assert [(each.number, each.hypotheses[0].text) for each in found] == [(1, "one one"), (2, "one")]


def test_a_click_is_dropped_and_forgotten():
    events = listener().feed(np.concatenate((said(1), said(5))))
    assert [type(event) for event in events] == [
        SpeechBegan,
        SpeechDropped,
        SpeechBegan,
        Partial,
        UtteranceHeard,
    ]
    assert "32 ms" in events[1].why


def test_a_whole_answer_closes_sooner_than_an_unfinished_one():
    silences = {("",): 700, ("one",): 700, ("one one",): 300}
    ears = listener(silence_for=lambda partials, _guess: silences[partials])
    unfinished, whole = (ears.feed(said(count))[-1] for count in (5, 10))
    assert unfinished.decided_ms - unfinished.end_ms == 704
    assert whole.decided_ms - whole.end_ms == 320


def test_patience_can_be_set_from_outside():
    ears = listener(silence_for=lambda *_heard: 5000)
    ears.feed(np.concatenate((chunks(10), chunks(20, 0))))
    assert ears.speaking
    ears.patience(300)
    assert isinstance(ears.feed(chunks(1, 0))[-1], UtteranceHeard)


@pytest.mark.parametrize("size", [FRAME_SAMPLES, 1000, 37])
def test_frames_of_any_size_give_the_same(size):
    stream = np.concatenate((said(10), said(3), said(20, 60)))
    settings = {"silence_for": lambda partial, _guess: 300 if partial else 700}
    whole = listener(**settings).feed(stream)
    ears = listener(**settings)
    parts = [e for start in range(0, len(stream), size) for e in ears.feed(stream[start : start + size])]
    assert parts == whole


def test_reset_forgets_the_utterance():
    recogniser = Counting()
    ears = listener(recogniser)
    ears.feed(chunks(10))
    ears.reset()
    assert not ears.speaking
    assert recogniser.loud == 0
    assert ears.feed(chunks(60, 0)) == []


def test_close_releases_every_recogniser():
    first, second = Counting(), Counting()
    listener(first, second).close()
    assert first.closed
    assert second.closed


def test_without_a_recogniser_the_utterance_is_still_told():
    events = Listener(Segmenter(LoudIsSpeech()), []).feed(said(10))
    assert events[-1].hypotheses == ()
