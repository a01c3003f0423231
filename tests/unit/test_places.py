"""Where cuewalk looks and where it writes."""

import subprocess
import sys
from pathlib import Path

import pytest

from cuewalk import places
from cuewalk.domain.errors import CuewalkError

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


@FOLDERS
def test_a_folder_that_cannot_be_made_is_named_with_the_way_out(monkeypatch, tmp_path, folder):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    monkeypatch.setenv("CUEWALK_HOME", str(in_the_way / "mine"))
    with pytest.raises(CuewalkError, match=rf"{in_the_way}/mine.*CUEWALK_HOME"):
        folder()


@FOLDERS
def test_a_read_only_folder_is_named(monkeypatch, tmp_path, folder):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    monkeypatch.setattr(
        "os.access", lambda path, mode: False
    )  # root may write anywhere, so the answer is given
    with pytest.raises(CuewalkError, match="cannot be written to"):
        folder()


def test_looking_for_package_data_needs_no_home(tmp_path):
    code = "from cuewalk import places; print(places.package_data('models'))"
    done = subprocess.run(
        [sys.executable, "-c", code], env={}, cwd=tmp_path, capture_output=True, check=True, text=True
    )
    assert Path(done.stdout.strip()).is_dir()
