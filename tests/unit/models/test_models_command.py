"""What ``cuewalk models`` prints, and its exit codes."""

import pytest
from typer.testing import CliRunner

from cuewalk.cli import models as command
from cuewalk.domain.errors import ModelError

NAME = "tiny-model"


@pytest.fixture
def run(store, monkeypatch, tmp_path):
    monkeypatch.setattr(command, "open_store", lambda: store)
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "120")
    return lambda *words: CliRunner().invoke(command.app, words)


def test_list_shows_every_model_with_its_state_and_place(run, store):
    assert "missing" in run("list").output
    path = store.fetch(NAME)
    shown = run("list").output
    assert "installed" in shown
    assert f"{NAME} is in {path} (cache)." in shown


def test_fetch_without_a_name_gets_the_default_one(run, store):
    done = run("fetch")
    assert done.exit_code == 0
    assert f"{NAME} is installed in {store.find('vosk', 'en-US')}" in done.output


def test_fetch_lets_the_error_through_with_its_sentence(run, web):
    web.status = 404
    done = run("fetch", NAME)
    assert isinstance(done.exception, ModelError)
    assert "answered 404" in str(done.exception)


def test_fetch_once_prints_one_line_and_ends_well_when_it_cannot_then_nothing(run, web):
    web.status = 404
    first, second = run("fetch", "--once", "--timeout", "5"), run("fetch", "--once", "--timeout", "5")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert len(first.output.splitlines()) == 1
    assert second.output == ""
    assert len(web.asked) == 1


def test_verify_says_installed_or_damaged_and_ends_accordingly(run, store):
    model = store.fetch(NAME) / "am/final.mdl"
    assert run("verify").exit_code == 0
    model.write_bytes(bytes(model.stat().st_size))
    done = run("verify", NAME)
    assert done.exit_code == ModelError.exit_code
    assert "am/final.mdl has changed" in done.output


def test_verify_of_a_missing_model_by_name_fails_and_of_all_does_not(run):
    assert run("verify").exit_code == 0
    assert run("verify", NAME).exit_code == ModelError.exit_code


def test_verify_of_an_unknown_name_says_which_there_are(run):
    assert "The models are: tiny-model." in str(run("verify", "nonsense").exception)
