"""Fetching a model: whatever happens on the way, it is whole or not there, and the next fetch goes on."""

import contextlib
import io
import os
import resource
import signal
import socket
import subprocess
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cuewalk.domain.errors import ModelError
from cuewalk.models.store import FetchProgress, FetchStage, ModelState, ModelStore, exclusive

NAME = "tiny-model"


def zip_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return out.getvalue()


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".cuewalk-model.json")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def files_of(store: ModelStore) -> dict[str, bytes]:
    found = store.find("vosk", "en-US")
    assert found is not None
    return tree(found)


@pytest.fixture
def files(web) -> dict[str, bytes]:
    """The files of the made-up model."""
    with zipfile.ZipFile(io.BytesIO(web.body)) as bundle:
        return {name.removeprefix(f"{NAME}/"): bundle.read(name) for name in bundle.namelist()}


def test_a_fetched_model_is_found_whole_and_leaves_nothing_else(store, roots, files):
    path = store.fetch(NAME)
    assert path == roots.cache / NAME == store.find("vosk", "en-US")
    assert files_of(store) == files
    assert {item.name for item in roots.cache.iterdir()} == {NAME, f"{NAME}.lock"}
    (status,) = store.list()
    assert (status.state, status.place) == (ModelState.INSTALLED, "cache")
    assert store.verify(NAME).state is ModelState.INSTALLED


def test_progress_grows_to_the_end_in_every_stage(store):
    seen: dict[FetchStage, list[FetchProgress]] = defaultdict(list)
    store.fetch(NAME, progress=lambda now: seen[now.stage].append(now))
    assert list(seen) == [FetchStage.DOWNLOAD, FetchStage.CHECK, FetchStage.UNPACK]
    for steps in seen.values():
        done = [step.done for step in steps]
        assert done == sorted(done)
        assert done[-1] == steps[-1].total > 0


def test_an_installed_model_is_not_fetched_again(store, web):
    assert store.fetch(NAME) == store.fetch(NAME)
    assert web.asked == ["all"]


def test_only_fetch_asks_the_network(store, web):
    store.list()
    store.find("vosk", "en-US")
    store.verify(NAME)
    assert web.asked == []


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("cut", [0, 1, 65_536, 100_000, -1])
def test_a_cut_connection_keeps_what_came_and_the_next_fetch_completes_it(store, web, files, ranges, cut):
    web.ranges = ranges
    web.cut_after = cut % len(web.body)
    with pytest.raises(ModelError, match=f"cuewalk models fetch {NAME}"):
        store.fetch(NAME)
    assert store.find("vosk", "en-US") is None
    web.cut_after = None
    store.fetch(NAME)
    assert files_of(store) == files
    assert len(web.asked) == 2
    if cut == 100_000:
        assert web.asked[1].startswith("bytes=")


def test_many_cuts_in_a_row_still_end_whole(store, web, files):
    web.cut_after = 70_000
    for _ in range(20):
        with contextlib.suppress(ModelError):
            store.fetch(NAME)
            break
    assert files_of(store) == files
    assert len(web.asked) > 2


def test_a_file_that_changed_at_its_source_is_started_anew_by_its_sum(store, web, files):
    whole, web.body = web.body, bytes(len(web.body))
    web.cut_after = 70_000
    with pytest.raises(ModelError):
        store.fetch(NAME)
    web.body, web.cut_after = whole, None
    store.fetch(NAME)
    assert files_of(store) == files
    assert [asked == "all" for asked in web.asked] == [True, False, True]


def test_a_part_longer_than_the_file_is_thrown_away(store, roots, web, files):
    roots.cache.mkdir()
    (roots.cache / f"{NAME}.zip.part").write_bytes(bytes(len(web.body) + 5))
    store.fetch(NAME)
    assert files_of(store) == files


def test_a_wrong_sum_installs_nothing_and_keeps_nothing(store, roots, web):
    web.body = bytes(len(web.body))
    with pytest.raises(ModelError, match="another SHA-256"):
        store.fetch(NAME)
    assert store.find("vosk", "en-US") is None
    assert [item.name for item in roots.cache.iterdir()] == [f"{NAME}.lock"]


@pytest.mark.parametrize("body", [b"<html>Please sign in to this network</html>", bytes(500_000)])
def test_another_file_than_expected_is_refused(store, roots, web, body):
    web.body = body
    with pytest.raises(ModelError, match="sign-in page"):
        store.fetch(NAME)
    assert not list(roots.cache.glob("*.part"))


def test_an_endless_answer_is_ended_at_the_declared_size(store, roots, web):
    web.body, web.chunked = web.body + bytes(500_000), True
    with pytest.raises(ModelError, match="more than"):
        store.fetch(NAME)
    assert not list(roots.cache.glob("*.part"))


@pytest.mark.parametrize("status", [404, 500, 403])
def test_an_answer_of_refusal_names_the_status_and_the_way_round_it(store, web, status):
    web.status = status
    with pytest.raises(ModelError, match=rf"answered {status}.*put {NAME}\.zip into"):
        store.fetch(NAME)


def test_no_network_is_said_with_the_way_round_it(store_of, web):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        port = nobody.getsockname()[1]
        address = {"kind": "address", "url": f"http://127.0.0.1:{port}/{NAME}.zip"}
        store = store_of(web.body, sources=[{"kind": "cache"}, address])
        with pytest.raises(
            ModelError, match=rf"cannot be reached \(Connection refused\).*put {NAME}\.zip into"
        ):
            store.fetch(NAME)


def test_a_server_that_does_not_answer_is_given_up_in_time(store, web):
    web.gate.clear()
    with pytest.raises(ModelError, match="no answer in time"):
        store.fetch(NAME, timeout=0.2)


@contextlib.contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Let the kernel refuse every byte beyond ``size``, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_fills_up_while_downloading_keeps_what_came(store, roots, web, files):
    with no_file_longer_than(70_000), pytest.raises(ModelError, match=r"no room.*CUEWALK_HOME"):
        store.fetch(NAME)
    assert (roots.cache / f"{NAME}.zip.part").stat().st_size == 70_000
    assert store.find("vosk", "en-US") is None
    store.fetch(NAME)
    assert files_of(store) == files
    assert web.asked[1] == "bytes=70000-"


def test_a_disk_that_fills_up_while_unpacking_installs_nothing(store_of, roots):
    files = {"am/final.mdl": bytes(300_000), "conf/model.conf": b""}
    store = store_of(zip_of({f"{NAME}/{name}": content for name, content in files.items()}))
    with no_file_longer_than(100_000), pytest.raises(ModelError, match="no room"):
        store.fetch(NAME)
    assert {item.name for item in roots.cache.iterdir()} == {f"{NAME}.lock", f"{NAME}.zip.part"}
    store.fetch(NAME)
    assert files_of(store) == files


def test_a_disk_without_room_is_noticed_before_the_download(store_of, web):
    needs = {"size": 10**15, "sha256": "0" * 64, "format": "zip", "top": NAME, "unpacked_max": 10**15}
    with pytest.raises(ModelError, match=r"no room.*CUEWALK_HOME"):
        store_of(web.body, archive=needs).fetch(NAME)
    assert web.asked == []


def test_a_cache_that_cannot_be_written_is_said_by_name(store, roots):
    roots.cache.write_text("a file where the folder should be")
    with pytest.raises(ModelError, match=rf"{roots.cache} cannot be written to.*CUEWALK_HOME"):
        store.fetch(NAME)


def test_two_fetches_do_not_collide(store, roots, web):
    roots.cache.mkdir()
    with exclusive(roots.cache / f"{NAME}.lock", NAME), pytest.raises(ModelError, match="another cuewalk"):
        store.fetch(NAME)
    assert web.asked == []
    store.fetch(NAME)


KILLED = """
import json, os, signal, sys
from pathlib import Path
from cuewalk.models.manifest import Manifest
from cuewalk.models.manifest import Roots
from cuewalk.models.store import ModelStore

manifest, models, cache, stage = sys.argv[1:]
def die(now):
    if now.stage == stage and now.done > 0:
        os.kill(os.getpid(), signal.SIGKILL)
store = ModelStore(Manifest.model_validate_json(manifest), Roots(Path(models), Path(cache), {}))
store.fetch("tiny-model", progress=die)
"""


@pytest.mark.parametrize("stage", list(FetchStage))
def test_a_fetch_that_is_killed_leaves_nothing_half_installed_and_the_next_one_completes(
    store, roots, web, files, stage
):
    manifest = store._manifest.model_dump_json()
    child = [sys.executable, "-c", KILLED, manifest, str(roots.models_folder), str(roots.cache), stage]
    environment = os.environ | {"NO_PROXY": "127.0.0.1"}
    ended = subprocess.run(child, check=False, capture_output=True, env=environment, timeout=60)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert store.find("vosk", "en-US") is None
    store.fetch(NAME)
    assert files_of(store) == files
    assert {item.name for item in roots.cache.iterdir()} == {NAME, f"{NAME}.lock"}
    if stage is not FetchStage.DOWNLOAD:
        assert len(web.asked) == 1, "what had arrived whole was fetched again"


@pytest.mark.parametrize("place", ["models_folder", "cache"])
def test_an_archive_brought_on_a_stick_is_installed_without_the_network(store, roots, web, files, place):
    folder: Path = getattr(roots, place)
    folder.mkdir(exist_ok=True)
    (folder / f"{NAME}.zip").write_bytes(web.body)
    store.fetch(NAME)
    assert files_of(store) == files
    assert web.asked == []
    assert (folder / f"{NAME}.zip").exists(), "the person's own file stays"


def test_a_wrong_archive_on_the_stick_is_named(store, roots, web):
    (roots.models_folder / f"{NAME}.zip").write_bytes(web.body[:-1])
    with pytest.raises(ModelError, match=r"models/tiny-model\.zip is not the archive of tiny-model"):
        store.fetch(NAME)


def test_a_model_without_an_address_says_how_to_get_it(store_of, web):
    store = store_of(web.body, sources=[{"kind": "cache"}])
    with pytest.raises(ModelError, match="pip install tiny-model"):
        store.fetch(NAME)


@pytest.mark.parametrize("call", ["fetch", "verify"])
def test_an_unknown_name_is_answered_with_the_known_ones(store, call):
    method: Any = getattr(store, call)
    with pytest.raises(ModelError, match=r"no model called nonsense.*tiny-model"):
        method("nonsense")
