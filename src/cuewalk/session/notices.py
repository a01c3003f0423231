"""Sentences for the person that belong to no step: a full disk, a voice that failed, a device back."""

from collections.abc import Iterable, Iterator
from queue import Empty, SimpleQueue


class NoticeBoard:
    """Where every thread of a session leaves a sentence, and the loop takes each down once."""

    def __init__(self, sentences: Iterable[str] = ()) -> None:
        self._sentences: SimpleQueue[str] = SimpleQueue()
        self.extend(sentences)

    def add(self, sentence: str) -> None:
        """Leave a sentence; from any thread."""
        self._sentences.put(sentence)

    def extend(self, sentences: Iterable[str]) -> None:
        """Leave several sentences, in their order."""
        for sentence in sentences:
            self.add(sentence)

    def take(self) -> Iterator[str]:
        """Take the sentences down, the oldest first."""
        while not self._sentences.empty():
            try:
                yield self._sentences.get_nowait()
            except Empty:
                return
