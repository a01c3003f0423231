"""The microphone check on real PortAudio streams: a muted microphone, and one that somebody speaks into."""

import pytest

from cuewalk.devices.files.wav import write_wav
from helpers.synth import between_silence, say

pytestmark = pytest.mark.device

_DOCTOR = ("python", "-c", "from cuewalk.cli import main; main()", "doctor")
_LISTEN = """
from cuewalk.audio.signal.microphone_check import check_microphone, sentences
from cuewalk.devices.live import LiveAudio
audio = LiveAudio()
print("ready", flush=True)
print(sentences(check_microphone(audio, 5)), flush=True)
audio.close()
"""


@pytest.fixture
def at_home(null_sinks, tmp_path, monkeypatch):
    """The null sinks with a data folder of the test's own and a wide terminal."""
    monkeypatch.setitem(null_sinks.env, "CUEWALK_HOME", str(tmp_path / "home"))
    monkeypatch.setitem(null_sinks.env, "COLUMNS", "600")
    return null_sinks


def signal_line(done):
    lines = [line for line in done.stdout.splitlines() if "microphone signal" in line]
    assert len(lines) < 2, done.stdout
    return "".join(lines)


def test_doctor_says_in_plain_words_that_a_microphone_delivers_only_zeros(at_home):
    done = at_home.run(*_DOCTOR, seconds=60)
    assert "The microphone delivers nothing but silence." in signal_line(done), done.stdout + done.stderr
    assert "mute button" in signal_line(done)


def test_doctor_does_not_listen_when_asked_not_to(at_home):
    done = at_home.run(*_DOCTOR, "--no-listen", seconds=60)
    assert "speaker" in done.stdout, done.stderr
    assert not signal_line(done)


def test_speech_into_the_microphone_is_found_good(at_home, tmp_path):
    wav = tmp_path / "person.wav"
    write_wav(wav, between_silence(say("Seven and eleven, or between three and four.")))
    with at_home.start("python", "-c", _LISTEN) as listening:
        assert listening.stdout.readline() == "ready\n", listening.stderr.read()
        at_home.play_into_microphone(wav)
        said = listening.stdout.readline()
    assert "well heard" in said, said
