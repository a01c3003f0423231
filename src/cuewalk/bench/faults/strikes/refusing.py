"""Full, broken and read-only disks: each operation on the disk fails once, or from some moment on all do."""

import errno
import os
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cuewalk.bench.faults.acts import Act
from cuewalk.bench.faults.children import Ended, Tell
from cuewalk.bench.faults.judging import OTHER, Finding
from cuewalk.bench.faults.strikes.points import Point
from cuewalk.bench.faults.trying import (
    Bench,
    Strike,
    Tried,
    Usual,
    again,
    attempt,
    left_behind,
)

_ERRORS: Final = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES, errno.EDQUOT)
_NAMES: Final = {number: errno.errorcode[number] for number in _ERRORS}
#: What a full disk or a used-up quota refuses: whatever needs room.
_GROWING: Final = frozenset({"open", "mkdir", "fsync", "db open", "db write", "db sync", "link"})
_NEEDING_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The n-th operation fails with an error, alone or with all that follow; or files may not grow."""

    n: int
    error: int
    lasting: bool
    limit: int = 0

    @property
    def words(self) -> str:
        """Return it in words."""
        if self.limit:
            return f"no file may grow beyond {self.limit} bytes"
        after = " and all after it" if self.lasting else ""
        return f"operation {self.n} on the disk{after} fails with {_NAMES[self.error]}"

    @property
    def lets_clear_up(self) -> bool:
        """Whether what has been begun can still be deleted; else the next writer has to."""
        return not self.lasting or self.error in _NEEDING_ROOM


def refusals_of(usual: Usual, most: int) -> Iterator[Refusal]:
    """Yield the refusals of an act: every operation if there are at most ``most``, else an even choice."""
    points = max(1, usual.points)
    step = max(1.0, points / most)
    count = min(points, most)
    for number in range(count):
        n = 1 + int(number * step)
        yield Refusal(n, _ERRORS[number % len(_ERRORS)], lasting=number % 2 == 1)
    limits = 1 + count // 6
    for number in range(limits):
        limit = int(max(64, usual.bytes) ** (0.2 + 0.8 * number / limits))
        yield Refusal(0, errno.EFBIG, lasting=True, limit=limit)


def refuse_try(bench: Bench, act: Act, refusal: Refusal) -> Tried:
    """Let the disk refuse something during an act and return what was wrong then and afterwards."""
    done = attempt(bench, act, lambda tell: _strike(refusal, tell), refusal.n + refusal.limit)
    ended, left = done.ended, done.left
    struck = bool(ended.told("refused")) or bool(refusal.limit and ended.code)
    tried = Tried(done.findings, struck, refusal.limit or refusal.n, f"{act.name}, {refusal.words}")
    tried.note = next(iter(ended.told("refused")), "")
    tried.findings += _silent_ends(ended, act)
    if refusal.lets_clear_up:
        tried.findings += left_behind(bench, left, f"{act.name} leaves something unfinished")
    if not act.ratings and not act.forgets:
        refusing = act.once and not ended.code
        tried.findings += again(bench, act, left=left, refusing=refusing)
    return tried


def _silent_ends(ended: Ended, act: Act) -> Iterator[Finding]:
    """Yield findings of an end that says nothing to the person."""
    if ended.code and ended.trace is None and not ended.printed.strip():
        yield Finding(OTHER, f"{act.name} fails without a word", f"code {ended.code}")
    if ended.signal and not ended.idle:
        yield Finding(OTHER, f"{act.name} dies of signal {ended.signal}", "")


def _strike(refusal: Refusal, tell: Tell) -> Strike:
    if refusal.limit:
        _, whole = resource.getrlimit(resource.RLIMIT_FSIZE)

        def arm() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (refusal.limit, whole))

        def end() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (whole, whole))

        return Strike(arm=arm, end=end)
    begun = [False]

    def seen(point: Point) -> None:
        if point.number < refusal.n or (begun[0] and not refusal.lasting):
            return
        if refusal.error in _NEEDING_ROOM and point.kind not in _GROWING:
            return
        if not begun[0]:
            tell({"refused": point.kind})
        begun[0] = True
        raise OSError(refusal.error, os.strerror(refusal.error), point.path)

    return Strike(seen=seen)
