"""Every command is there, explains itself, is in the README, and fails with a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cuewalk.cli

README = Path(__file__).parents[3] / "README.md"


def _cuewalk(*arguments: str, home: Path, **env: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "CUEWALK_HOME": str(home),
        "COLUMNS": "200",
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        **env,
    }
    code = "from cuewalk.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", [c for c in cuewalk.cli.COMMANDS if c != "start"])
def test_every_command_explains_itself_and_is_in_the_readme(command: str) -> None:
    cuewalk.cli.register()
    assert CliRunner().invoke(cuewalk.cli.app, [command, "--help"]).exit_code == 0
    assert command in README.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "nosuch"], "no programme"),
        (["demo", "--persona", "nobody"], "no such persona"),
        (["demo", "--programme", "nosuch"], "no programme"),
        (["demo", "--folder", "/proc/cuewalk"], "Name another one with --folder"),
        (["settings", "locale", "xx-YY"], "There is no language"),
        (["settings", "loudness", "1"], "no setting called"),
        (["correct", "12", "5"], "12"),
        (["correct", "12", "-0"], "There is no entry 12"),
        (["correct", "12", "4,5"], "There is no entry 12"),
        (["correct", "12", "4.5.6"], "that is no number. Type one from 0 to 10, such as 4 or 4.5"),
        (["checkin", "-1"], "-1 is not a rating: say a number from 0 to 10"),
        (["correct", "12", "-3"], "-3 is not a rating: say a number from 0 to 10"),
        (["play", "-3"], "There is no option -3."),
        (["picture", "-0"], "There is no option -0."),
        (["demo", "--foldr", "x"], "There is no option --foldr."),
        (["programmes", "nosuch"], "no programme"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_an_exit_code(
    tmp_path: Path, arguments: list[str], says: str
) -> None:
    done = _cuewalk(*arguments, home=tmp_path)
    assert done.returncode != 0
    assert says in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_a_home_that_cannot_be_written_to_names_the_way_out(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    done = _cuewalk("buckets", home=file)
    assert done.returncode != 0
    assert "CUEWALK_HOME" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("module", ["cli.demo", "cli.scripts", "cli.correct", "cli.buckets", "session.stage"])
def test_what_needs_no_device_does_not_load_the_sound_library(module):
    """Loading it looks for devices, and waits where a sound server hangs."""
    code = f"import sys, cuewalk.{module}; sys.exit('sounddevice' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
