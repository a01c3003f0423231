"""Makes a failing input smaller while it fails in the same way.

Delta debugging: Zeller and Hildebrandt 2002, "Simplifying and isolating failure-inducing input".
"""

from collections.abc import Callable, Sequence
from typing import Final

#: Tries after which shrinking ends: two seconds for a reader of 15 ms; the result need not be minimal.
_TRIES: Final = 120


class _Spent:
    def __init__(self, fails: Callable[[bytes], bool]) -> None:
        self._fails, self.left = fails, _TRIES

    def __call__(self, data: bytes) -> bool:
        self.left -= 1
        return self.left >= 0 and self._fails(data)


def smallest(data: bytes, fails: Callable[[bytes], bool], seed: bytes | None = None) -> bytes:
    """Return a small input that still fails: lines first, then bytes.

    ``seed``: for large files, what was damaged; then it is the difference to it that is made small.
    """
    spent = _Spent(fails)
    if seed is not None:
        return _undone(data, seed, spent)
    lines = _less(data.split(b"\n"), lambda each: spent(b"\n".join(each)))
    data = b"\n".join(lines)
    pieces = _less([data[n : n + 1] for n in range(len(data))], lambda each: spent(b"".join(each)))
    return b"".join(pieces)


def _less(pieces: Sequence[bytes], fails: Callable[[Sequence[bytes]], bool]) -> list[bytes]:
    """Leave out ever smaller groups of pieces while it fails."""
    kept = list(pieces)
    size = len(kept) // 2
    while size:
        at = 0
        while at < len(kept):
            without = kept[:at] + kept[at + size :]
            if without and fails(without):
                kept = without
            else:
                at += size
        size //= 2
    return kept


def _undone(data: bytes, seed: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """Put back pieces of the undamaged file while it fails."""
    if len(data) != len(seed):
        return data
    size = max(1, len(data) // 2)
    while size:
        for at in range(0, len(data), size):
            if data[at : at + size] != seed[at : at + size]:
                mended = data[:at] + seed[at : at + size] + data[at + size :]
                if mended != seed and fails(mended):
                    data = mended
        size //= 4
    return data


def in_words(data: bytes, seed: bytes | None = None, most: int = 300) -> str:
    """Return an input so that it can be read, for a large file where it differs from the undamaged one."""
    if seed is None or len(data) <= most:
        return repr(data[:most]) + (f" … ({len(data)} bytes)" if len(data) > most else "")
    if len(data) != len(seed):
        return f"{len(data)} bytes in the place of {len(seed)}"
    places = [n for n, (one, other) in enumerate(zip(data, seed, strict=True)) if one != other]
    if not places:
        return "the undamaged file"
    first, last = places[0], places[-1]
    piece = data[first : min(last + 1, first + 60)]
    return f"bytes {first} to {last} of {len(seed)} ({len(places)} changed): {piece!r}"
