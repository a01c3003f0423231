"""pyttsx3 with espeak-ng, inside the worker process only.

Each cue is rendered in a fork of this process. Measured on pyttsx3 2.99 with espeak-ng 1.51: an engine that
is used a second time gives other audio for the same text (4.724 s, then 4.835 s), because the synthesiser
carries state from line to line; `runAndWait` returns while a background thread still writes; and a file can
get the next one's name. A fork has none of that history, costs about 10 ms, and the same text gives the same
bytes.
"""

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Final, NoReturn

# Loads the espeak-ng library but does not start it, which is what makes the forks cheap and alike.
import pyttsx3.drivers.espeak  # noqa: F401
from pyttsx3.drivers import _espeak
from pyttsx3.engine import Engine

from cuewalk.speech_out.line import words_per_minute

#: A fork that hangs ends itself by then, also when nobody is left to end it. Below the parent's own 10 s.
LIMIT_SECONDS: Final = 9


class Pyttsx3Engine:
    """Renders each cue in a fresh fork."""

    def __init__(self, voice: str) -> None:
        """Take the espeak-ng voice's name, such as ``en-us``."""
        self._voice = voice

    def render(self, text: str, rate: float, path: Path) -> None:
        """Write ``text`` to ``path``.

        Raises:
            RuntimeError: with the fork's own words if it failed, or how it ended.
        """
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            self._render_and_exit(text, rate, path, writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            problem = pipe.read().decode("utf-8", "replace")
        _, status = os.waitpid(child, 0)
        if problem or status:
            raise RuntimeError(problem or f"the engine ended with status {os.waitstatus_to_exitcode(status)}")

    def _render_and_exit(self, text: str, rate: float, path: Path, writing: int) -> NoReturn:
        """Be the fork: render, tell the pipe what went wrong if anything did, and never return."""

        def fail(problem: BaseException | None) -> NoReturn:
            os.write(writing, str(problem or type(problem).__name__).encode()[:4000])
            os._exit(1)

        # The file is written in a thread of C code that swallows what is raised there and leaves us waiting.
        sys.unraisablehook = lambda failure: fail(failure.exc_value)
        try:
            signal.alarm(LIMIT_SECONDS)
            speak_to_file(text, self._voice, words_per_minute(rate), path)
        except BaseException as error:  # noqa: BLE001 - a fork must not run the code of its parent further
            fail(error)
        os._exit(0)


def speak_to_file(text: str, voice: str, wpm: int, path: Path) -> None:
    """Write ``text`` to ``path`` with a new engine and return when the file is finished.

    Raises:
        ValueError: if espeak-ng does not know the voice or refuses the speed.
        TimeoutError: if the file is not finished in time.
    """
    engine, finished, problems = Engine("espeak"), threading.Event(), list[str]()
    engine.connect("finished-utterance", lambda **_: finished.set())
    engine.connect("error", lambda exception, **_: problems.append(str(exception)))
    engine.proxy.setBusy(False)  # until then properties are only queued, and their errors come too late
    _set(engine, "voice", voice)
    _set(engine, "rate", wpm)
    if problems or engine.getProperty("rate") != wpm:
        why = "; ".join(problems)
        raise ValueError(f"espeak-ng does not take the voice {voice!r} at {wpm} words a minute ({why})")
    engine.save_to_file(text, str(path))
    engine.runAndWait()
    # It may return while a thread of espeak-ng still writes: only this event says that the file is closed.
    if not finished.wait(LIMIT_SECONDS):
        raise TimeoutError("espeak-ng did not finish the file")


def _set(engine: Engine, name: str, value: str | int) -> None:
    """Set a property and wait until espeak-ng has taken it.

    It takes the rate from a queue in another thread and the voice at once. Without the wait a line came out
    at the default's speed now and then (2 of 12, measured).
    """
    _espeak.Synchronize()
    engine.setProperty(name, value)
    _espeak.Synchronize()
