"""When an utterance begins, goes on, ends, or was none. Times are in 32 ms chunks of 512 samples."""

import numpy as np
import pytest

from cuewalk.speech_in.activity import CHUNK_SAMPLES
from cuewalk.speech_in.segmenter import Segmenter, SpeechAudio, SpeechBegan, SpeechDropped, SpeechEnded
from helpers.activities import LoudIsSpeech


def chunks(count, loudness=2000):
    return np.full(count * CHUNK_SAMPLES, loudness, dtype=np.int16)


def quiet(count):
    return chunks(count, 0)


@pytest.fixture
def segmenter():
    return Segmenter(LoudIsSpeech(), patience=320)


def without_audio(events):
    return [event for event in events if not isinstance(event, SpeechAudio)]


def audio_of(events):
    return np.concatenate([event.samples for event in events if isinstance(event, SpeechAudio)])


def test_a_word_begins_at_its_first_chunk_and_ends_at_its_last(segmenter):
    events = segmenter.feed(np.concatenate((quiet(20), chunks(10), quiet(20))))
    start, end = 20 * CHUNK_SAMPLES, 30 * CHUNK_SAMPLES
    assert without_audio(events) == [
        SpeechBegan(start),
        SpeechEnded(start, end, end + 10 * CHUNK_SAMPLES),
    ]


def test_the_beginning_is_told_at_once(segmenter):
    assert without_audio(segmenter.feed(chunks(1))) == [SpeechBegan(0)]
    assert segmenter.speaking


def test_a_quarter_of_a_second_before_and_after_belongs_to_it(segmenter):
    heard = audio_of(segmenter.feed(np.concatenate((quiet(20), chunks(10), quiet(20)))))
    assert len(heard) == (8 + 10 + 8) * CHUNK_SAMPLES
    assert not heard[: 8 * CHUNK_SAMPLES].any()
    assert heard[8 * CHUNK_SAMPLES]


def test_a_pause_within_patience_stays_inside_with_its_silence(segmenter):
    segmenter.patience(640)
    events = segmenter.feed(np.concatenate((chunks(10), quiet(18), chunks(10), quiet(30))))
    assert without_audio(events)[1:] == [SpeechEnded(0, 38 * CHUNK_SAMPLES, 58 * CHUNK_SAMPLES)]
    assert len(audio_of(events)) == (38 + 8) * CHUNK_SAMPLES


def test_patience_can_be_changed_while_somebody_speaks(segmenter):
    segmenter.patience(5000)
    segmenter.feed(np.concatenate((chunks(10), quiet(30))))
    assert segmenter.speaking
    segmenter.patience(320)
    assert without_audio(segmenter.feed(quiet(1))) == [SpeechEnded(0, 10 * CHUNK_SAMPLES, 41 * CHUNK_SAMPLES)]


def test_a_click_is_dropped_and_says_why(segmenter):
    events = segmenter.feed(np.concatenate((chunks(1), quiet(20))))
    dropped = without_audio(events)[-1]
    assert isinstance(dropped, SpeechDropped)
    assert dropped.why == "The sound lasted 32 ms; a word takes at least 64 ms."
    assert not segmenter.speaking


def test_a_word_after_a_click_is_heard(segmenter):
    segmenter.feed(np.concatenate((chunks(1), quiet(20))))
    events = segmenter.feed(np.concatenate((chunks(10), quiet(20))))
    assert [type(event) for event in without_audio(events)] == [SpeechBegan, SpeechEnded]


def test_endless_speech_is_cut_at_eight_seconds_and_begins_anew(segmenter):
    events = without_audio(segmenter.feed(chunks(260)))
    assert events == [
        SpeechBegan(0),
        SpeechEnded(0, 250 * CHUNK_SAMPLES, 250 * CHUNK_SAMPLES, forced=True),
        SpeechBegan(250 * CHUNK_SAMPLES),
    ]


def test_softer_speech_goes_on_but_does_not_begin(segmenter):
    soft = chunks(5, 160)
    assert segmenter.feed(soft) == []
    events = segmenter.feed(np.concatenate((chunks(5), soft, quiet(20))))
    assert without_audio(events)[-1].end_sample == 15 * CHUNK_SAMPLES


def test_reset_forgets_the_utterance_and_goes_on_counting(segmenter):
    segmenter.feed(np.concatenate((chunks(10), chunks(1)[:100])))
    segmenter.reset()
    assert not segmenter.speaking
    assert without_audio(segmenter.feed(chunks(1))) == [SpeechBegan(10 * CHUNK_SAMPLES + 100)]


def test_audio_events_compare_by_their_samples():
    assert SpeechAudio(chunks(1)) == SpeechAudio(chunks(1))
    assert SpeechAudio(chunks(1)) != SpeechAudio(quiet(1))
    assert len({SpeechAudio(chunks(1)), SpeechAudio(chunks(1))}) == 1
