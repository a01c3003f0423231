"""The machine is kept awake for a session, and is let go however the session ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cuewalk.devices.guards import kept_awake

#: Stands in for systemd-inhibit: says how it was called, runs the command, says when that has ended.
_INHIBIT = """#!/bin/sh
echo "held $*" >> "$CUEWALK_TEST_LOG"
for last; do :; done
"$last"
echo "let go" >> "$CUEWALK_TEST_LOG"
"""
_HOLDS = (
    "import sys, time\nfrom cuewalk.devices.guards import kept_awake\n"
    "with kept_awake():\n    print('held', flush=True)\n    time.sleep(60)\n"
)


@pytest.fixture
def log(tmp_path, monkeypatch) -> Path:
    """What the fake wrote."""
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "systemd-inhibit"
    fake.write_text(_INHIBIT)
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("CUEWALK_TEST_LOG", str(tmp_path / "log"))
    monkeypatch.setattr(sys, "platform", "linux")
    return tmp_path / "log"


def _comes(log: Path, line: str) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if log.exists() and line in log.read_text():
            return True
        os.sched_yield()
    return False


def test_the_machine_is_kept_awake_for_the_session_and_let_go_after_it(log):
    with kept_awake():
        assert _comes(log, "held")
        assert "--what=idle:sleep" in log.read_text()
        assert "let go" not in log.read_text()
    assert _comes(log, "let go")


def test_a_session_that_fails_lets_go(log):
    def session():
        with kept_awake():
            assert _comes(log, "held")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        session()
    assert _comes(log, "let go")


def test_a_session_that_is_killed_lets_go(log):
    with subprocess.Popen([sys.executable, "-c", _HOLDS], stdout=subprocess.PIPE) as session:
        assert session.stdout.readline() == b"held\n"
        assert _comes(log, "held")
        session.send_signal(signal.SIGKILL)
    assert _comes(log, "let go")


def test_it_can_be_switched_off(log):
    with kept_awake(enabled=False):
        pass
    assert not log.exists()


def test_a_system_that_refuses_changes_nothing(log):
    (log.parent / "bin" / "systemd-inhibit").write_text("#!/bin/sh\nexit 1\n")
    with kept_awake():
        pass


def test_a_system_that_has_nothing_to_ask_changes_nothing(log, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with kept_awake():
        pass
    assert not log.exists()
