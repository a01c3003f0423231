"""What the live benchmark finds in one recording of person and echo."""

import numpy as np
import pytest

from cuewalk.bench.live.sound import find, silent_from, sounds_from, trimmed
from helpers.synth import RATE, between_silence, say, silence

LEVEL = 1600.0


def voice(seconds, *, seed=1):
    """Return something like our voice, at the level of the word: noise with the spectrum of speech."""
    text = say(
        "Sit tall on the front edge of the chair, let both feet rest on the floor and breathe out.", "rms"
    )
    long = np.tile(text, 1 + int(seconds * RATE) // len(text))[: int(seconds * RATE)].astype(np.float64)
    rms = np.sqrt(np.mean(np.square(long)))
    noise = np.random.default_rng(seed).standard_normal(len(long)) * 5
    return np.rint(long * (LEVEL / rms) + noise).astype(np.int16)


def mixed(under, word, at):
    sound = under.astype(np.int32)
    sound[at : at + len(word)] += word
    return np.clip(sound, -32768, 32767).astype(np.int16)


def test_a_word_is_cut_out_of_its_silence_and_as_loud_as_asked():
    said = say("seven")
    word = trimmed(between_silence(said), LEVEL)
    assert len(word.samples) < len(said) + 0.25 * RATE
    assert 0 < word.end <= len(word.samples)
    # Nothing of the word is left after its end that could be taken for our voice.
    assert np.abs(word.samples[word.end + RATE // 20 :]).max(initial=0) < 200
    loud = word.samples[: word.end].astype(float)
    assert np.sqrt(np.mean(loud**2)) == pytest.approx(LEVEL, rel=0.5)


@pytest.mark.parametrize("words", ["stop", "seven", "four"])
def test_a_word_is_found_under_a_voice_that_is_as_loud(words):
    word = trimmed(say(words), LEVEL)
    at = int(1.37 * RATE)
    recording = mixed(voice(4), word.samples, at)
    assert find(word.samples, recording, 0, len(recording)) == pytest.approx(at, abs=RATE // 1000)


def test_a_word_that_was_not_said_is_not_found():
    word = trimmed(say("stop"), LEVEL)
    recording = voice(4)
    assert find(word.samples, recording, 0, len(recording)) is None
    assert find(word.samples, recording, 0, len(word.samples) // 2) is None


def test_silence_begins_where_our_voice_ends_and_not_in_a_pause():
    first, second = voice(1.0), voice(0.8)
    recording = np.concatenate((first, silence(0.5), second, silence(1.5)))
    ends = len(first) + RATE // 2 + len(second)
    assert silent_from(recording, 0, len(recording)) == pytest.approx(ends, abs=RATE // 20)
    assert silent_from(recording, 0, ends) is None


def test_our_voice_begins_with_its_first_sound():
    speech = voice(0.5)
    first = int(np.argmax(np.abs(speech) > 200))
    recording = np.concatenate((silence(0.8), speech))
    begins = sounds_from(recording, 0, len(recording))
    assert begins == pytest.approx(int(0.8 * RATE) + first, abs=RATE // 20)
    assert sounds_from(recording, 0, int(0.5 * RATE)) is None
