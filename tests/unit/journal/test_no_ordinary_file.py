"""A folder, a pipe, a socket or a device in the place of one of our files is a sentence; nothing waits."""

import os
import socket
from contextlib import closing
from pathlib import Path

import pytest

from cuewalk.domain.errors import CuewalkError, JournalError
from cuewalk.files.reading import UnreadableFileError, open_ordinary, read_bytes
from cuewalk.files.writing import copy_whole, keep_beside
from cuewalk.journal.lock import session_lock
from cuewalk.journal.store import FILE_NAME, Journal, open_journal, read_journal
from cuewalk.models.condition import sha256_of
from cuewalk.models.store import exclusive


def _socket(path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as made:
        made.bind(str(path))


ODD = {
    "folder": (Path.mkdir, "it is a folder"),
    "pipe": (os.mkfifo, "it is no ordinary file"),
    "socket": (_socket, "it is no ordinary file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "it is no ordinary file"),
}
odd = pytest.mark.parametrize(("put", "why"), ODD.values(), ids=ODD.keys())


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))


@odd
@pytest.mark.parametrize("name", [FILE_NAME, *(FILE_NAME + end for end in ("-wal", "-shm", "-journal"))])
def test_the_journal_is_not_opened(put, why: str, name: str, tmp_path: Path) -> None:
    if name != FILE_NAME:
        Journal(tmp_path / FILE_NAME).close()
    for left in tmp_path.glob(f"{FILE_NAME}-*"):
        left.unlink()
    put(Path(name))
    for opening in (open_journal, read_journal):
        with pytest.raises(JournalError, match=why) as raised:
            opening()
        assert f"Move {tmp_path / name} away" in str(raised.value)


@odd
def test_no_reader_waits(put, why: str) -> None:
    path = Path("file")
    put(path)
    with pytest.raises(UnreadableFileError, match=why):
        read_bytes(path)
    for use in (open_ordinary, sha256_of, lambda path: copy_whole(path, Path("copy"))):
        with pytest.raises(OSError, match="file"):
            use(path)
    keep_beside(path)
    assert not os.path.lexists(path)
    assert os.path.lexists("file.broken")


@odd
def test_no_lock_waits(put, why: str) -> None:
    put(Path("session.lock"))
    with pytest.raises(CuewalkError, match=why), session_lock(Path()):
        pass


def test_a_fetch_does_not_wait_for_a_pipe() -> None:
    os.mkfifo("model.lock")
    with pytest.raises(CuewalkError, match="no ordinary file"), exclusive(Path("model.lock"), "model"):
        pass
