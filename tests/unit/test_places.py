"""Where cuewalk looks and where it writes."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cuewalk import places
from cuewalk.domain.errors import CuewalkError
from cuewalk.files.removing import remove_tree
from cuewalk.files.writing import make_private

FOLDERS = pytest.mark.parametrize("folder", [places.data_dir, places.cache_dir])


@pytest.mark.parametrize("name", ["models", "scripts_audio"])
def test_the_data_of_the_package_is_there(name):
    assert places.package_data(name).is_dir()


def test_one_variable_moves_everything_of_the_persons_into_one_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path / "mine"))
    assert places.data_dir() == tmp_path / "mine"
    assert places.cache_dir() == tmp_path / "mine" / "cache"
    assert (tmp_path / "mine" / "cache").is_dir()


@FOLDERS
def test_without_it_the_folders_are_the_users_own_and_are_made(monkeypatch, tmp_path, folder):
    for name in ("CUEWALK_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    made = folder()
    assert made.is_dir()
    assert made.name == "cuewalk"
    assert tmp_path in made.parents


@FOLDERS
def test_a_second_call_gives_the_same_folder(monkeypatch, tmp_path, folder):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    assert folder() == folder()


def test_a_folder_that_cannot_be_made_is_named_with_the_way_out(monkeypatch, tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    monkeypatch.setenv("CUEWALK_HOME", str(in_the_way / "mine"))
    with pytest.raises(CuewalkError, match=rf"{in_the_way}/mine.*a part of its path.*CUEWALK_HOME"):
        places.writable_data_dir()
    with pytest.raises(CuewalkError, match="a part of its path is not a folder"):
        places.data_dir()
    assert places.cache_dir() == in_the_way / "mine" / "cache"


def test_a_read_only_folder_is_named_to_who_writes_and_read_from(monkeypatch, tmp_path):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    # Root may write anywhere, so the answer is given.
    monkeypatch.setattr("os.access", lambda path, mode: not mode & os.W_OK)
    with pytest.raises(CuewalkError, match="written to: the disk or the folder allows only reading"):
        places.writable_data_dir()
    assert places.data_dir() == tmp_path


#: As much of SQLite's header as tells that it is a journal of ours.
JOURNAL = b"SQLite format 3\0".ljust(68, b"\0") + places.APPLICATION_ID.to_bytes(4, "big") + bytes(28)


def modes(folder):
    return {str(p.relative_to(folder)): stat.S_IMODE(p.lstat().st_mode) for p in sorted(folder.rglob("*"))}


@pytest.fixture
def old_home(tmp_path):
    """A home as earlier versions left it: open to everybody."""
    home = tmp_path / "home"
    for name in (
        "clips/s-0001.wav",
        "heads/takes/en-US/four.wav",
        "content/en-US/a.toml",
        "cache/cues/b.cue",
    ):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("mine")
    for name in ("journal.sqlite", "journal.sqlite-wal", "settings.toml", "session.lock", "rules.toml"):
        (home / name).write_text("mine")
    (home / "journal.sqlite").write_bytes(JOURNAL)
    for path in [home, *home.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return home


def test_a_home_left_open_by_an_earlier_version_is_closed(monkeypatch, old_home):
    monkeypatch.setenv("CUEWALK_HOME", str(old_home))
    assert places.data_dir() == old_home
    assert set(modes(old_home).values()) == {0o600, 0o700}
    assert stat.S_IMODE(old_home.stat().st_mode) == 0o700
    assert all((mode == 0o700) == (old_home / name).is_dir() for name, mode in modes(old_home).items())


def test_a_closing_that_was_cut_off_is_done_the_next_time(monkeypatch, old_home):
    """A folder is closed after what is in it."""
    monkeypatch.setenv("CUEWALK_HOME", str(old_home))
    closed = []

    def cut_off(path):
        if len(closed) == 3:
            raise KeyboardInterrupt
        closed.append(path)
        return make_private(path)

    with monkeypatch.context() as patched:
        patched.setattr(places, "make_private", cut_off)
        with pytest.raises(KeyboardInterrupt):
            places.data_dir()
    assert any(mode & 0o077 for mode in modes(old_home).values())
    places.data_dir()
    assert not any(mode & 0o077 for mode in modes(old_home).values())


def test_what_is_not_ours_is_left_as_it_is(monkeypatch, old_home, tmp_path):
    """Other files beside ours, what a link leads to, and a folder that cuewalk never used."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (elsewhere / "clips").mkdir(mode=0o755)
    (elsewhere / "holiday.jpg").write_text("not ours")
    (old_home / "clips" / "link").symlink_to(elsewhere / "holiday.jpg")
    (old_home / "heads" / "linked").symlink_to(elsewhere)
    (old_home / "holiday.jpg").write_text("not ours")
    (old_home / "holiday.jpg").chmod(0o644)
    monkeypatch.setenv("CUEWALK_HOME", str(old_home))
    places.data_dir()
    assert stat.S_IMODE((old_home / "holiday.jpg").stat().st_mode) == 0o644
    assert stat.S_IMODE(old_home.stat().st_mode) == 0o755, "somebody may have to get at the other file"
    assert stat.S_IMODE((old_home / "clips").stat().st_mode) == 0o700
    monkeypatch.setenv("CUEWALK_HOME", str(elsewhere))
    places.data_dir()
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o755
    assert stat.S_IMODE((elsewhere / "holiday.jpg").stat().st_mode) & 0o044
    assert stat.S_IMODE((elsewhere / "clips").stat().st_mode) == 0o755


def test_another_users_files_are_left_as_they_are(monkeypatch, old_home):
    monkeypatch.setenv("CUEWALK_HOME", str(old_home))
    monkeypatch.setattr("os.geteuid", lambda: old_home.stat().st_uid + 1)
    before = modes(old_home)
    places.data_dir()
    assert modes(old_home) == before


def test_looking_for_package_data_needs_no_home(tmp_path):
    code = "from cuewalk import places; print(places.package_data('models'))"
    done = subprocess.run(
        [sys.executable, "-c", code], env={}, cwd=tmp_path, capture_output=True, check=True, text=True
    )
    assert Path(done.stdout.strip()).is_dir()


FOREIGN = {
    "empty": (),
    "names like ours": ("models", "cache", "content", "clips", "settings.toml"),
    "a database of another program": ("journal.sqlite", "clips"),
}


@pytest.mark.parametrize("names", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_shared_folder_without_a_journal_of_ours_is_left_as_it_is(monkeypatch, tmp_path, names):
    shared = tmp_path / "shared"
    shared.mkdir()
    for name in names:
        (shared / name).write_bytes(JOURNAL.replace(b"cuew", b"othr"))
        (shared / name).chmod(0o644)
    shared.chmod(0o775)
    before = modes(shared)
    monkeypatch.setenv("CUEWALK_HOME", str(shared))
    places.data_dir()
    assert stat.S_IMODE(shared.stat().st_mode) == 0o775
    assert modes(shared) == before


def test_a_folder_for_everybody_and_a_home_stay_open_around_a_journal(monkeypatch, tmp_path):
    for name, mode in (("tmp", 0o1777), ("home", 0o755)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "journal.sqlite").write_bytes(JOURNAL)
        (folder / "journal.sqlite").chmod(0o644)
        folder.chmod(mode)
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        monkeypatch.setenv("CUEWALK_HOME", str(folder))
        places.data_dir()
        assert stat.S_IMODE(folder.stat().st_mode) == mode
        assert stat.S_IMODE((folder / "journal.sqlite").stat().st_mode) == 0o600


def test_the_folders_under_our_own_name_are_closed_also_before_there_is_a_journal(monkeypatch, tmp_path):
    monkeypatch.delenv("CUEWALK_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
        cues = tmp_path / name / "cuewalk" / "cues"
        cues.mkdir(parents=True)
        for folder in (cues, cues.parent):
            folder.chmod(0o755)
    for folder in (places.data_dir(), places.cache_dir()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "cues").stat().st_mode) == 0o700


def test_a_folder_deeper_than_calls_may_go_is_made_private(tmp_path):
    (tmp_path / "journal.sqlite").write_bytes(JOURNAL)
    inner = tmp_path / "inner"
    inner.mkdir(mode=0o755)
    for number in range(1200):
        outer = tmp_path / f"outer-{number}"
        outer.mkdir(mode=0o755)
        inner.rename(outer / "d")
        inner = outer
    inner.rename(tmp_path / "cache")
    places.keep_private(tmp_path)
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0
    assert (tmp_path / "cache" / "d" / "d").stat().st_mode & 0o077 == 0
    remove_tree(tmp_path / "cache")
