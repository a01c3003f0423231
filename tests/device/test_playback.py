"""A clip is heard by a person who has a speaker and no microphone."""

import sys
from pathlib import Path

import numpy as np
import pytest

from cuewalk.devices.files.wav import read_wav, write_wav

pytestmark = pytest.mark.device

_RATE = 16_000
_PLAY = "import sys; from pathlib import Path; from cuewalk.checkup.playback import play_file; "
#: What has no microphone is taken from PortAudio's answers: a null sink always has a monitor to listen to.
_NO_MICROPHONE = (
    "from dataclasses import replace; from cuewalk.devices import portaudio; query = portaudio.query; "
    "portaudio.query = lambda: [replace(each, input_channels=0) for each in query()]; "
)


def _played(null_sinks, folder: Path, code: str) -> tuple[np.ndarray, object]:
    tone = np.rint(8000 * np.sin(2 * np.pi * 500 * np.arange(2 * _RATE) / _RATE)).astype(np.int16)
    write_wav(folder / "tone.wav", tone)
    with null_sinks.recorded("speaker", folder / "speaker.wav"):
        command = (sys.executable, "-c", code, str(folder / "tone.wav"))
        done = null_sinks.run("env", f"CUEWALK_HOME={folder}", *command)
    return read_wav(folder / "speaker.wav"), done


def test_a_clip_is_heard_to_its_end_without_a_microphone(null_sinks, tmp_path):
    heard, done = _played(null_sinks, tmp_path, f"{_NO_MICROPHONE}{_PLAY}play_file(Path(sys.argv[1]))")
    assert done.returncode == 0, done.stderr
    loud = np.abs(heard[: len(heard) // 80 * 80].reshape(-1, 80)).max(axis=1) > 4000
    # A busy machine may put a short gap into it, which is not what is asked here.
    assert loud.sum() * 80 / _RATE == pytest.approx(2.0, abs=0.05)


def test_without_a_speaker_there_is_a_sentence(null_sinks, tmp_path):
    code = (
        f"{_PLAY}\nfrom cuewalk.domain.errors import DeviceError\n"
        "try: play_file(Path(sys.argv[1]))\nexcept DeviceError as error: print(error)\n"
    )
    write_wav(tmp_path / "tone.wav", np.zeros(_RATE, np.int16))
    home = (f"HOME={tmp_path}", f"CUEWALK_HOME={tmp_path}", "PULSE_SERVER=unix:/nowhere")
    done = null_sinks.run("env", *home, sys.executable, "-c", code, str(tmp_path / "tone.wav"))
    assert "no speaker" in done.stdout, done.stderr
    assert "--out FILE" in done.stdout
