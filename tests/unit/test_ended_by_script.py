"""Tests that `script/test` ends in the midst of their work leave nothing behind that they have started."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
ENDED = """
import pytest, signal

@pytest.fixture
def server():
    yield
    print("the server is stopped", flush=True)

def test_that_takes_long(server):
    print("it runs", flush=True)
    signal.pause()

def test_of_a_command_that_takes_it_for_its_own(server):
    print("it runs", flush=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        pass

def test_that_would_be_next():
    print("the next one runs", flush=True)
"""


@pytest.mark.parametrize("which", ["takes_long", "own or next"])
def test_a_test_that_is_ended_stops_what_it_has_started(tmp_path, which):
    (tmp_path / "test_long.py").write_text(ENDED)
    plain = (
        "-p",
        "conftest",
        "-p",
        "no:cacheprovider",
        "-s",
        "-q",
        f"--rootdir={tmp_path}",
        "-c",
        os.devnull,
    )
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", *plain, "-c", os.devnull, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(TESTS)},
        stdout=subprocess.PIPE,
        text=True,
    ) as tests:
        said = []
        for line in tests.stdout:
            said.append(line.strip())
            if "it runs" in line:
                tests.send_signal(signal.SIGTERM)
    assert "the server is stopped" in said
    assert "the next one runs" not in said
    assert tests.returncode == pytest.ExitCode.INTERRUPTED
