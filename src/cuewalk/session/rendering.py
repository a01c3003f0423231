"""A line that is being rendered beside the loop, piece by piece."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import suppress
from typing import Protocol

from cuewalk.speech_out.api import Piece


class CueVoice(Protocol):
    """What cues are rendered by; `speech_out.cache.CachedVoice` is one. Called from several threads."""

    def pieces(self, text: str, rate: float) -> Iterator[Piece]:
        """Yield ``text`` spoken (16 kHz mono int16), piece by piece; each may take seconds."""
        ...

    def prefetch(self, lines: Iterable[tuple[str, float]]) -> None:
        """Render these (text, rate) in the background, drawing each when there is time for it."""
        ...


class Rendering:
    """One line on its way to sound, in a thread of its own."""

    def __init__(self, renderers: Executor, voice: CueVoice, text: str, rate: float) -> None:
        self._ready: deque[Piece] = deque()
        self._given_up = False
        #: Whether the last piece has been taken.
        self.complete = False
        self._work = renderers.submit(self._render, voice.pieces(text, rate))

    def give_up(self) -> None:
        """Begin no further piece: nobody wants the line any more."""
        self._given_up = True

    def wait(self, seconds: float | None) -> None:
        """Wait until all of it is rendered, but no longer than this."""
        with suppress(TimeoutError):
            self._work.result(seconds)

    def take(self, *, whole: bool) -> list[Piece]:
        """Return the pieces that got ready since the last call; ``whole``: none before all of them are there.

        Raises:
            VoiceError: if the line cannot be rendered.
        """
        self.complete = self._work.done()
        if self.complete:
            self._work.result()
        elif whole:
            return []
        return [self._ready.popleft() for _ in range(len(self._ready))]

    def _render(self, pieces: Iterator[Piece]) -> None:
        for piece in pieces:
            self._ready.append(piece)
            if self._given_up:
                return
