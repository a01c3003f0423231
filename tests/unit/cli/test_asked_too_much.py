"""What cannot be is refused at once, before anything slow is started for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cuewalk import cli
from cuewalk.domain.errors import CuewalkError
from cuewalk.speech_out.voices.worker_voice import sweep


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    cli.register()


@pytest.fixture
def _no_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where an engine is started all the same."""

    def started(*_: object, **__: object) -> None:
        raise AssertionError("a voice was started")

    monkeypatch.setattr("cuewalk.cli.demo.open_stage", started)


@pytest.mark.usefixtures("_no_voice")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["demo", "--wav", "."], "it is a folder"),
        (["demo", "--wav", "no/where/x.wav"], "its folder is not there"),
        (["demo", "--wav", "x" * 5000], "its name is too long"),
        (["demo", "--programme", "nosuch"], 'no programme "nosuch"'),
        (["demo", "--content", "nowhere"], "does not exist"),
        (["start", "--programme", "feet-upp"], 'Did you mean "feet-up"'),
    ],
)
def test_a_demonstration_that_cannot_be_is_refused_before_it(arguments: list[str], says: str) -> None:
    result = CliRunner().invoke(cli.app, arguments)
    assert isinstance(result.exception, CuewalkError)
    assert says in str(result.exception)
    assert result.output == ""
    assert not Path("cuewalk-demo").exists()


def test_an_empty_log_advises_what_fills_it() -> None:
    result = CliRunner().invoke(cli.app, ["log"])
    assert "cuewalk run" in result.output
    assert '"cuewalk demo" makes' not in result.output


def test_no_socket_is_opened_by_what_listens_or_by_the_command_line() -> None:
    code = """
import sys
seen = []
sys.addaudithook(lambda event, _: seen.append(event) if event.startswith("socket.") else None)
from cuewalk.cli import register
register()
import cuewalk.app.live_session, cuewalk.checkup.checking
import cuewalk.speech_in.engines, cuewalk.speech_in.vosk_recogniser
from cuewalk.settings import Settings
from cuewalk.understanding.hearing import head_for
head_for("en-US", Settings())
print(sorted(set(seen)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_scratch_folders_of_killed_processes_are_swept(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for owner in (gone.pid, os.getpid(), "someone"):
        (tmp_path / f"cuewalk-voice-{owner}-x").mkdir()
    sweep(tmp_path)
    left = sorted(path.name for path in tmp_path.glob("cuewalk-voice-*"))
    assert left == sorted([f"cuewalk-voice-{os.getpid()}-x", "cuewalk-voice-someone-x"])
