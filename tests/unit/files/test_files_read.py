"""A file is bounded before it is believed."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.files.faults import reason
from cuewalk.files.reading import UnreadableFileError, parse_json, parse_toml, read_bytes, read_text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a = " + "9" * 5000, "digits"),
        ("a = " + "9" * 41, "digits"),
        ("a = " + "[" * 900 + "]" * 900, "nested"),
        ("a = " + "[" * 40 + "]" * 40, "nested"),
        ("a = 2026-02-30", "TOML|calendar"),
        ("a = ", "TOML"),
        ("a = 1\na = 2", "TOML"),
    ],
)
def test_toml_that_would_break_a_reader_is_refused_with_a_reason(text: str, why: str) -> None:
    with pytest.raises(UnreadableFileError, match=why):
        parse_toml(text)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a": NaN}', '{"a": Infinity}', "9" * 5000, "{", "[" * 40 + "]" * 40]
)
def test_json_that_would_break_a_reader_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFileError):
        parse_json(text)


@given(st.text(max_size=200))
def test_any_text_is_data_or_a_reason(text: str) -> None:
    for parse in (parse_toml, parse_json):
        with suppress(UnreadableFileError):
            parse(text)


def test_a_pipe_a_folder_and_a_device_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, why in ((tmp_path / "pipe", "ordinary"), (tmp_path, "folder"), (Path("/dev/zero"), "ordinary")):
        with pytest.raises(UnreadableFileError, match=why):
            read_bytes(path)


def test_a_file_over_the_limit_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(50_000_000_000)  # sparse: takes no room
    with pytest.raises(UnreadableFileError, match="larger than 1 MB"):
        read_bytes(path)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("loop", "circle"),
        ("n" * 5000, "too long"),
        ("a\0b", "characters"),
        ("a\udcffb\ud800", "characters"),
        ("missing", "not there"),
    ],
)
def test_names_that_no_file_can_have_are_told_in_words(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(UnreadableFileError, match=why):
        read_bytes(tmp_path / name)


def test_text_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x = 1\ny = \xff\n")
    with pytest.raises(UnreadableFileError, match="line 2 is not UTF-8"):
        read_text(tmp_path / "a")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfx = 1")
    assert read_text(tmp_path / "a") == "x = 1"


def test_an_unknown_number_still_gives_words() -> None:
    assert reason(OSError(99999, "Odd")) == "Odd"
    assert reason(OSError()) == "the system gives no reason"
