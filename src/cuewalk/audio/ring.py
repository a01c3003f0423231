"""A ring of samples between one thread that writes and one that reads, without a lock.

Why no lock: one of the two sides is PortAudio's callback, which must never wait. Each counter has one
owner (``_head`` and ``_cut`` the writer, ``_tail`` the reader), the counters only grow (but for `rewind`),
and the samples are copied before the counter that publishes them moves. Reading the other side's counter
late only makes a side more careful.
"""

import numpy as np

from cuewalk.domain.sound import Samples


class Ring:
    """Single-producer single-consumer ring of int16 samples.

    A full ring refuses the *newest* samples and counts them in ``dropped``: dropping the oldest would need
    the writer to move the reader's counter, which is a race. ``write`` and ``read_into`` allocate no samples.
    """

    __slots__ = ("_buffer", "_capacity", "_cut", "_head", "_tail", "dropped")

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError("a ring needs room for at least one sample")
        self._buffer: Samples = np.zeros(capacity, np.int16)
        self._capacity = capacity
        self._head = 0
        self._tail = 0
        self._cut = 0
        #: Samples refused so far because the ring was full.
        self.dropped = 0

    @property
    def level(self) -> int:
        """Samples that are waiting to be read."""
        return self._head - max(self._tail, self._cut)

    def write(self, samples: Samples) -> int:
        """Append ``samples`` (one-dimensional) while there is room; return how many went in. Writer only."""
        head = self._head
        count = min(len(samples), self._capacity - (head - self._tail))
        start = head % self._capacity
        first = min(count, self._capacity - start)
        self._buffer[start : start + first] = samples[:first]
        self._buffer[: count - first] = samples[first:count]
        self._head = head + count
        self.dropped += len(samples) - count
        return count

    def read_into(self, out: Samples) -> int:
        """Fill ``out`` from the front and return how far; the rest is untouched. Reader only."""
        tail = max(self._tail, self._cut)
        count = max(0, min(len(out), self._head - tail))  # the writer may just be rewinding
        start = tail % self._capacity
        first = min(count, self._capacity - start)
        out[:first] = self._buffer[start : start + first]
        out[first:count] = self._buffer[: count - first]
        self._tail = tail + count
        return count

    def read(self, limit: int) -> Samples:
        """Return at most ``limit`` samples as an array of their own. Reader only."""
        out: Samples = np.empty(min(limit, self.level), np.int16)
        return out[: self.read_into(out)]

    def cut(self) -> None:
        """Take back what is written and not read yet; its room is free after the next read. Writer only."""
        self._cut = self._head

    def newest(self, count: int) -> Samples:
        """Return a copy of the newest ``count`` samples written. Writer only."""
        at = np.arange(self._head - count, self._head) % self._capacity
        return self._buffer[at]

    def rewind(self, count: int) -> None:
        """Take back the newest ``count`` samples, to write others. Writer only.

        Only what the reader is sure not to be at: leave it more than it takes at once.
        """
        self._head -= min(count, self.level)

    def skip(self) -> None:
        """Throw away everything that waits. Reader only."""
        self._tail = max(self._head, self._tail)
