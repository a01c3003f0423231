"""Finding and checking installed models: by name, by size, by sum, and what is said of a damaged one."""

import base64
import hashlib
from pathlib import Path

import pytest

from cuewalk.models.manifest import Manifest, Roots
from cuewalk.models.store import ModelState, ModelStore, open_store

NAME = "tiny-model"


def by_hand(folder: Path, **files: str) -> Path:
    """Unpack a model as a person would do it."""
    for path, content in ({"am/final.mdl": "m", "conf/model.conf": "c"} | files).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    return folder


def status_of(store):
    return next(status for status in store.list() if status.name == NAME)


def test_without_a_model_nothing_is_found_and_the_list_says_missing(store):
    assert store.find("vosk", "en-US") is None
    assert status_of(store).state is ModelState.MISSING
    assert store.verify(NAME).state is ModelState.MISSING


def test_a_model_of_another_language_is_not_given(store):
    store.fetch(NAME)
    assert store.find("vosk", "ko-KR") is None


def test_a_changed_byte_is_found_by_verify_then_not_used_and_mended_by_fetch(store):
    path = store.fetch(NAME)
    model = path / "am/final.mdl"
    content = bytearray(model.read_bytes())
    content[5] ^= 1
    model.write_bytes(content)
    assert store.find("vosk", "en-US") == path, "nothing was hashed"
    status = store.verify(NAME)
    assert status.state is ModelState.DAMAGED
    assert "am/final.mdl has changed" in status.note
    assert store.find("vosk", "en-US") is None
    assert status_of(store).state is ModelState.DAMAGED
    store.fetch(NAME)
    assert store.verify(NAME).state is ModelState.INSTALLED
    assert (store.find("vosk", "en-US") or path).joinpath("am/final.mdl").read_bytes() != content


@pytest.mark.parametrize("harm", ["shorter", "gone"])
def test_a_file_that_is_cut_or_gone_is_seen_without_hashing(store, harm):
    model = store.fetch(NAME) / "am/final.mdl"
    model.unlink() if harm == "gone" else model.write_bytes(model.read_bytes()[:-1])
    assert store.find("vosk", "en-US") is None
    status = status_of(store)
    assert status.state is ModelState.DAMAGED
    assert "am/final.mdl" in status.note
    assert f"cuewalk models fetch {NAME}" in status.note
    store.fetch(NAME)
    assert status_of(store).state is ModelState.INSTALLED


@pytest.mark.parametrize("record", ["", "{}", "not json"])
def test_a_broken_record_counts_as_damage(store, record):
    (store.fetch(NAME) / ".cuewalk-model.json").write_text(record)
    assert status_of(store).state is ModelState.DAMAGED


def test_a_folder_in_the_cache_without_a_record_was_never_completed(store, roots):
    by_hand(roots.cache / NAME)
    assert store.find("vosk", "en-US") is None


def test_a_model_from_another_archive_than_the_manifests_is_not_used(store, store_of, web):
    store.fetch(NAME)
    newer = store_of(web.body + b"\0")
    assert newer.find("vosk", "en-US") is None
    assert "another archive" in status_of(newer).note


def test_a_model_unpacked_by_hand_is_used_and_said_to_be_unchecked(store, roots):
    path = by_hand(roots.models_folder / NAME)
    assert store.find("vosk", "en-US") == path
    assert "no sums" in store.verify(NAME).note


def test_a_model_unpacked_by_hand_that_lacks_a_file_is_not_used(store, roots):
    path = by_hand(roots.models_folder / NAME)
    (path / "conf/model.conf").unlink()
    assert store.find("vosk", "en-US") is None
    assert "conf/model.conf is missing" in status_of(store).note


def test_a_damaged_copy_does_not_hide_a_whole_one_further_down(store, roots):
    path = store.fetch(NAME)
    (by_hand(roots.models_folder / NAME) / "conf/model.conf").unlink()
    assert store.find("vosk", "en-US") == path


@pytest.mark.parametrize("exact", [True, False])
def test_the_environment_comes_first_and_may_name_the_model_or_its_parent(store, roots, tmp_path, exact):
    store.fetch(NAME)
    path = by_hand(tmp_path / "elsewhere" / NAME)
    roots = Roots(roots.models_folder, roots.cache, {"TINY_MODELS": str(path if exact else path.parent)})
    assert ModelStore(store._manifest, roots).find("vosk", "en-US") == path


def test_a_variable_that_names_nothing_is_said(store, roots):
    roots = Roots(roots.models_folder, roots.cache, {"TINY_MODELS": "/nowhere/at/all"})
    assert status_of(ModelStore(store._manifest, roots)).note == (
        "TINY_MODELS names /nowhere/at/all, which does not exist."
    )


def test_the_first_model_of_a_locale_is_preferred(store, roots):
    entry = store._manifest.model[0]
    other = entry.model_copy(update={"name": "larger", "default": False})
    both = ModelStore(Manifest(model=(other, entry)), roots)
    small, large = by_hand(roots.models_folder / NAME), by_hand(roots.models_folder / "larger")
    assert both.find("vosk", "en-US") == large
    (large / "conf/model.conf").unlink()
    assert both.find("vosk", "en-US") == small


def packaged(root: Path) -> Path:
    """Lay out an installed Python package with a model and its RECORD."""
    model = by_hand(root / "tiny_voice" / "model")
    (root / "tiny_voice" / "__init__.py").write_text("")
    files = [path for path in model.rglob("*") if path.is_file()]
    info = root / "tiny_voice-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny-voice\nVersion: 1.0\n")
    (info / "RECORD").write_text("".join(_record_line(root, path) for path in files))
    return model


def _record_line(root: Path, path: Path) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).rstrip(b"=").decode()
    return f"{path.relative_to(root)},sha256={digest},{path.stat().st_size}\n"


def test_a_model_inside_a_python_package_is_found_and_checked_by_its_record(
    store_of, web, tmp_path, monkeypatch
):
    model = packaged(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    source = {"kind": "package", "distribution": "tiny-voice", "module": "tiny_voice", "folder": "model"}
    store = store_of(web.body, sources=[source], archive=None)
    assert store.find("vosk", "en-US") == model
    assert store.verify(NAME).state is ModelState.INSTALLED
    (model / "am/final.mdl").write_text("x")
    status = store.verify(NAME)
    assert status.state is ModelState.DAMAGED
    assert "final.mdl has changed" in status.note
    assert "--force-reinstall tiny-voice" in status.note


def test_a_package_that_is_not_installed_is_just_missing(store_of, web):
    source = {"kind": "package", "distribution": "no-such", "module": "no_such_module", "folder": "model"}
    assert status_of(store_of(web.body, sources=[source], archive=None)).state is ModelState.MISSING


def test_this_machines_store_finds_the_korean_model_of_the_test_extra(monkeypatch, tmp_path):
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path))
    path = open_store().find("vosk", "ko-KR")
    assert path is not None
    assert (path / "am" / "final.mdl").is_file()


def test_models_are_found_even_where_no_cache_can_be_made(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CUEWALK_HOME", str(tmp_path / "file"))
    assert open_store().find("vosk", "ko-KR") is not None
