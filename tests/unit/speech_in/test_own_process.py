"""PocketSphinx in its own process: a death costs one utterance, never the session."""

import os
import signal

import numpy as np
import pytest

from cuewalk.domain.errors import RecogniserError
from cuewalk.speech_in.own_process import PocketSphinxProcess
from helpers.synth import between_silence, say

JSGF = "#JSGF V1.0; grammar test; public <said> = stop | seven;"
WORDS = frozenset({"stop", "seven"})


def kill(recogniser):
    process = recogniser._worker._process
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def recogniser():
    made = PocketSphinxProcess(JSGF, words=WORDS)
    yield made
    made.close()


def test_after_its_process_died_the_next_utterance_is_heard(recogniser):
    stop = between_silence(say("stop"), 0.2, 0.2).tobytes()
    recogniser.feed(stop)
    kill(recogniser)
    assert recogniser.finish().text == ""
    recogniser.feed(stop)
    assert recogniser.finish().text == "stop"


def test_the_grammar_in_use_is_in_use_after_a_death_too(recogniser):
    recogniser.listen_with("other", "#JSGF V1.0; grammar test; public <said> = seven;")
    kill(recogniser)
    recogniser.partial()
    recogniser.feed(between_silence(say("seven"), 0.2, 0.2).tobytes())
    assert recogniser.finish().text == "seven"


def test_a_process_that_dies_again_and_again_ends_with_a_sentence(recogniser):
    for _ in range(4):
        kill(recogniser)
        recogniser.finish()
    kill(recogniser)
    with pytest.raises(RecogniserError, match="everything you said before is kept"):
        recogniser.finish()


def test_a_guess_is_what_it_would_be_if_it_ended_here(recogniser):
    recogniser.feed(between_silence(say("seven"), 0.2, 0.2).tobytes())
    assert recogniser.decode_early()().text == "seven"
    assert recogniser.finish().text == "seven"


def test_a_long_utterance_that_was_guessed_at_in_the_middle_is_heard_to_its_end(recogniser):
    # What was said before the guess is decoded anew then; seconds in one piece crash PocketSphinx.
    process = recogniser._worker._process
    long = np.tile(between_silence(say("seven"), 0.0, 0.1), 12)[: 7 * 16_000]
    for at in range(0, len(long), 512):
        recogniser.feed(long[at : at + 512].tobytes())
        if at in {160 * 512, 200 * 512}:
            recogniser.decode_early()()
    recogniser.partial()
    assert recogniser.finish().engine == "pocketsphinx"
    assert recogniser._worker._process is process
