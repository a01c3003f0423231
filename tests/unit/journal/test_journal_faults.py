"""What a person is told when the file cannot be used; nothing of theirs is harmed. Real SQLite files."""

import sqlite3
from contextlib import closing

import pytest

from cuewalk.domain.errors import JournalError
from cuewalk.domain.records import SessionStarted
from cuewalk.engine.events import Begin, CueFinished
from cuewalk.journal import schema
from cuewalk.journal.api import Damage
from cuewalk.journal.store import Journal, open_journal
from helpers.sessions import sample_setup


@pytest.fixture
def written(path, setup, start):
    """A journal with some pages in its main file."""
    with closing(Journal(path)) as journal:
        journal.begin_session(setup, "a", start, [SessionStarted(setup=setup)])
        journal.append("a", 0, [CueFinished(cue=n) for n in range(1, 400)])
    return path


def refused(path, **options):
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(JournalError) as caught:
        Journal(path, **options)
    assert before is None or path.read_bytes() == before, "the file was touched"
    assert str(path) in str(caught.value)
    return str(caught.value)


class TestADamagedFile:
    def test_garbage_is_left_alone_and_the_way_out_is_said(self, path):
        path.write_bytes(b"not a database at all" * 100)
        sentence = refused(path)
        assert "is damaged" in sentence
        assert "left exactly as it is" in sentence
        assert f'mv "{path}" "{path}.damaged"' in sentence

    def test_moving_it_away_as_told_starts_a_new_one(self, path):
        path.write_bytes(b"garbage" * 1000)
        refused(path)
        path.rename(f"{path}.damaged")
        with closing(Journal(path)) as journal:
            assert journal.sessions() == []

    @pytest.mark.parametrize("keep", [0.3, 0.9])
    def test_truncated(self, written, keep):
        whole = written.read_bytes()
        written.write_bytes(whole[: int(len(whole) * keep)])
        assert "is damaged" in refused(written)

    def test_a_page_overwritten(self, written):
        whole = bytearray(written.read_bytes())
        whole[3 * 4096 : 4 * 4096] = b"\xa5" * 4096
        written.write_bytes(whole)
        assert "is damaged" in refused(written)

    def test_emptied_beside_its_log_the_log_is_not_lost(self, path, setup, start):
        """SQLite takes an empty file for a new database and deletes the log beside it."""
        journal = Journal(path)
        journal.begin_session(setup, "a", start)
        log = path.with_name(path.name + "-wal")
        kept = log.read_bytes()
        journal.close()
        path.write_bytes(b"")
        log.write_bytes(kept)
        assert "write-ahead log is not" in refused(path)
        assert log.read_bytes() == kept

    def test_an_entry_that_makes_no_sense_is_left_out_and_named(self, written):
        with closing(sqlite3.connect(written)) as raw, raw:
            raw.execute("DROP TRIGGER entries_no_update")
            raw.execute('UPDATE entries SET payload = \'{"kind": "begin"\' WHERE id = 7')
        with closing(Journal(written)) as journal:
            assert len(journal.entries("a")) == 399
            assert journal.left_out() == [Damage("a", 7, "its checksum does not match")]


def test_another_programs_database_is_left_alone(path):
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("CREATE TABLE photos (id INTEGER)")
    assert "not a journal of cuewalk" in refused(path)


def test_a_newer_journal_is_left_alone(written):
    with closing(sqlite3.connect(written)) as raw, raw:
        raw.execute("INSERT INTO schema_version VALUES (99, '2030-01-01')")
    sentence = refused(written)
    assert "written by a newer cuewalk (version 99" in sentence
    assert "Update cuewalk" in sentence


def test_a_folder_in_its_place(path):
    path.mkdir()
    assert "cannot be opened" in refused(path)


def test_no_folder_to_make_it_in(tmp_path):
    assert "cannot be opened" in refused(tmp_path / "missing" / "journal.sqlite")


def test_the_home_that_cannot_be_used_is_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(Exception, match="CUEWALK_HOME"):
        open_journal()


class TestReadOnly:
    def test_reads_and_refuses_to_write(self, written):
        with closing(Journal(written, read_only=True)) as journal:
            assert len(journal.entries("a")) == 400
            with pytest.raises(JournalError, match=r"is read-only\. .* not kept.*writable"):
                journal.append("a", 0, [Begin()])
            assert len(journal.entries("a")) == 400

    def test_makes_nothing(self, path):
        assert "no journal" in refused(path, read_only=True)
        assert not path.exists()


def test_a_full_disk_keeps_all_or_nothing_of_a_step_and_everything_before(sqlite, setup, start):
    sqlite.begin_session(setup, "a", start)
    sqlite.append("a", 0, [Begin()])
    with sqlite._transaction(write=False) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(JournalError, match=r"no room left .* everything before it is safe.*Free some space"):
        sqlite.append("a", 20, [CueFinished(cue=n) for n in range(2000)])
    assert [entry.item for entry in sqlite.entries("a")] == [Begin()]
    with sqlite._transaction(write=False) as connection:
        connection.execute("PRAGMA max_page_count = 100000")
    sqlite.append("a", 40, [CueFinished(cue=n) for n in range(2000)])
    assert len(sqlite.entries("a")) == 2001


def test_another_program_that_holds_the_file_is_a_sentence(path, setup, start):
    with (
        closing(Journal(path, busy_ms=1)) as journal,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="Another program is writing"):
            journal.begin_session(setup, "a", start)
        assert journal.sessions() == [], "reading still works"
        other.execute("ROLLBACK")
        journal.begin_session(setup, "a", start)


class TestAppendOnly:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE entries SET payload = '{}'",
            "UPDATE entries SET clip = NULL WHERE id = 1",
            "DELETE FROM entries WHERE id = 1",
            "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE id = 1",
            "REPLACE INTO entries SELECT id, session, seq + 999, 0, wall, kind, '{}', clip, '' FROM entries",
            "REPLACE INTO entries SELECT id + 999, session, seq, 0, wall, kind, '{}', clip, '' FROM entries",
        ],
    )
    def test_no_statement_of_any_program_changes_an_entry(self, written, statement):
        with (
            closing(sqlite3.connect(written)) as raw,
            pytest.raises(sqlite3.IntegrityError, match="append-only"),
        ):
            raw.execute(statement)

    def test_also_after_something_was_forgotten(self, sqlite, path, setup, start):
        for session in ("a", "b"):
            sqlite.begin_session(setup, session, start)
            sqlite.append(session, 0, [Begin()])
        sqlite.forget("a")
        with (
            closing(sqlite3.connect(path)) as raw,
            pytest.raises(sqlite3.IntegrityError, match="append-only"),
        ):
            raw.execute("DELETE FROM entries")

    def test_what_is_forgotten_is_not_in_the_file_any_more(self, sqlite, path, start):
        programme = sample_setup().programme.model_copy(update={"id": "very-private-programme"})
        sqlite.begin_session(sample_setup().model_copy(update={"programme": programme}), "a", start)

        def on_disk():
            return any(b"very-private-programme" in file.read_bytes() for file in path.parent.iterdir())

        assert on_disk()
        sqlite.forget()
        assert not on_disk()


class TestMigrations:
    def test_a_failing_one_leaves_the_old_version_whole(self, sqlite):
        broken = (*schema.MIGRATIONS, ("CREATE TABLE extra (id INTEGER)", "CREATE TABLE extra (id INTEGER)"))
        with pytest.raises(JournalError), sqlite._write() as connection:
            schema.migrate(connection, "The journal", broken)
        with sqlite._transaction(write=False) as connection:
            assert schema.version_of(connection) == len(schema.MIGRATIONS)
            tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master")]
        assert "extra" not in tables

    def test_each_is_recorded_once(self, sqlite, path):
        more = (*schema.MIGRATIONS, ("CREATE TABLE extra (id INTEGER)",), ("DROP TABLE extra",))
        for _ in range(2):
            with sqlite._write() as connection:
                schema.migrate(connection, "The journal", more)
        with sqlite._transaction(write=False) as connection:
            rows = [row[0] for row in connection.execute("SELECT version FROM schema_version ORDER BY 1")]
        assert rows == list(range(1, len(more) + 1))
        sqlite.close()
        assert "newer" in refused(path)
