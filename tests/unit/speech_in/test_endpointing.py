"""When an utterance begins, goes on, ends, or was none. Times are in 32 ms chunks of 512 samples."""

import numpy as np
import pytest

from cuewalk.speech_in.endpointing import (
    Endpointer,
    UtteranceAudio,
    UtteranceDropped,
    UtteranceEnded,
    UtteranceStarted,
)
from cuewalk.speech_in.silero import CHUNK_SAMPLES
from helpers.loud_is_speech import LoudIsSpeech


def chunks(count, loudness=2000):
    return np.full(count * CHUNK_SAMPLES, loudness, dtype=np.int16)


def quiet(count):
    return chunks(count, 0)


@pytest.fixture
def endpointer():
    return Endpointer(LoudIsSpeech(), delay=320)


def without_audio(events):
    return [event for event in events if not isinstance(event, UtteranceAudio)]


def audio_of(events):
    return np.concatenate([event.samples for event in events if isinstance(event, UtteranceAudio)])


def test_a_word_begins_at_its_first_chunk_and_ends_at_its_last(endpointer):
    events = endpointer.feed(np.concatenate((quiet(20), chunks(10), quiet(20))))
    start, end = 20 * CHUNK_SAMPLES, 30 * CHUNK_SAMPLES
    assert without_audio(events) == [
        UtteranceStarted(start),
        UtteranceEnded(start, end, end + 10 * CHUNK_SAMPLES),
    ]


def test_the_beginning_is_told_at_once(endpointer):
    assert without_audio(endpointer.feed(chunks(1))) == [UtteranceStarted(0)]
    assert endpointer.speaking


def test_a_quarter_of_a_second_before_and_after_belongs_to_it(endpointer):
    heard = audio_of(endpointer.feed(np.concatenate((quiet(20), chunks(10), quiet(20)))))
    assert len(heard) == (8 + 10 + 8) * CHUNK_SAMPLES
    assert not heard[: 8 * CHUNK_SAMPLES].any()
    assert heard[8 * CHUNK_SAMPLES]


def test_a_pause_within_patience_stays_inside_with_its_silence(endpointer):
    endpointer.end_after(640)
    events = endpointer.feed(np.concatenate((chunks(10), quiet(18), chunks(10), quiet(30))))
    assert without_audio(events)[1:] == [UtteranceEnded(0, 38 * CHUNK_SAMPLES, 58 * CHUNK_SAMPLES)]
    assert len(audio_of(events)) == (38 + 8) * CHUNK_SAMPLES


def test_patience_can_be_changed_while_somebody_speaks(endpointer):
    endpointer.end_after(5000)
    endpointer.feed(np.concatenate((chunks(10), quiet(30))))
    assert endpointer.speaking
    endpointer.end_after(320)
    assert without_audio(endpointer.feed(quiet(1))) == [
        UtteranceEnded(0, 10 * CHUNK_SAMPLES, 41 * CHUNK_SAMPLES)
    ]


def test_a_click_is_dropped(endpointer):
    events = endpointer.feed(np.concatenate((chunks(1), quiet(20))))
    dropped = without_audio(events)[-1]
    assert dropped == UtteranceDropped(0, CHUNK_SAMPLES, 11 * CHUNK_SAMPLES)
    assert not endpointer.speaking


def test_a_word_after_a_click_is_heard(endpointer):
    endpointer.feed(np.concatenate((chunks(1), quiet(20))))
    events = endpointer.feed(np.concatenate((chunks(10), quiet(20))))
    assert [type(event) for event in without_audio(events)] == [UtteranceStarted, UtteranceEnded]


def test_endless_speech_is_cut_at_eight_seconds_and_begins_anew(endpointer):
    events = without_audio(endpointer.feed(chunks(260)))
    assert events == [
        UtteranceStarted(0),
        UtteranceEnded(0, 250 * CHUNK_SAMPLES, 250 * CHUNK_SAMPLES, forced=True),
        UtteranceStarted(250 * CHUNK_SAMPLES),
    ]


def test_softer_speech_goes_on_but_does_not_begin(endpointer):
    soft = chunks(5, 160)
    assert endpointer.feed(soft) == []
    events = endpointer.feed(np.concatenate((chunks(5), soft, quiet(20))))
    assert without_audio(events)[-1].end_sample == 15 * CHUNK_SAMPLES


def test_reset_forgets_the_utterance_and_goes_on_counting(endpointer):
    endpointer.feed(np.concatenate((chunks(10), chunks(1)[:100])))
    endpointer.reset()
    assert not endpointer.speaking
    assert without_audio(endpointer.feed(chunks(1))) == [UtteranceStarted(10 * CHUNK_SAMPLES + 100)]


def test_audio_events_compare_by_their_samples():
    assert UtteranceAudio(chunks(1)) == UtteranceAudio(chunks(1))
    assert UtteranceAudio(chunks(1)) != UtteranceAudio(quiet(1))
    assert len({UtteranceAudio(chunks(1)), UtteranceAudio(chunks(1))}) == 1
