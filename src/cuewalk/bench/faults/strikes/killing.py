"""Kills: SIGKILL before an operation, within a write, at a byte count, after a random time."""

import os
import resource
import signal
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

from cuewalk.bench.faults.acts import Act
from cuewalk.bench.faults.children import Tell
from cuewalk.bench.faults.strikes.points import Point
from cuewalk.bench.faults.strikes.sqlite_shim import TornWriteError
from cuewalk.bench.faults.trying import Bench, Strike, Tried, Usual, again, attempt

#: Ways that strike at the same place in each run, and one that depends on the machine's speed.
_REPEATABLE: Final = ("point", "torn", "point", "bytes")
_WAYS: Final = (*_REPEATABLE, "time")


def die() -> None:
    """End this process as a power switch would: nothing is flushed, nothing is closed."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill_try(bench: Bench, act: Act, number: int, *, timed: bool) -> Tried:
    """Kill an act somewhere and return what was wrong afterwards.

    ``timed``: some are killed after a time, which strikes elsewhere on a faster or slower machine.
    """
    rng = bench.rng(f"kill {act.name}", number)
    ways = _WAYS if timed else _REPEATABLE
    make, size, words = _MAKERS[ways[number % len(ways)]](rng, bench.usual.get(act.name, Usual()))
    walk = rng.randrange(50)
    done = attempt(bench, act, lambda tell: replace(make(tell), walk=walk), number)
    if not act.ratings and not act.forgets:
        done.findings.extend(again(bench, act, left=done.left, refusing=act.once))
    return Tried(done.findings, bool(done.ended.signal), size, f"{act.name}, {words}")


_Made = tuple[Callable[[Tell], Strike], int, str]


def _at_point(rng: Random, usual: Usual) -> _Made:
    n = rng.randint(1, max(1, usual.points))

    def seen(point: Point) -> None:
        if point.number == n:
            die()

    return lambda _tell: Strike(seen=seen), n, f"killed before operation {n} on the disk"


def _torn(rng: Random, usual: Usual) -> _Made:
    n = rng.randint(1, max(1, usual.points))

    def seen(point: Point) -> None:
        if point.number >= n:
            if point.kind == "db write":
                raise TornWriteError
            die()

    return lambda _tell: Strike(seen=seen), n, f"killed in the middle of operation {n} on the disk"


def _after_time(rng: Random, usual: Usual) -> _Made:
    seconds = max(0.001, rng.random() * usual.cpu)
    strike = Strike(arm=lambda: signal.setitimer(signal.ITIMER_PROF, seconds) and None)
    return lambda _tell: strike, int(seconds * 1000), f"killed after {seconds:.3f} s of processor time"


def _at_bytes(rng: Random, usual: Usual) -> _Made:
    most = max(64, usual.bytes)
    limit = int(most ** rng.uniform(0.2, 1.05))

    def arm() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return lambda _tell: Strike(arm=arm), limit, f"killed as a file grows beyond {limit} bytes"


_MAKERS: Final = {
    "point": _at_point,
    "torn": _torn,
    "time": _after_time,
    "bytes": _at_bytes,
}
