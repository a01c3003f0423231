"""``cuewalk bench room`` as a person runs it: one word of each kind in each cell, then our voice alone."""

import json

import pytest
from rich.console import Console
from typer.testing import CliRunner

from cuewalk.bench.room import bench
from cuewalk.bench.room.bench import show_room
from cuewalk.cli.bench import app as command
from cuewalk.domain.errors import CuewalkError
from helpers.synth import say


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))


def measured(*arguments):
    result = CliRunner().invoke(command, ["room", *map(str, arguments), "--json"])
    if isinstance(result.exception, CuewalkError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_every_cell_is_measured_and_the_table_shows_it(capsys, monkeypatch):
    say("stop")  # skips where there is no synthetic voice
    # One or two of each factor; the others differ in a number.
    monkeypatch.setattr(bench, "SWEEP", {"echo": (-20.0,), "rt60": (0.6,), "snr": (None, 10.0)})
    found = measured("--trials", 1, "--self-triggers", 0)
    assert [(c["factor"], c["value"]) for c in found["cells"]] == [
        *(("echo", -20), ("rt60", 0.6)),
        *(("snr", level) for level in (None, 10)),
    ]
    for cell in found["cells"]:
        ratings = cell["ratings"]
        assert ratings["trials"] == cell["stops"]["trials"] == 1
        assert sum(ratings[name] for name in ("taken", "asked_back", "asked_again", "wrong")) == 1
    quiet = found["cells"][0]
    assert quiet["stops"]["caught"] + quiet["ratings"]["taken"] >= 1
    assert found["self_triggers"] is None
    show_room(Console(width=100), found)
    shown = capsys.readouterr().out
    for words in ("echo -20 dB", "RT60 0.6 s", "no noise", "Clocks differ by 0 ppm", found["acoustics"]):
        assert words in shown


def test_our_voice_alone_is_counted_with_two_clocks(capsys):
    say("stop")
    found = measured("--trials", 0, "--self-triggers", 0.1, "--drift", 100)
    alone = found["self_triggers"]
    assert found["cells"] == []
    assert found["drift_ppm"] == 100
    assert alone["lines"] > alone["lines_spoken"] >= 1
    assert alone["accepted"] == len(alone["accepted_list"])
    assert alone["false_interruptions"] == len(alone["interrupted_lines"])
    show_room(Console(width=100), found)
    assert "Our own voice alone for 0.1 minutes at +10 dB" in capsys.readouterr().out


def test_a_head_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(CuewalkError, match="There is no head"):
        measured("--head", tmp_path / "none.npz")
