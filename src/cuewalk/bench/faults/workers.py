"""Shares cases between a few workers, each a forked process with a sandbox of its own, and collects news."""

import json
import os
import select
import shutil
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from cuewalk.bench.faults.judging import HANG, TRACE, Finding
from cuewalk.bench.faults.trying import Tried

#: Seconds after which a silent case is ended with its worker: over the longest that a batch of inputs takes.
_SILENT_SECONDS: Final = 180.0


@dataclass(frozen=True, slots=True)
class Case:
    """One try: its kind's name, its number, and what does it in a sandbox."""

    kind: str
    number: int
    run: Callable[[Path], Tried]


@dataclass(slots=True)
class _Worker:
    process: int
    pipe: int
    cases: list[Case]
    raw: bytes = b""
    heard: float = 0.0
    done: int = 0


def run_cases(cases: Sequence[Case], folder: Path, jobs: int, take: Callable[[Case, Tried], None]) -> None:
    """Run cases on ``jobs`` workers below ``folder``; ``take`` is given each with what came of it.

    A worker that dies or falls silent costs the case it was at, which is told as a finding.
    """
    workers = [_start(list(cases[n::jobs]), folder / f"worker-{n}") for n in range(min(jobs, len(cases)))]
    try:
        while workers:
            workers = [each for each in workers if not _is_done(each, take, folder)]
            _wait(workers)
            for worker in workers:
                _read(worker, take)
    finally:
        for worker in workers:
            _end(worker)


def _start(cases: list[Case], sandbox: Path) -> _Worker:
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
    if process == 0:
        code = 1
        try:
            os.close(reading)
            os.setpgid(0, 0)
            sandbox.mkdir(parents=True, exist_ok=True)
            for case in cases:
                tried = _run(case, sandbox)
                _send(writing, asdict(tried))
            code = 0
        except BaseException:  # noqa: BLE001 - nothing of the worker may run on in the parent's code
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(code)
    os.close(writing)
    os.set_blocking(reading, False)
    return _Worker(process, reading, cases, heard=time.monotonic())


def _run(case: Case, sandbox: Path) -> Tried:
    begun = _cpu()
    tried = case.run(sandbox)
    tried.cpu = _cpu() - begun
    return tried


def _cpu() -> float:
    """Return the processor time of this process and its children so far."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _send(pipe: int, news: dict[str, Any]) -> None:
    line = json.dumps(news).encode() + b"\n"
    while line:
        line = line[os.write(pipe, line) :]


def _wait(workers: Sequence[_Worker]) -> None:
    if workers:
        select.select([worker.pipe for worker in workers], [], [], 0.5)


def _read(worker: _Worker, take: Callable[[Case, Tried], None]) -> None:
    try:
        chunk = os.read(worker.pipe, 1 << 18)
    except BlockingIOError:
        return
    if chunk:
        worker.heard = time.monotonic()
    *lines, worker.raw = (worker.raw + chunk).split(b"\n")
    for line in lines:
        tried = Tried(**json.loads(line))
        tried.findings = [Finding(**each) for each in tried.findings]  # type: ignore[arg-type]
        take(worker.cases[worker.done], tried)
        worker.done += 1


def _is_done(worker: _Worker, take: Callable[[Case, Tried], None], folder: Path) -> bool:
    """Tell whether a worker has ended; what is left of its cases goes to a new one."""
    silent = time.monotonic() - worker.heard > _SILENT_SECONDS
    ended, status = os.waitpid(worker.process, os.WNOHANG)
    if not ended and not silent:
        return False
    _read(worker, take)
    if not ended:
        _end(worker)
    else:
        os.close(worker.pipe)
    if worker.done == len(worker.cases):
        return True
    case = worker.cases[worker.done]
    what, how = (HANG, "says nothing for ever") if silent else (TRACE, f"ends its process ({status})")
    take(case, Tried([Finding(what, f"{case.kind} {how}")], input=f"case {case.number}"))
    left = worker.cases[worker.done + 1 :]
    if not left:
        return True
    sandbox = folder / f"again-{worker.process}"
    fresh = _start(left, sandbox)
    worker.process, worker.pipe, worker.cases = fresh.process, fresh.pipe, fresh.cases
    worker.raw, worker.heard, worker.done = b"", fresh.heard, 0
    return False


def _end(worker: _Worker) -> None:
    """End a worker with its children: they are a process group of their own."""
    try:
        os.killpg(worker.process, signal.SIGKILL)
        os.waitpid(worker.process, 0)
    except (ProcessLookupError, ChildProcessError, PermissionError):
        pass
    os.close(worker.pipe)


def clear(folder: Path) -> None:
    """Remove what workers left."""
    shutil.rmtree(folder, ignore_errors=True)
