"""``cuewalk rules``: every number, whose it is, and what the person changed."""

import json

import pytest
import typer
from typer.testing import CliRunner

from cuewalk.cli.rules import rules
from cuewalk.content.load import load_catalogue
from cuewalk.files.left_out import told_to

app = typer.Typer()
app.command()(rules)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(app, list(arguments))


def test_every_number_is_shown_with_its_source_and_the_version(home):
    data = json.loads(run("--json").output)
    shipped = load_catalogue("en-US").rules
    assert data["version"] == shipped.version
    assert [(each["name"], each["value"], each["basis"]) for each in data["rules"]] == [
        (name, number.value, number.basis) for name, number in shipped.numbers()
    ]
    assert not any(each["changed"] for each in data["rules"])
    assert "none changed by you" in run().output


def test_a_changed_number_is_told_apart(home):
    (home / "rules.toml").write_text("[confirm_from]\nvalue = 7\n", "utf-8")
    data = json.loads(run("--json").output)
    [changed] = [each for each in data["rules"] if each["changed"]]
    assert (changed["name"], changed["value"], changed["standard_value"]) == ("confirm_from", 7, 6)
    assert changed["basis"] == "changed by you"
    shown = run().output
    assert "6, yours now" in shown
    assert "1 changed by you" in shown


def test_a_bad_number_is_told_with_its_line_and_the_standard_counts(home):
    (home / "rules.toml").write_text("[confirm_from]\nvalue = 70\n", "utf-8")
    told = []
    with told_to(told.append):
        data = json.loads(run("--json").output)
    assert data["version"] == load_catalogue("en-US").rules.version
    assert "rules.toml, line 2" in told[0]
    assert "the standard counts" in told[0]
