"""Whatever becomes of the output: a sentence and the right exit code, never a traceback."""

import os
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cuewalk.cli.ending import DETAILS, ended
from cuewalk.domain.errors import BugError
from cuewalk.journal.store import FILE_NAME, Journal
from helpers.histories import Telling

SESSION = "20261121-1405-k3a4"
#: What a person said must not get into a report.
SAID = "it hurts"
CODE = "from cuewalk.cli import main; main()"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    telling = Telling()
    telling.trial("m1", 6, 4)
    telling.trial("m2", None, 5)
    with closing(Journal(folder / FILE_NAME)) as journal:
        journal.begin_session(telling.setup, SESSION, datetime(2026, 11, 21, 14, 5, tzinfo=UTC))
        journal.append(SESSION, 0, telling.records)
    return folder


def shell(home: Path, line: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which ``cuewalk`` is the command."""
    return subprocess.run(
        ["bash", "-c", f'cuewalk() {{ "{sys.executable}" -c "{CODE}" "$@"; }}; {line}'],
        env=os.environ | {"CUEWALK_HOME": str(home)} | env,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=100,
        check=False,
    )


@pytest.mark.parametrize(
    ("encoding", "views"),
    [("ascii", "rules log 'log --all' buckets evidence '--help'"), ("latin-1", "log buckets")],
)
def test_every_view_of_the_journal_works_in_any_encoding(home, encoding, views):
    line = f"for each in {views}; do cuewalk $each || exit; done"
    done = shell(home, line, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert SESSION in done.stdout
    assert "6 -> 4" in done.stdout


@pytest.mark.parametrize("command", ["buckets", "rules --json", "--version"])
def test_a_full_device_is_told_and_is_no_success(home, command):
    done = shell(home, f"cuewalk {command} > /dev/full")
    assert done.returncode == 74
    assert done.stderr.startswith("A part of the output is lost: the disk is full.")
    assert len(done.stderr.splitlines()) == 1


def test_a_closed_output_is_told(home):
    done = shell(home, "cuewalk buckets >&-")
    assert (done.returncode, "it is closed" in done.stderr) == (74, True)


def test_closed_streams_that_are_not_needed_are_not_missed(home):
    assert SESSION in shell(home, "cuewalk log <&- 2>&-").stdout
    assert shell(home, "cuewalk nosuch 2>&-").returncode == 2


def test_a_reader_that_has_ended_is_no_news(home):
    done = shell(home, "cuewalk rules | true; exit ${PIPESTATUS[0]}")
    assert (done.returncode, done.stderr) == (141, "")


def test_the_version_is_that_of_the_package(home):
    assert shell(home, "cuewalk --version; cuewalk -V").stdout == "cuewalk 0.1.0\n" * 2


def test_a_file_name_that_is_no_text_is_a_sentence(home):
    done = shell(home, r"cuewalk log $'\xff'; cuewalk settings voice $'\xff'")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("correct x 3", "'entry' must be a whole number."),
        ("correct 1 y", "that is no number. Type one from 0 to 10, such as 4 or 4.5."),
        ("correct 0 3", "'entry' must be at least 1."),
        ("run --side lefty", "'lefty' is not one of 'left', 'right', 'both'."),
        ("log -3", "There is no option -3."),
    ],
)
def test_a_command_line_that_is_not_understood_is_said_in_words(home, line, says):
    done = shell(home, f"cuewalk {line}")
    assert done.returncode == 2
    assert says in done.stderr
    assert "Input should" not in done.stderr


class TestAMistakeOfOurOwn:
    @staticmethod
    def mistake():
        raise BugError(SAID)

    def test_is_a_sentence_with_its_details_in_a_private_file(self, tmp_path, monkeypatch, capsys):
        monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
        assert ended(self.mistake) == 70
        said = capsys.readouterr().err
        assert "What was kept in your journal is safe." in said
        assert "Traceback" not in said
        details = tmp_path / DETAILS
        assert details.stat().st_mode & 0o777 == 0o600
        assert "in mistake" in details.read_text()
        assert SAID not in details.read_text()

    def test_escapes_for_the_fault_campaign(self):
        with pytest.raises(BugError):
            ended(self.mistake, mistakes_escape=True)

    def test_shows_its_traceback_where_that_is_asked_for(self, tmp_path, monkeypatch, capsys):
        monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
        monkeypatch.setenv("CUEWALK_DEBUG", "1")
        ended(self.mistake)
        assert "Traceback" in capsys.readouterr().err


def test_an_interrupted_command_ends_with_130(capsys):
    def interrupted():
        raise KeyboardInterrupt

    assert ended(interrupted) == 130
    assert capsys.readouterr().err == "Interrupted.\n"
