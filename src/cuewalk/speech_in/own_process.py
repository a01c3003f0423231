"""PocketSphinx in a process of its own; to the session it is a recogniser like any other.

PocketSphinx keeps Python's global lock for as long as it decodes: 80 ms for 3 s of speech. Meanwhile the
sound device's callbacks starve. In its own process it decodes beside the spotter and disturbs nobody; and if
it should die, one utterance is lost to it, not the session.
"""

import contextlib
import pickle
import select
import subprocess
import sys
from collections.abc import Callable
from typing import Any, BinaryIO, Final, cast

from cuewalk.domain.errors import RecogniserError
from cuewalk.domain.heard import InputMode
from cuewalk.speech_in.api import Hypothesis

ENGINE: Final = "pocketsphinx"
#: Loading takes half a second, decoding the longest utterance 0.2 s; a busy Raspberry Pi may need more.
_PATIENCE: Final = 20.0
#: A process that dies more often than that in a session will not do any better.
_MOST_LIVES: Final = 5
_NOTHING: Final = Hypothesis("", 0.0, ENGINE)


class _LostError(Exception):
    """The process died, hung or answered nonsense."""


class PocketSphinxProcess:
    """Hears the phrases of JSGF grammars in English; see `PocketSphinxRecogniser`.

    Raises:
        RecogniserError: if the process, the model or the grammar cannot be used, also later.
    """

    def __init__(self, jsgf: str, *, words: frozenset[str]) -> None:
        self._opening = (jsgf, words)
        self._grammar: tuple[str, str] | None = None
        self._lives = _MOST_LIVES
        self._worker = _Worker()
        self._worker.send("open", *self._opening)
        self._unknown: frozenset[str] | None = None

    @property
    def engine(self) -> str:
        """Name of the engine."""
        return ENGINE

    @property
    def mode(self) -> InputMode:
        """Voice."""
        return InputMode.VOICE

    @property
    def unknown_words(self) -> frozenset[str]:
        """Words of the grammars that are not in the dictionary."""
        if self._unknown is None:
            try:
                self._unknown = frozenset(self._worker.ask("unknown_words"))
            except _LostError as error:
                raise _useless(error) from error
        return self._unknown

    def listen_with(self, name: str, jsgf: str) -> None:
        """Use the grammar called ``name``, compiled at its first use; an utterance under way is forgotten."""
        self._grammar = (name, jsgf)
        self._tell("listen_with", name, jsgf)

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of int16 PCM; decoding them begins at once."""
        self._tell("feed", chunk)

    def partial(self) -> str:
        """Return the best text so far."""
        return str(self._ask("partial", ""))

    def decode_early(self) -> Callable[[], Hypothesis]:
        """Begin to decode the utterance as if it ended here, beside whatever else is done meanwhile."""
        worker = self._worker
        self._tell("decode_early")
        if self._worker is not worker:  # it was lost, and the new one was asked nothing
            return lambda: _NOTHING
        return lambda: cast("Hypothesis", self._or_anew(worker.fetch, _NOTHING))

    def finish(self) -> Hypothesis:
        """Decode the whole utterance and return what it was; empty for silence."""
        return cast("Hypothesis", self._ask("finish", _NOTHING))

    def reset(self) -> None:
        """Forget the utterance so far."""
        self._tell("reset")

    def close(self) -> None:
        """End the process; a second call does nothing."""
        self._worker.close()

    def _tell(self, name: str, *arguments: object) -> None:
        self._or_anew(lambda: self._worker.send(name, *arguments), None)

    def _ask(self, name: str, otherwise: object) -> object:
        return self._or_anew(lambda: self._worker.ask(name), otherwise)

    def _or_anew(self, do: Callable[[], object], otherwise: object) -> object:
        """Return what ``do`` gives; if the process is lost, start another one and return ``otherwise``."""
        try:
            return do()
        except _LostError as error:
            self._worker.close()
            self._lives -= 1
            if not self._lives:
                raise _useless(error) from error
            self._worker = _Worker()
            with contextlib.suppress(_LostError):
                self._worker.send("open", *self._opening)
                if self._grammar is not None:
                    self._worker.send("listen_with", *self._grammar)
            return otherwise


class _Worker:
    """One process and its two pipes."""

    def __init__(self) -> None:
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "cuewalk.speech_in.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise _useless(error) from error
        # Both are pipes, as asked for.
        self._requests = cast("BinaryIO", self._process.stdin)
        self._answers = cast("BinaryIO", self._process.stdout)
        self._closed = False

    def send(self, name: str, *arguments: object) -> None:
        """Send a request. Raises `_LostError`."""
        try:
            pickle.dump((name, arguments), self._requests)
            self._requests.flush()
        except (OSError, ValueError) as error:
            raise _LostError(str(error)) from error

    def ask(self, name: str, *arguments: object) -> Any:  # noqa: ANN401 - each question has its own answer
        """Send a request and return its answer. Raises `_LostError`, `RecogniserError`."""
        self.send(name, *arguments)
        return self.fetch()

    def fetch(self) -> Any:  # noqa: ANN401 - each question has its own answer
        """Return the answer to the request sent before. Raises `_LostError`, `RecogniserError`."""
        try:
            if not select.select([self._answers], [], [], _PATIENCE)[0]:
                raise _LostError(f"it did not answer for {_PATIENCE:.0f} s")
            answer = pickle.load(self._answers)  # noqa: S301 - our own child, over a pipe
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
            raise _LostError(str(error) or "it ended") from error
        if isinstance(answer, RecogniserError):
            raise answer
        return answer

    def close(self) -> None:
        """End the process; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        for pipe in (self._requests, self._answers):
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.kill()
        self._process.wait()

    def __del__(self) -> None:
        """Leave no process behind where nobody closed it."""
        if not getattr(self, "_closed", True):
            self.close()


def _useless(error: Exception) -> RecogniserError:
    return RecogniserError(
        f"The recogniser's process does not work ({error}).",
        meaning="Nothing can be heard; everything you said before is kept.",
        remedy="Start 'cuewalk run' again: it takes the session up where it was.",
    )
