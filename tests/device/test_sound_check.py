"""``cuewalk doctor --listen`` on real PortAudio streams: the microphone hears the speaker, or nothing."""

import re
from contextlib import contextmanager

import pytest

from cuewalk.devices.files.wav import write_wav
from helpers.synth import between_silence, say

pytestmark = pytest.mark.device

#: Where less is taken out, the sound check itself advises to turn the speaker down.
_LEAST_DB = 12

_DOCTOR = ("python", "-c", "from cuewalk.cli import main; main()", "doctor", "--listen")


@pytest.fixture
def at_home(null_sinks, tmp_path, monkeypatch):
    (tmp_path / "home").mkdir(mode=0o700)
    # To try the natural voice takes ten seconds.
    (tmp_path / "home" / "settings.toml").write_text('voice_engine = "pyttsx3"\n')
    monkeypatch.setitem(null_sinks.env, "CUEWALK_HOME", str(tmp_path / "home"))
    monkeypatch.setitem(null_sinks.env, "COLUMNS", "200")
    return null_sinks


@contextmanager
def _open_speakers(sinks):
    """Let the microphone hear the speaker, as a room does: without adjusting, the echo's delay stays."""
    loop = ("module-loopback", "source=speaker.monitor", "sink=micfeed", "latency_msec=80", "adjust_time=0")
    module = sinks.run("pactl", "load-module", *loop).stdout.strip()
    try:
        yield
    finally:
        sinks.run("pactl", "unload-module", module)


def _checked(sinks, answers):
    """Return the exit code of a check in which a person answers each question, and what was shown.

    ``answers``: by the question, what is said into the microphone from the moment that it is printed.
    """
    with _open_speakers(sinks), sinks.start(*_DOCTOR) as doctor:
        shown = []
        for line in doctor.stdout:
            shown.append(line)
            if line.strip() in answers:
                sinks.play_into_microphone(answers[line.strip()])
        return doctor.wait(20), "".join(shown)


def test_a_person_with_open_speakers_is_heard_and_told_so(at_home, tmp_path):
    # A line is printed as it begins to be spoken: the answer comes when it has been.
    answers = {}
    for line, seconds in (("Now say: four.", 2.0), ("Once more, please. Say: four.", 3.4)):
        answers[line] = tmp_path / f"{seconds}.wav"
        write_wav(answers[line], between_silence(say("four") // 2, seconds, 0.3))
    code, text = _checked(at_home, answers)
    assert code == 0, text
    assert "I heard four." in text
    taken = re.search(r"the echo canceller takes (\d+) dB", text)
    assert taken, text
    assert int(taken[1]) >= _LEAST_DB, text
    assert '"cuewalk run" starts a session.' in text


def test_a_microphone_that_delivers_nothing_is_told_and_the_exit_code_says_so(at_home):
    done = at_home.run(*_DOCTOR, seconds=60)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "mute button" in done.stdout
    assert "check again: cuewalk doctor --listen" in done.stdout
