"""From an address, or an archive at hand, to an installed model, in steps that can be cut off anywhere.

The order makes it safe: the archive's sum is checked before it is opened, unpacking goes to a hidden folder,
the record is written there last, everything is made durable, and one rename puts the model in its place. What
has arrived stays as ``.part``, and the next fetch goes on from there. Hand-made: of the kept libraries none
resumes (pooch), and the sum that the manifest names makes versions and tags of the server needless.
"""

import os
import queue
import re
import shutil
import tempfile
import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

# This module is imported only when something is fetched: requests would slow every start of cuewalk.
import requests

from cuewalk.domain.errors import ModelError
from cuewalk.files.looking import what_else
from cuewalk.models.condition import InstallRecord, sha256_of
from cuewalk.models.manifest import Archive, ModelEntry
from cuewalk.models.store import FetchProgress, FetchStage, ProgressSink, no_room
from cuewalk.models.unpack import unpack

#: Design: some hundred steps of progress for a model of 40 MB.
CHUNK_BYTES: Final = 64 * 1024
#: HTTP status codes (RFC 9110).
_OK, _PARTIAL, _UNSATISFIABLE = 200, 206, 416


@dataclass(frozen=True, slots=True)
class Fetch:
    """Installs one model into ``cache / entry.name``; the caller holds the lock.

    ``timeout``: seconds without an answer or a byte after which the server is given up.
    """

    entry: ModelEntry
    archive: Archive
    cache: Path
    progress: ProgressSink
    timeout: float

    @property
    def part(self) -> Path:
        """Where the archive arrives."""
        return self.cache / f"{self.entry.name}.zip.part"

    @property
    def arrived(self) -> int:
        """Bytes of it that are on the disk."""
        return self.part.stat().st_size if self.part.exists() else 0

    def from_file(self, path: Path) -> Path:
        """Install from an archive that the person brought; it stays where it is."""
        if path.stat().st_size != self.archive.size or self._sum(path) != self.archive.sha256:
            raise ModelError(
                f"{path} is not the archive of {self.entry.name}: its SHA-256 is another.",
                meaning="Nothing of it was installed.",
                remedy="Remove the file, or replace it by a whole copy, and fetch again.",
            )
        return self._install(path)

    def from_address(self, url: str) -> Path:
        """Install from the official address.

        Raises:
            ModelError: no network, no such file, another file than expected, or the connection ended.
            OSError: the disk refused.
        """
        if what := what_else(self.part):
            raise ModelError(
                f"{self.part} is in the way of the download: {what}.",
                meaning="Nothing was fetched.",
                remedy="Move it away, and fetch again.",
            )
        begun_earlier = self.part.exists()
        self._download(url)
        if begun_earlier and self._sum(self.part) != self.archive.sha256:
            self.part.unlink()  # the earlier piece was of another version: once more, whole
            self._download(url)
        if self._sum(self.part) != self.archive.sha256:
            self.part.unlink()
            raise ModelError(
                f"What came from {url} has another SHA-256 than the manifest names.",
                meaning="It was damaged on the way or replaced at its source. Nothing of it was kept.",
                remedy=f"Try again later with: cuewalk models fetch {self.entry.name}",
            )
        folder = self._install(self.part)
        self.part.unlink()
        return folder

    def sweep(self) -> None:
        """Remove what a fetch that was killed while unpacking left behind, and tags of older versions."""
        for left in self.cache.glob(f".{self.entry.name}.*"):
            if left.is_dir():
                shutil.rmtree(left)
        self.part.with_name(f"{self.part.name}.etag").unlink(missing_ok=True)

    def _download(self, url: str) -> None:
        if self.arrived > self.archive.size:
            self.part.unlink()
        _need_space(self.cache, self.archive.size - self.arrived + self.archive.unpacked_max)
        if self.arrived == self.archive.size:
            return
        try:
            with self._answer(url) as response:
                self._save(url, response)
        except requests.RequestException as error:
            raise self._unreachable(url, _reason(error)) from error
        if self.arrived != self.archive.size:
            raise self._unreachable(url, "it ended early")

    def _answer(self, url: str) -> requests.Response:
        """Ask for the rest of the file; for all of it where the server cannot continue."""
        offset, size = self.arrived, self.archive.size
        response = self._ask(url, {"Range": f"bytes={offset}-"} if offset else {})
        rest = response.headers.get("Content-Range", "") == f"bytes {offset}-{size - 1}/{size}"
        if response.status_code == _UNSATISFIABLE or (response.status_code == _PARTIAL and not rest):
            response.close()
            response = self._ask(url, {})
        if response.status_code not in {_OK, _PARTIAL}:
            response.close()
            raise ModelError(
                f"{url} answered {response.status_code} ({response.reason}).",
                meaning=f"{self.entry.name} was not fetched.",
                remedy=self._by_hand(),
            )
        offered = response.headers.get("Content-Length", str(size))
        if response.status_code == _OK and offered != str(size):
            response.close()
            raise self._another_file(url, f"{offered} bytes instead of {size}")
        return response

    def _ask(self, url: str, headers: dict[str, str]) -> requests.Response:
        """Return the answer within the time-out; looking up a name may hang longer than requests knows."""
        outcome: queue.SimpleQueue[requests.Response | Exception] = queue.SimpleQueue()
        headers = {"Accept-Encoding": "identity", "User-Agent": "cuewalk", **headers}
        # Half of the time for one of the server's addresses, so that a broken network family leaves some.
        limits = (self.timeout / 2, self.timeout)

        def work() -> None:
            try:
                outcome.put(requests.get(url, headers=headers, stream=True, timeout=limits))
            except Exception as error:  # noqa: BLE001 - handed over and raised again below
                outcome.put(error)

        threading.Thread(target=work, name="model-download", daemon=True).start()
        try:
            answer = outcome.get(timeout=self.timeout)
        except queue.Empty:
            raise requests.ConnectTimeout(f"no answer within {self.timeout:g} s") from None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _save(self, url: str, response: requests.Response) -> None:
        size, resumed = self.archive.size, response.status_code == _PARTIAL
        done = self.arrived if resumed else 0
        with self.part.open("ab" if resumed else "wb") as out:
            self._tell(FetchStage.DOWNLOAD, done, size)
            for chunk in response.iter_content(CHUNK_BYTES):
                done += len(chunk)
                if done > size:
                    raise self._another_file(url, f"more than {size} bytes")
                out.write(chunk)
                self._tell(FetchStage.DOWNLOAD, done, size)

    def _install(self, zip_path: Path) -> Path:
        _need_space(self.cache, self.archive.unpacked_max)
        work = Path(tempfile.mkdtemp(prefix=f".{self.entry.name}.", dir=self.cache))
        final, fresh = self.cache / self.entry.name, work / "new"
        try:
            fresh.mkdir()
            self._unpack(zip_path, fresh)
            if final.exists():
                final.rename(work / "old")
            fresh.rename(final)
            _sync(self.cache)
        finally:
            shutil.rmtree(work)
        return final

    def _unpack(self, zip_path: Path, fresh: Path) -> None:
        tell = partial(self._tell, FetchStage.UNPACK)
        files = unpack(zip_path, self.archive, fresh, tell)
        missing = [path for path in self.entry.requires if not (fresh / path).is_file()]
        if missing:
            raise ModelError(
                f"The archive of {self.entry.name} lacks {', '.join(missing)}.",
                meaning="Nothing of it was installed.",
                remedy="Please report this: the manifest names the wrong archive.",
            )
        InstallRecord(name=self.entry.name, archive_sha256=self.archive.sha256, files=files).save(fresh)
        for path in (*fresh.rglob("*"), fresh):
            _sync(path)

    def _sum(self, path: Path) -> str:
        self._tell(FetchStage.CHECK, 0, self.archive.size)
        found = sha256_of(path)
        self._tell(FetchStage.CHECK, self.archive.size, self.archive.size)
        return found

    def _tell(self, stage: FetchStage, done: int, total: int) -> None:
        self.progress(FetchProgress(self.entry.name, stage, done, total))

    def _another_file(self, url: str, difference: str) -> ModelError:
        self.part.unlink(missing_ok=True)
        return ModelError(
            f"{url} gave another file than expected ({difference}).",
            meaning="Nothing of it was kept. It may be the sign-in page of this network, or a new version.",
            remedy=self._by_hand(),
        )

    def _unreachable(self, url: str, reason: str) -> ModelError:
        if not self.arrived:
            return ModelError(
                f"{url} cannot be reached ({reason}).",
                meaning=f"{self.entry.name} was not fetched.",
                remedy=self._by_hand(),
            )
        return ModelError(
            f"The connection to {url} failed ({reason}); {self.arrived} of {self.archive.size} bytes have "
            "arrived.",
            meaning="They are kept.",
            remedy=f"Go on from there with: cuewalk models fetch {self.entry.name}",
        )

    def _by_hand(self) -> str:
        name = self.entry.name
        return (
            f"Try again later with: cuewalk models fetch {name}. Or bring the file on a stick: "
            f"put {name}.zip into {self.cache} and run the same command."
        )


def _need_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise no_room(folder, f"{needed / 1e6:.1f} MB are needed and {free / 1e6:.1f} MB are free")


def _sync(path: Path) -> None:
    """Make a file or folder durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: requests.RequestException) -> str:
    """Return the innermost reason of a nest of library errors, such as "Connection refused"."""
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    found = re.findall(r"\[Errno -?\d+\] ([^'\")]+)", str(error))
    return found[-1].strip() if found else type(error).__name__
