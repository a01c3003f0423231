"""Real PortAudio streams in real time, on PulseAudio null sinks.

The file is also the programme that the tests start in the private environment:
``python test_live_device.py converse FOLDER FRAMES``, ``interrupt FRAMES`` and ``keep-going``.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from cuewalk.audio.api import DeviceLostError
from cuewalk.audio.playout_queue import PlayoutQueue
from cuewalk.devices.files.wav import WavWriter, read_wav, write_wav
from cuewalk.devices.live import LiveAudio

pytestmark = pytest.mark.device

_RATE = 16_000
_CUE_HZ, _PERSON_HZ = 500, 1200
_CONTRACT = Path(__file__).parents[1] / "contract" / "test_audio_contract.py"


def tone(hertz, seconds, level=8000):
    """A sine as int16; whole periods, so that it begins and ends at zero."""
    moments = np.arange(int(seconds * _RATE)) / _RATE
    return np.rint(level * np.sin(2 * np.pi * hertz * moments)).astype(np.int16)


# What runs beside the tests, in the environment of the null sinks


def tell(line):
    """Say one line to the test that started us."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def converse(folder, frames):
    """Play a cue of one second and record the microphone; say when that begins, and what was measured."""
    audio = LiveAudio()
    queue = PlayoutQueue(audio)
    queue.play(7, tone(_CUE_HZ, 1.0))
    finished_at, started = [], None
    with WavWriter(Path(folder) / "microphone.wav") as heard:
        for number in range(int(frames)):
            heard.append(queue.exchange()[1])
            if started is None:
                started = time.monotonic()
                tell("ready")
            finished_at += [number for _ in queue.finished()]
    took = time.monotonic() - started
    health = audio.health
    audio.close()
    measured = {
        "seconds": took,
        "latency": audio.state.latency_frames,
        "finished": finished_at,
        "lost": health.lost,
        "notes": health.notes,
    }
    tell(json.dumps(measured))


def interrupt(frames):
    """Play an endless tone and silence it after some frames."""
    audio = LiveAudio()
    sound = tone(_CUE_HZ, 10.0).reshape(-1, 320)
    for number in range(int(frames)):
        audio.exchange(sound[number])
    audio.fade_out()
    for _ in range(40):
        audio.exchange(np.zeros(320, np.int16))
    audio.close()


def keep_going():
    """Exchange silence until a device is lost, and say which."""
    audio = LiveAudio(timeout=0.6)
    tell("ready")
    started = time.monotonic()
    try:
        while time.monotonic() - started < 8:
            audio.exchange(np.zeros(320, np.int16))
    except DeviceLostError as lost:
        tell(json.dumps([lost.device, str(lost)]))
    finally:
        audio.close()


# The tests


def here(*arguments):
    return ("python", __file__, *map(str, arguments))


def duration_of(hertz, sound):
    """Seconds of ``sound`` in which the tone is there, in steps of 5 ms."""
    steps = sound[: len(sound) // 80 * 80].reshape(-1, 80).astype(float)
    probe = np.exp(-2j * np.pi * hertz * np.arange(80) / _RATE)
    level = np.abs(steps @ probe) / 40
    return float((level > 4000).sum() * 80 / _RATE)


def longest_gap(hertz, sound):
    """Seconds of the longest hole between the first and the last moment of the tone."""
    steps = sound[: len(sound) // 80 * 80].reshape(-1, 80).astype(float)
    probe = np.exp(-2j * np.pi * hertz * np.arange(80) / _RATE)
    there = np.flatnonzero(np.abs(steps @ probe) / 40 > 4000)
    return float((np.diff(there).max(initial=1) - 1) * 80 / _RATE)


def _converse_once(null_sinks, folder):
    write_wav(folder / "person.wav", tone(_PERSON_HZ, 1.0))
    with (
        null_sinks.recorded("speaker", folder / "speaker.wav"),
        null_sinks.start(*here("converse", folder, 110)) as programme,
    ):
        assert programme.stdout.readline() == "ready\n", programme.stderr.read()
        null_sinks.play_into_microphone(folder / "person.wav")
        measured = json.loads(programme.stdout.readline())
    sounds = {name: read_wav(folder / f"{name}.wav") for name in ("speaker", "microphone")}
    return {**sounds, **measured}


@pytest.fixture(scope="module")
def conversation(null_sinks, tmp_path_factory):
    """One second said to the person and one second said by them, at the same time.

    A busy machine may be too late for a block. The device then says so, and the conversation is had again.
    """
    for _ in range(3):
        result = _converse_once(null_sinks, tmp_path_factory.mktemp("conversation"))
        if not result["lost"]:
            break
    return result


def test_a_cue_is_heard_on_the_speaker_whole_and_without_a_gap(conversation):
    assert duration_of(_CUE_HZ, conversation["speaker"]) >= 0.98
    assert longest_gap(_CUE_HZ, conversation["speaker"]) == 0


def test_speech_is_captured_whole_and_without_a_gap(conversation):
    assert duration_of(_PERSON_HZ, conversation["microphone"]) >= 0.98
    assert longest_gap(_PERSON_HZ, conversation["microphone"]) == 0


def test_the_exchange_keeps_the_devices_time(conversation):
    assert conversation["seconds"] == pytest.approx(109 * 0.020, abs=0.15)
    assert conversation["lost"] == 0


def test_a_cue_counts_as_finished_only_when_it_has_been_heard(conversation):
    assert conversation["finished"] == [49 + conversation["latency"]]


def test_silence_takes_back_what_is_queued(null_sinks, tmp_path):
    with null_sinks.recorded("speaker", tmp_path / "cut.wav"):
        done = null_sinks.run(*here("interrupt", 30))
    assert done.returncode == 0, done.stderr
    # 0.6 s were handed over; 0.16 s of them waited before the device and are not heard.
    assert 0.2 < duration_of(_CUE_HZ, read_wav(tmp_path / "cut.wav")) < 0.58


@pytest.mark.parametrize(("sink", "device"), [("micfeed", "microphone"), ("speaker", "speaker")])
def test_a_device_that_stops_is_named(null_sinks, sink, device):
    with null_sinks.start(*here("keep-going")) as programme:
        assert programme.stdout.readline() == "ready\n", programme.stderr.read()
        with null_sinks.suspended(sink):
            said = json.loads(programme.stdout.readline())
    assert said[0] == device
    assert "stopped delivering" in said[1]


def test_devices_are_found_by_name_and_their_names_are_told(null_sinks):
    code = (
        "from cuewalk.devices.portaudio import find_device, must_open, rescan\n"
        "from cuewalk.domain.errors import DeviceError\n"
        "print(find_device('Puls', 'input').name, find_device(None, 'output').name)\n"
        "print(must_open(None, 'input').name, must_open(None, 'output').name)\n"
        "rescan()\n"
        "for name in ('kazoo', 'alsa'):\n"
        "    try: must_open(name, 'output')\n"
        "    except DeviceError as error: print(error)\n"
    )
    done = null_sinks.run("python", "-c", code)
    found, there, missing, several = done.stdout.splitlines()
    assert found == "pulse default"
    assert there == "default default"
    for text in (missing, several):
        assert "pulse" in text
        assert "default" in text


def test_without_any_device_the_message_says_what_to_do(null_sinks, tmp_path):
    code = (
        "from cuewalk.devices.live import LiveAudio\n"
        "from cuewalk.domain.errors import DeviceError\n"
        "try: LiveAudio()\n"
        "except DeviceError as error: print(error)\n"
    )
    done = null_sinks.run("env", f"HOME={tmp_path}", "PULSE_SERVER=unix:/nowhere", sys.executable, "-c", code)
    assert "microphone" in done.stdout, done.stderr
    assert "cuewalk demo" in done.stdout


def test_the_live_device_keeps_to_the_contract(null_sinks):
    command = ("python", "-m", "pytest", "-p", "no:cacheprovider", str(_CONTRACT))
    done = null_sinks.run("env", "CUEWALK_TEST_LIVE=1", sys.executable, *command[1:], seconds=60)
    assert done.returncode == 0, done.stdout


if __name__ == "__main__":
    programmes = {"converse": converse, "interrupt": interrupt, "keep-going": keep_going}
    programmes[sys.argv[1]](*sys.argv[2:])
