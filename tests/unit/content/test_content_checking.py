"""``cuewalk check`` and ``cuewalk new``: every mistake at once, and templates that are right as they are."""

import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cuewalk.cli import check as check_command
from cuewalk.cli import new as new_command
from cuewalk.cli.run import _catalogue as session_catalogue
from cuewalk.content.checking import check_content, check_shipped
from cuewalk.content.load import load_catalogue
from cuewalk.content.packs import load_pack
from cuewalk.content.personal import changes_in_words, load_own_catalogue
from cuewalk.content.writing import copy_locale, write_template
from cuewalk.domain.errors import CuewalkError
from cuewalk.places import package_data
from cuewalk.settings import change_setting

SHIPPED = package_data("scripts_audio")
app = typer.Typer()
app.command("check")(check_command.check)
app.add_typer(new_command.app, name="new")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_what_comes_with_cuewalk_has_no_fault():
    assert check_shipped() == []


def test_a_new_movement_and_a_new_programme_are_right_as_they_are(tmp_path):
    own = tmp_path / "own"
    movement = write_template("movement", "heel-raises", own, "en-US")
    programme = write_template("programme", "mine", own, "en-US")
    assert check_content(own) == check_content(movement) == check_content(programme) == []
    catalogue = load_catalogue("en-US", extra=own)
    assert catalogue.own == {"heel-raises", "mine"}
    assert catalogue.movements["heel-raises"].name == "Heel raises"


def test_a_new_locale_is_whole_and_can_be_loaded(tmp_path):
    folder = copy_locale("de-DE", tmp_path / "own")
    assert check_content(folder) == []
    assert load_catalogue("de-DE", extra=tmp_path / "own").locale == "de-DE"
    assert load_pack("de-DE", root=tmp_path / "own").prompts == load_pack("en-US", own=()).prompts


def test_a_locale_of_ones_own_can_be_chosen_and_spoken(home):
    copy_locale("de-DE", home / "content")
    assert change_setting("locale", "de-DE").locale == "de-DE"
    assert load_own_catalogue("de-DE").programme("feet-up")
    assert load_pack("de-DE")


@pytest.mark.parametrize("kind", ["movement", "programme", "locale"])
def test_a_file_that_is_there_is_never_touched(kind, home):
    name = "de-DE" if kind == "locale" else "mine"
    path = run("new", kind, name).output.splitlines()[0]
    before = sorted((file, file.read_bytes()) for file in home.rglob("*.toml"))
    again = run("new", kind, name)
    assert isinstance(again.exception, CuewalkError)
    assert path in str(again.exception)
    assert sorted((file, file.read_bytes()) for file in home.rglob("*.toml")) == before


@pytest.mark.parametrize(
    ("kind", "name"),
    [("movement", "../up"), ("movement", "My Move"), ("locale", "german"), ("locale", "en-US")],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_is_written(kind, name, tmp_path):
    done = run("new", kind, name, "--dir", tmp_path / "own")
    assert isinstance(done.exception, CuewalkError)
    assert not list(tmp_path.rglob("*.toml"))


def test_every_fault_of_a_folder_is_told_and_the_command_fails(tmp_path):
    for name in ("one", "two"):
        path = write_template("movement", name, tmp_path, "en-US")
        path.write_text(path.read_text("utf-8").replace("seconds = 3", 'seconds = "3"', 1), "utf-8")
    (tmp_path / "rules.toml").write_text("[confirm_from]\nvalue = 70\n", "utf-8")
    done = run("check", tmp_path)
    assert done.exit_code == 1
    for told in ("one.toml, line", "two.toml, line", "rules.toml, line 2", "3 to mend"):
        assert told in done.output


def test_a_folder_without_fault_is_said_to_be_fine(tmp_path):
    write_template("movement", "one", tmp_path, "en-US")
    done = run("check", tmp_path)
    assert (done.exit_code, "Nothing to mend" in done.output) == (0, True)


def test_without_a_path_ours_and_ones_own_are_checked(home):
    (home / "content/en-US/movements").mkdir(parents=True)
    (home / "content/en-US/movements/mine.toml").write_text("id = 5\n", "utf-8")
    (home / "rules.toml").write_text("[nosuch]\nvalue = 1\n", "utf-8")
    done = run("check")
    assert done.exit_code == 1
    assert "mine.toml, line 1" in done.output
    assert "rules.toml, line 1" in done.output


def test_a_file_that_stands_alone_is_checked_by_what_it_looks_like(tmp_path):
    loose = tmp_path / "feet-up.toml"
    shutil.copy(SHIPPED / "en-US/programmes/feet-up.toml", loose)
    assert check_content(loose) == []
    loose.write_text(loose.read_text("utf-8").replace("about =", "abuot ="), "utf-8")
    [fault] = check_content(loose)
    assert 'Did you mean "about"?' in fault.remedy


@pytest.mark.parametrize("folder", ["movments", "programs"])
def test_a_folder_that_would_not_be_read_is_told(folder, tmp_path):
    (tmp_path / "en-US" / folder).mkdir(parents=True)
    (tmp_path / "en-US/movements").mkdir()
    [fault] = check_content(tmp_path)
    assert fault.problem == "this is not read."
    assert "Did you mean" in fault.remedy


def test_what_is_not_there_or_no_content_is_told(tmp_path):
    assert "cannot be read" in check_content(tmp_path / "nowhere.toml")[0].problem
    assert "no content" in check_content(tmp_path)[0].problem


def test_ones_own_folder_and_numbers_are_found_where_the_data_is(home):
    write_template("movement", "mine", home / "content", "en-US")
    (home / "rules.toml").write_text("[confirm_from]\nvalue = 7\n", "utf-8")
    catalogue = load_own_catalogue("en-US")
    own, rules = changes_in_words(catalogue)
    assert own == "Yours: mine."
    assert rules.startswith("Rules changed by you: confirm_from 7 (standard 6). Version ")


def test_nothing_of_ones_own_changes_nothing(home):
    catalogue = load_own_catalogue("en-US")
    assert catalogue == load_catalogue("en-US")
    assert changes_in_words(catalogue) == []


def test_a_file_is_found_from_wherever_it_is_named(tmp_path, monkeypatch):
    path = write_template("movement", "one", tmp_path / "own", "en-US")
    path.write_text(path.read_text("utf-8").replace("sides =", "sidez ="), "utf-8")
    monkeypatch.chdir(path.parent)
    for named in ("one.toml", "../movements/one.toml", ".", "..", "../..", str(path)):
        [fault] = check_content(Path(named))
        assert fault.problem == 'there is no field "sidez".', named


@pytest.mark.parametrize("name", ["gone.toml", "notes.md"])
def test_a_file_that_is_never_read_is_not_said_to_be_fine(tmp_path, name):
    folder = write_template("movement", "one", tmp_path / "own", "en-US").parent
    (folder / "notes.md").write_text("Remember the roller.", "utf-8")
    assert check_content(folder / name)


def test_the_session_tells_what_is_ones_own(home, capsys):
    home.mkdir()
    (home / "rules.toml").write_text("[confirm_from]\nvalue = 7\n", "utf-8")
    assert session_catalogue("en-US", None).rules.confirm_from.value == 7
    assert "confirm_from 7 (standard 6)" in capsys.readouterr().out
