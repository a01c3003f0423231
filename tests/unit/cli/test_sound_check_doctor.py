"""``cuewalk doctor``: which of its three ways of listening is taken, and what it says of a failing device."""

import pytest
import typer
from typer.testing import CliRunner

from cuewalk.checkup.checking import Check
from cuewalk.cli import doctor as command
from cuewalk.domain.errors import DeviceError

app = typer.Typer()
app.command()(command.doctor)


class Report:
    def __init__(self, ok):
        self.ok = ok


@pytest.fixture
def doctor(tmp_path, monkeypatch):
    """Run it on a machine with (or without) a microphone; return its result and what was opened."""
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def _doctor(*options, microphone=True, check=lambda: Report(ok=True)):
        opened = []

        def everything(*, listen):
            opened.extend(["moment"] * listen)
            return [Check("microphone", ok=microphone, says="No microphone was found. Plug one in.")]

        def sound_check(_stage, _console):
            opened.append("sound check")
            return check()

        monkeypatch.setattr(command, "check_everything", everything)
        monkeypatch.setattr(command, "sound_check_live", sound_check)
        return CliRunner().invoke(app, options), opened

    return _doctor


@pytest.mark.parametrize(
    ("options", "opened"), [((), ["moment"]), (("--listen",), ["sound check"]), (("--no-listen",), [])]
)
def test_the_microphone_is_opened_as_asked(doctor, options, opened):
    result, found = doctor(*options)
    assert (result.exit_code, found) == (0, opened)
    assert '"cuewalk run" starts a session.' in result.output


def test_without_a_microphone_the_demonstration_is_offered(doctor):
    result, opened = doctor("--listen", microphone=False)
    assert (result.exit_code, opened) == (1, [])
    assert "No microphone was found." in result.output
    assert "cuewalk demo" in result.output


def test_a_device_that_fails_is_said_in_a_sentence(doctor):
    def busy():
        raise DeviceError("The microphone is in use by another programme.")

    result, _ = doctor("--listen", check=busy)
    assert result.exit_code == 1
    assert "in use by another programme. Until then: cuewalk demo" in result.output
    assert "Ready" not in result.output


def test_a_sound_that_is_not_right_is_no_readiness(doctor):
    result, _ = doctor("--listen", check=lambda: Report(ok=False))
    assert result.exit_code == 1
    assert "check again: cuewalk doctor --listen" in result.output
    assert "Ready" not in result.output


def test_a_check_that_the_person_breaks_off_is_no_traceback(doctor):
    def interrupted():
        raise KeyboardInterrupt

    result, _ = doctor("--listen", check=interrupted)
    assert result.exit_code == 130
    assert "Nothing was kept." in result.output
