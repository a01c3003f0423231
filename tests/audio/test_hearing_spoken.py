"""The real chain: a synthetic voice through voice activity, endpointing and PocketSphinx, in 20 ms frames."""

import numpy as np
import pytest

from cuewalk.domain.units import FRAME_SAMPLES
from cuewalk.speech_in.endpointing import Endpointer
from cuewalk.speech_in.listener import Anything, Listener, Partial, UtteranceHeard, UtteranceStarted
from cuewalk.speech_in.pocketsphinx_recogniser import PocketSphinxRecogniser
from helpers.synth import between_silence, say

PHRASES = (
    "stop",
    "pause",
    "slower",
    "four",
    "seven",
    "about a four",
    "four out of ten",
    "between three and four",
)
WORDS = frozenset(word for phrase in PHRASES for word in phrase.split())
JSGF = f"#JSGF V1.0; grammar hearing; public <said> = {' | '.join(PHRASES)};"


@pytest.fixture(scope="module")
def recogniser():
    made = PocketSphinxRecogniser(JSGF, words=WORDS)
    yield made
    made.close()


class ShorterAfterAPhrase(Anything):
    """Expects the phrases; a whole one ends the utterance soon."""

    def endpointing_delay(self, partials, _early):
        return 300 if partials[0] in PHRASES else 700


def heard(recogniser, stream, *expectation):
    ears = Listener(Endpointer(), [recogniser], *expectation)
    frames = range(0, len(stream), FRAME_SAMPLES)
    return [event for start in frames for event in ears.feed(stream[start : start + FRAME_SAMPLES])]


@pytest.mark.parametrize("phrase", ["stop", "about a four", "between three and four"])
def test_a_phrase_is_heard_as_one_utterance(recogniser, phrase):
    spoken = say(phrase)
    events = heard(recogniser, between_silence(spoken))
    (utterance,) = (event for event in events if isinstance(event, UtteranceHeard))
    assert isinstance(events[0], UtteranceStarted)
    assert utterance.hypotheses[0].text == phrase
    assert utterance.hypotheses[0].confidence > 0.35
    # The voice itself begins and ends with up to 250 ms of silence.
    assert 450 <= utterance.start_ms <= 800
    assert utterance.end_ms <= 500 + len(spoken) // 16 + 64
    assert 600 <= utterance.decided_ms - utterance.end_ms <= 640


def test_a_session_long_stream_of_phrases_comes_out_in_order(recogniser):
    order = ("slower", "seven", "stop", "four out of ten", "pause")
    stream = np.concatenate([between_silence(say(phrase), 0.4, 1.0) for phrase in order])
    found = [event for event in heard(recogniser, stream) if isinstance(event, UtteranceHeard)]
    assert tuple(each.hypotheses[0].text for each in found) == order
    assert [each.number for each in found] == [1, 2, 3, 4, 5]


def test_an_urgent_word_is_in_a_partial_before_the_utterance_is_decided(recogniser):
    events = heard(recogniser, between_silence(say("stop")))
    assert any(isinstance(event, Partial) and event.texts[0] == "stop" for event in events)


def test_a_known_answer_is_decided_after_300_ms(recogniser):
    events = heard(
        recogniser,
        between_silence(say("seven")),
        ShorterAfterAPhrase(),
    )
    assert events[-1].hypotheses[0].text == "seven"
    assert events[-1].decided_ms - events[-1].end_ms <= 330


def test_what_the_utterance_kept_can_be_heard_again(recogniser):
    utterance = heard(recogniser, between_silence(say("seven")))[-1]
    recogniser.feed(utterance.audio.tobytes())
    assert recogniser.finish() == utterance.hypotheses[0]


def test_silence_and_noise_say_nothing(recogniser):
    noise = np.random.default_rng(3).normal(0, 500, 48_000).astype(np.int16)
    assert heard(recogniser, noise) == []
    assert heard(recogniser, np.zeros(48_000, dtype=np.int16)) == []


def test_other_words_are_less_sure_than_the_words_themselves(recogniser):
    def confidence(text):
        (event,) = (e for e in heard(recogniser, between_silence(say(text))) if isinstance(e, UtteranceHeard))
        return event.hypotheses[0].confidence

    own = min(confidence(text) for text in ("seven", "four out of ten", "slower"))
    other = max(confidence(text) for text in ("hamburger", "television", "good morning everybody"))
    assert other < 0.35 < own
