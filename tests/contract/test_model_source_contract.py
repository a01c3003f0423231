"""One suite over every kind of place where a model may be: each gives the same model in the same way."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cuewalk.models.manifest import Manifest, Roots
from cuewalk.models.store import ModelState, ModelStore

NAME = "tiny-model"
RECORD = '{"name": "tiny-model", "archive_sha256": "", "files": []}'

# kind of source → (its table in the manifest, the folder where its model is)
PLACES: dict[str, Callable[[Path], tuple[dict[str, str], Path]]] = {
    "path": lambda root: ({"kind": "path", "path": str(root / "mine")}, root / "mine" / NAME),
    "environment": lambda root: ({"kind": "environment", "variable": "TINY"}, root / "named" / NAME),
    "models-folder": lambda root: ({"kind": "models-folder"}, root / "models" / NAME),
    "cache": lambda root: ({"kind": "cache"}, root / "cache" / NAME),
    "package": lambda root: (
        {"kind": "package", "distribution": "x", "module": "source_contract_voice", "folder": NAME},
        root / "site" / "source_contract_voice" / NAME,
    ),
}


@pytest.fixture(params=PLACES)
def placed(request, tmp_path, monkeypatch) -> tuple[ModelStore, Path]:
    """A store with this one source, and the empty folder where it looks."""
    table, folder = PLACES[request.param](tmp_path)
    if request.param == "package":
        folder.parent.mkdir(parents=True)
        (folder.parent / "__init__.py").write_text("")
        monkeypatch.syspath_prepend(str(tmp_path / "site"))
    entry = {"name": NAME, "kind": "vosk", "locale": "en-US", "licence": "MIT", "summary": "made up"}
    rest = {"default": True, "requires": ["am/final.mdl"], "sources": [table]}
    roots = Roots(tmp_path / "models", tmp_path / "cache", {"TINY": str(tmp_path / "named")})
    return ModelStore(Manifest.model_validate({"model": [entry | rest]}), roots), folder


def fill(folder: Path) -> None:
    (folder / "am").mkdir(parents=True)
    (folder / "am" / "final.mdl").write_text("model")
    if folder.parent.name == "cache":  # only what cuewalk itself completed counts there
        (folder / ".cuewalk-model.json").write_text(RECORD)


def test_an_empty_place_gives_nothing(placed):
    store, _folder = placed
    assert store.find("vosk", "en-US") is None
    assert [status.state for status in store.list()] == [ModelState.MISSING]


def test_a_whole_model_is_found_there_and_the_place_is_named(placed):
    store, folder = placed
    fill(folder)
    assert store.find("vosk", "en-US") == folder
    (status,) = store.list()
    assert (status.state, status.path) == (ModelState.INSTALLED, folder)
    assert status.place


def test_looking_changes_nothing(placed):
    store, folder = placed
    fill(folder)
    before = sorted(folder.rglob("*"))
    store.list()
    store.find("vosk", "en-US")
    store.verify(NAME)
    assert sorted(folder.rglob("*")) == before


def test_a_model_that_is_taken_away_is_missing_again(placed):
    store, folder = placed
    fill(folder)
    assert store.find("vosk", "en-US") is not None
    shutil.rmtree(folder)
    assert store.find("vosk", "en-US") is None
