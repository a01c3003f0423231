"""From an address or an archive at hand to an installed model, in steps that can be cut off anywhere."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cuewalk.domain.errors import ModelError
from cuewalk.files.looking import what_else
from cuewalk.models.api import Progress, ProgressSink, Stage
from cuewalk.models.disk import need_space, sync
from cuewalk.models.manifest import Archive, ModelEntry
from cuewalk.models.record import InstallRecord, sha256_of
from cuewalk.models.unpack import unpack


@dataclass(frozen=True, slots=True)
class Installer:
    """Installs one model into ``cache / entry.name``; the caller holds the lock.

    The order makes it safe: the sum is checked before unpacking, unpacking goes to a hidden folder, the
    record is written there last, everything is made durable, and one rename puts the model in its place.
    """

    entry: ModelEntry
    archive: Archive
    cache: Path
    progress: ProgressSink
    timeout: float

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
        """Install from the official address."""
        part = self.cache / f"{self.entry.name}.zip.part"
        for file in (part, part.with_name(part.name + ".etag")):
            if what := what_else(file):
                raise ModelError(
                    f"{file} is in the way of the download: {what}.",
                    meaning="Nothing was fetched.",
                    remedy="Move it away, and fetch again.",
                )
        self._download_checked(url, part)
        folder = self._install(part)
        part.unlink()
        part.with_name(part.name + ".etag").unlink(missing_ok=True)
        return folder

    def sweep(self) -> None:
        """Remove what a fetch that was killed while unpacking left behind."""
        for left in self.cache.glob(f".{self.entry.name}.*"):
            if left.is_dir():
                shutil.rmtree(left)

    def _download_checked(self, url: str, part: Path) -> None:
        from cuewalk.models.download import Download, download  # noqa: PLC0415 - requests is slow to import

        job = Download(self.entry.name, url, self.archive.size, part, self.timeout)
        begun_earlier = part.exists()
        need_space(self.cache, self.archive.size - job.arrived + self.archive.unpacked_max)
        download(job, lambda done: self._tell(Stage.DOWNLOAD, done, self.archive.size))
        if self._sum(part) == self.archive.sha256:
            return
        job.discard()
        if not begun_earlier:
            raise _wrong_sum(self.entry.name, url)
        self._download_checked(url, part)  # the earlier piece may be of another version: once more, whole

    def _install(self, zip_path: Path) -> Path:
        need_space(self.cache, self.archive.unpacked_max)
        work = Path(tempfile.mkdtemp(prefix=f".{self.entry.name}.", dir=self.cache))
        try:
            fresh = work / "new"
            fresh.mkdir()
            self._unpack(zip_path, fresh)
            return self._put_in_place(fresh, work)
        finally:
            shutil.rmtree(work)

    def _unpack(self, zip_path: Path, fresh: Path) -> None:
        files = unpack(
            zip_path, self.archive, fresh, lambda done, total: self._tell(Stage.UNPACK, done, total)
        )
        missing = [path for path in self.entry.requires if not (fresh / path).is_file()]
        if missing:
            raise ModelError(
                f"The archive of {self.entry.name} lacks {', '.join(missing)}.",
                meaning="Nothing of it was installed.",
                remedy="Please report this: the manifest names the wrong archive.",
            )
        record = InstallRecord(name=self.entry.name, archive_sha256=self.archive.sha256, files=files)
        record.save(fresh)
        for path in (*fresh.rglob("*"), fresh):
            sync(path)

    def _put_in_place(self, fresh: Path, work: Path) -> Path:
        final = self.cache / self.entry.name
        if final.exists():
            final.rename(work / "old")
        fresh.rename(final)
        sync(self.cache)
        return final

    def _sum(self, path: Path) -> str:
        self._tell(Stage.CHECK, 0, self.archive.size)
        found = sha256_of(path)
        self._tell(Stage.CHECK, self.archive.size, self.archive.size)
        return found

    def _tell(self, stage: Stage, done: int, total: int) -> None:
        self.progress(Progress(self.entry.name, stage, done, total))


def _wrong_sum(name: str, url: str) -> ModelError:
    return ModelError(
        f"What came from {url} has another SHA-256 than the manifest names.",
        meaning="It was damaged on the way or replaced at its source. Nothing of it was kept.",
        remedy=f"Try again later with: cuewalk models fetch {name}",
    )
