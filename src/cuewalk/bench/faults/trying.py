"""One try: a thing is done in a fresh copy of a home, a fault strikes, and what is left is looked at."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from cuewalk.bench.faults.acts import Act, Doing
from cuewalk.bench.faults.children import CommandLine, Ended, ToParent, run_child
from cuewalk.bench.faults.homes import entries_of_ratings, fresh_copy
from cuewalk.bench.faults.judging import (
    HANG,
    OTHER,
    Expected,
    Finding,
    KeptRating,
    confirmed_in,
    finding_of,
    judge,
    kept_in,
    tell_confirmed,
)
from cuewalk.bench.faults.watching import Watch, WatchedPoint
from cuewalk.journal.store import FILE_NAME

#: Seconds of processor time that a step may use beyond twice what it uses undisturbed: the hang that counts.
HANG_SECONDS: Final = 1.0
#: Seconds of processor time after which the system ends a child; far beyond a hang, which is measured.
_CPU_MOST: Final = 20.0
#: Names of what writers put beside a file until it is whole.
_UNFINISHED: Final = (".part", ".tmp", ".old", ".new", ".draft")
#: Files that are empty by right.
_EMPTY_BY_RIGHT: Final = (".lock", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Usual:
    """What an act does undisturbed: operations on the disk, seconds of processor time, largest file."""

    points: int = 0
    cpu: float = 0.0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Bench:
    """What tries share. ``sandbox`` belongs to one worker; ``finals`` holds a home as each act leaves it."""

    command: CommandLine
    homes: dict[str, Path]
    sandbox: Path
    seed: int
    finals: Path
    usual: dict[str, Usual] = field(default_factory=dict)

    def rng(self, kind: str, number: int) -> Random:
        """Return the chance of one try: the same for the same seed."""
        return Random(f"{self.seed} {kind} {number}")  # noqa: S311 - not for secrets


@dataclass(slots=True)
class Tried:
    """One try. ``size`` orders failures of a kind, ``input`` shows one; ``struck``: the fault came.

    ``usual`` is set by the undisturbed one.
    """

    findings: list[Finding] = field(default_factory=list)
    struck: bool = True
    size: int = 0
    input: str = ""
    note: str = ""
    tries: int = 1
    cpu: float = 0.0
    usual: Usual | None = None


@dataclass(slots=True)
class Strike:
    """A fault in a child.

    ``seen`` is told each operation before it happens, ``at`` each state of a session; ``arm`` is called just
    before the act, ``end`` just after it. ``walk`` chooses what is said in a session, ``wanted`` a state to
    be reached.
    """

    seen: Callable[[WatchedPoint], None] = lambda _point: None
    at: Callable[[str], None] = lambda _state: None
    arm: Callable[[], None] = lambda: None
    end: Callable[[], None] = lambda: None
    wanted: str = ""
    walk: int = 0


def do(bench: Bench, act: Act, make: Callable[[ToParent], Strike], *, cpu: float = _CPU_MOST) -> Ended:
    """Do an act in the home of the bench's sandbox while what ``make`` returns strikes."""
    home = bench.sandbox / "home"

    def work(tell: ToParent) -> int:
        strike = make(tell)
        ratings: list[int] = []
        with suppress(sqlite3.Error):
            ratings = entries_of_ratings(home)
        watch = Watch(bench.sandbox, strike.seen)
        watch.install()
        tell_confirmed(tell)
        rng = Random(strike.walk)  # noqa: S311 - not for secrets
        doing = Doing(home, rng, bench.command, tell, strike.at, strike.wanted, ratings)
        watch.counting = True
        strike.arm()
        try:
            return act.do(doing)
        finally:
            watch.counting = False
            strike.end()

    return run_child(work, bench.sandbox, cpu=cpu)


def prepared(bench: Bench, act: Act) -> tuple[KeptRating, ...]:
    """Put a fresh home into the sandbox and return its ratings."""
    home = fresh_copy(bench.homes[act.home], bench.sandbox)
    act.ready(bench.sandbox)
    return tuple(kept_in(home))


def measured(bench: Bench, act: Act) -> Tried:
    """Do an act undisturbed and return what it does, with what is wrong even then."""
    before = prepared(bench, act)

    def counting(tell: ToParent) -> Strike:
        seen = [0]
        return Strike(seen=lambda point: seen.append(point.number), end=lambda: tell({"points": seen[-1]}))

    ended = do(bench, act, counting)
    shutil.copytree(bench.sandbox / "home", bench.finals / act.name, symlinks=True)
    sizes = [file.stat().st_size for file in files_in(bench.sandbox / "home")]
    tried = Tried(judged(bench, act, before, ended), input=f"{act.name}, undisturbed")
    tried.usual = Usual(next(iter(ended.told("points")), 0), ended.cpu, max(sizes, default=0))
    if ended.code:
        tried.findings.append(Finding(OTHER, f"{act.name} fails undisturbed", ended.printed[-300:]))
    return tried


@dataclass(frozen=True, slots=True)
class Attempt:
    """An act that a fault struck: how it ended, what was unfinished before, what is wrong afterwards."""

    ended: Ended
    left: frozenset[str]
    findings: list[Finding]


def attempt(bench: Bench, act: Act, make: Callable[[ToParent], Strike], turn: int) -> Attempt:
    """Do an act in a fresh home while what ``make`` returns strikes, and look at what it left.

    ``turn`` chooses which of the reading commands are tried.
    """
    before = prepared(bench, act)
    left = unfinished(bench)
    ended = do(bench, act, make)
    return Attempt(ended, left, half_written(bench, act) + judged(bench, act, before, ended, turn))


def judged(
    bench: Bench, act: Act, before: tuple[KeptRating, ...], ended: Ended, turn: int = 0
) -> list[Finding]:
    """Return what must not be after an act: of its end, and of the home it left."""
    found = [finding_of(ended.trace, act.name)] if ended.trace is not None else []
    usual = bench.usual.get(act.name)
    if ended.idle or (usual is not None and ended.cpu > 2 * usual.cpu + HANG_SECONDS):
        found.append(Finding(HANG, f"{act.name} takes over a second longer", f"{ended.cpu:.1f} s"))
    confirmed = tuple(confirmed_in(ended.told("confirmed")))
    expected = Expected(before, confirmed, act.forgets, not act.ratings, turn, act.ratings)
    return found + judge(bench.sandbox, bench.command, expected)


def again(bench: Bench, act: Act, *, left: frozenset[str], refusing: bool) -> list[Finding]:
    """Do an act once more in what the fault left, undisturbed: it works, and leaves nothing unfinished.

    ``left``: what was unfinished before; ``refusing``: it may be refused, as it may have been done already.
    """
    ended = do(bench, act, lambda _tell: Strike(walk=77))
    found = [finding_of(ended.trace, f"{act.name}, again")] if ended.trace is not None else []
    if ended.code and not refusing and ended.trace is None:
        found.append(Finding(OTHER, f"{act.name} does not work afterwards", ended.printed[-300:]))
    if not ended.code:
        found += left_behind(bench, left, f"{act.name}, done again, leaves something unfinished")
    return found


def files_in(folder: Path) -> list[Path]:
    """Return every file below a folder."""
    return [Path(top) / name for top, _, names in os.walk(folder) for name in names]


def unfinished(bench: Bench) -> frozenset[str]:
    """Return the files and folders in the sandbox that are empty or carry an unfinished file's name."""

    def is_draft(name: str) -> bool:
        return any(mark in name for mark in _UNFINISHED)

    def is_hollow(top: str, name: str) -> bool:
        return not name.endswith(_EMPTY_BY_RIGHT) and not os.path.getsize(f"{top}/{name}")  # noqa: PTH202

    found = set()
    for part in ("home", "here"):
        for top, folders, names in os.walk(bench.sandbox / part):
            found |= {f"{top}/{name}/" for name in folders if is_draft(name)}
            found |= {f"{top}/{name}" for name in names if is_draft(name) or is_hollow(top, name)}
    return frozenset(path.removeprefix(f"{bench.sandbox}/") for path in found)


def half_written(bench: Bench, act: Act) -> list[Finding]:
    """Return a finding if a file is a mere beginning of what the act writes, and not what it was before."""
    home, whole, before = bench.sandbox / "home", bench.finals / act.name, bench.homes[act.home]
    for file in files_in(whole):
        name = file.relative_to(whole)
        now, then = home / name, before / name
        if FILE_NAME in name.name or not now.is_file() or now.stat().st_size >= file.stat().st_size:
            continue
        data = now.read_bytes()
        if file.read_bytes().startswith(data) and not (then.is_file() and then.read_bytes() == data):
            return [Finding(OTHER, f"{act.name} leaves half a file", str(name))]
    return []


def left_behind(bench: Bench, before: frozenset[str], key: str) -> list[Finding]:
    """Return a finding if there is something unfinished that was not there before."""
    new = sorted(unfinished(bench) - before)
    return [Finding(OTHER, key, ", ".join(new))] if new else []
