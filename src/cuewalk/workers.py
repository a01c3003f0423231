"""Processes of our own that answer requests: for engines that hang, crash, print or hold Python's lock.

A worker is started by `subprocess` and asked over `multiprocessing` connections. Not by
`multiprocessing.Process`: its "spawn" imports the session's main module once more (0.75 s to the first answer
instead of 0.23 s, measured beside other work) and keeps a further process for resources that are not shared.

A worker prints into a file, the end of which goes into the error when it dies. It ignores Ctrl-C, which is
its parent's, and ends with its parent, because its connection does.
"""

import logging
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from multiprocessing.connection import Connection, Pipe
from typing import Any, Final

from cuewalk.logs import ignoring

_log = logging.getLogger(__package__)

#: Seconds that a worker may leave a request unread once its buffer is full. Design: the longest decode takes
#: 0.2 s (x86-64), so a worker this slow is stuck.
TAKING: Final = 20
#: Bytes of a dead worker's output that go into an error: two or three lines.
_LAST_WORDS: Final = 300
#: Seconds that a process whose connection has ended is given to end.
_DYING: Final = 1.0


class WorkerLostError(Exception):
    """The worker died, hung or cannot be asked; a new one may do better. The text is a part of a sentence."""


class Worker:
    """One process running ``python -m MODULE``. For one thread at a time; `kill` may come from any.

    Raises:
        OSError: if no process can be had.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        self._connection, theirs = Pipe()
        with socket.socket(fileno=os.dup(self._connection.fileno())) as ours:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", TAKING, 0))
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the worker
        with theirs:
            self._process = subprocess.Popen(
                # -P: a file named wave.py in the person's folder must not become our module.
                [sys.executable, "-P", "-m", module, str(theirs.fileno()), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=self._printed,
                stderr=self._printed,
                pass_fds=[theirs.fileno()],
            )
        self._closed = False

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def send(self, request: object) -> None:
        """Send a request, which is pickled; wait `TAKING` seconds at most while the worker reads none.

        Raises:
            WorkerLostError: if the worker does not take it.
        """
        try:
            self._connection.send(request)
        except BlockingIOError as error:
            raise WorkerLostError(f"it did not listen for {TAKING} seconds") from error
        except (OSError, ValueError) as error:
            raise WorkerLostError(self._obituary()) from error

    def receive(self, *, seconds: float) -> Any:  # noqa: ANN401 - each question has its own answer
        """Return the next answer.

        Raises:
            WorkerLostError: if none comes in this time.
        """
        try:
            came = self._connection.poll(seconds)
            answer = self._connection.recv() if came else None
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise WorkerLostError(self._obituary()) from error
        if not came:
            raise WorkerLostError(f"it did not answer for {seconds:.0f} seconds")
        return answer

    def kill(self) -> None:
        """End the process now; a `receive` under way raises `WorkerLostError`."""
        self._process.kill()

    def close(self) -> None:
        """End the process; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self._process.kill()
        self._process.wait()
        self._connection.close()
        self._printed.close()

    def __del__(self) -> None:
        """Leave no process behind where nobody closed it."""
        if not getattr(self, "_closed", True):
            self.close()

    def _obituary(self) -> str:
        with ignoring(_log, subprocess.TimeoutExpired, doing="waiting for a worker's end"):
            self._process.wait(_DYING)
        size = self._printed.seek(0, os.SEEK_END)
        self._printed.seek(max(0, size - _LAST_WORDS))
        words = self._printed.read().decode("utf-8", "replace").strip()
        return f"its process ended with {self._process.returncode}. {words}".strip()


def connected() -> tuple[Connection, list[str]]:
    """Be a worker: return the connection to the parent, and the arguments.

    Ctrl-C goes to the whole terminal and is the session's to handle; files written here are private.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.umask(0o077)
    return Connection(int(sys.argv[1])), sys.argv[2:]
