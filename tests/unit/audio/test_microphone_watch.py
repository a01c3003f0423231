"""During a session the person is told once what makes them hard to hear."""

from datetime import UTC, datetime

import numpy as np
import pytest

from cuewalk.audio.signal.microphone_check import check_microphone, sentences
from cuewalk.audio.signal.microphone_watch import MicrophoneWatch
from cuewalk.audio.signal.quality import Problem, spoils
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.sound import as_samples
from cuewalk.session.observing import Observer
from cuewalk.session.stage import Performance, begin, open_stage
from cuewalk.settings import Settings
from helpers.journals import memory_journal
from helpers.sessions import sample_setup
from helpers.synth import between_silence, say

_SILENCE = np.zeros(320, np.int16)
_ROOM = np.random.default_rng(2).normal(0, 5, 320).astype(np.int16)


def _speak(watch, level=1.0, own_voice=False):
    """Let somebody say a sentence at a level, then pause; return what the person is told."""
    sound = between_silence(say("Between three and four."), 0.1, 0.3) * level
    sound += np.random.default_rng(4).normal(0, 4, len(sound))
    samples = as_samples(sound)
    told = []
    for frame in samples[: len(samples) // 320 * 320].reshape(-1, 320):
        told += watch.feed(frame, speaking=True, own_voice=own_voice)
    for _ in range(10):
        told += watch.feed(_ROOM, speaking=False, own_voice=False)
    return told


def _pass(watch, frame, seconds):
    return [
        text for _ in range(int(seconds * 50)) for text in watch.feed(frame, speaking=False, own_voice=False)
    ]


def test_a_microphone_that_delivers_only_zeros_is_told_once():
    watch = MicrophoneWatch()
    assert _pass(watch, _SILENCE, 4.9) == []
    assert _pass(watch, _SILENCE, 60) == [Problem.MUTED_OR_ZEROS.sentence]


def test_a_pause_in_a_quiet_room_is_not_told():
    watch = MicrophoneWatch()
    for _ in range(5):
        assert _pass(watch, _SILENCE, 4) == _pass(watch, _ROOM, 0.1) == []


@pytest.mark.parametrize(("level", "problem"), [(6.0, Problem.CLIPPING), (0.01, Problem.TOO_QUIET)])
def test_what_one_utterance_after_another_suffers_from_is_told_once(level, problem):
    watch = MicrophoneWatch()
    assert _speak(watch, level) == []
    assert _speak(watch, level) == [problem.sentence]
    assert _speak(watch, level) + _speak(watch, level) == []


def test_a_single_cough_is_not_told():
    watch = MicrophoneWatch()
    told = [_speak(watch, level) for level in (6.0, 1.0, 6.0, 1.0)]
    assert told == [[]] * 4


def test_the_echo_of_our_own_voice_says_nothing_about_the_persons():
    watch = MicrophoneWatch()
    assert [_speak(watch, 6.0, own_voice=True) for _ in range(4)] == [[]] * 4


def test_the_report_on_the_utterance_under_way_can_be_asked_for():
    watch = MicrophoneWatch()
    assert watch.utterance is None
    watch.feed(_ROOM, speaking=False, own_voice=False)
    overloaded = np.resize(np.array([32767, -32768], np.int16), 320)
    watch.feed(overloaded, speaking=True, own_voice=True)
    assert watch.utterance is not None
    assert spoils(watch.utterance)
    watch.feed(_ROOM, speaking=False, own_voice=False)
    assert watch.utterance is None


class _StopWhenTold(Observer):
    def __init__(self):
        self.told, self.at = "", 0

    def ticked(self, now, view, *, quiet):
        self.at = now
        assert now < 10_000, "nothing was told in ten seconds"

    def noticed(self, text):
        self.told += text
        if text == Problem.MUTED_OR_ZEROS.sentence:
            raise KeyboardInterrupt


def test_a_session_with_a_muted_microphone_says_so_after_five_seconds(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    stage = open_stage(Settings(recogniser="pocketsphinx", voice_engine="silent"))
    journal = memory_journal()
    session_id, session = begin(sample_setup(1), datetime.now(UTC))
    screen = _StopWhenTold()
    performance = Performance(
        stage, journal, session_id, session, VirtualRoom(), observers=[screen], watch=MicrophoneWatch()
    )
    with pytest.raises(KeyboardInterrupt):
        performance.run()
    stage.voice.close()
    assert 4_900 <= screen.at <= 5_100


@pytest.mark.parametrize(
    ("noise_db", "says"),
    [(None, "nothing but silence"), (-70.0, "very quiet"), (-30.0, "loud compared with your voice")],
)
def test_the_check_says_in_words_what_the_room_is_like(noise_db, says):
    report = check_microphone(VirtualRoom(noise_db=noise_db), 1.5)
    assert report.seconds == pytest.approx(1.5)
    assert says in sentences(report)


def test_the_check_says_how_well_a_voice_is_heard():
    room = VirtualRoom(noise_db=-62.0)
    room.say(say("Between three and four."))
    report = check_microphone(room, 1.5)
    assert report.problems == ()
    assert "well heard" in sentences(report)
