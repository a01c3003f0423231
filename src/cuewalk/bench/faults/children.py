"""Children of a warmed process: what one does, how it ended, and what it told before it died.

Forking is cheap where starting an interpreter is not: everything is imported once, in a parent without
threads of Python's.
"""

import json
import math
import os
import resource
import select
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cuewalk.domain.errors import CuewalkError

#: Returns the exit code of a command line, as `sys.exit` would be given it.
CommandLine = Callable[[Sequence[str]], int]
#: Passes one piece of news to the parent.
ToParent = Callable[[dict[str, Any]], None]

#: Seconds after which a child that neither works nor ends is given up: it waits for a pipe, a lock or a
#: terminal. Ten times what the longest act takes (2 s), and half as much again for a busy machine.
IDLE_SECONDS: Final = 30.0
#: Bytes of address space of a child that reads inputs; twice what the largest reader maps. A child that needs
#: more has believed a size that an input claims.
MEMORY_BYTES: Final = 4_000_000_000
#: The last bytes that a child printed; enough for any traceback.
_PRINTED_MOST: Final = 20_000


@dataclass(slots=True)
class Ended:
    """How a child ended. ``signal``: 0 unless one killed it; ``cpu``: seconds; ``idle``: it was given up."""

    code: int = 0
    signal: int = 0
    cpu: float = 0.0
    idle: bool = False
    printed: str = ""
    news: list[dict[str, Any]] = field(default_factory=list)

    @property
    def trace(self) -> dict[str, Any] | None:
        """The first error that escaped."""
        return next(iter(self.told("trace")), None)

    def told(self, name: str) -> list[Any]:
        """Return every piece of news of this name."""
        return [each[name] for each in self.news if name in each]


def run_child(
    work: Callable[[ToParent], int], sandbox: Path, *, cpu: float, idle: float = IDLE_SECONDS
) -> Ended:
    """Let a child do ``work`` in a sandbox and return how it ended.

    Args:
        work: returns the child's exit code. An error made for the person is an end like any other.
        sandbox: holds ``home``; the child works in ``here`` and makes temporary files inside.
        cpu: seconds of processor time after which the system ends the child.
        idle: seconds after which the child is given up, whatever it does.
    """
    pipes = os.pipe(), os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of numpy's library, which survive this
        child = os.fork()
    if child == 0:
        _be_child(work, sandbox, (pipes[0][1], pipes[1][1]), cpu)
    for _, writing in pipes:
        os.close(writing)
    ended = Ended()
    try:
        raw, printed = _listen([reading for reading, _ in pipes], child, ended, idle)
    finally:
        for reading, _ in pipes:
            os.close(reading)
    _, status, usage = os.wait4(child, 0)
    ended.cpu = usage.ru_utime + usage.ru_stime
    if os.WIFSIGNALED(status):
        ended.signal = os.WTERMSIG(status)
    else:
        ended.code = os.WEXITSTATUS(status)
    ended.news = [json.loads(line) for line in raw.split(b"\n")[:-1]]
    ended.printed = printed[-_PRINTED_MOST:].decode("utf-8", "replace")
    return ended


def _listen(pipes: list[int], child: int, ended: Ended, idle: float) -> list[bytes]:
    """Collect what the child tells and prints until it ends, or end it."""
    until, raw = time.monotonic() + idle, {pipe: bytearray() for pipe in pipes}
    waiting = list(pipes)
    while waiting:
        ready, _, _ = select.select(waiting, [], [], max(0.0, until - time.monotonic()))
        if not ready:
            if ended.idle:
                break  # a grandchild still holds the pipes
            ended.idle, until = True, time.monotonic() + 1
            os.kill(child, signal.SIGKILL)
        for pipe in ready:
            chunk = os.read(pipe, 1 << 16)
            raw[pipe] += chunk
            if not chunk:
                waiting.remove(pipe)
    return [bytes(raw[pipe]) for pipe in pipes]


def _be_child(work: Callable[[ToParent], int], sandbox: Path, pipes: tuple[int, int], cpu: float) -> None:
    """Do the work and leave, whatever happens; never returns."""

    def tell(news: dict[str, Any]) -> None:
        line = json.dumps(news).encode() + b"\n"
        while line:
            line = line[os.write(pipes[0], line) :]

    code = 70
    try:
        _settle(sandbox, pipes[1], cpu)
        code = guarded(lambda: work(tell), tell)
    except BaseException:  # noqa: BLE001 - nothing of the child may run on in the parent's code
        traceback.print_exc()
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code & 0xFF)


def _settle(sandbox: Path, printing: int, cpu: float) -> None:
    """Point the standard streams, the environment and the working folder at the sandbox; set limits."""
    for name in ("here", "tmp", "home"):
        if not os.path.lexists(sandbox / name):  # an odd one is left as it is
            (sandbox / name).mkdir()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, (handle, name) in enumerate(((nothing, "stdin"), (printing, "stdout"), (printing, "stderr"))):
        os.dup2(handle, number)
        stream = os.fdopen(
            number, "w" if number else "r", encoding="utf-8", errors="backslashreplace", closefd=False
        )
        setattr(sys, name, stream)
    places = {"CUEWALK_HOME": "home", "HOME": "here", "TMPDIR": "tmp"}
    os.environ.update({name: str(sandbox / folder) for name, folder in places.items()})
    os.environ.update(COLUMNS="80", TERM="dumb")
    for name in [name for name in os.environ if name.startswith(("XDG_", "CUEWALK_VOSK"))]:
        del os.environ[name]
    tempfile.tempdir = None  # it has looked at the environment already
    os.chdir(sandbox / "here")
    limit = math.ceil(cpu) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def guarded(work: Callable[[], int], tell: ToParent) -> int:
    """Return the exit code of ``work``; an error that was not made for the person is told as a trace."""
    try:
        return work()
    except CuewalkError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    except KeyboardInterrupt:
        return 130
    except BaseException as error:  # noqa: BLE001 - that is what is looked for
        tell({"trace": trace_of(error)})
        return 70


def trace_of(error: BaseException) -> dict[str, str]:
    """Return an escaped error: its type, the innermost place of cuewalk that it passed, and its text."""
    place = "outside of cuewalk"
    for frame in traceback.extract_tb(error.__traceback__):
        if "/cuewalk/" in frame.filename and "/bench/faults/" not in frame.filename:
            place = f"{frame.filename.rpartition('/cuewalk/')[2]}:{frame.name}"
    text = "".join(traceback.format_exception_only(error)).strip()[:300]
    return {"kind": type(error).__name__, "place": place, "text": text}
