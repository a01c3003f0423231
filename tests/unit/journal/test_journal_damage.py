"""What is damaged inside the journal is named, left out and kept; nothing else is lost or a traceback."""

import json
import sqlite3
from contextlib import closing

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cuewalk.checkup.checking import check_everything
from cuewalk.cli.buckets import buckets
from cuewalk.cli.correct import correct
from cuewalk.cli.evidence import evidence
from cuewalk.cli.log import log
from cuewalk.cli.replay import replay
from cuewalk.domain.errors import CuewalkError, JournalError
from cuewalk.domain.projection import ratings_of, trials_of
from cuewalk.engine.events import Begin
from cuewalk.journal.rows import checksum, sentence
from cuewalk.journal.store import FILE_NAME, Journal
from cuewalk.session.stage import why_not_taken_up
from helpers.histories import Telling

COLUMNS = {
    "wall": ["", "tomorrow", "2026-13-45", 7, b"\xff\xfe", "0001-01-01T00:00:00+14:00"],
    "payload": ["", "{", "null", '{"kind":"begin"}', b"\xff", 3],
    "kind": ["", "record:nothing", b"\xc3", 1],
    "clip": ["../../x", b"\xff", 4],
    "seq": ["x", -1, 2**62, b"\xff"],
    "clock_ms": ["x", -1, 2**62],
    "session": ["other", b"\xff"],
    "checksum": [None, "", "0" * 16, b"\xff", 5],
}
ROW = {
    "started": ["", "yesterday", b"\xff", 5],
    "setup": ["", "{}", b"\xff", "null"],
    "programme": [b"\xff", 5],
    "locale": ["ko-KR"],
    "status": ["", "nowhere", 5],
    "checksum": [None, ""],
}

app = typer.Typer()
for command in (log, buckets, evidence, replay, correct):
    app.command()(command)


@pytest.fixture
def home(tmp_path, monkeypatch, start):
    """Entries 1 begin, 2 start, 3 before, 4 trial, 5 after, 6 verdict; and another session beside it."""
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    for name in ("a", "b"):
        telling = Telling()
        telling.trial("m1", 6, 3)
        with closing(Journal(tmp_path / FILE_NAME)) as journal:
            journal.begin_session(telling.setup, name, start, [Begin(), *telling.records])
    return tmp_path


def damage(home, table, column, value, where):
    with closing(sqlite3.connect(home / FILE_NAME)) as raw, raw:
        for trigger in ("entries_no_update", "entries_no_replace"):
            raw.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        raw.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value,))


def run(*arguments):
    """Run a command as a person does: what it refuses, it refuses in a sentence."""
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert result.exception is None or isinstance(result.exception, SystemExit | CuewalkError), repr(
        result.exception
    )
    return result.output + str(result.exception or "")


def rows(home):
    with closing(sqlite3.connect(home / FILE_NAME)) as raw:
        raw.text_factory = bytes
        return raw.execute("SELECT * FROM entries").fetchall(), raw.execute(
            "SELECT * FROM sessions"
        ).fetchall()


@pytest.mark.parametrize(("column", "value"), [(c, v) for c, values in COLUMNS.items() for v in values])
@pytest.mark.parametrize("entry", [2, 5])
def test_a_damaged_entry_is_left_out_named_once_and_kept(home, column, value, entry):
    damage(home, "entries", column, value, f"id = {entry}")
    before = rows(home)
    for told in (run("log", "--all"), run("log", "b"), run("buckets"), run("evidence")):
        assert told.count("Not everything in the journal can be read") <= 1
    assert f"entry {entry} of session" in run("buckets")
    assert "improved" in run("log", "b"), "the other session is whole"
    assert rows(home) == before, "reading changes nothing"
    with closing(Journal(home / FILE_NAME, read_only=True)) as journal:
        values = [row.value for row in ratings_of(journal.history("a").records).values()]
        assert values == ([6, 3] if entry == 2 else [6]), "a damaged rating is never used"
        outcomes = [row.verdict.outcome.value for row in trials_of(journal.history("a"))]
        assert outcomes == (["improved"] if entry == 2 else ["not_rated"]), "nor is one guessed in its place"


@pytest.mark.parametrize(("column", "value"), [(c, v) for c, values in ROW.items() for v in values])
def test_a_session_whose_row_is_damaged_is_read_from_its_entries_and_named(home, column, value):
    damage(home, "sessions", column, value, "id = 'a'")
    before = rows(home)
    assert "session a (" in run("log", "--all")
    assert "improved" in run("log", "a")
    assert "2" in run("buckets")
    with closing(Journal(home / FILE_NAME, read_only=True)) as journal:
        assert {history.session for history in journal.histories()} == {"a", "b"}
    assert rows(home) == before


def test_a_flip_inside_a_number_that_still_reads_well_is_noticed(home):
    """A 3 that became a 9 is valid JSON and a valid rating."""
    with closing(sqlite3.connect(home / FILE_NAME)) as raw:
        (payload,) = raw.execute("SELECT payload FROM entries WHERE id = 5").fetchone()
    damage(home, "entries", "payload", payload.replace('"value":3.0', '"value":9.0'), "id = 5")
    assert "its checksum does not match" in run("buckets")
    with pytest.raises(JournalError, match="Entry 5 is damaged: its checksum does not match"):
        _with_journal(home, lambda journal: journal.entry(5))


def test_correcting_another_session_works_and_says_what_cannot_be_read(home):
    damage(home, "sessions", "setup", "{", "id = 'a'")
    damage(home, "entries", "payload", "{", "id = 2")
    told = run("correct", 11, 8)
    assert "3 → 8" in told
    assert "improved (clear) → worse" in told
    assert "entry 2 of session a" in told


def test_a_damaged_session_is_neither_taken_up_nor_replayed_and_that_is_said(home):
    damage(home, "entries", "wall", "?", "id = 9")
    with closing(Journal(home / FILE_NAME, read_only=True)) as journal:
        row = next(row for row in journal.sessions() if row.id == "b")
        assert "a part of what was kept of it is damaged" in why_not_taken_up(journal, row)
    assert "cannot be replayed" in run("replay", "b")


def test_an_export_leaves_out_what_is_damaged_and_is_whole_besides(home, tmp_path):
    damage(home, "entries", "payload", "{", "id = 5")
    with (
        closing(Journal(home / FILE_NAME, read_only=True)) as journal,
        closing(Journal(tmp_path / "other.sqlite")) as other,
    ):
        done = other.import_lines(journal.export_lines())
        assert done.entries == len(journal.entries("a")) + len(journal.entries("b")) == 11


def _with_journal(home, use):
    with closing(Journal(home / FILE_NAME, read_only=True)) as journal:
        return use(journal)


FIELDS = st.lists(st.one_of(st.none(), st.integers(0, 99), st.text(max_size=6)), min_size=7, max_size=7)


@given(FIELDS, FIELDS)
def test_a_checksum_tells_any_two_rows_apart(one, other):
    """Also where a text only moved from one column into the next."""
    assert (checksum(*one) == checksum(*other)) == (json.dumps(one) == json.dumps(other))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(byte=st.integers(0, 10**6), flip=st.integers(1, 255))
def test_any_flipped_byte_is_a_sentence_or_is_noticed_or_changes_nothing(home, byte, flip):
    path = home / FILE_NAME
    whole = path.read_bytes()
    try:
        changed = bytearray(whole)
        changed[byte % len(whole)] ^= flip
        path.write_bytes(changed)
        try:
            found, left_out = _with_journal(home, lambda j: (j.histories(), sentence(j.left_out())))
        except JournalError:
            return
        for history in found:
            values = [row.value for row in ratings_of(history.records).values()]
            assert values == [6, 3] or left_out, "a rating changed and nobody was told"
    finally:
        path.write_bytes(whole)


def test_the_doctor_says_how_many_entries_are_damaged(home):
    damage(home, "entries", "payload", "{", "id IN (5, 9)")
    (told,) = [check.says for check in check_everything(listen=False) if check.name == "journal"]
    assert told.startswith(f"2 sessions in {home}; damaged: 2 of 12 entries.")
    assert "entry 5 of session a" in told
