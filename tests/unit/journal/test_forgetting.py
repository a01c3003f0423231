"""Deleting a person's data: all of theirs, nothing else, and not under a running session."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import numpy as np
import pytest

from cuewalk.domain.errors import JournalError
from cuewalk.domain.records import SessionStarted
from cuewalk.journal.clips import ClipStore
from cuewalk.journal.forgetting import CLIPS, forget_person, personal_files
from cuewalk.journal.lock import session_lock
from cuewalk.journal.store import FILE_NAME, Journal
from helpers.permissions import as_a_person


@pytest.fixture
def home(tmp_path, setup, start):
    data, cache = tmp_path / "data", tmp_path / "data" / "cache"
    for name in ("cues", "models"):
        (cache / name).mkdir(parents=True)
        (cache / name / "file").write_text("x")
    (data / "holiday.txt").write_text("not ours")
    (data / "settings.toml").write_text("volume = 1")
    (data / ".settings.toml.0a1b2c3d.part").write_text("volume = 0.")
    (data / f"{FILE_NAME}.damaged").write_text("garbage")
    with closing(Journal(data / FILE_NAME)) as journal:
        journal.begin_session(setup, "a", start, [SessionStarted(setup=setup)])
    ClipStore(data / CLIPS).save("a", 1, np.zeros(9, np.int16))
    return data


def test_everything_of_the_person_goes_and_nothing_else(home):
    gone = forget_person(home, home / "cache")
    assert {path.name for path in gone} == {
        FILE_NAME,
        f"{FILE_NAME}.damaged",
        CLIPS,
        "settings.toml",
        ".settings.toml.0a1b2c3d.part",
        "cues",
    }
    left = {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}
    assert left == {"holiday.txt", "cache/models/file", "session.lock"}
    assert personal_files(home, home / "cache") == []


def test_another_program_that_has_it_open_keeps_nothing(home):
    with closing(sqlite3.connect(home / FILE_NAME)) as other:
        assert other.execute("SELECT count(*) FROM entries").fetchone() == (1,)
        forget_person(home, home / "cache")
        assert other.execute("SELECT count(*) FROM entries").fetchone() == (0,)


def test_a_damaged_journal_is_deleted_as_well(home):
    (home / FILE_NAME).write_bytes(b"garbage" * 999)
    forget_person(home, home / "cache")
    assert not (home / FILE_NAME).exists()


@pytest.mark.parametrize("closed", ["cache", "cache/cues", CLIPS])
@pytest.mark.parametrize("mode", [0, 0o400, 0o500])
def test_folders_of_ours_that_are_closed_are_opened_and_deleted(home, closed, mode):
    (home / closed).chmod(mode)
    with as_a_person():
        forget_person(home, home / "cache")
    assert not (home / "cache" / "cues").exists()
    assert not (home / CLIPS).exists()
    assert (home / "cache" / "models" / "file").exists(), "and nothing else of them"


def test_not_while_a_session_is_running(home):
    before = sorted(home.rglob("*"))
    with session_lock(home), pytest.raises(JournalError, match="while a session is running"):
        forget_person(home, home / "cache")
    assert sorted({*home.rglob("*")} - {home / "session.lock"}) == before


def test_two_sessions_cannot_run_at_once_and_the_next_can(tmp_path):
    refused = pytest.raises(JournalError, match="A session cannot start while a session is running")
    with session_lock(tmp_path), refused, session_lock(tmp_path):
        pass
    with session_lock(tmp_path):
        pass


def test_the_lock_of_a_program_that_died_is_free(tmp_path):
    code = (
        "import os, signal, sys; from pathlib import Path; from cuewalk.journal.lock import session_lock\n"
        "with session_lock(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == -9
    with session_lock(tmp_path):
        pass


def test_a_lock_that_cannot_be_made_is_a_sentence(tmp_path):
    with pytest.raises(JournalError, match="cannot be opened"), session_lock(tmp_path / "missing"):
        pass
