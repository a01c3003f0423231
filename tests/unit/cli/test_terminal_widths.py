"""What a person sees on a real terminal of a given width: ids and words whole, nothing folded."""

from contextlib import closing
from datetime import UTC, datetime

import pytest

from cuewalk.journal.store import FILE_NAME, Journal
from helpers.histories import Telling
from helpers.terminals import on_terminal

SESSION = "20261121-1405-k3a4"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    telling = Telling()
    telling.trial("m1", 6, 4)
    telling.trial("m2", None, 5)
    telling.trial("m1", 5, 4)
    with closing(Journal(folder / FILE_NAME)) as journal:
        journal.begin_session(telling.setup, SESSION, datetime(2026, 11, 21, 14, 5, tzinfo=UTC))
        journal.append(SESSION, 0, telling.records)
    return folder


@pytest.mark.parametrize("columns", [80, 40, 20])
@pytest.mark.parametrize(
    ("command", "needed"),
    [
        ("log --all", [SESSION, "sample", "2026-11-21", "ratings"]),
        ("log", [SESSION, "before", "6", "improved", "silence"]),
        ("buckets", ["provisional", "2026-11-21", "measurement", "missing"]),
        ("programmes", ["feet-up", "hip-flexor-flow"]),
    ],
)
def test_every_needed_word_is_whole_and_no_line_is_folded(home, command, needed, columns):
    lines = on_terminal(home, command, columns)
    words = {word.strip("();,:.") for line in lines for word in line.split()}
    assert set(needed) <= words
    assert [line for line in lines if len(line) > columns and len(line.split()) > 1] == []
