"""A damaged write-ahead log: SQLite reads it up to the damage and deletes the rest; the journal does not."""

import shutil
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.domain.errors import JournalError
from cuewalk.engine.events import Begin
from cuewalk.journal.pages import is_broken
from cuewalk.journal.store import FILE_NAME, Journal
from helpers.histories import Telling

SESSIONS = 6
FRAME = 24 + 4096


def begin(journal, number):
    telling = Telling()
    telling.trial("m1", 6, 3)
    items = [Begin(), *telling.records]
    journal.begin_session(telling.setup, f"s{number}", datetime(2026, 11, 21, tzinfo=UTC), items)


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory):
    """A journal whose power went: half of its sessions are in the file, the others in its log alone."""
    path = tmp_path_factory.mktemp("running") / FILE_NAME
    kept = tmp_path_factory.mktemp("cut off") / FILE_NAME
    with closing(Journal(path)) as journal:
        for number in range(SESSIONS):
            begin(journal, number)
            if number == SESSIONS // 2 - 1:
                with journal._transaction(write=False) as connection:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for end in ("", "-wal"):
            shutil.copyfile(f"{path}{end}", f"{kept}{end}")
    return kept


@pytest.fixture
def files(cut_off, path):
    log = path.with_name(path.name + "-wal")
    shutil.copyfile(cut_off, path)
    shutil.copyfile(f"{cut_off}-wal", log)
    return path, log


def change(file, at, what):
    data = bytearray(file.read_bytes())
    data[at : at + len(what)] = what
    file.write_bytes(data)


def read(path):
    with closing(Journal(path, read_only=True)) as journal:
        return [row.id for row in journal.sessions()], journal.notices


#: A flip in the first frame's page, a whole frame, its salts, the log's own header.
DAMAGES = {
    "byte": (32 + 24 + 1000, b"\xa5"),
    "frame": (32, bytes(FRAME)),
    "salts": (32 + 8, bytes(8)),
    "header": (16, b"\xa5"),
    "kind": (0, bytes(4)),
    "header and frame": (0, b"\xff" * 4096),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_comes_after_the_damage_is_read_and_nothing_is_written(files, damage):
    path, log = files
    change(log, *DAMAGES[damage])
    before = path.read_bytes(), log.read_bytes()
    shown, notices = read(path)
    assert set(shown) >= {"s0", "s1", "s2", "s4", "s5"}
    assert "a part of its write-ahead log cannot be read" in notices[0]
    with pytest.raises(JournalError, match="exactly as it is"):
        Journal(path)
    assert (path.read_bytes(), log.read_bytes()) == before


def test_an_undamaged_log_is_read_and_written_to(files):
    path, _ = files
    assert read(path) == ([f"s{n}" for n in range(SESSIONS)], [])
    with closing(Journal(path)) as journal:
        begin(journal, SESSIONS)
    assert len(read(path)[0]) == SESSIONS + 1


def test_what_was_being_written_when_the_power_went_is_no_damage(files):
    path, log = files
    change(log, log.stat().st_size - 2 * FRAME, bytes(100))
    assert read(path) == ([f"s{n}" for n in range(SESSIONS - 1)], [])
    with closing(Journal(path)) as journal:
        begin(journal, SESSIONS)


def test_a_log_that_was_begun_anew_over_an_older_one_is_not_damaged(path, tmp_path):
    copy = tmp_path / "copy"
    with closing(Journal(path)) as journal:
        for number in range(SESSIONS):
            begin(journal, number)
        with journal._transaction(write=False) as connection:
            connection.execute("PRAGMA wal_checkpoint(RESTART)")
        begin(journal, SESSIONS)
        shutil.copyfile(f"{path}-wal", copy)
    assert not is_broken(copy.read_bytes())


def test_a_damaged_file_is_not_written_to_from_its_log(files):
    path, log = files
    change(path, 8 * 4096, b"\xa5" * (path.stat().st_size - 8 * 4096))
    before = path.read_bytes(), log.read_bytes()
    with pytest.raises(JournalError, match="exactly as it is"):
        Journal(path)
    assert (path.read_bytes(), log.read_bytes()) == before


def test_a_format_that_sqlite_does_not_know_is_damage(files):
    path, log = files
    with closing(Journal(path)):
        pass  # writes the log back
    change(path, 47, b"\x7f")
    assert not log.exists()
    assert len(read(path)[0]) == SESSIONS


@settings(max_examples=60, deadline=None)
@given(share=st.floats(0, 1))
def test_a_log_that_only_ends_early_is_not_damaged(cut_off, share):
    log = (cut_off.parent / (FILE_NAME + "-wal")).read_bytes()
    assert not is_broken(log[: int(len(log) * share)])
    assert not is_broken(log[: int(2 * FRAME * share**4)])


@settings(max_examples=40, deadline=None)
@given(share=st.floats(0, 0.999), bit=st.integers(0, 7))
def test_one_bit_costs_no_more_than_the_entries_that_it_is_in(cut_off, tmp_path_factory, share, bit):
    path = tmp_path_factory.mktemp("bit") / FILE_NAME
    shutil.copyfile(cut_off, path)
    log = bytearray((cut_off.parent / (FILE_NAME + "-wal")).read_bytes())
    log[int(len(log) * share)] ^= 1 << bit
    path.with_name(path.name + "-wal").write_bytes(log)
    shown, _ = read(path)
    assert len(shown) >= SESSIONS - 1  # of the last one nobody can know
