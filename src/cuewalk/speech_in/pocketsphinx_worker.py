"""The process in which PocketSphinx decodes; see `cuewalk.workers`.

A request is (method, arguments). Only questions are answered, with the first error since the last answer if
there was one.
"""

from multiprocessing.connection import Connection
from typing import Final

from cuewalk.domain.errors import RecogniserError
from cuewalk.speech_in.pocketsphinx_recogniser import PocketSphinxRecogniser
from cuewalk.workers import connected

_QUESTIONS: Final = frozenset({"unknown_words", "partial", "decode_early", "finish"})


def serve(parent: Connection) -> None:
    """Answer requests until there are no more."""
    recogniser: PocketSphinxRecogniser | None = None
    answer: object = None
    while True:
        try:
            name, arguments = parent.recv()
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
            parent.send(answer)
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
    serve(connected()[0])
