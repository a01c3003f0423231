"""A file is there whole or not at all, for its owner alone."""

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cuewalk.files import writing
from cuewalk.files.writing import private_folder, recover_folder, swap_folder, whole_file, write_whole


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o022, 0o000, 0o077])
def test_files_and_folders_are_the_owners_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write_whole(tmp_path / "a" / "b" / "c.toml", "x = 1\n")
    finally:
        os.umask(before)
    assert (tmp_path / "a" / "b" / "c.toml").read_text() == "x = 1\n"
    assert _mode(tmp_path / "a") == _mode(tmp_path / "a" / "b") == 0o700
    assert _mode(tmp_path / "a" / "b" / "c.toml") == 0o600


def test_a_failure_leaves_the_older_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    write_whole(path, "old")
    with pytest.raises(OSError, match="full"), whole_file(path) as file:  # noqa: PT012
        file.write(b"ne")
        raise OSError(errno.ENOSPC, "full")
    assert path.read_text() == "old"
    assert _names(tmp_path) == ["settings.toml"]


def test_a_full_disk_at_the_sync_leaves_no_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "new.toml", "x")
    assert _names(tmp_path) == []


def test_what_a_killed_writer_left_is_swept_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "head.npz"
    code = (
        "import sys, os, signal; from pathlib import Path; from cuewalk.files.writing import whole_file\n"
        "with whole_file(Path(sys.argv[1])) as f:\n f.write(b'half'); f.flush()\n"
        " os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(_names(tmp_path)) == 1
    write_whole(path, b"whole")
    assert _names(tmp_path) == ["head.npz"]
    assert path.read_bytes() == b"whole"


def test_a_part_that_is_being_written_is_not_swept(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with whole_file(path) as first:
        first.write(b"first")
        write_whole(path, b"second")
    assert path.read_bytes() == b"first"


def test_a_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    write_whole(tmp_path / "real", "old")
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_folder_in_the_place_of_the_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path / "x", "text")
    assert _names(tmp_path) == ["x"]


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(NotADirectoryError):
        private_folder(tmp_path / "x" / "y")


def test_a_name_as_long_as_a_file_system_allows(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    write_whole(path, "x")
    assert path.read_text() == "x"


def _folder(path: Path, text: str) -> Path:
    path.mkdir()
    (path / "take.wav").write_text(text)
    return path


def test_a_folder_is_swapped_and_the_old_one_goes(tmp_path: Path) -> None:
    place = _folder(tmp_path / "takes", "old")
    swap_folder(_folder(tmp_path / "fresh", "new"), place)
    assert (place / "take.wav").read_text() == "new"
    assert _names(tmp_path) == ["takes"]


def test_a_swap_cut_off_gives_the_old_folder_back(tmp_path: Path) -> None:
    place = tmp_path / "takes"
    _folder(tmp_path / ".takes.old", "old")
    recover_folder(place)
    assert (place / "take.wav").read_text() == "old"
    assert _names(tmp_path) == ["takes"]


def test_a_swap_that_fails_leaves_the_old_folder(tmp_path: Path) -> None:
    place = _folder(tmp_path / "takes", "old")
    with pytest.raises(OSError, match="No such file"):
        swap_folder(tmp_path / "never-made", place)
    assert (place / "take.wav").read_text() == "old"
