"""The same stream gives the same utterances however it is cut, and never overlapping or out of order."""

from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.speech_in.endpointing import (
    Endpointer,
    UtteranceAudio,
    UtteranceDropped,
    UtteranceEnded,
    UtteranceStarted,
)
from cuewalk.speech_in.silero import CHUNK_SAMPLES
from helpers.loud_is_speech import LoudIsSpeech
from helpers.synth import between_silence, say

#: Loudness of one stretch of the stream and its length in samples.
stretches = st.lists(st.tuples(st.sampled_from([0, 200, 420, 2000]), st.integers(1, 9000)), max_size=12)
cuts = st.lists(st.integers(1, 5000), min_size=1, max_size=8)


def stream_of(parts):
    pieces = [np.full(length, loudness, dtype=np.int16) for loudness, length in parts]
    stream = np.concatenate([np.empty(0, dtype=np.int16), *pieces])
    return stream + (np.arange(len(stream)) % 5).astype(np.int16)


def endpointer():
    return Endpointer(LoudIsSpeech(), delay=300, longest=1500)


def fed(made, stream, sizes):
    events, start, turn = [], 0, 0
    while start < len(stream):
        size = sizes[turn % len(sizes)]
        events += made.feed(stream[start : start + size])
        start, turn = start + size, turn + 1
    return events


@cache
def spoken():
    stream = between_silence(say("four"), 0.3, 0.8)
    return stream, Endpointer().feed(stream)


@given(stretches, cuts)
def test_cuts_do_not_matter(parts, sizes):
    stream = stream_of(parts)
    assert fed(endpointer(), stream, sizes) == endpointer().feed(stream)


@given(stretches)
def test_every_beginning_has_one_end_and_the_audio_is_the_stream(parts):
    stream = stream_of(parts)
    made = endpointer()
    events = made.feed(stream)
    before, open_, audio = 0, None, []
    for event in events:
        match event:
            case UtteranceStarted(start_sample=start):
                assert open_ is None
                assert start >= before
                open_, audio = start, []
            case UtteranceAudio(samples=samples):
                audio.append(samples)
            case UtteranceEnded() | UtteranceDropped():
                assert open_ == event.start_sample < event.end_sample <= event.decided_sample
                heard = np.concatenate(audio)
                lead = len(audio[0]) - CHUNK_SAMPLES
                began = event.start_sample - lead
                assert np.array_equal(heard, stream[began : began + len(heard)])
                assert began + len(heard) >= event.end_sample
                before, open_ = event.end_sample, None
    assert made.speaking == (open_ is not None)


@settings(max_examples=8)
@given(st.integers(100, 2000))
def test_a_spoken_word_is_found_the_same_with_the_real_model_whatever_the_cuts(size):
    stream, whole = spoken()
    assert fed(Endpointer(), stream, [size]) == whole


def test_one_sample_at_a_time():
    stream, whole = spoken()
    assert fed(Endpointer(), stream, [1]) == whole
    kinds = [type(event) for event in whole if not isinstance(event, UtteranceAudio)]
    assert kinds == [UtteranceStarted, UtteranceEnded]
