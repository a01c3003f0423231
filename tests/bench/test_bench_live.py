"""``cuewalk bench live`` as a person runs it: a session on null sinks, two stops and two answers."""

import json

import pytest
from rich.console import Console
from typer.testing import CliRunner

from cuewalk.bench.live.bench import show_live
from cuewalk.bench.live.null_sinks import missing_packages
from cuewalk.cli.bench import app
from cuewalk.domain.errors import CuewalkError

FIGURES = {"p50", "p95", "trials", "caught", "caught_interval"}
WHOLE = {
    "engine": "spotter",
    "speech": "recordings",
    "stop_ms": {"p50": 200, "p95": 900, "trials": 2, "caught": 1, "caught_interval": [0.1, 0.9]},
    "answer_ms": {"p50": None, "p95": None, "trials": 0, "caught": 0, "caught_interval": [0.0, 1.0]},
    "self_triggers": 0,
    "frames_lost": 3,
    "frames_lost_by": {"speaker underruns by us": 2, "microphone overruns by the device": 1},
    "cpu_percent_of_core": 12.0,
    "rss_growth_mb": 0.1,
    "missed": ["stop: stop"],
    "soak": {
        "minutes": 5.0,
        "trials": 10,
        "caught": 10,
        "caught_interval": [0.7, 1.0],
        "self_triggers": 0,
        "frames_lost": 0,
        "frames_lost_by": {},
        "rss_growth_mb": 9.0,
    },
}


@pytest.mark.device
def test_two_trials_of_each_kind_are_measured_from_sound_to_sound(tmp_path, monkeypatch):
    if missing := missing_packages():
        pytest.skip(f"null sinks need these packages: {', '.join(missing)}")
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    result = CliRunner().invoke(app, ["live", "--trials", "2", "--quick", "--echo", "-10", "--json"])
    if isinstance(result.exception, CuewalkError):
        raise result.exception
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    for kind in ("stop_ms", "answer_ms"):
        assert set(found[kind]) == FIGURES
        assert found[kind]["trials"] == 2
    assert found["stop_ms"]["caught"] + found["answer_ms"]["caught"] >= 1
    assert {
        "self_triggers",
        "frames_lost",
        "frames_lost_by",
        "cpu_percent_of_core",
        "rss_growth_mb",
        "engine",
    } <= set(found)
    assert found["rss_mb"] > 20
    assert found["soak"] is None


def test_a_head_that_is_not_there_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    result = CliRunner().invoke(app, ["live", "--head", str(tmp_path / "none.npz")])
    assert isinstance(result.exception, CuewalkError)
    assert "There is no head" in str(result.exception)


def test_the_table_says_what_was_reached(capsys):
    show_live(Console(width=160), WHOLE)
    shown = {line.strip().split("  ")[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "not reached" in shown["stop: until silent, p95"]
    assert "1 of 2 (10% to 90%)" in shown["stop: caught"]
    assert "reached" not in shown["answer: until the next cue, median"]
    assert "not reached" in shown["frames lost"]
    assert "2 speaker underruns by us, 1 microphone overruns by the device" in shown["frames lost"]
    assert "not" not in shown["processor"]
    assert "not reached" in shown["5.0 minutes: memory growth"]
