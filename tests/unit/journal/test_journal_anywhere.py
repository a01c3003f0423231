"""The journal on disks that allow less: read-only, full, without shared memory. And who may read it."""

import codecs
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
import warnings
from contextlib import closing
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cuewalk import places
from cuewalk.checkup.checking import check_everything
from cuewalk.cli.buckets import buckets
from cuewalk.cli.correct import correct
from cuewalk.cli.evidence import evidence
from cuewalk.cli.log import log
from cuewalk.cli.play import play
from cuewalk.cli.programmes import programmes
from cuewalk.cli.replay import replay
from cuewalk.cli.rules import rules
from cuewalk.domain.errors import CuewalkError, JournalError
from cuewalk.engine.events import Begin
from cuewalk.journal import opening
from cuewalk.journal.lock import session_lock
from cuewalk.journal.opening import WITHOUT_LOG
from cuewalk.journal.store import FILE_NAME, Journal
from helpers.histories import Telling

NOBODY = 65534

app = typer.Typer()
for command in (log, buckets, evidence, replay, correct, programmes, rules, play):
    app.command()(command)
READING = [
    ("log",),
    ("log", "--all"),
    ("buckets",),
    ("evidence",),
    ("replay",),
    ("rules",),
    ("programmes",),
    ("programmes", "my-keepers"),
    ("play", "3"),
]


def write(path, start, **options):
    telling = Telling()
    telling.trial("m1", 6, 3)
    with closing(Journal(path, **options)) as journal:
        journal.begin_session(telling.setup, "a", start, [Begin(), *telling.records])
    return path


def said(*arguments):
    result = CliRunner().invoke(app, list(arguments))
    error = result.exception
    if error is not None and not isinstance(error, SystemExit | CuewalkError):
        return f"traceback: {error!r}"
    return result.output + str(error or "")


def as_nobody(home, work):
    """Return what ``work`` says in a process that may read the home and not write to it."""
    # What was not loaded yet may be out of nobody's reach.
    codecs.lookup("utf-8-sig")
    places.package_data("models")
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.environ["CUEWALK_HOME"] = str(home)
            os.write(writer, work().encode())
        except BaseException as error:  # noqa: BLE001 - told to the parent
            os.write(writer, f"traceback: {error!r}".encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        text = pipe.read().decode()
    os.waitpid(child, 0)
    return text


@pytest.fixture
def locked(start):
    """A home that everybody may read and only its owner may write to, seen by somebody else."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody who may not write here")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        write(home / FILE_NAME, start)
        for path in (Path(folder), home):
            path.chmod(0o755)
        for path in home.iterdir():
            path.chmod(0o644)
        yield home


class TestReadOnly:
    @pytest.mark.parametrize("arguments", READING, ids=" ".join)
    def test_every_reading_command_works(self, locked, arguments):
        before = sorted(path.name for path in locked.iterdir())
        told = as_nobody(locked, lambda: said(*arguments))
        assert "traceback" not in told
        assert "cannot be" not in told
        assert "not kept" not in told, "nothing was to be kept"
        assert told
        assert sorted(path.name for path in locked.iterdir()) == before

    def test_also_what_is_still_in_the_log_is_read(self, locked, start):
        """A session that was killed, or runs now, has its last steps in the write-ahead log."""
        journal = Journal(locked / FILE_NAME)
        telling = Telling()
        telling.trial("m1", 6, 6)
        journal.begin_session(telling.setup, "later", start, [Begin(), *telling.records])
        for path in locked.iterdir():
            path.chmod(0o644)
        log_file = locked / f"{FILE_NAME}-wal"
        assert log_file.stat().st_size > 0
        told = as_nobody(locked, lambda: said("log", "--all"))
        assert "later" in told
        (locked / f"{FILE_NAME}-shm").unlink()  # as after a copy of the folder
        assert "later" in as_nobody(locked, lambda: said("log", "--all"))
        journal.close()

    def test_a_command_that_writes_says_so_once_and_what_to_do(self, locked):
        told = as_nobody(locked, lambda: said("correct", "3", "5"))
        assert "cannot be written to" in told
        assert "CUEWALK_HOME" in told
        assert "session was started" not in told

    def test_the_doctor_names_the_folder_once_and_calls_nothing_missing_for_it(self, locked, monkeypatch):
        # livekit, once used, refuses to work in a fork of its process, and other tests here use it.
        monkeypatch.setattr("cuewalk.checkup.checking._own_voice", lambda: "not looked at")

        def look():
            checks = {check.name: check for check in check_everything(listen=False)}
            mine = {name: checks[name] for name in ("content", "journal", "settings", "your folder")}
            return "|".join(f"{name}: {c.ok} {c.fault} {c.says}" for name, c in mine.items())

        told = as_nobody(locked, look)
        assert told.count("cannot be written to") == 1
        assert "your folder: False not usable" in told
        assert "journal: True" in told
        assert "content: True" in told
        assert "settings: True" in told


def test_on_a_full_disk_everything_is_read(tmp_path, start, monkeypatch):
    """SQLite then cannot make its shared memory, and a copy has no room."""
    path = write(tmp_path / FILE_NAME, start)
    monkeypatch.setattr(opening, "_beside", _full)
    monkeypatch.setattr(opening, "_copy", _full)
    with closing(Journal(path, read_only=True)) as journal:
        assert len(journal.histories()) == 1


def _full(*_arguments):
    raise sqlite3.OperationalError("database or disk is full")


def test_a_fault_while_reading_never_speaks_of_what_was_not_kept(tmp_path, start):
    path = write(tmp_path / FILE_NAME, start)
    with closing(Journal(path, read_only=True)) as journal:
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute("DROP TABLE sessions")
        with pytest.raises(JournalError, match=r"cannot be read.*nothing was changed") as caught:
            journal.sessions()
    assert "not kept" not in str(caught.value)


@pytest.mark.parametrize("vfs", ["unix-none", "unix-dotfile"])
class TestWithoutSharedMemory:
    """SQLite's ways to a file system that has no shared memory, as network disks have none."""

    def test_a_new_journal_is_kept_and_it_is_said(self, tmp_path, start, vfs):
        path = write(tmp_path / FILE_NAME, start, vfs=vfs)
        with closing(Journal(path, vfs=vfs)) as journal:
            assert journal.notices == [WITHOUT_LOG]
            assert len(journal.append("a", 20, [Begin()])) == 1
            with journal._transaction(write=False) as connection:
                mode, sync = (
                    connection.execute(f"PRAGMA {name}").fetchone()[0]
                    for name in ("journal_mode", "synchronous")
                )
            assert (mode, sync) == ("delete", 3)
        with closing(Journal(path, vfs=vfs, read_only=True)) as journal:
            assert len(journal.histories()) == 1

    def test_a_journal_that_comes_from_another_disk_is_taken_over_whole(self, tmp_path, start, vfs):
        path = write(tmp_path / FILE_NAME, start)
        with closing(Journal(path, vfs=vfs, read_only=True)) as journal:
            assert len(journal.histories()) == 1
        with closing(Journal(path, vfs=vfs)) as journal:
            assert journal.notices == [WITHOUT_LOG]
            assert len(journal.histories()) == 1

    def test_a_kill_in_the_middle_of_a_step_keeps_none_of_it(self, tmp_path, start, vfs):
        path = write(tmp_path / FILE_NAME, start, vfs=vfs)
        dies = (
            "import os, signal, sqlite3, sys\n"
            "raw = sqlite3.connect(sys.argv[1], uri=True, isolation_level=None)\n"
            "raw.execute('PRAGMA cache_size = 1')\n"
            "raw.execute('BEGIN IMMEDIATE')\n"
            "raw.execute('INSERT INTO entries SELECT NULL, session, seq + 100, 0, wall, kind,'\n"
            "    ' payload, NULL, NULL FROM entries')\n"
            "os.kill(os.getpid(), signal.SIGKILL)"
        )
        uri = f"{path.as_uri()}?vfs={'unix-none' if vfs == 'unix-dotfile' else vfs}"
        assert subprocess.run([sys.executable, "-c", dies, uri], check=False).returncode == -9
        with closing(Journal(path, vfs=vfs)) as journal:
            assert len(journal.entries("a")) == 6


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_whatever_the_umask_only_the_owner_reads_it_from_the_first_byte(tmp_path, start, umask):
    seen = set()

    class Watched(Journal):
        def _prepare(self):
            seen.update(stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir())
            super()._prepare()

    before = os.umask(umask)
    try:
        with closing(Watched(tmp_path / FILE_NAME)) as journal:
            journal.begin_session(Telling().setup, "a", start, Telling().records)
            seen.update(stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir())
            assert len(list(tmp_path.iterdir())) == 3, "with its log and its shared memory"
            with session_lock(tmp_path):
                seen.update(stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir())
    finally:
        os.umask(before)
    assert seen == {0o600}
