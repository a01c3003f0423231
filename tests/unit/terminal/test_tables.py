"""Tables hold at any width: every word is there, whole."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from cuewalk.terminal.printing import say, spelt
from cuewalk.terminal.tables import Rows

WORDS = st.sampled_from(
    [
        "hip",
        "Hüftkreisen",
        "rehab-hip-circles",
        "20261121-1405-k3a4",
        "엉덩이",
        "ko-KR",
        "6 → 4",
        "größer,",
        "\N{EN DASH}",
    ]
)
CELLS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
TABLES = st.integers(1, 6).flatmap(
    lambda columns: st.lists(st.lists(CELLS, min_size=columns, max_size=columns), min_size=1, max_size=5)
)


def printed(rows: list[list[str]], *, width: int, terminal: bool = True, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    table = Rows(tuple(f"column{number}" for number in range(len(rows[0]))), "A title")
    for row in rows:
        table.add(*row)
    table.show(Console(file=file, width=width, force_terminal=terminal, color_system=None))
    return raw.getvalue().decode(encoding)


@given(TABLES, st.sampled_from([80, 60, 40]))
def test_no_word_is_broken_or_lost_and_no_line_is_too_wide(rows: list[list[str]], width: int) -> None:
    output = printed(rows, width=width)
    words = output.split()
    for word in " ".join(cell for row in rows for cell in row).split():
        assert word in words
    assert all(cell_len(line) <= width for line in output.splitlines())


@given(TABLES)
def test_in_a_pipe_a_row_is_one_line(rows: list[list[str]]) -> None:
    lines = printed(rows, width=20, terminal=False).splitlines()
    for row in rows:
        assert any(all(cell in line for cell in row) for line in lines)


@pytest.mark.parametrize("terminal", [True, False])
def test_an_encoding_without_our_signs_has_every_word_too(terminal: bool) -> None:
    output = printed([["Hüftkreisen", "6 → 4"]], width=80, terminal=terminal, encoding="ascii")
    assert "Huftkreisen" in output
    assert "6 -> 4" in output


def test_what_does_not_fit_side_by_side_is_a_block_of_labels_and_values() -> None:
    output = printed([["20261121-1405-k3a4", *(["a long explanation of it"] * 5)]], width=40)
    assert output.splitlines()[2:4] == ["column0: 20261121-1405-k3a4", "  column1: a long explanation of it"]


@given(CELLS, st.integers(20, 80))
def test_a_message_is_broken_between_words_on_a_terminal(text: str, width: int) -> None:
    file = io.StringIO()
    say(Console(file=file, width=width, force_terminal=True, color_system=None), text)
    assert file.getvalue().split() == text.split()
    assert all(cell_len(line) <= width for line in file.getvalue().splitlines())


def test_a_message_in_a_pipe_is_one_line() -> None:
    file = io.StringIO()
    say(Console(file=file, width=20), "word " * 30 + "[red]end[/]")
    assert file.getvalue().splitlines() == ["word " * 30 + "[red]end[/]"]


def test_a_path_longer_than_the_terminal_stays_whole() -> None:
    file = io.StringIO()
    path = "/home/somebody/a-folder-with-a-long-name/journal.sqlite"
    say(Console(file=file, width=20, force_terminal=True, color_system=None), f"It is in {path} now.")
    assert path in file.getvalue().splitlines()


def test_letters_lose_their_accents_before_they_become_question_marks() -> None:
    assert spelt("é → … \N{EN DASH} 엉") == "e -> ... - ?"


def test_in_a_pipe_no_row_is_filled_with_spaces():
    file = io.StringIO()
    rows = Rows(("a", "b"), headed=False)
    rows.add("short", "x")
    rows.add("long", "a sentence that is much longer than the other one " * 4)
    rows.show(Console(file=file, width=80))
    assert all(line == line.rstrip() for line in file.getvalue().splitlines())
