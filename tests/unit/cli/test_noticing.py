"""What a conversation could not do is told at its end, however it ends: a clip that was not saved, say."""

from contextlib import closing
from datetime import datetime, timedelta

import pytest
import typer
from typer.testing import CliRunner

from cuewalk.checkup.checking import Check
from cuewalk.cli import calibrate, checkin, doctor, run
from cuewalk.domain.errors import DeviceError
from cuewalk.domain.records import SessionEnded
from cuewalk.journal.store import open_journal
from helpers.histories import Telling

LATE = "A sound could not be saved: the disk is full. Your ratings are still kept; their sound is not."
#: Each command that has a conversation, what it calls for that, and its options.
COMMANDS = {
    "run": (run.run, "cuewalk.cli.run.run_live", ["--new"]),
    "calibrate": (calibrate.calibrate, "cuewalk.cli.calibrate.calibrate_live", ["--yes"]),
    "doctor": (doctor.doctor, "cuewalk.cli.doctor.sound_check_live", ["--listen"]),
    "checkin": (checkin.checkin, "cuewalk.app.morning_call.call_live", ["--voice"]),
}


@pytest.fixture(params=COMMANDS)
def ends(request, tmp_path, monkeypatch):
    """Run a conversation that notices something at its very end and then ends so; return what is printed."""
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    command, call, options = COMMANDS[request.param]
    works = [Check("microphone", ok=True, says="It works.")]
    monkeypatch.setattr(doctor, "check_everything", lambda **_: works)
    app = typer.Typer()
    app.command()(command)
    if command is checkin.checkin:
        _yesterday()

    def _ends(end):
        monkeypatch.setattr(call, _noticing_late(end))
        return CliRunner().invoke(app, options).output

    return _ends


def _yesterday():
    """Keep a session that waits for its check-in."""
    telling, then = Telling(), datetime.now().astimezone() - timedelta(days=1)
    telling.trial("m1", 4, 2)
    with closing(open_journal()) as journal:
        journal.begin_session(telling.setup, "s1", then)
        journal.append("s1", 0, [*telling.records, SessionEnded(how="completed")], wall=then)


def _noticing_late(end):
    def conversation(stage, *_, **__):
        stage.notices.add(LATE)
        raise end

    return conversation


def test_before_ctrl_c_is_answered(ends):
    said = ends(KeyboardInterrupt())
    assert said.index(LATE) < said.rindex("Interrupted. ")


def test_and_when_a_device_is_gone(ends):
    assert LATE in ends(DeviceError("The microphone is gone."))
