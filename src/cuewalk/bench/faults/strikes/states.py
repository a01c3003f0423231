"""Kills in every state of a session: between two steps, before one of a step's writes, or within it."""

from random import Random
from typing import Final

from cuewalk.bench.faults.acts import ACTS
from cuewalk.bench.faults.children import Tell
from cuewalk.bench.faults.strikes.killing import die
from cuewalk.bench.faults.strikes.points import Point
from cuewalk.bench.faults.strikes.sqlite_shim import TornWriteError
from cuewalk.bench.faults.trying import Bench, Strike, Tried, attempt
from cuewalk.engine.states import STATES

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
_BETWEEN, _BEFORE, _WITHIN = "after a step of", "before a write in", "in the middle of a write in"
_WAYS: Final = (_BETWEEN, _BEFORE, _WITHIN)


def state_try(bench: Bench, moment: str, number: int) -> Tried:
    """Kill a session in a state and return what was wrong afterwards; ``note`` is the state it was in."""
    rng = bench.rng(f"state {moment}", number)
    way, nth = _WAYS[number % len(_WAYS)], rng.randint(1, _WRITES)
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


class _InState:
    """Kills at the ``step``-th step in a state, or at the ``nth`` write from there."""

    def __init__(self, moment: str, way: str, step: int, nth: int, walk: int) -> None:
        self._moment, self._way, self.step, self._nth, self._walk = moment, way, step, nth, walk
        self._seen = self._writes = 0

    def make(self, _tell: Tell) -> Strike:
        return Strike(seen=self._write, at=self._at, end=self._end, wanted=self._moment, walk=self._walk)

    def _at(self, state: str) -> None:
        self._seen += state == self._moment
        if self._seen >= self.step and (self._way == _BETWEEN or state != self._moment):
            die()

    def _write(self, point: Point) -> None:
        if self._seen < self.step:
            return
        self._writes += 1
        if self._writes < self._nth:
            return
        if self._way == _WITHIN and point.kind == "db write":
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
