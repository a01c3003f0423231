"""A row that is gone is told, what is there is shown, and what is gone lawfully is no news."""

import sqlite3
from contextlib import closing

import pytest

from cuewalk.domain.records import SessionEnded
from cuewalk.engine.events import Begin
from cuewalk.journal.rows import sentence
from cuewalk.journal.store import Journal
from cuewalk.review.corrections import correct_rating
from cuewalk.session.stage import why_not_taken_up
from helpers.histories import Telling


@pytest.fixture
def two(path, start):
    """Entries 1 begin, 2 start, 3 before, 4 trial, 5 after, 6 verdict of a; 7 to 12 of b; 13 the end of a."""
    for name in ("a", "b"):
        telling = Telling()
        telling.trial("m1", 6, 3)
        with closing(Journal(path)) as journal:
            journal.begin_session(telling.setup, name, start, [Begin(), *telling.records])
    with closing(Journal(path)) as journal:
        journal.append("a", 60, [SessionEnded(how="completed")])
    return path


def delete(path, where, table="entries"):
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DROP TRIGGER entries_no_delete")
        raw.execute(f"DELETE FROM {table} WHERE {where}")


def told(path):
    with closing(Journal(path, read_only=True)) as journal:
        journal.histories()
        return sentence(journal.left_out())


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("id = 5", "entry 5 of session a (kept once, and not in the file any more) is missing"),
        ("id IN (8, 9, 10)", "each of the entries 8 to 10 of session b"),
        ("id IN (1, 2)", "each of the entries 1 to 2 of session a"),
        ("id = 7", "entry 7 of session b"),
        ("id = 6", "one entry between the entries 5 and 13 of session a"),
        ("id = 13", "session a (its last entries are missing) is shown as far as it goes"),
    ],
)
def test_it_is_named_once_and_the_rest_is_shown(two, where, what):
    delete(two, where)
    assert what in told(two)
    assert told(two).count("(") == 1, "nothing else is said"
    with closing(Journal(two)) as journal:
        assert len(journal.sessions()) == 2
        done = correct_rating(journal, 3 if where == "id = 5" else 11, 2, journal.sessions()[0].started)
        assert done.value[1] == 2, "nothing is locked"


def test_a_session_that_misses_something_is_not_taken_up(two):
    delete(two, "id = 9")
    with closing(Journal(two, read_only=True)) as journal:
        row = next(row for row in journal.sessions() if row.id == "b")
        assert "damaged or missing" in why_not_taken_up(journal, row)


def test_a_session_whose_row_is_gone_is_said_to_be_shown_for_it_is(two):
    delete(two, "id = 'a'", "sessions")
    assert "session a (its own row is lost) is shown as its entries tell of it" in told(two)
    assert "left out" not in told(two)


class TestLawful:
    def test_corrections_and_two_sessions_at_once(self, two, start):
        with closing(Journal(two)) as journal:
            for entry in (3, 9, 5):
                correct_rating(journal, entry, 1, start)
        assert told(two) == ""

    @pytest.mark.parametrize("which", ["a", "b"])
    def test_forgetting(self, two, which):
        with closing(Journal(two)) as journal:
            journal.forget(which)
        assert told(two) == ""

    @pytest.mark.parametrize("taken", [False, True])
    def test_a_part_of_a_journal_in_another_one(self, two, tmp_path, start, taken):
        other = tmp_path / "other.sqlite"
        with (
            closing(Journal(two, read_only=True)) as journal,
            closing(Journal(other)) as target,
        ):
            if taken:
                target.begin_session(journal.setup("a"), "z", start, [Begin(), *journal.records("a")])
            target.import_lines(journal.export_lines("b"))
        assert told(other) == ""

    def test_what_an_export_left_out_is_not_told_again_where_it_is_imported(self, two, tmp_path):
        with closing(sqlite3.connect(two)) as raw, raw:
            raw.execute("DROP TRIGGER entries_no_update")
            raw.execute("UPDATE entries SET payload = '' WHERE id = 5")
        other = tmp_path / "other.sqlite"
        with closing(Journal(two, read_only=True)) as journal, closing(Journal(other)) as target:
            target.import_lines(journal.export_lines())
        assert "entry 5 of session a" in told(two)
        assert told(other) == ""

    def test_a_damaged_number_is_damage_and_no_loss(self, two):
        with closing(sqlite3.connect(two)) as raw, raw:
            raw.execute("DROP TRIGGER entries_no_update")
            raw.execute("UPDATE entries SET seq = 5000 WHERE id = 6")
        with closing(Journal(two)) as journal:
            journal.append("a", 70, [Begin()])
        assert "missing" not in told(two)
        assert "entry 6 of session a (its checksum does not match) was left out" in told(two)
