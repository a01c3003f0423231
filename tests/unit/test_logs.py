"""The log: nothing unless something happens, never what the person said, and no trouble of its own."""

import logging
import os
import stat
import subprocess
import sys

import pytest

from cuewalk import logs
from cuewalk.journal.forgetting import forget_person

_SAID = "my left knee, seven"
_log = logging.getLogger("cuewalk.test")


@pytest.fixture
def started(monkeypatch):
    """Logging as the command line starts it, and as it was before afterwards."""
    log = logging.getLogger("cuewalk")
    before = list(log.handlers), log.level, logging.raiseExceptions

    def start(folder, *, asked="info", verbose=False):
        monkeypatch.setenv(logs.VARIABLE, asked)
        logs.start(lambda: folder, verbose=verbose)

    yield start
    for handler in log.handlers:
        handler.close()
    log.handlers[:], level, logging.raiseExceptions = before[0], before[1], before[2]
    log.setLevel(level)


def test_a_command_that_meets_no_trouble_makes_no_log_and_says_nothing(tmp_path):
    command = (sys.executable, "-c", "from cuewalk.cli import main; main()", "buckets")
    done = subprocess.run(
        command,
        env={**os.environ, "CUEWALK_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not list(tmp_path.glob("*.log"))


def test_what_happens_is_in_a_file_that_only_the_person_can_read(started, tmp_path, monkeypatch):
    before = os.umask(0o077)
    started(tmp_path)
    _log.info("the microphone is open")
    _log.debug("not wanted")
    os.umask(before)
    path = tmp_path / logs.FILE_NAME
    assert "the microphone is open" in path.read_text()
    assert "not wanted" not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("asked", "told"), [("debug", True), ("info", False), ("off", False), ("nonsense", False)]
)
def test_the_level_is_asked_for_by_a_variable(started, tmp_path, asked, told):
    started(tmp_path, asked=asked)
    _log.debug("a detail")
    path = tmp_path / logs.FILE_NAME
    assert (path.exists() and "a detail" in path.read_text()) == told


def test_an_ignored_error_is_logged_by_its_kind_and_place_and_without_its_words(started, tmp_path):
    started(tmp_path, asked="debug")
    with logs.ignoring(_log, ValueError, OSError, doing="reading an answer"):
        raise ValueError(_SAID)
    with logs.ignoring(_log, OSError, doing="writing"):
        raise OSError(28, _SAID)
    try:
        _refuse()
    except KeyError:
        _log.exception("a decode failed")
    text = (tmp_path / logs.FILE_NAME).read_text()
    assert "ignored while reading an answer: ValueError at test_logs.py" in text
    assert "OSError ENOSPC" in text
    assert "KeyError at test_logs.py" in text
    assert "knee" not in text.replace("raise KeyError(_SAID)", "")


def _refuse():
    raise KeyError(_SAID)


def test_another_error_is_not_ignored():
    with pytest.raises(KeyError), logs.ignoring(_log, ValueError, doing="something"):
        raise KeyError


def test_verbose_tells_on_the_error_output(started, tmp_path, capsys):
    started(tmp_path, verbose=True)
    _log.info("the microphone is open")
    assert capsys.readouterr().err == "cuewalk.test: the microphone is open\n"


@pytest.mark.parametrize("folder", ["missing", "refusing"])
def test_a_folder_that_takes_no_log_costs_nothing_else(started, tmp_path, folder, capsys):
    def asked():
        raise OSError(30, "read-only")

    if folder == "refusing":
        logs.start(asked)
    else:
        started(tmp_path / "missing")
    _log.warning("first")
    _log.warning("second")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("asked", "told"), [("banana", '"banana"'), ("WARNING", '"WARNING"'), ("Debug", ""), ("", "")]
)
def test_a_level_that_is_none_is_told_and_logs_as_usual(tmp_path, asked, told):
    command = (sys.executable, "-c", "from cuewalk.cli import main; main()", "buckets")
    environment = {**os.environ, "CUEWALK_HOME": str(tmp_path), "CUEWALK_LOG": asked}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert told in done.stderr
    assert bool(done.stderr) == bool(told)


def test_an_old_log_is_kept_beside_and_forgetting_takes_both(started, tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "_LARGEST", 2_000)
    started(tmp_path)
    for number in range(100):
        _log.info("entry %d, to fill the file until it has to be set aside", number)
    found = sorted(path.name for path in tmp_path.glob("*.log"))
    assert found == ["cuewalk.1.log", "cuewalk.log"]
    assert sum(path.stat().st_size for path in tmp_path.glob("*.log")) < 5_000
    gone = forget_person(tmp_path, tmp_path / "cache")
    assert {path.name for path in gone} >= {*found}
