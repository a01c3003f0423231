"""Shares cases between a few worker processes, each with a sandbox of its own, and collects what came."""

import multiprocessing
import os
import signal
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Final

from cuewalk.bench.faults.judging import HANG, TRACE, Finding
from cuewalk.bench.faults.trying import Tried

#: Seconds after which a silent case is ended with its worker: over the longest that a batch of inputs takes.
_SILENT_SECONDS: Final = 180.0
#: Seconds between two looks at whether a worker is silent.
_LOOK_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class FaultCase:
    """One try: its kind's name, its number, and what does it in a sandbox."""

    kind: str
    number: int
    run: Callable[[Path], Tried]


def run_cases(
    cases: Sequence[FaultCase], folder: Path, jobs: int, take: Callable[[FaultCase, Tried], None]
) -> None:
    """Run cases on ``jobs`` workers below ``folder``; ``take`` is given each with what came of it.

    A worker that dies or falls silent costs the case it was at, which is told as a finding.
    """
    workers = [_Worker(cases[n::jobs], folder / f"worker-{n}") for n in range(min(jobs, len(cases)))]
    try:
        while workers:
            wait([worker.pipe for worker in workers], _LOOK_SECONDS)
            for worker in list(workers):
                workers.remove(worker)
                workers += _going_on(worker, take)
    finally:
        for worker in workers:
            worker.end()


class _Worker:
    """A forked process that runs cases one after the other; ``left`` are those not told yet."""

    def __init__(self, cases: Sequence[FaultCase], sandbox: Path) -> None:
        self.left, self.sandbox, self.heard = list(cases), sandbox, time.monotonic()
        fork = multiprocessing.get_context("fork")
        self.pipe, theirs = fork.Pipe(duplex=False)
        self._process = fork.Process(target=_work, args=(list(cases), sandbox, theirs))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # threads of numpy's library
            self._process.start()
        theirs.close()

    def end(self) -> int | None:
        """End the process with its children, which are a process group of their own; return its exit code."""
        self._process.join(0)  # an exit code of its own is kept
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid or 0, signal.SIGKILL)
        self._process.join()
        self.pipe.close()
        return self._process.exitcode


def _going_on(worker: _Worker, take: Callable[[FaultCase, Tried], None]) -> list[_Worker]:
    """Take what a worker has sent and return the worker that goes on: itself, a new one, or none."""
    ended, silent = False, time.monotonic() - worker.heard > _SILENT_SECONDS
    try:
        while worker.pipe.poll():
            tried = worker.pipe.recv()
            worker.heard, silent = time.monotonic(), False
            take(worker.left.pop(0), tried)
    except (EOFError, OSError):
        ended = True
    if worker.left and not ended and not silent:
        return [worker]
    code = worker.end()
    if not worker.left:
        return []
    case, *left = worker.left
    what, how = (HANG, "says nothing for ever") if silent else (TRACE, f"ends its process ({code})")
    take(case, Tried([Finding(what, f"{case.kind} {how}")], input=f"case {case.number}"))
    return [_Worker(left, worker.sandbox.with_name(f"{worker.sandbox.name}-again"))] if left else []


def _work(cases: Sequence[FaultCase], sandbox: Path, pipe: Connection) -> None:
    os.setpgid(0, 0)
    sandbox.mkdir(parents=True, exist_ok=True)
    for case in cases:
        begun = _cpu()
        tried = case.run(sandbox)
        tried.cpu = _cpu() - begun
        pipe.send(tried)


def _cpu() -> float:
    """Return the seconds of processor time of this process and its children so far."""
    return sum(os.times()[:4])
