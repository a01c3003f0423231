"""A journal in a file, and what it is filled with."""

from datetime import datetime, timedelta, timezone

import pytest

from cuewalk.journal.store import Journal
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


@pytest.fixture
def sqlite(path):
    journal = Journal(path)
    yield journal
    journal.close()
