"""What the end of the process that looks for a device says."""

import os
import subprocess
import time

import pytest

from cuewalk.devices.device_info import DeviceInfo
from cuewalk.devices.reopening import SecondLook

_UNPLUGGED = DeviceInfo("a headset that is unplugged", 0, "none", 1, 1, 48_000)


def looked():
    look = SecondLook("microphone", _UNPLUGGED, 0)
    while (seen := look.result()) is None:
        time.sleep(0.02)
    return seen


def test_a_device_that_is_not_there_is_not_there():
    assert looked() is False


@pytest.mark.parametrize(
    ("numpy", "seen"),
    [("raise ImportError", True), ("import os; os.abort()", False)],
    ids=["lacks", "crashes"],
)
def test_who_cannot_start_to_look_says_nothing_but_a_crash_warns(tmp_path, monkeypatch, numpy, seen):
    (tmp_path / "numpy.py").write_text(numpy)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    assert looked() is seen


@pytest.mark.parametrize("error", [OSError, ValueError, RuntimeError])
def test_without_a_process_the_device_may_be_there(monkeypatch, error):
    def fails(*_arguments, **_more):
        raise error

    monkeypatch.setattr(subprocess, "Popen", fails)
    assert looked() is True
