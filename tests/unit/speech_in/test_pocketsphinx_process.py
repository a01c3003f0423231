"""PocketSphinx in its own process: a death costs one utterance, never the session."""

import os
import select
import signal
import subprocess
import sys

import numpy as np
import pytest

from cuewalk import workers
from cuewalk.domain.errors import RecogniserError
from cuewalk.speech_in import pocketsphinx_process
from cuewalk.speech_in.pocketsphinx_process import PocketSphinxProcess
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


def test_a_process_that_is_stuck_is_replaced(monkeypatch):
    monkeypatch.setattr(workers, "TAKING", 1)
    recogniser = PocketSphinxProcess(JSGF, words=WORDS)
    assert recogniser.unknown_words == frozenset()
    stuck = recogniser._worker.pid
    os.kill(stuck, signal.SIGSTOP)
    recogniser.feed(bytes(1_000_000))  # more than the system keeps for it
    assert recogniser._worker.pid != stuck
    assert recogniser.finish().text == ""
    recogniser.close()


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux")
def test_the_process_dies_with_a_session_that_is_killed():
    code = (
        "from cuewalk.speech_in.pocketsphinx_process import PocketSphinxProcess\n"
        f"ears = PocketSphinxProcess({JSGF!r}, words=frozenset())\n"
        "print(ears._worker.pid, flush=True); input()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, text=True) as session:
        handle = os.pidfd_open(int(session.stdout.readline()))
        session.kill()
    assert select.select([handle], [], [], 10)[0]
    os.close(handle)


def test_a_process_prints_nothing_and_leaves_ctrl_c_to_the_session(recogniser, capfd):
    assert recogniser.unknown_words == frozenset()
    os.kill(recogniser._worker.pid, signal.SIGINT)
    assert recogniser.partial() == ""
    assert recogniser._lives == pocketsphinx_process._MOST_LIVES
    assert capfd.readouterr() == ("", "")
