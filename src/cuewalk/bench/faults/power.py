"""Lost power: a disk as it may be after one, made from a record of every operation up to some moment.

The rules of such a disk: what was synced is there. Of a file's later writes there may be none, all, a
beginning, any part, or a torn last piece. Names follow the sync of their folder; without one a beginning of
what happened to names may be there, in order. On half of the disks any sync also writes down all names that
were changed before it, as a journalling file system does.
"""

import os
import pickle
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from cuewalk.bench.faults.acts import Act
from cuewalk.bench.faults.children import ToParent
from cuewalk.bench.faults.judging import Expected, KeptRating, judge, tell_confirmed
from cuewalk.bench.faults.trying import Bench, Strike, Tried, do, files_in, prepared
from cuewalk.bench.faults.watching import WatchedPoint
from cuewalk.journal.store import FILE_NAME

_RECORD: Final = "record.pickle"
_SHARED_MEMORY: Final = "-shm"
_LOGS: Final = ("-journal", "-wal")

#: An operation: its kind, a path, another path, a number, bytes.
Operation = tuple[str, str, str, int, bytes]


@dataclass(slots=True)
class Recording:
    """An act's operations on the disk in order, among them ("confirmed", …) for each confirmed rating."""

    before: tuple[KeptRating, ...]
    start: dict[str, bytes]
    folders: set[str]
    operations: list[Operation] = field(default_factory=list)


def record(bench: Bench, act: Act, walk: int) -> Recording:
    """Do an act undisturbed and record what it does to the home."""
    before = prepared(bench, act)
    home = bench.sandbox / "home"
    contents = {str(file): file.read_bytes() for file in files_in(home)}
    recording = Recording(before, contents, {str(p) for p in [home, *home.rglob("*")] if p.is_dir()})
    place = bench.sandbox / _RECORD

    def make(_tell: ToParent) -> Strike:
        operations: list[Operation] = []

        def confirmed(news: dict[str, Any]) -> None:
            operations.extend(("confirmed", s, k, 0, p.encode()) for s, k, p in news.get("confirmed", ()))

        tell_confirmed(confirmed)

        def end() -> None:
            # Files that were opened and never synced or renamed, as they are.
            touched = {path for _, path, *_ in operations}
            files = [file for file in files_in(home) if str(file) in touched and FILE_NAME not in file.name]
            operations.extend(("content", str(file), "", 0, file.read_bytes()) for file in files)
            place.write_bytes(pickle.dumps(operations))

        return Strike(seen=lambda point: _note(point, operations), end=end, walk=walk)

    do(bench, act, make)
    recording.operations = pickle.loads(place.read_bytes())  # noqa: S301 - written by our own child
    return recording


def _note(point: WatchedPoint, operations: list[Operation]) -> None:
    path = Path(point.path)
    if point.kind in {"fsync", "rename"} and path.is_file():
        operations.append(("content", point.path, "", 0, path.read_bytes()))
    kind = "dirsync" if point.kind == "fsync" and path.is_dir() else point.kind.removeprefix("db ")
    operations.append((kind, point.path, point.to, point.at, point.data))


@dataclass(slots=True)
class _File:
    """What is surely on the disk of a file, and what was done to it since."""

    durable: bytes = b""
    since: list[tuple[str, int, bytes]] = field(default_factory=list)

    def synced(self) -> None:
        self.durable, self.since = self.after(self.since), []

    def after(self, done: Iterable[tuple[str, int, bytes]]) -> bytes:
        data = bytearray(self.durable)
        for kind, at, new in done:
            if kind == "truncate":
                del data[at:]
                data.extend(bytes(at - len(data)))
            elif kind == "content":
                data[:] = new
            else:
                data.extend(bytes(max(0, at - len(data))))
                data[at : at + len(new)] = new
        return bytes(data)


class Disk:
    """The disk under a home: names and files, each with what is durable of it."""

    def __init__(self, recording: Recording, *, ordered: bool) -> None:
        self._ordered = ordered
        self._names = {path: _File(data) for path, data in recording.start.items()}
        self._folders = set(recording.folders)
        self._durable = dict(self._names)
        self._durable_folders = set(self._folders)
        #: Changes of names that are not durable, each with the file it made.
        self._pending: list[tuple[Operation, _File | None]] = []

    def take(self, operation: Operation) -> None:
        """Let an operation happen."""
        kind, path, _, at, data = operation
        if kind == "open":
            self._open(path)
            if at & os.O_TRUNC:
                self._file(path).since.append(("content", 0, b""))
        elif kind in {"content", "write", "truncate"}:
            self._file(path).since.append((kind, at, data))
        elif kind in {"fsync", "sync"}:
            self._file(path).synced()
            self._names_synced(self._folder_synced_with(path) if kind == "sync" else None)
        elif kind == "dirsync":
            self._names_synced(path)
        elif kind in {"rename", "remove", "delete", "mkdir", "rmdir"}:
            self._pending.append((operation, None))
            _apply(operation, None, self._names, self._folders)

    def _folder_synced_with(self, path: str) -> str | None:
        # With the first sync of a log that it made, SQLite syncs the folder too (os_unix.c, DIRSYNC).
        made = any(each[:2] == ("create", path) for each, _ in self._pending)
        return path.rpartition("/")[0] if made and path.endswith(_LOGS) else None

    def _open(self, path: str) -> None:
        if path not in self._names:
            file = self._names[path] = _File()
            self._pending.append((("create", path, "", 0, b""), file))

    def _file(self, path: str) -> _File:
        self._open(path)
        return self._names[path]

    def _names_synced(self, folder: str | None) -> None:
        """Make changes of names in a folder durable, on an ordered disk all of them."""
        left = []
        for operation, file in self._pending:
            kind, path, to, _, _ = operation
            if self._ordered or (to if kind == "rename" else path).rpartition("/")[0] == folder:
                _apply(operation, file, self._durable, self._durable_folders)
            else:
                left.append((operation, file))
        self._pending = left

    def after_power_loss(self, rng: Random) -> tuple[dict[str, bytes], set[str]]:
        """Return files and folders as they may be when the power is back."""
        names, folders = dict(self._durable), set(self._durable_folders)
        for operation, file in self._pending[: rng.randint(0, len(self._pending))]:
            _apply(operation, file, names, folders)
        return {path: _survivor(file, rng) for path, file in names.items()}, folders


def _apply(operation: Operation, file: _File | None, names: dict[str, _File], folders: set[str]) -> None:
    kind, path, to, _, _ = operation
    if file is not None:
        names[path] = file
    elif kind == "rename":
        _move(path, to, names, folders)
    elif kind in {"remove", "delete"}:
        names.pop(path, None)
    elif kind == "mkdir":
        folders.add(path)
    elif kind == "rmdir":
        folders.discard(path)


def _move(path: str, to: str, names: dict[str, _File], folders: set[str]) -> None:
    for old in [name for name in names if name == path or name.startswith(f"{path}/")]:
        names[to + old.removeprefix(path)] = names.pop(old)
    for old in [name for name in folders if name == path or name.startswith(f"{path}/")]:
        folders.discard(old)
        folders.add(to + old.removeprefix(path))


def _survivor(file: _File, rng: Random) -> bytes:
    """Return what is found of a file: of what was not synced none, all, a beginning, a part, a torn end."""
    since = file.since
    if not since:
        return file.durable

    def torn() -> bytes:
        kind, at, data = since[-1]
        return file.after([*since[:-1], (kind, at, data[: rng.randint(0, len(data))])])

    ways = (
        lambda: file.durable,
        lambda: file.after(since),
        lambda: file.after(since[: rng.randint(0, len(since))]),
        lambda: file.after([each for each in since if rng.random() < 0.5]),  # noqa: PLR2004 - half of them
        torn,
    )
    return ways[rng.randrange(len(ways))]()


def power_try(bench: Bench, act: Act, recording: Recording, number: int) -> Tried:
    """Lose the power at one moment of a recording and return what was wrong afterwards."""
    rng = bench.rng(f"power {act.name}", number)
    operations = recording.operations
    # The last moment is the end of the act, all done: then everything confirmed has to be there.
    cut = len(operations) if number % 10 == 0 else rng.randint(0, len(operations))
    disk = Disk(recording, ordered=rng.random() < 0.5)  # noqa: PLR2004 - every second disk
    confirmed = []
    for operation in operations[:cut]:
        if operation[0] == "confirmed":
            confirmed.append((operation[1], operation[2], operation[4].decode()))
        else:
            disk.take(operation)
    prepared(bench, act)
    _write(bench.sandbox / "home", *disk.after_power_loss(rng))
    expected = Expected(recording.before, tuple(confirmed), act.forgets, not act.ratings, number, act.ratings)
    tried = Tried(size=cut, input=f"{act.name}, the power lost before operation {cut} of {len(operations)}")
    tried.findings = judge(bench.sandbox, bench.command, expected)
    return tried


def _write(home: Path, files: dict[str, bytes], folders: set[str]) -> None:
    for file in files_in(home):
        file.unlink()
    for folder in sorted(folder for folder in folders if folder.startswith(str(home))):
        Path(folder).mkdir(parents=True, exist_ok=True)
    for path, data in files.items():
        if path.startswith(str(home)) and not path.endswith(_SHARED_MEMORY) and Path(path).parent.is_dir():
            Path(path).write_bytes(data)
