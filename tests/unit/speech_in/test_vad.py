"""The real voice activity model behind its energy gate."""

import numpy as np
import pytest

from cuewalk.speech_in.silero import CHUNK_SAMPLES
from cuewalk.speech_in.vad import Chunker, SileroVad
from helpers.synth import between_silence, say, silence


def probabilities(activity, samples):
    return [activity.probability(chunk) for chunk in Chunker().cut(samples)]


def test_silence_is_never_speech_and_never_asks_the_model(monkeypatch):
    activity = SileroVad()
    monkeypatch.setattr(activity, "_run", None)
    hum = np.resize(np.array([3, -3], dtype=np.int16), 10 * CHUNK_SAMPLES)
    assert set(probabilities(activity, np.concatenate((silence(2), hum)))) == {0.0}


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_a_word_after_long_silence_is_speech(voice):
    activity = SileroVad()
    found = probabilities(activity, between_silence(say("seven", voice), 5, 1))
    assert sum(probability > 0.5 for probability in found) >= 5


def test_the_gate_does_not_move_the_word():
    stream = between_silence(say("stop"), 2, 1)
    gated = [p > 0.5 for p in probabilities(SileroVad(), stream)]
    asked = [p > 0.5 for p in probabilities(SileroVad(gate_rms=0), stream)]
    assert abs(gated.index(True) - asked.index(True)) <= 1
    assert abs(gated[::-1].index(True) - asked[::-1].index(True)) <= 1


def test_noise_is_not_speech():
    noise = np.random.default_rng(7).normal(0, 800, 32_000).astype(np.int16)
    assert max(probabilities(SileroVad(), noise)) < 0.5


def test_after_a_reset_it_hears_as_if_new():
    stream = between_silence(say("four"), 0.2, 0.2)
    activity = SileroVad()
    first = probabilities(activity, stream)
    activity.reset()
    assert probabilities(activity, stream) == first
