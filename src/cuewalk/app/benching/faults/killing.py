"""Kills: SIGKILL before an operation, within a write, at a byte count, in a state, after a random time."""

import os
import resource
import signal
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

from cuewalk.app.benching.faults.acts import Act
from cuewalk.app.benching.faults.children import Tell
from cuewalk.app.benching.faults.points import Point
from cuewalk.app.benching.faults.sqlite_shim import TornWriteError
from cuewalk.app.benching.faults.trying import (
    Bench,
    Strike,
    Tried,
    Usual,
    again,
    do,
    half_written,
    judged,
    prepared,
    unfinished,
)
from cuewalk.engine.table import STATES

#: States that every kind of session is wanted in; "preparing" and "begun" are its start.
_STARTS: Final = ("preparing", "begun")
_WAYS: Final = ("point", "torn", "state", "time", "bytes")
_FILE_WAYS: Final = ("point", "torn", "point", "time", "bytes")
#: A state is entered a few times; the kill comes at one of the first.
_MOST_VISITS: Final = 4


def die() -> None:
    """End this process as a power switch would: nothing is flushed, nothing is closed."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill_try(bench: Bench, act: Act, number: int) -> Tried:
    """Kill an act somewhere and return what was wrong afterwards."""
    rng = bench.rng(f"kill {act.name}", number)
    usual = bench.usual.get(act.name, Usual())
    ways = _WAYS if act.ratings and len(usual.states) > 1 else _FILE_WAYS
    way = ways[number % len(ways)]
    make, size, words = _MAKERS[way](rng, usual, number)
    walk = rng.randrange(50)
    before = prepared(bench, act)
    left = unfinished(bench)
    ended = do(bench, act, lambda tell: replace(make(tell), walk=walk))
    tried = Tried(struck=ended.signal != 0, size=size, input=f"{act.name}, {words}")
    if ended.signal:
        tried.note = next(iter(ended.told("state")), "")
    half = half_written(bench, act)
    tried.findings = half + judged(bench, act, before, ended, number)
    if not act.ratings and not act.forgets:
        tried.findings += again(bench, act, left=left, refusing=act.once)
    return tried


_Made = tuple[Callable[[Tell], Strike], int, str]


def _at_point(rng: Random, usual: Usual, _number: int) -> _Made:
    n = rng.randint(1, max(1, usual.points))

    def seen(point: Point) -> None:
        if point.number == n:
            die()

    return lambda _tell: Strike(seen=seen), n, f"killed before operation {n} on the disk"


def _torn(rng: Random, usual: Usual, _number: int) -> _Made:
    n = rng.randint(1, max(1, usual.points))

    def seen(point: Point) -> None:
        if point.number >= n:
            if point.kind == "db write":
                raise TornWriteError
            die()

    return lambda _tell: Strike(seen=seen), n, f"killed in the middle of operation {n} on the disk"


def _in_state(rng: Random, _usual: Usual, number: int) -> _Made:
    wanted = (*_STARTS, *STATES[1:])[number // len(_WAYS) % (len(_STARTS) + len(STATES) - 1)]
    visit = rng.randint(1, _MOST_VISITS)

    def make(tell: Tell) -> Strike:
        visits = [0]

        def at(state: str) -> None:
            if state == wanted:
                visits[0] += 1
                if visits[0] == 1:
                    tell({"state": state})
                if visits[0] == (1 if wanted in _STARTS else visit):
                    die()

        return Strike(at=at, wanted=wanted)

    return make, visit, f"killed in the state {wanted}"


def _after_time(rng: Random, usual: Usual, _number: int) -> _Made:
    seconds = max(0.001, rng.random() * usual.cpu)
    strike = Strike(arm=lambda: signal.setitimer(signal.ITIMER_PROF, seconds) and None)
    return lambda _tell: strike, int(seconds * 1000), f"killed after {seconds:.3f} s of processor time"


def _at_bytes(rng: Random, usual: Usual, _number: int) -> _Made:
    most = max(64, usual.bytes)
    limit = int(most ** rng.uniform(0.2, 1.05))

    def arm() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return lambda _tell: Strike(arm=arm), limit, f"killed as a file grows beyond {limit} bytes"


_MAKERS: Final = {
    "point": _at_point,
    "torn": _torn,
    "state": _in_state,
    "time": _after_time,
    "bytes": _at_bytes,
}
