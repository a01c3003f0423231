"""The benchmark's room: levels, delays and clocks are those that were asked for."""

import numpy as np
import pytest

from cuewalk.bench.room.room import BenchRoom, Levels, SpeakerLine, responses
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE

SILENT = np.zeros(FRAME_SAMPLES, np.int16)


def tone(seconds, hertz=500.0, level=4000):
    moments = np.arange(int(seconds * SESSION_RATE)) / SESSION_RATE
    return np.rint(np.sin(2 * np.pi * hertz * moments) * level).astype(np.int16)


def through(device, sound):
    whole = sound[: len(sound) // FRAME_SAMPLES * FRAME_SAMPLES]
    return np.concatenate([device(frame) for frame in whole.reshape(-1, FRAME_SAMPLES)])


def rms(sound):
    return float(np.sqrt(np.mean(np.square(sound.astype(np.float64)))))


@pytest.mark.parametrize("rt60", [None, 0.2, 0.6])
def test_reflections_change_no_level(rt60):
    found = responses(rt60, 1)
    for response in (found.echo, found.person):
        assert np.sum(np.square(response)) == pytest.approx(1, rel=1e-3)
    assert (rt60 is None) == np.array_equal(found.echo, found.person)


def test_play_out_is_heard_after_queue_and_air_as_loud_as_asked():
    room = BenchRoom(responses(None, 1), Levels(echo=0.5), 1, queue_frames=2, delay_ms=40)
    sound = np.random.default_rng(3).integers(-8000, 8000, 10 * FRAME_SAMPLES, dtype=np.int16)
    heard = through(room.exchange, np.concatenate((sound, *[SILENT] * 6)))
    delay = room.state.latency_frames * FRAME_SAMPLES
    assert room.state.latency_frames == 4
    assert rms(heard[:delay]) < 20
    assert rms(heard[delay : delay + len(sound)] - sound / 2) < 20


def test_what_is_silenced_is_not_heard_any_more():
    room = BenchRoom(responses(None, 1), Levels(echo=1.0), 1, queue_frames=3, delay_ms=20)
    through(room.exchange, tone(0.2))
    assert room.fade_out() == 3
    heard = through(room.exchange, np.zeros(8 * FRAME_SAMPLES, np.int16))
    # Only what the device had already, and the fade.
    assert rms(heard[:FRAME_SAMPLES]) > 1000
    assert rms(heard[2 * FRAME_SAMPLES :]) < 20


def test_the_person_is_as_loud_as_recorded_and_noise_as_asked():
    room = BenchRoom(responses(None, 1), Levels(echo=1.0, noise=300.0), 1)
    room.say(tone(1.0))
    said = through(room.exchange, np.zeros(SESSION_RATE, np.int16))
    after = through(room.exchange, np.zeros(10 * SESSION_RATE, np.int16))
    assert rms(said) == pytest.approx(4000 / np.sqrt(2), rel=0.05)
    assert rms(after) == pytest.approx(300, rel=0.2)


def test_a_faster_speaker_plays_a_tone_higher_and_the_queue_keeps_its_length():
    line = SpeakerLine(4, 60, 20_000)
    heard = through(line.next_frame, tone(1.0, hertz=1000.0, level=8000))
    steady = heard[len(heard) // 2 :] * np.hanning(len(heard) - len(heard) // 2)
    peak = np.argmax(np.abs(np.fft.rfft(steady, 10 * SESSION_RATE))) / 10
    assert peak == pytest.approx(1020, abs=1)
    through(line.next_frame, np.zeros(SESSION_RATE, np.int16))
    assert line.slipped / 320 == pytest.approx(2, abs=1)


def test_a_slower_speaker_leaves_silence_out():
    line = SpeakerLine(4, 60, -20_000)
    through(line.next_frame, np.zeros(2 * SESSION_RATE, np.int16))
    assert line.slipped / 320 == pytest.approx(-1, abs=1)
    assert line.slipped < 0
