"""PocketSphinx in its own process: a death costs one utterance, never the session."""

import os
import signal

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
    assert recogniser.guess()().text == "seven"
    assert recogniser.finish().text == "seven"
