"""A service, cron or ssh without ``XDG_RUNTIME_DIR``: the sound server of the user is found all the same."""

import os
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.device

_DEVICES = (
    "import sys; from pathlib import Path; from cuewalk.devices import sound_server; "
    "sound_server.name_runtime_folder.__defaults__ = (Path(sys.argv[1]),); "
    "from cuewalk.devices.portaudio import find_device; from cuewalk.domain.errors import DeviceError\n"
    "try: print(find_device(None, 'input').name, find_device(None, 'output').name)\n"
    "except DeviceError as error: print(error)\n"
)


def _devices(null_sinks, users: Path) -> str:
    """Return what is found by a process that knows neither the server nor the runtime folder."""
    unset = ("PULSE_SERVER", "PULSE_RUNTIME_PATH", "XDG_RUNTIME_DIR")
    done = null_sinks.run(
        "env", *(f"--unset={name}" for name in unset), sys.executable, "-c", _DEVICES, str(users)
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_sound_server_is_found_without_the_variable(null_sinks, tmp_path):
    folder = tmp_path / str(os.getuid())
    (folder / "pulse").mkdir(parents=True)
    (folder / "pulse" / "native").symlink_to(null_sinks.folder / "s")
    assert "default" in _devices(null_sinks, tmp_path)


def test_without_a_login_there_is_a_sentence_with_a_way_on(null_sinks, tmp_path):
    said = _devices(null_sinks, tmp_path)
    assert "no microphone" in said
    assert "loginctl enable-linger" in said
