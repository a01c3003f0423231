"""What is wrong with speech as people's devices spoil it, and that nothing is wrong with clean speech."""

import numpy as np
import pytest
import soxr

from cuewalk.audio.aec.canceller import NoCanceller
from cuewalk.audio.signal.quality import Problem, SignalMeter, assess, is_silent, spoils
from cuewalk.domain.sound import as_samples
from helpers.synth import RATE, between_silence, say

_SENTENCE = "Seven and eleven, or between three and four."
_VOICES = ("slt", "rms", "awb", "kal16")


def in_a_room(speech, level=1.0, noise=6.0):
    """Return ``speech`` between pauses, with a room's noise, as loud as asked for."""
    sound = between_silence(speech).astype(float) * level
    return sound + np.random.default_rng(1).normal(0, noise, len(sound))


def through(sound, rate):
    """Return ``sound`` after a stay at another sample rate."""
    there = np.rint(soxr.resample(sound.astype(np.float32), RATE, rate))
    return as_samples(soxr.resample(there, rate, RATE))


def problems(sound):
    return assess(as_samples(sound)).problems


@pytest.mark.parametrize("voice", _VOICES)
@pytest.mark.parametrize("text", ["no", "four", "yes", "nine, one, five", _SENTENCE])
def test_nothing_is_wrong_with_clean_speech(voice, text):
    speech = say(text, voice)
    for sound in (in_a_room(speech), speech):
        assert problems(sound) == ()
        assert not spoils(assess(as_samples(sound)))


def test_an_overloaded_microphone_is_told_and_its_words_are_not_believed():
    report = assess(as_samples(in_a_room(say(_SENTENCE), level=5)))
    assert report.problems == (Problem.CLIPPING,)
    assert report.peak_dbfs == pytest.approx(0, abs=0.1)
    assert spoils(report)


def test_a_few_cut_tops_are_told_but_do_no_harm():
    report = assess(as_samples(in_a_room(say(_SENTENCE), level=2.2)))
    assert Problem.CLIPPING in report.problems
    assert not spoils(report)


def test_an_overload_is_seen_after_resampling_from_the_devices_rate():
    loud = soxr.resample(in_a_room(say(_SENTENCE), level=8), RATE, 48_000)
    cut = np.clip(loud, -32768, 32767)
    assert spoils(assess(as_samples(cut), rate=48_000))


def test_an_offset_is_told_and_harms_nothing():
    report = assess(as_samples(in_a_room(say(_SENTENCE), level=0.5) + 0.1 * 32768))
    assert report.problems == (Problem.DC_OFFSET,)
    assert report.dc_offset == pytest.approx(0.1, abs=0.005)
    assert not spoils(report)


def test_without_a_canceller_the_offset_is_taken_out_and_the_voice_left():
    sound = as_samples(in_a_room(say(_SENTENCE), level=0.5))
    frames = as_samples(sound[: len(sound) // 320 * 320] + 0.1 * 32768).reshape(-1, 320)
    stage = NoCanceller()
    heard = np.concatenate([stage.clean(frame) for frame in frames])
    before, after = assess(sound), assess(heard)
    assert after.problems == ()
    assert abs(after.dc_offset) < 0.001
    assert after.speech_dbfs == pytest.approx(before.speech_dbfs, abs=0.3)


@pytest.mark.parametrize("voice", _VOICES)
def test_a_telephone_headset_is_recognised(voice):
    report = assess(through(in_a_room(say(_SENTENCE, voice)), 8_000))
    assert report.problems == (Problem.NARROW_BAND,)
    assert report.bandwidth_hz == 4000
    assert not spoils(report)


def test_a_voice_recorded_at_8_khz_is_recognised_as_narrow():
    assert problems(say(_SENTENCE, "kal")) == (Problem.NARROW_BAND,)


def test_one_short_word_does_not_tell_the_bandwidth():
    speech = say("no")
    loudest = int(np.abs(speech.astype(int)).argmax())
    word = speech[max(0, loudest - RATE // 8) : loudest + RATE // 8]
    report = assess(through(in_a_room(word), 8_000))
    assert (report.bandwidth_hz, report.problems) == (None, ())


@pytest.mark.parametrize("dither", [0, 1])
def test_a_muted_microphone_is_told_alone(dither):
    quiet = np.random.default_rng(3).integers(-dither, dither + 1, 2 * RATE).astype(np.int16)
    report = assess(quiet)
    assert report.problems == (Problem.MUTED_OR_ZEROS,)
    assert is_silent(quiet)
    assert spoils(report)


def test_a_quiet_room_is_not_taken_for_a_muted_microphone():
    room = as_samples(np.random.default_rng(3).normal(0, 2, 2 * RATE))
    assert problems(room) == ()
    assert not is_silent(room)


def test_a_faint_voice_is_told():
    speech = say(_SENTENCE)
    loudness = assess(speech).speech_dbfs
    faint = in_a_room(speech, level=10 ** ((-55 - loudness) / 20), noise=2)
    assert problems(faint) == (Problem.TOO_QUIET,)
    assert problems(in_a_room(speech, level=10 ** ((-38 - loudness) / 20), noise=2)) == ()


def test_a_loud_room_is_told_with_and_without_a_voice():
    noise = 1500
    assert problems(in_a_room(say(_SENTENCE), level=0.5, noise=noise)) == (Problem.NOISY_ROOM,)
    assert problems(in_a_room(np.zeros(RATE), noise=noise)) == (Problem.NOISY_ROOM,)
    assert problems(in_a_room(say(_SENTENCE), noise=100)) == ()


def test_holes_in_a_word_spoil_it():
    sound = as_samples(in_a_room(say(_SENTENCE)))
    loud = np.flatnonzero(np.abs(sound.astype(int)) > 8000)
    for place in loud[:: len(loud) // 6]:
        sound[place - 80 : place + 80] = 0
    assert assess(sound).dropouts >= 4
    assert spoils(assess(sound))


def test_a_noise_gate_between_words_spoils_nothing():
    words = [between_silence(say(word), before=0.05, after=0.15) for word in ("four", "stop", "eight")]
    gated = np.concatenate(words)
    report = assess(gated)
    assert report.zero_share > 0.2
    assert not spoils(report)


def test_of_nothing_nothing_is_said():
    report = SignalMeter().report()
    assert (report.seconds, report.problems) == (0, ())
    assert not spoils(report)


@pytest.mark.parametrize("problem", list(Problem))
def test_every_problem_says_what_it_is_what_it_means_and_what_to_do(problem):
    assert len(problem.value) == 3
    assert all(sentence.endswith(".") for sentence in problem.value)
