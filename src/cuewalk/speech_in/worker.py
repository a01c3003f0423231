"""The process in which PocketSphinx decodes: requests come in on standard input, answers go out.

A request is (method, arguments), pickled. Only those that ask something are answered, with the first error
since the last answer where there was one. The parent is the only one to write to these pipes; the process
ends with its standard input.
"""

import os
import pickle
import signal
import sys
from typing import BinaryIO, Final

from cuewalk.domain.errors import RecogniserError
from cuewalk.speech_in.pocketsphinx_recogniser import PocketSphinxRecogniser

_QUESTIONS: Final = frozenset({"unknown_words", "partial", "decode_early", "finish"})


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    recogniser: PocketSphinxRecogniser | None = None
    answer: object = None
    while True:
        try:
            name, arguments = pickle.load(requests)  # noqa: S301 - from our own parent
        except EOFError:
            return
        try:
            if name == "open":
                recogniser = PocketSphinxRecogniser(arguments[0], words=arguments[1])
            elif recogniser is not None and not isinstance(answer, RecogniserError):
                answer = _perform(recogniser, name, arguments)
        except RecogniserError as error:
            answer = error
        except (RuntimeError, ValueError) as error:
            answer = RecogniserError(f"PocketSphinx failed at {name}: {error}.")
        if name in _QUESTIONS:
            pickle.dump(answer, answers)
            answers.flush()
            answer = None


def _perform(recogniser: PocketSphinxRecogniser, name: str, arguments: tuple[object, ...]) -> object:
    answer: object = getattr(recogniser, name)
    if callable(answer):
        answer = answer(*arguments)
    if name == "decode_early" and callable(answer):
        answer = answer()
    if name == "feed":
        recogniser.partial()  # decoded now, beside the parent, and only asked for later
    return answer


if __name__ == "__main__":
    os.umask(0o077)
    # Ctrl-C in the terminal is the session's to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout.close()
    serve(sys.stdin.buffer, answers)
