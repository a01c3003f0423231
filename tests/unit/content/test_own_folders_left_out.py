"""A folder of a person's own that is closed, misplaced or foreign is named; everything else goes on."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cuewalk.cli
from cuewalk.checkup.checking import check_everything
from cuewalk.content.packs import load_pack
from cuewalk.content.personal import load_own_catalogue
from cuewalk.content.writing import write_template
from cuewalk.domain.errors import CuewalkError
from cuewalk.files.left_out import told_to
from cuewalk.models.store import open_store
from cuewalk.settings import load_settings
from helpers.permissions import as_a_person


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("CUEWALK_HOME", str(home))
    yield home
    for folder, names, _ in os.walk(home):
        for name in names:
            if not (Path(folder) / name).is_symlink():
                (Path(folder) / name).chmod(0o700)


def _mine(home: Path) -> Path:
    write_template("movement", "mine", home / "content", "en-US")
    write_template("programme", "my-plan", home / "content", "en-US")
    return home / "content"


def _closed(below: str) -> Callable[[Path], None]:
    def do(home: Path) -> None:
        _mine(home)
        (home / below).mkdir(parents=True, exist_ok=True)
        (home / below).chmod(0)

    return do


def _a_file(below: str) -> Callable[[Path], None]:
    def do(home: Path) -> None:
        (home / below).parent.mkdir(parents=True, exist_ok=True)
        (home / below).write_text("hello")

    return do


def _a_loop(below: str) -> Callable[[Path], None]:
    def do(home: Path) -> None:
        (home / below).parent.mkdir(parents=True, exist_ok=True)
        (home / below).symlink_to(home / below)

    return do


def _without_a_locale(home: Path) -> None:
    own = _mine(home)
    shutil.move(own / "en-US" / "movements", own / "movements")


CONTENT = {
    "content closed": (_closed("content"), "content"),
    "the locale closed": (_closed("content/en-US"), "en-US"),
    "movements closed": (_closed("content/en-US/movements"), "movements"),
    "programmes closed": (_closed("content/en-US/programmes"), "programmes"),
    "content a file": (_a_file("content"), "content"),
    "the locale a file": (_a_file("content/en-US"), "en-US"),
    "movements a file": (_a_file("content/en-US/movements"), "movements"),
    "content a loop": (_a_loop("content"), "content"),
    "the locale a loop": (_a_loop("content/en-US"), "en-US"),
    "movements a loop": (_a_loop("content/en-US/movements"), "movements"),
    "movements without a locale": (_without_a_locale, "movements"),
    "equipment a folder": (lambda home: (home / "content/en-US/equipment.toml").mkdir(parents=True), "equip"),
    "rules a folder": (lambda home: (home / "rules.toml").mkdir(), "rules.toml"),
    "rules a pipe": (lambda home: os.mkfifo(home / "rules.toml"), "rules.toml"),
}


@pytest.mark.parametrize(("damage", "named"), CONTENT.values(), ids=CONTENT.keys())
def test_it_is_named_once_and_all_of_ours_is_there(damage, named, home: Path) -> None:
    damage(home)
    said: list[str] = []
    with as_a_person(), told_to(said.append):
        catalogue = load_own_catalogue("en-US")
        load_pack("en-US")
    assert "feet-up" in catalogue.programmes
    assert "edge-of-bed-hold" in catalogue.movements
    about = [sentence for sentence in said if sentence.split(":")[0].endswith(named) or named in sentence]
    assert about
    assert all("left out" in sentence for sentence in said)
    assert len(set(said)) == len(said)
    with as_a_person():
        result = _run("check")
    assert result.exit_code == 1
    assert named in result.output


@pytest.mark.parametrize("folder", ["cache", "cache/models", "cache/cues", "heads", "clips", "content"])
@pytest.mark.parametrize("damage", [_closed, _a_file, _a_loop])
def test_no_command_is_locked_by_a_folder_that_it_can_do_without(damage, folder: str, home: Path) -> None:
    damage(folder)(home)
    with as_a_person():
        open_store().list()
        for command in ("rules", "programmes", "log", "buckets"):
            assert _run(command).exit_code == 0, command
        assert _run("settings", "volume", "0.5").exit_code == 0
        assert load_settings().volume == 0.5


def test_doctor_says_what_is_wrong_with_each_and_never_ends_early(home: Path) -> None:
    (home / "settings.toml").write_text("volume = 0.4\n")
    home.chmod(0)
    try:
        with as_a_person():
            checks = {check.name: check for check in check_everything(listen=False)}
    finally:
        home.chmod(0o700)
    for name in ("content", "journal", "settings", "your folder"):
        assert not checks[name].ok
        assert "permission" in checks[name].says
        assert "only reading" not in checks[name].says


def test_nothing_is_said_to_be_left_out_where_nothing_can_be_used(home: Path) -> None:
    own = home / "content" / "xx-XX"
    shutil.copytree(cuewalk.places.package_data("scripts_audio") / "en-US", own)
    (own / "safety.toml").write_text("broken")
    said: list[str] = []
    with told_to(said.append), pytest.raises(CuewalkError, match=r"safety\.toml"):
        load_own_catalogue("xx-XX")
    assert said == []


@pytest.mark.parametrize("name", ["x" * 5000, "missing", "a/b"])
def test_what_cannot_be_there_is_checked_with_a_sentence(name: str) -> None:
    result = _run("check", name)
    assert result.exit_code == 1
    assert "cannot be read" in result.output


def _run(*arguments: str):
    import typer  # noqa: PLC0415

    app = typer.Typer()
    module = __import__(f"cuewalk.cli.{arguments[0]}", fromlist=[arguments[0]])
    app.command()(getattr(module, arguments[0]))
    result = CliRunner().invoke(app, list(arguments[1:]))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
