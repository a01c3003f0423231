"""Damaged inputs, a batch in a child, and the smallest piece of each that still shows a failure."""

import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from types import FrameType
from typing import Final

from cuewalk.bench.faults.children import IDLE_SECONDS, ToParent, run_child, trace_of
from cuewalk.bench.faults.homes import KEPT, fresh_copy
from cuewalk.bench.faults.inputs import files, journals, odd_homes, typed
from cuewalk.bench.faults.inputs.place import FoundError, InputKind, InputPlace, confine
from cuewalk.bench.faults.judging import HANG, TRACE, Finding, finding_of
from cuewalk.bench.faults.trying import HANG_SECONDS, Bench, Tried
from cuewalk.domain.errors import CuewalkError

INPUTS: Final = (*journals.KINDS, *files.KINDS, *typed.KINDS, odd_homes.KIND)
#: What the system may take from a child altogether; each input is timed by itself.
_BATCH_CPU: Final = 150.0
_BATCH_IDLE: Final = 170.0


class HungError(BaseException):
    """An input took too much of the processor, or waited for ever."""


def input_batch(bench: Bench, kind: InputKind, first: int, count: int) -> Tried:
    """Use ``count`` damaged inputs in one child and return what was wrong."""
    fresh_copy(bench.homes[KEPT], bench.sandbox)
    tried = Tried(tries=count)
    at = first
    while at < first + count:
        work = partial(_use_some, bench, kind, range(at, first + count))
        ended = run_child(work, bench.sandbox, cpu=_BATCH_CPU, idle=_BATCH_IDLE)
        tried.findings += [Finding(**each) for each in ended.told("finding")]
        if not ended.signal and ended.trace is None:
            return tried
        at = (ended.told("at") or [at])[-1]
        data = kind.mutate(bench.rng(f"input {kind.name}", at), kind.seed(bench.homes[KEPT]))
        key = f"a damaged input of kind {kind.name} ends the process (signal {ended.signal})"
        found = Finding(TRACE, key, "") if ended.trace is None else finding_of(ended.trace, "the campaign")
        what = HANG if ended.idle else found.what
        shown = f"{kind.name} {at}: {data[:300]!r}"
        tried.findings.append(replace(found, what=what, size=len(data), input=shown))
        at += 1
    return tried


def _use_some(bench: Bench, kind: InputKind, numbers: range, tell: ToParent) -> int:
    seed = kind.seed(bench.homes[KEPT])
    place = InputPlace(bench.sandbox, bench.command, bench.homes[KEPT])
    confine(bench.sandbox)
    signal.signal(signal.SIGPROF, _hung)
    signal.signal(signal.SIGALRM, _hung)
    begun = time.process_time()
    wrong = _attempt(kind, seed, place, 10.0)
    usual = time.process_time() - begun
    if wrong is not None:
        tell(replace(wrong, input=f"{kind.name}, undamaged").as_news())
    seen: set[str] = set()
    for number in numbers:
        tell({"at": number})
        data = kind.mutate(bench.rng(f"input {kind.name}", number), seed)
        found = _attempt(kind, data, place, usual)
        if found is not None and found.what == HANG:
            found = _attempt(kind, data, place, usual)  # a busy machine is forgiven once
        if found is None:
            continue
        if found.key not in seen:
            seen.add(found.key)
            again = partial(_attempt, kind, place=place, usual=usual)
            found = _shrunk(found, data, seed if kind.large else None, again)
        tell(replace(found, input=found.input and f"number {number}: {found.input}").as_news())
    return 0


def _shrunk(
    found: Finding, data: bytes, whole: bytes | None, again: Callable[[bytes], Finding | None]
) -> Finding:
    """Return the finding with the smallest input that gives it again."""

    def fails(less: bytes) -> bool:
        other = again(less)
        return other is not None and other.key == found.key

    small = smallest(data, fails, whole)
    return replace(found, size=len(small), input=in_words(small, whole))


def _attempt(kind: InputKind, data: bytes, place: InputPlace, usual: float) -> Finding | None:
    """Use one input and return what is wrong, None if nothing is."""
    begun = time.process_time()
    try:
        signal.setitimer(signal.ITIMER_PROF, usual * 2 + HANG_SECONDS)
        signal.setitimer(signal.ITIMER_REAL, IDLE_SECONDS)
        kind.use(data, place)
    except CuewalkError as error:
        if not str(error).strip():
            return Finding(TRACE, f"{kind.name}: an error without words", type(error).__name__)
    except HungError as error:
        return Finding(HANG, f"{kind.name} hangs in {trace_of(error)['place']}", f"over {usual + 1:.1f} s")
    except FoundError as error:
        return error.finding
    except BaseException as error:  # noqa: BLE001 - that is what is looked for
        return finding_of(trace_of(error), f"reading {kind.name}")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
    taken = time.process_time() - begun
    if taken > usual * 2 + HANG_SECONDS:
        return Finding(HANG, f"{kind.name} hangs", f"{taken:.1f} s")
    return None


def _hung(_number: int, _frame: FrameType | None) -> None:
    raise HungError


#: Tries after which shrinking ends: two seconds for a reader of 15 ms; the result need not be minimal.
_TRIES: Final = 120


def smallest(data: bytes, fails: Callable[[bytes], bool], seed: bytes | None = None) -> bytes:
    """Return a small input that still fails in the same way: lines are left out first, then bytes.

    Delta debugging: Zeller and Hildebrandt 2002, "Simplifying and isolating failure-inducing input".
    ``seed``: for large files, what was damaged; then it is the difference to it that is made small.
    """
    left = iter(range(_TRIES))

    def fail(less: bytes) -> bool:
        return next(left, None) is not None and fails(less)

    if seed is not None:
        return _undone(data, seed, fail)
    lines = _less(data.split(b"\n"), lambda each: fail(b"\n".join(each)))
    data = b"\n".join(lines)
    return b"".join(_less([data[n : n + 1] for n in range(len(data))], lambda each: fail(b"".join(each))))


def _less(pieces: Sequence[bytes], fails: Callable[[Sequence[bytes]], bool]) -> list[bytes]:
    """Leave out ever smaller groups of pieces while it fails."""
    kept = list(pieces)
    size = len(kept) // 2
    while size:
        at = 0
        while at < len(kept):
            without = kept[:at] + kept[at + size :]
            if without and fails(without):
                kept = without
            else:
                at += size
        size //= 2
    return kept


def _undone(data: bytes, seed: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """Put back pieces of the undamaged file while it fails."""
    if len(data) != len(seed):
        return data
    size = max(1, len(data) // 2)
    while size:
        for at in range(0, len(data), size):
            if data[at : at + size] != seed[at : at + size]:
                mended = data[:at] + seed[at : at + size] + data[at + size :]
                if mended != seed and fails(mended):
                    data = mended
        size //= 4
    return data


def in_words(data: bytes, seed: bytes | None = None, most: int = 300) -> str:
    """Return an input so that it can be read, for a large file where it differs from the undamaged one."""
    if seed is None or len(data) <= most:
        return repr(data[:most]) + (f" … ({len(data)} bytes)" if len(data) > most else "")
    if len(data) != len(seed):
        return f"{len(data)} bytes in the place of {len(seed)}"
    places = [n for n, (one, other) in enumerate(zip(data, seed, strict=True)) if one != other]
    if not places:
        return "the undamaged file"
    first, last = places[0], places[-1]
    piece = data[first : min(last + 1, first + 60)]
    return f"bytes {first} to {last} of {len(seed)} ({len(places)} changed): {piece!r}"
