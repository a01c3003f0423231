"""The spotter hears "stop" before the utterance is over, and nothing in silence."""

import numpy as np
import pytest

from cuewalk.models.heads import load_judge, shipped_head
from cuewalk.speech_in.spotter_recogniser import SpotterRecogniser
from helpers.synth import say, silence

FRAME = 512


@pytest.fixture(scope="module")
def spotter():
    made = SpotterRecogniser(load_judge(shipped_head("en-US"), "en-US")[0])
    yield made
    made.close()


def partials(spotter, samples):
    heard = []
    for start in range(0, len(samples), FRAME):
        spotter.feed(samples[start : start + FRAME].tobytes())
        heard.append(spotter.partial())
    spotter.reset()
    return heard


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_stop_is_heard_before_the_utterance_is_decided(spotter, voice):
    heard = partials(spotter, np.concatenate((silence(0.25), say("stop", voice), silence(0.5))))
    assert "stop" in heard


def test_stop_is_heard_at_the_end_of_something_else(spotter):
    heard = partials(
        spotter, np.concatenate((say("the weather tomorrow"), silence(0.3), say("stop"), silence(0.5)))
    )
    assert "stop" in heard


def test_what_else_it_may_have_been_is_told_most_likely_first(spotter):
    spotter.feed(np.concatenate((silence(0.25), say("five"), silence(0.25))).tobytes())
    hypothesis = spotter.finish()
    shares = [alternative.probability for alternative in hypothesis.alternatives]
    assert hypothesis.text == "five"
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1 + 1e-5


def test_hiss_is_no_word(spotter):
    hiss = np.random.default_rng(0).normal(0, 60, 16_000).astype(np.int16)
    spotter.feed(hiss.tobytes())
    assert spotter.finish().confidence < 0.2
