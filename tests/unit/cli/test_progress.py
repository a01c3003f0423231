"""Progress without a terminal is a line that can be read in a log."""

import pytest

from cuewalk.cli.progress import Lines, progress


def test_a_line_says_how_far_it_is():
    lines = Lines("measuring")
    assert lines.line() == "measuring: begun, 0 s"
    lines(120, 900)
    assert lines.line() == "measuring: 120 of 900 (13 %), 0 s"


def test_shares_and_bytes_are_told_as_such():
    share, fetched = Lines("teaching", "%"), Lines("fetching", "B")
    share(0.25, 1.0)
    fetched(20_000_000, 40_000_000, "download small")
    assert share.line() == "teaching: 25 %, 0 s"
    assert fetched.line() == "download small: 20.0 MB of 40.0 MB (50 %), 0 s"


def test_lines_come_again_and_again_without_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr("cuewalk.cli.progress.EVERY", 0.001)
    with progress("measuring") as report:
        report(1, 2)
        seen = ""
        while seen.count("measuring") < 3:
            seen += capsys.readouterr().err
    assert "1 of 2" in seen


def test_an_error_at_once_stands_alone(capsys):
    with pytest.raises(ZeroDivisionError), progress("measuring"):
        1 / 0  # noqa: B018 - the error itself
    assert capsys.readouterr().err == ""
