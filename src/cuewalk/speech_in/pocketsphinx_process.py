"""PocketSphinx in a process of its own; to the session it is a recogniser like any other.

PocketSphinx keeps Python's global lock for as long as it decodes: 80 ms for 3 s of speech. Meanwhile the
sound device's callbacks starve. In its own process it decodes beside the spotter and disturbs nobody; and if
it should die, one utterance is lost to it, not the session.
"""

import logging
from collections.abc import Callable
from typing import Any, Final, TypeVar

from cuewalk.domain.errors import RecogniserError
from cuewalk.domain.input_mode import InputMode
from cuewalk.logs import ignoring
from cuewalk.speech_in.api import Expectation, Hypothesis
from cuewalk.workers import Worker, WorkerLostError

_log = logging.getLogger(__package__)

_T = TypeVar("_T")

ENGINE: Final = "pocketsphinx"
#: Loading takes half a second, decoding the longest utterance 0.2 s (x86-64); a busy Raspberry Pi needs more.
_ANSWER_SECONDS: Final = 20.0
#: Design: a process that died this often in one session will not do any better.
_MOST_LIVES: Final = 5
_NOTHING: Final = Hypothesis("", 0.0, ENGINE)


class PocketSphinxProcess:
    """Hears the phrases of JSGF grammars in English; see `PocketSphinxRecogniser`.

    Raises:
        RecogniserError: if the process, the model or the grammar cannot be used, also later.
    """

    engine: Final = ENGINE
    mode: Final = InputMode.VOICE

    def __init__(self, jsgf: str, *, words: frozenset[str]) -> None:
        self._opening = (jsgf, words)
        self._grammar: tuple[str, str] | None = None
        self._lives = _MOST_LIVES
        self._unknown: frozenset[str] | None = None
        self._worker = _started()
        self._tell("open", *self._opening)

    @property
    def unknown_words(self) -> frozenset[str]:
        """Words of the grammars that are not in the dictionary; waits until the process has loaded."""
        if self._unknown is None:
            try:
                self._send("unknown_words")
                self._unknown = self._receive()
            except WorkerLostError as error:
                raise _useless(error) from error
        return self._unknown

    def expect(self, expectation: Expectation) -> None:
        """Use the grammar of what is expected."""
        self.listen_with(expectation.grammar, expectation.jsgf)

    def listen_with(self, name: str, jsgf: str) -> None:
        """Use the grammar called ``name``, compiled at its first use; an utterance under way is forgotten."""
        self._grammar = (name, jsgf)
        self._tell("listen_with", name, jsgf)

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of int16 PCM; decoding them starts at once."""
        self._tell("feed", chunk)

    def partial(self) -> str:
        """Return the best text so far."""
        return str(self._ask("partial", ""))

    def decode_early(self) -> Callable[[], Hypothesis]:
        """Start to decode the utterance as if it ended here, beside whatever else is done meanwhile."""
        worker = self._worker
        self._tell("decode_early")
        if self._worker is not worker:  # it was lost, and the new one was asked nothing
            return lambda: _NOTHING
        return lambda: self._or_anew(self._receive, _NOTHING)

    def finish(self) -> Hypothesis:
        """Decode the whole utterance and return what it was; empty for silence."""
        return self._ask("finish", _NOTHING)

    def reset(self) -> None:
        """Forget the utterance so far."""
        self._tell("reset")

    def close(self) -> None:
        """End the process; a second call does nothing."""
        self._worker.close()

    def _send(self, name: str, *arguments: object) -> None:
        self._worker.send((name, arguments))

    def _receive(self) -> Any:  # noqa: ANN401 - each question has its own answer
        answer = self._worker.receive(seconds=_ANSWER_SECONDS)
        if isinstance(answer, RecogniserError):
            raise answer
        return answer

    def _tell(self, name: str, *arguments: object) -> None:
        self._or_anew(lambda: self._send(name, *arguments), None)

    def _ask(self, name: str, otherwise: _T) -> _T:
        def ask() -> _T:
            self._send(name)
            answer: _T = self._receive()
            return answer

        return self._or_anew(ask, otherwise)

    def _or_anew(self, do: Callable[[], _T], otherwise: _T) -> _T:
        """Return what ``do`` gives; if the process is lost, start another one and return ``otherwise``."""
        try:
            return do()
        except WorkerLostError as error:
            self._worker.close()
            self._lives -= 1
            _log.warning("PocketSphinx's process was lost; %d more may be", self._lives)
            if not self._lives:
                raise _useless(error) from error
            self._worker = _started()
            with ignoring(_log, WorkerLostError, doing="starting PocketSphinx again"):
                self._send("open", *self._opening)
                if self._grammar is not None:
                    self._send("listen_with", *self._grammar)
            return otherwise


def _started() -> Worker:
    try:
        return Worker("cuewalk.speech_in.pocketsphinx_recogniser")
    except OSError as error:
        raise _useless(error) from error


def _useless(error: Exception) -> RecogniserError:
    return RecogniserError(
        f"The recogniser's process does not work ({error}).",
        meaning="Nothing can be heard; everything you said before is kept.",
        remedy="Start 'cuewalk run' again: it takes the session up where it was.",
    )
