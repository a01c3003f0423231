"""The lock holds without its owner's number, and a disk that refuses it is told in a sentence."""

import errno
import fcntl
import os

import pytest

from cuewalk.domain.errors import JournalError
from cuewalk.journal.lock import session_lock


def _fails(*_arguments: object) -> None:
    raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize("operation", ["truncate", "pwrite"])
def test_an_owner_that_cannot_be_written_down_holds_it_all_the_same(tmp_path, monkeypatch, operation) -> None:
    monkeypatch.setattr(os, operation, _fails)
    running = pytest.raises(JournalError, match="while a session is running")
    with session_lock(tmp_path), running, session_lock(tmp_path):
        raise AssertionError("two hold it")
    with session_lock(tmp_path):
        pass


def test_a_lock_that_the_system_refuses_is_a_sentence(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(fcntl, "flock", _fails)
    with pytest.raises(JournalError, match="its lock cannot be taken"), session_lock(tmp_path):
        raise AssertionError("nobody holds it")
