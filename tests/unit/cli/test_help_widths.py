"""Help at any width: no option, default or word of it is broken."""

import re

import pytest
import typer
from typer.testing import CliRunner

import cuewalk.cli
from cuewalk.cli.helping import readable

cuewalk.cli.register()
COMMAND = readable(typer.main.get_command(cuewalk.cli.app))
ALL = [[], *([name] for name in cuewalk.cli.COMMANDS)]
ALL += [["bench", name] for name in ("hear", "speed", "decisions", "live", "room", "voice")]


def shown(arguments: list[str], width: int, monkeypatch) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    return CliRunner().invoke(cuewalk.cli.app, [*arguments, "--help"]).output


@pytest.fixture(autouse=True)
def _ours(monkeypatch):
    monkeypatch.setattr(typer.testing, "_get_command", lambda _app: COMMAND)


@pytest.mark.parametrize("width", [40, 60, 80])
@pytest.mark.parametrize("command", ALL)
def test_every_word_is_whole_and_no_line_is_too_wide(command, width, monkeypatch):
    narrow, wide = (shown(command, each, monkeypatch) for each in (width, 200))
    assert sorted(narrow.replace(" | ", "|").split()) == sorted(wide.split())
    lines = [line for line in narrow.splitlines() if len(line) > width]
    assert all(len(line.split()) == 1 for line in lines), lines
    for default in re.findall(r"\[default: [^\]]*\]", wide):
        assert default in narrow
