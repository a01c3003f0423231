"""Too little memory is a sentence before libraries are loaded that would end the program without one."""

import os
import resource
import subprocess
import sys

import pytest

from cuewalk.cli.ending import ended


def _allowed(kilobytes, *arguments, home):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (kilobytes * 1000, kilobytes * 1000))

    return subprocess.run(
        [sys.executable, "-c", "from cuewalk.cli import main; main()", *arguments],
        env={**os.environ, "CUEWALK_HOME": str(home), "COLUMNS": "300"},
        preexec_fn=limit,
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("kilobytes", "command"),
    [(1_000_000, "demo"), (1_000_000, "run"), (500_000, "checkin"), (250_000, "doctor")],
)
def test_it_is_said_how_much_is_allowed_how_much_is_needed_and_what_to_do(tmp_path, kilobytes, command):
    done = _allowed(kilobytes, command, home=tmp_path)
    assert done.returncode == 1
    assert f"Only {kilobytes / 1e6:.1f} GB of memory are allowed here (ulimit -v)" in done.stderr
    assert f"cuewalk {command} needs about" in done.stderr
    assert "ulimit -v unlimited" in done.stderr
    assert "OpenBLAS" not in done.stderr + done.stdout
    assert list(tmp_path.iterdir()) == [], "nothing was begun"


def test_what_needs_little_works_with_little(tmp_path):
    assert _allowed(400_000, "log", home=tmp_path).returncode in {0, 1}
    assert _allowed(400_000, "demo", "--help", home=tmp_path).returncode == 0


def test_memory_that_ends_while_a_command_runs_is_a_sentence(capsys):
    def runs_out():
        raise MemoryError

    assert ended(runs_out) == 1
    assert "The memory does not suffice" in capsys.readouterr().err
