"""What a conversation could not do is told at its end, however it ends: a clip that was not saved, say."""

import pytest
import typer
from typer.testing import CliRunner

from cuewalk.cli import run as command
from cuewalk.domain.errors import DeviceError

LATE = "A sound could not be saved: the disk is full. Your ratings are still kept; their sound is not."
app = typer.Typer()
app.command()(command.run)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a session that notices something at its very end and then ends so."""
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def _run(end):
        def session(stage, *_):
            stage.notices.add(LATE)
            raise end

        monkeypatch.setattr(command, "run_live", session)
        return CliRunner().invoke(app, ["--new"])

    return _run


def test_before_ctrl_c_is_answered(run):
    done = run(KeyboardInterrupt())
    assert done.output.index(LATE) < done.output.index("Everything you said is kept")


def test_and_when_a_device_is_gone(run):
    assert LATE in run(DeviceError("The microphone is gone.")).output
