"""Journals of both kinds, and one with a session in it."""

from datetime import datetime, timedelta, timezone

import pytest

from cuewalk.journal.memory import MemoryJournal
from cuewalk.journal.store import SqliteJournal
from helpers.sessions import sample_setup

START = datetime(2026, 11, 21, 14, 5, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture(scope="session")
def setup():
    return sample_setup()


@pytest.fixture
def start():
    return START


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite"


@pytest.fixture(params=["sqlite", "memory"])
def journal(request, path):
    journal = SqliteJournal(path) if request.param == "sqlite" else MemoryJournal()
    yield journal
    journal.close()


@pytest.fixture
def sqlite(path):
    journal = SqliteJournal(path)
    yield journal
    journal.close()
