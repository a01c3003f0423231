"""The parent's end of the voice worker: start it, ask it, notice its death, end it."""

import contextlib
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any, Final

from cuewalk.domain.errors import VoiceError

#: Loading a piper model takes 2 s here and several times that on a Raspberry Pi.
START_SECONDS: Final = 30.0
#: How much of the worker's last words goes into an error.
_LAST_WORDS: Final = 300


#: Scratch folders in the temporary folder; the number of the process that uses one follows.
_FOLDERS: Final = "cuewalk-voice-"


def _sweep() -> None:
    """Remove the scratch folders of processes that were killed together with their worker."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDERS}*-*"):
        owner = folder.name.removeprefix(_FOLDERS).partition("-")[0]
        if owner.isdecimal() and not _is_alive(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)  # another user's cannot be, and stays


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


class WorkerLostError(Exception):
    """The worker died, hung or answered nonsense; a new one may do better."""


class WorkerProcess:
    """One running worker. Used by one thread at a time; `kill` may come from any."""

    def __init__(self, engine: str, voice: str, *, answer_seconds: float) -> None:
        """Start the worker and return at once; it gets ready by itself.

        Raises:
            VoiceError: if no process or no temporary folder can be had.
        """
        self._answer_seconds, self._count, self._ready = answer_seconds, 0, False
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        try:
            _sweep()
            self._folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDERS}{os.getpid()}-"))
            self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the worker
            self._process = subprocess.Popen(
                # -P: a file named wave.py in the person's folder must not become our module.
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "cuewalk.speech_out.voices.worker",
                    engine,
                    voice,
                    str(self._folder),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
            )
        except OSError as error:
            raise VoiceError(
                f"The voice could not be started ({error}).",
                meaning="Cues cannot be heard.",
                remedy="Free some memory and disk space, then try again.",
            ) from error
        self._reader = threading.Thread(target=self._read, name="voice-worker-reader", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The worker's process number."""
        return self._process.pid

    def render(self, text: str, rate: float) -> bytes:
        """Return the WAV of one line.

        Raises:
            WorkerLostError: if the worker gave none.
            VoiceError: if the engine cannot work at all, so that a new worker could not either.
        """
        self._wait_until_ready()
        self._count += 1
        self._write({"id": self._count, "text": text, "rate": rate})
        reply = self._next(self._answer_seconds)
        if reply.get("id") != self._count or "file" not in reply:
            raise WorkerLostError(str(reply.get("problem", "it answered another question")))
        path = self._folder / str(reply["file"])
        try:
            data = path.read_bytes()
            path.unlink()
        except OSError as error:
            raise WorkerLostError(f"its file is gone: {error}") from error
        return data

    def kill(self) -> None:
        """End the process now, from any thread; a `render` under way raises `WorkerLostError`."""
        self._process.kill()

    def close(self) -> None:
        """End the process and remove what it left; a second call does nothing."""
        self.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            # A request it never read is still in the buffer, and closing flushes.
            with contextlib.suppress(BrokenPipeError):
                if pipe:
                    pipe.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        reply = self._next(START_SECONDS)
        if "fatal" in reply:
            raise VoiceError(
                f"The voice engine does not work: {reply['fatal']}.",
                meaning="Cues cannot be heard.",
                remedy="Run `cuewalk doctor` to see which voices work here.",
            )
        self._ready = True

    def _write(self, request: dict[str, Any]) -> None:
        pipe = self._process.stdin
        try:
            if pipe:
                pipe.write(json.dumps(request).encode() + b"\n")
                pipe.flush()
        except (OSError, ValueError) as error:
            raise WorkerLostError(self._obituary()) from error

    def _next(self, seconds: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            raise WorkerLostError(f"it did not answer for {seconds:.0f} seconds") from None
        if not line:
            raise WorkerLostError(self._obituary())
        try:
            reply: dict[str, Any] = json.loads(line)
        except ValueError:
            raise WorkerLostError(f"it answered {line[:80]!r}") from None
        return reply

    def _read(self) -> None:
        """Hand every line over; the empty one at the end says that the worker is gone."""
        if self._process.stdout:
            for line in self._process.stdout:
                self._lines.put(line)
        self._lines.put(b"")

    def _obituary(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        size = self._errors.seek(0, 2)
        self._errors.seek(max(0, size - _LAST_WORDS))
        words = self._errors.read().decode("utf-8", "replace").strip()
        return f"its process ended with {self._process.returncode}. {words}".strip()
