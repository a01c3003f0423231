"""A disk that is really full: the person hears that at once; nothing is in the way once there is room."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager, suppress

import pytest

from cuewalk.domain.errors import JournalError
from cuewalk.engine.events import Begin
from cuewalk.files.writing import full
from cuewalk.journal import faults
from cuewalk.journal.store import FILE_NAME, Journal
from cuewalk.review.corrections import correct_rating
from helpers.histories import Telling

#: Longer than a test may take: whoever waits for a lock that nobody holds is found out.
FOR_EVER = 3_600_000


@pytest.fixture
def small_disk(tmp_path):
    """Return a folder on a disk of its own of 600 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    done = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if not done or done.returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    assert unmount
    subprocess.run([unmount, str(folder)], check=True)


@contextmanager
def filled(folder):
    """Leave no byte on the disk of a folder."""
    file = folder / "fill"
    handle = os.open(file, os.O_WRONLY | os.O_CREAT)
    with suppress(OSError):
        while True:
            os.write(handle, bytes(4096))
    os.close(handle)
    assert full(folder)
    yield
    file.unlink()


def write(folder, start, ending="WAL"):
    path, telling = folder / FILE_NAME, Telling()
    telling.trial("m1", 6, 3)
    with closing(Journal(path)) as journal:
        journal.begin_session(telling.setup, "a", start, [Begin(), *telling.records])
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA journal_mode = {ending}")
    return path


def fill(journal):
    for _ in range(200):
        journal.append("a", 0, [Begin()] * 20)


@pytest.mark.parametrize("ending", ["WAL", "DELETE"])
def test_a_full_disk_is_called_full_without_waiting_and_later_all_works(small_disk, start, ending):
    path = write(small_disk, start, ending)
    before = path.read_bytes()
    with filled(small_disk):
        for _ in range(2):
            with pytest.raises(JournalError, match=r"no room left .*Free some space"):
                Journal(path, busy_ms=FOR_EVER)
            with closing(Journal(path, read_only=True, busy_ms=FOR_EVER)) as journal:
                assert len(journal.histories()) == 1, "reading needs no room"
        assert path.read_bytes() == before
    with closing(Journal(path)) as journal:
        assert journal.notices == []
        assert correct_rating(journal, 3, 2, start).value == (6, 2)
    assert [file.name for file in small_disk.iterdir()] == [FILE_NAME], "nothing is left of the failed tries"


def test_a_disk_that_fills_up_while_a_session_runs(small_disk, start):
    path = write(small_disk, start)
    with closing(Journal(path, busy_ms=FOR_EVER)) as journal:
        with filled(small_disk), pytest.raises(JournalError, match="no room left"):
            fill(journal)
        kept = len(journal.entries("a"))
        journal.append("a", 20, [Begin()])
        assert len(journal.entries("a")) == kept + 1


def test_another_program_is_still_blamed_where_one_holds_the_file(small_disk, start):
    path = write(small_disk, start)
    with (
        closing(Journal(path, busy_ms=1)) as journal,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="Another program is writing"):
            journal.append("a", 0, [Begin()])


def test_a_share_of_the_disk_that_is_used_up_is_no_other_program(tmp_path, start, monkeypatch):
    """SQLite says "disk I/O error" for it, or that the file is locked."""
    path = write(tmp_path, start)
    assert not full(tmp_path)
    monkeypatch.setattr(faults, "full", lambda _folder: True)
    for code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN):
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = code
        with pytest.raises(JournalError, match="no room left"), faults.journal_faults(path):
            raise error
