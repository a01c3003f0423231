"""The faults that strike while an act is done: kills, and disks that refuse.

Kills: SIGKILL before an operation on the disk, in the middle of one of SQLite's writes, at a byte count,
after a random time, or in a given state of a session. Refusals: an operation fails once, or from some moment
on all do.
"""

import errno
import os
import resource
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from cuewalk.bench.faults.acts import ACTS, Act
from cuewalk.bench.faults.children import Ended, ToParent
from cuewalk.bench.faults.judging import OTHER, Finding
from cuewalk.bench.faults.sqlite_shim import TornWriteError
from cuewalk.bench.faults.trying import Bench, Strike, Tried, Usual, again, attempt, left_behind
from cuewalk.bench.faults.watching import WatchedPoint
from cuewalk.engine.states import STATES


def die() -> None:
    """End this process as a power switch would: nothing is flushed, nothing is closed."""
    os.kill(os.getpid(), signal.SIGKILL)


#: Ways to kill that strike at the same place in each run, and one that depends on the machine's speed.
_REPEATABLE: Final = ("point", "torn", "point", "bytes")
_WAYS: Final = (*_REPEATABLE, "time")


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


_Made = tuple[Callable[[ToParent], Strike], int, str]


def _at_point(rng: Random, usual: Usual) -> _Made:
    n = rng.randint(1, max(1, usual.points))

    def seen(point: WatchedPoint) -> None:
        if point.number == n:
            die()

    return lambda _tell: Strike(seen=seen), n, f"killed before operation {n} on the disk"


def _torn(rng: Random, usual: Usual) -> _Made:
    n = rng.randint(1, max(1, usual.points))

    def seen(point: WatchedPoint) -> None:
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
    limit = int(max(64, usual.bytes) ** rng.uniform(0.2, 1.05))

    def arm() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return lambda _tell: Strike(arm=arm), limit, f"killed as a file grows beyond {limit} bytes"


_MAKERS: Final = {"point": _at_point, "torn": _torn, "time": _after_time, "bytes": _at_bytes}


#: Before a session's first step: its set-up is made; it is in the journal, or taken up from there.
_STARTS: Final = ("preparing", "begun")
#: Everything in which a session can be killed. A session is idle before its first step alone.
MOMENTS: Final = (*_STARTS, *STATES[1:])
#: What is killed: a session, a person's first, one that is taken up.
SESSIONS: Final = ("session", "first-session", "resume")
_ACTS: Final = tuple(act for act in ACTS if act.name in SESSIONS)
#: States that a session is in for one step.
_BRIEF: Final = (*_STARTS, "welcome", "advised", "put_off", "farewell", "ended")
#: Walks that are tried until one comes to the state; the rarest state is missed by half of them.
_WALKS: Final = 8
#: A state is killed at one of its first steps.
_STEPS: Final = 4
#: Operations on the disk that writing one step down takes, at most: those of a transaction and a clip.
_WRITES: Final = 8
_BETWEEN, _WITHIN = "after a step of", "in the middle of a write in"
_STATE_WAYS: Final = (_BETWEEN, "before a write in", _WITHIN)


def state_try(bench: Bench, moment: str, number: int) -> Tried:
    """Kill a session in a state and return what was wrong afterwards; ``note`` is the state it was in."""
    rng = bench.rng(f"state {moment}", number)
    way, nth = _STATE_WAYS[number % len(_STATE_WAYS)], rng.randint(1, _WRITES)
    step = rng.randint(1, _STEPS)
    tried = Tried(struck=False)
    for turn in range(_WALKS):
        act = _ACTS[(number + turn) % len(_ACTS)]
        first = moment in _BRIEF or turn >= _WALKS // 2
        strike = _InState(moment, way, 1 if first else step, nth, rng.randrange(1000))
        done = attempt(bench, act, strike.make, number)
        words = f"{act.name}, killed {way} the state {moment}"
        tried = Tried(done.findings, bool(done.ended.signal), strike.step, words)
        if done.ended.signal or done.findings:
            break
    tried.note = moment if tried.struck else ""
    return tried


@dataclass(slots=True)
class _InState:
    """Kills at the ``step``-th step in a state, or at the ``nth`` write from there."""

    moment: str
    way: str
    step: int
    nth: int
    walk: int
    _seen: int = 0
    _writes: int = 0

    def make(self, _tell: ToParent) -> Strike:
        return Strike(seen=self._write, at=self._at, end=self._end, wanted=self.moment, walk=self.walk)

    def _at(self, state: str) -> None:
        self._seen += state == self.moment
        if self._seen >= self.step and (self.way == _BETWEEN or state != self.moment):
            die()

    def _write(self, point: WatchedPoint) -> None:
        if self._seen < self.step:
            return
        self._writes += 1
        if self._writes < self.nth:
            return
        if self.way == _WITHIN and point.kind == "db write":
            raise TornWriteError
        die()

    def _end(self) -> None:
        """Die at the end of a session that wrote nothing more: ended, and about to close its journal."""
        if self._seen >= self.step:
            die()


def choice(rng: Random, count: int) -> tuple[str, ...]:
    """Return some of the moments, in the order in which a session comes to them."""
    chosen = set(rng.sample(MOMENTS, min(count, len(MOMENTS))))
    return tuple(moment for moment in MOMENTS if moment in chosen)


_ERRORS: Final = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES, errno.EDQUOT)
#: What a full disk or a used-up quota refuses: whatever needs room.
_GROWING: Final = frozenset({"open", "mkdir", "fsync", "db open", "db write", "db sync", "link"})
_NEEDING_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The n-th operation fails with an error, alone or with all that follow; or files may not grow.

    ``limit``: the most bytes of a file, 0 for no limit.
    """

    n: int
    error: int
    lasting: bool
    limit: int = 0

    @property
    def words(self) -> str:
        """It in words."""
        if self.limit:
            return f"no file may grow beyond {self.limit} bytes"
        after = " and all after it" if self.lasting else ""
        return f"operation {self.n} on the disk{after} fails with {errno.errorcode[self.error]}"

    @property
    def lets_clear_up(self) -> bool:
        """Whether what has been begun can still be deleted; else the next writer has to."""
        return not self.lasting or self.error in _NEEDING_ROOM


def refusals_of(usual: Usual, most: int) -> Iterator[Refusal]:
    """Yield the refusals of an act: every operation if there are at most ``most``, else an even choice."""
    if not most:
        return
    points = max(1, usual.points)
    step = max(1.0, points / most)
    count = min(points, most)
    for number in range(count):
        yield Refusal(1 + int(number * step), _ERRORS[number % len(_ERRORS)], lasting=number % 2 == 1)
    limits = 1 + count // 6
    for number in range(limits):
        limit = int(max(64, usual.bytes) ** (0.2 + 0.8 * number / limits))
        yield Refusal(0, errno.EFBIG, lasting=True, limit=limit)


def refuse_try(bench: Bench, act: Act, refusal: Refusal) -> Tried:
    """Let the disk refuse something during an act and return what was wrong then and afterwards."""
    done = attempt(bench, act, lambda tell: _refusing(refusal, tell), refusal.n + refusal.limit)
    ended, refused = done.ended, done.ended.told("refused")
    struck = bool(refused) or bool(refusal.limit and ended.code)
    tried = Tried(done.findings, struck, refusal.limit or refusal.n, f"{act.name}, {refusal.words}")
    tried.note = next(iter(refused), "")
    tried.findings += _silent_ends(ended, act)
    if refusal.lets_clear_up:
        tried.findings += left_behind(bench, done.left, f"{act.name} leaves something unfinished")
    if not act.ratings and not act.forgets:
        tried.findings += again(bench, act, left=done.left, refusing=act.once and not ended.code)
    return tried


def _silent_ends(ended: Ended, act: Act) -> Iterator[Finding]:
    """Yield the findings of an end that says nothing to the person."""
    if ended.code and ended.trace is None and not ended.printed.strip():
        yield Finding(OTHER, f"{act.name} fails without a word", f"code {ended.code}")
    if ended.signal and not ended.idle:
        yield Finding(OTHER, f"{act.name} dies of signal {ended.signal}")


def _refusing(refusal: Refusal, tell: ToParent) -> Strike:
    if refusal.limit:
        _, whole = resource.getrlimit(resource.RLIMIT_FSIZE)

        def limit(size: int) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, whole))

        return Strike(arm=lambda: limit(refusal.limit), end=lambda: limit(whole))
    begun = [False]

    def seen(point: WatchedPoint) -> None:
        if point.number < refusal.n or (begun[0] and not refusal.lasting):
            return
        if refusal.error in _NEEDING_ROOM and point.kind not in _GROWING:
            return
        if not begun[0]:
            tell({"refused": point.kind})
        begun[0] = True
        raise OSError(refusal.error, os.strerror(refusal.error), point.path)

    return Strike(seen=seen)
