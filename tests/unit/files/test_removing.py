"""Folders are removed whatever is in them."""

import os

import pytest

from cuewalk.files.removing import remove_tree


def test_a_tree_is_removed_however_deep_and_whatever_its_modes(tmp_path):
    top = tmp_path / "top"
    top.mkdir()
    (top / "a" / "b").mkdir(parents=True)
    (top / "a" / "b" / "file").write_text("x")
    (top / "a").chmod(0o000)
    (top / "link").symlink_to(tmp_path)
    folder = os.open(top, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=folder)
        below = os.open("d", os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = below
    os.close(folder)
    (tmp_path / "kept").write_text("x")
    remove_tree(top)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_link_is_removed_and_what_it_leads_to_stays(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    link = tmp_path / "link"
    link.symlink_to(kept)
    remove_tree(link)
    remove_tree(tmp_path / "nothing")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_what_cannot_be_removed_is_an_error(tmp_path):
    with pytest.raises(OSError, match="too long"):
        remove_tree(tmp_path / ("x" * 300))
