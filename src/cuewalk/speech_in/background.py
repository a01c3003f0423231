"""A listener in a thread of its own, so that decoding a long utterance never lets the voice stutter.

For real devices only: in the virtual room, which is faster than time, what is heard must not depend on how
fast this machine decodes.
"""

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final

from cuewalk.audio.api import Samples
from cuewalk.speech_in.listener import (
    Hearer,
    Listener,
    ListenerEvent,
    SpeechBegan,
    SpeechDropped,
    UtteranceHeard,
)

#: A decode that takes longer than this when the session ends is not waited for.
_LAST_DECODE: Final = 5.0


class BackgroundListener(Hearer):
    """Hears as its `Listener` does, a little later; `feed` returns at once."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._orders: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._events: SimpleQueue[ListenerEvent | Exception] = SimpleQueue()
        self._speaking = False
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self._thread.start()

    @property
    def speaking(self) -> bool:
        """Whether an utterance is under way, as far as `feed` has told."""
        return self._speaking

    def feed(self, samples: Samples, gate: Samples | None = None) -> list[ListenerEvent]:
        """Hand the next samples over and return what has been heard by now.

        Raises:
            RecogniserError: if listening failed.
        """
        self._orders.put(lambda: self._hear(samples, gate))
        events: list[ListenerEvent] = []
        while True:
            try:
                event = self._events.get_nowait()
            except Empty:
                return events
            if isinstance(event, Exception):
                raise event
            events.append(event)
            self._notice(event)

    def between_utterances(self, do: Callable[[], None]) -> None:
        """Let ``do`` run in the listener's thread as soon as nobody speaks."""
        self._orders.put(lambda: self._listener.between_utterances(do))

    def reset(self) -> None:
        """Forget the utterance under way."""
        self._orders.put(self._listener.reset)

    def close(self) -> None:
        """End the thread and release every recogniser."""
        self._orders.put(None)
        self._thread.join(_LAST_DECODE)
        self._listener.close()

    def _notice(self, event: ListenerEvent) -> None:
        if isinstance(event, SpeechBegan):
            self._speaking = True
        elif isinstance(event, UtteranceHeard | SpeechDropped):
            self._speaking = False

    def _hear(self, samples: Samples, gate: Samples | None) -> None:
        for event in self._listener.feed(samples, gate):
            self._events.put(event)

    def _run(self) -> None:
        try:
            while (order := self._orders.get()) is not None:
                order()
        except Exception as error:  # noqa: BLE001 - told in `feed`, on the session's own thread
            self._events.put(error)
