"""``cuewalk evidence`` as a person types it."""

import json
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest
import typer
from typer.testing import CliRunner

from cuewalk.cli.evidence import evidence
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Side
from cuewalk.domain.records import SessionEnded
from cuewalk.journal.store import FILE_NAME, Journal
from helpers.histories import Telling

START = datetime(2026, 11, 2, 14, 5, tzinfo=timezone(timedelta(hours=1)))

app = typer.Typer()
app.command()(evidence)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "140")
    return tmp_path


@pytest.fixture
def told(home):
    with closing(Journal(home / FILE_NAME)) as journal:
        for n, after in enumerate((3, 4, 3)):
            telling = Telling()
            telling.trial("m1", 6, after)
            telling.trial("m2", None, 5, side=Side.RIGHT)
            at = START + timedelta(days=n)
            journal.begin_session(telling.setup, f"s{n}", at)
            journal.append(f"s{n}", 0, [*telling.records, SessionEnded(how="completed")], wall=at)
    return home


def shown(*arguments):
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def test_without_a_name_it_is_an_overview_with_the_honest_statements(told):
    output = shown()
    line = next(line for line in output.splitlines() if line.strip().startswith("Movement m1"))
    assert line.split()[2:5] == ["left", "3", "-2.0"]
    assert "keep, confirmed" in line
    empty = next(line for line in output.splitlines() if line.strip().startswith("Movement m2"))
    assert empty.split()[2:7] == ["right", "0", *["\N{EN DASH}"] * 3]
    assert "within measurement error" in output
    assert '"Not now" never means harmful' in output


@pytest.mark.parametrize("name", ["m1", "movement M1", "Movement m1"])
def test_one_movement_shows_its_trials_with_dates_and_the_sentences(told, name):
    output = " ".join(shown(name).split())
    assert "2026-11-02" in output
    assert "6 → 3" in output
    assert "3 trials in 3 sessions. On average it went down by about 2 points" in output
    assert "Chance that it helps you by a point or more" in output
    assert "It is in: keep, confirmed" in output
    assert "Movement m2" not in output


def test_missing_ratings_are_listed_but_do_not_count(told):
    output = shown("m2")
    assert "\N{EN DASH} → 5" in output
    assert "does not count: a rating is missing" in output
    assert "nothing to go by" in output


def test_as_an_object(told):
    told_of = json.loads(shown("m1", "--json"))
    [found] = told_of["movements"]
    assert (found["n"], found["side"], found["bucket"], found["state"]) == (3, "left", "keep", "confirmed")
    assert found["figures"]["low"] < found["figures"]["change"] < found["figures"]["high"] < 0
    assert [trial["after"] for trial in found["trials"]] == [3, 4, 3]
    assert told_of["statements"]
    assert [each["figures"] for each in json.loads(shown("--json"))["movements"]][1] is None


def test_an_unknown_name_is_a_sentence_with_suggestions(told):
    result = CliRunner().invoke(app, ["movment m1"])
    assert isinstance(result.exception, CuewalkError)
    assert 'no movement called "movment m1"' in str(result.exception)
    assert "Did you mean Movement m1" in str(result.exception)


def test_an_empty_journal_says_what_to_do(home):
    assert "cuewalk run" in shown()
    assert json.loads(shown("--json"))["movements"] == []
    result = CliRunner().invoke(app, ["m1"])
    assert "cuewalk run" in str(result.exception)
