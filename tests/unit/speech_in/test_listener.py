"""Microphone frames become utterances with the hypotheses of every recogniser."""

import threading
import time

import numpy as np
import pytest

from cuewalk.domain.errors import RecogniserError
from cuewalk.domain.heard import InputMode
from cuewalk.domain.units import FRAME_SAMPLES
from cuewalk.speech_in.api import Hypothesis
from cuewalk.speech_in.endpointing import Endpointer, UtteranceDropped, UtteranceStarted
from cuewalk.speech_in.listener import BackgroundListener, Listener, Partial, UtteranceHeard
from cuewalk.speech_in.vad import CHUNK_SAMPLES
from helpers.loud_is_speech import LoudIsSpeech


class Counting:
    """Says how many loud chunks it was fed: "one one one"."""

    mode = InputMode.VOICE
    unknown_words = frozenset()

    def __init__(self, engine="counting"):
        self.engine, self.loud, self.closed, self.expected = engine, 0, False, []

    def expect(self, expectation):
        self.expected.append(expectation.grammar)

    def feed(self, chunk):
        samples = np.frombuffer(chunk, dtype="<i2")
        self.loud += int(np.sum(samples > 1000)) // CHUNK_SAMPLES

    def partial(self):
        return " ".join(["one"] * (self.loud // 5))

    def decode_early(self):
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


class Expected:
    """What is expected: a grammar by name, and the delay for each text so far."""

    jsgf = ""

    def __init__(self, grammar="", delay=lambda _partials: 600):
        self.grammar, self._delay = grammar, delay

    def endpointing_delay(self, partials, _early):
        return self._delay(partials)


def listener(*recognisers, delay=None):
    expected = [] if delay is None else [Expected(delay=delay)]
    return Listener(Endpointer(LoudIsSpeech()), recognisers or [Counting()], *expected)


def test_a_word_is_told_from_beginning_to_hypothesis():
    events = listener(Counting(), Counting("second")).feed(said(10))
    assert events[:3] == [
        UtteranceStarted(10 * CHUNK_SAMPLES),
        Partial(("one", "one")),
        Partial(("one one", "one one")),
    ]
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
        UtteranceStarted,
        UtteranceDropped,
        UtteranceStarted,
        Partial,
        UtteranceHeard,
    ]
    assert events[1].end_sample - events[1].start_sample == CHUNK_SAMPLES


def test_a_whole_answer_closes_sooner_than_an_unfinished_one():
    silences = {("",): 700, ("one",): 700, ("one one",): 300}
    ears = listener(delay=silences.get)
    unfinished, whole = (ears.feed(said(count))[-1] for count in (5, 10))
    assert unfinished.decided_ms - unfinished.end_ms == 704
    assert whole.decided_ms - whole.end_ms == 320


def _shorter_after_a_word(partials):
    return 300 if any(partials) else 700


@pytest.mark.parametrize("size", [FRAME_SAMPLES, 1000, 37])
def test_frames_of_any_size_give_the_same(size):
    stream = np.concatenate((said(10), said(3), said(20, 60)))
    whole = listener(delay=_shorter_after_a_word).feed(stream)
    ears = listener(delay=_shorter_after_a_word)
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
    events = Listener(Endpointer(LoudIsSpeech()), []).feed(said(10))
    assert events[-1].hypotheses == ()


class Held(Counting):
    """Decodes once it is let."""

    def __init__(self):
        super().__init__()
        self.may, self.fault = threading.Event(), None

    def finish(self):
        assert self.may.wait(10)
        if self.fault:
            raise self.fault
        return super().finish()


@pytest.fixture
def in_background():
    made = []

    def make(*recognisers):
        made.append(BackgroundListener(listener(*recognisers)))
        return made[-1]

    yield make
    for each in made:
        each.close()


def until(ears, there):
    """Feed nothing, again and again, until it is there; return the events."""
    events, deadline = [], time.monotonic() + 10
    while not there(events):
        assert time.monotonic() < deadline
        threading.Event().wait(0.001)  # the thread has no event to wait for, and needs its turn
        events += ears.feed(np.zeros(0, np.int16))
    return events


def test_in_a_thread_the_same_is_heard(in_background):
    stream = np.concatenate((said(10), said(1), said(5)))
    expected = listener().feed(stream)
    ears = in_background(Counting())
    assert ears.feed(stream) + until(ears, lambda events: len(events) == len(expected)) == expected
    assert not ears.speaking


def test_feeding_a_thread_never_waits_for_its_decoder(in_background):
    held = Held()
    ears = in_background(held)
    ears.feed(chunks(10))
    ears.feed(chunks(40, 0))
    events = until(ears, bool)
    assert UtteranceHeard not in map(type, events)
    assert ears.speaking
    held.may.set()
    (heard,) = until(ears, bool)
    assert heard.hypotheses[0].text == "one one"
    assert not ears.speaking


def test_what_fails_in_the_thread_is_raised_where_it_is_fed(in_background):
    held = Held()
    held.fault = RecogniserError("It broke.")
    held.may.set()
    ears = in_background(held)
    ears.feed(said(10))
    with pytest.raises(RecogniserError, match="It broke"):
        until(ears, lambda _events: False)


def test_after_a_reset_nobody_speaks_in_the_thread_either(in_background):
    ears = in_background(Counting())
    ears.feed(chunks(10))
    until(ears, lambda _events: ears.speaking)
    ears.reset()
    until(ears, lambda _events: not ears.speaking)
    assert ears.feed(chunks(60, 0)) == []


def test_what_is_expected_changes_between_utterances_only():
    recogniser = Counting()
    ears = listener(recogniser)
    ears.expect(Expected("before"))
    ears.feed(chunks(10))
    for grammar in ("replaced", "after"):
        ears.expect(Expected(grammar))
    assert recogniser.expected == ["before"]
    ears.feed(chunks(40, 0))
    ears.feed(chunks(1, 0))
    assert recogniser.expected == ["before", "after"]


def test_an_utterance_ends_by_the_expectation_that_it_began_with():
    ears = listener(delay=lambda _partials: 300)
    ears.feed(chunks(10))
    ears.expect(Expected(delay=lambda _partials: 700))
    (heard,) = (e for e in ears.feed(chunks(60, 0)) if isinstance(e, UtteranceHeard))
    assert heard.decided_ms - heard.end_ms == 320
    (heard,) = (e for e in ears.feed(said(10)) if isinstance(e, UtteranceHeard))
    assert heard.decided_ms - heard.end_ms == 704


def test_a_thread_keeps_the_order_of_what_it_was_told(in_background):
    recogniser = Counting()
    ears = in_background(recogniser)
    ears.feed(chunks(10))
    ears.expect(Expected("during"))
    ears.feed(chunks(40, 0))
    ears.feed(chunks(10))
    ears.expect(Expected("later"))
    until(ears, lambda events: any(isinstance(each, UtteranceHeard) for each in events))
    until(ears, lambda _events: ears.speaking)
    assert recogniser.expected == ["during"]


def test_a_fault_of_ours_in_the_thread_is_told_in_a_sentence(in_background):
    held = Held()
    held.fault = ZeroDivisionError("by zero")
    held.may.set()
    ears = in_background(held)
    ears.feed(said(10))
    with pytest.raises(RecogniserError, match=r"Listening has failed \(ZeroDivisionError: by zero\)"):
        until(ears, lambda _events: False)


def test_a_thread_that_falls_a_minute_behind_says_so(in_background):
    held = Held()
    ears = in_background(held)
    ears.feed(said(10))
    ears.feed(np.zeros(61 * 16_000, np.int16))
    with pytest.raises(RecogniserError, match="a minute behind"):
        until(ears, lambda _events: False)
    held.may.set()


def test_closing_a_thread_releases_its_recognisers(in_background):
    recogniser = Counting()
    in_background(recogniser).close()
    assert recogniser.closed
