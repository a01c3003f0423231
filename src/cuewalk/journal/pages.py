"""The rows in the pages of an SQLite file, read without SQLite: of a file that it refuses to open.

SQLite goes from the root of a table downwards; where one page of a path is lost, so is all below it. Here
each page that holds rows is read on its own. `rows` decides whether a row can be trusted.
Source: https://www.sqlite.org/fileformat2.html
"""

from collections.abc import Iterator, Mapping
from itertools import count
from struct import iter_unpack, pack, unpack
from typing import Final, NamedTuple

Value = None | int | float | str
#: A page of this kind holds rows of a table (SQLite's file format, 1.6; so are the numbers below).
_LEAF: Final = 13
#: SQLite's default size of a page, which our journals have; used where the header is lost.
_PAGE: Final = 4096
_PAGES: Final = frozenset(2**n for n in range(9, 17))
#: Bytes of the database's header, before the first page's own.
_HEADER: Final = 100
#: Bytes of the header of a log, and of one of its frames.
_LOG_HEADER, _FRAME_HEADER = 32, 24
#: How a log begins, by the order of bytes in the numbers that its checksums are made of.
_LITTLE_ENDIAN, _BIG_ENDIAN = 0x377F0682, 0x377F0683
#: Sizes of whole numbers by their serial type.
_SIZES: Final = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8, 8: 0, 9: 0}
#: Serial types of values other than whole numbers.
_REAL, _ZERO, _ONE, _FIRST_BLOB = 7, 8, 9, 12
#: Design: no row of a journal has a third of these columns; more are noise.
_COLUMNS: Final = 32


def pages_of(data: bytes, log: bytes = b"") -> dict[int, bytes]:
    """Return the pages by their numbers, from 1 on, with what was committed to a write-ahead log.

    A damaged page of the log does not take the place of an earlier one: it has a number of its own, after all
    others, for there may be rows in it as well.
    """
    said = int.from_bytes(data[16:18], "big")
    said = 65536 if said == 1 else said
    size = said if data.startswith(b"SQLite format 3\0") and said in _PAGES else _PAGE
    pages = {n // size + 1: data[n : n + size].ljust(size, b"\0") for n in range(0, len(data), size)}
    frames = _frames(log, size)
    doubtful = []
    for frame in frames[: 1 + _last(frames, commits=True)]:
        if frame.ours and (frame.whole or frame.number not in pages):
            pages[frame.number] = frame.page
        else:
            doubtful.append(frame.page)
    return pages | dict(enumerate(doubtful, start=max(pages, default=0) + 1))


def is_broken(log: bytes) -> bool:
    """Return whether a write-ahead log holds more than SQLite reads of it, which ends at the first damage.

    What was being written at a power cut is no damage: it is at the end and was never confirmed. Before the
    last commit everything was on the disk.
    """
    size = int.from_bytes(log[8:12], "big")
    frames = _frames(log, size if size in _PAGES else _PAGE)
    last = _last(frames, commits=False)
    if not _header_is_whole(log):
        return any(frame.commits and frame.whole for frame in frames[: last + 1])
    first = next((at for at, frame in enumerate(frames) if not (frame.ours and frame.whole)), last)
    return any(frame.ours and frame.commits for frame in frames[first:last])


class _Frame(NamedTuple):
    """A page in a write-ahead log; one that is not of this log is of an older one that it lies over."""

    number: int
    page: bytes
    commits: bool
    ours: bool
    whole: bool


def _last(frames: list[_Frame], *, commits: bool) -> int:
    """Return the place of the last frame of this log (that commits, if asked for), -1 for none."""
    mine = (at for at, frame in enumerate(frames) if frame.ours and (frame.commits or not commits))
    return max(mine, default=-1)


def _frames(log: bytes, size: int) -> list[_Frame]:
    order, before = _order(log), log[_LOG_HEADER - 8 : _LOG_HEADER]
    found = []
    for at in range(_LOG_HEADER, len(log) - size - _FRAME_HEADER + 1, size + _FRAME_HEADER):
        head, page = log[at : at + _FRAME_HEADER], log[at + _FRAME_HEADER : at + _FRAME_HEADER + size]
        found.append((head, page, _sum(head[:8] + page, order, before) == head[16:]))
        before = head[16:]
    # Where the header is lost, the first frame that is whole tells which are of this log.
    salts = next((head[8:16] for head, _, whole in found if whole), b"")
    if _header_is_whole(log):
        salts = log[16:24]
    return [
        _Frame(number, page, commits=any(head[4:8]), ours=ours, whole=ours and whole)
        for head, page, whole in found
        for number, ours in [(int.from_bytes(head[:4], "big"), head[8:16] == salts)]
    ]


def _order(log: bytes) -> str:
    magic = int.from_bytes(log[:4], "big")
    return {_BIG_ENDIAN: ">", _LITTLE_ENDIAN: "<"}.get(magic, "=")


def _header_is_whole(log: bytes) -> bool:
    order = _order(log)
    return len(log) >= _LOG_HEADER and order != "=" and _sum(log[:24], order, bytes(8)) == log[24:_LOG_HEADER]


def _sum(data: bytes, order: str, before: bytes) -> bytes:
    """Return the checksum of a log that goes on with ``data``; each is made from the one before it."""
    one, two = unpack(">II", before)
    for first, second in iter_unpack(f"{order}II", data):
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    return pack(">II", one, two)


def rows_in(pages: Mapping[int, bytes]) -> Iterator[tuple[int, list[Value]]]:
    """Yield the number and the values of each row that can be read, in the order of the pages.

    Rows of all tables come mixed, and noise that looks like a row may be among them. A text that is no UTF-8
    has surrogates for its bytes; rows with values of other kinds are left out.
    """
    for number, page in sorted(pages.items()):
        start = _HEADER if number == 1 else 0
        if len(page) < start + 8 or page[start] != _LEAF:
            continue
        cells = int.from_bytes(page[start + 3 : start + 5], "big")
        for n in range(cells):
            at = start + 8 + 2 * n
            try:
                yield _row(pages, page, int.from_bytes(page[at : at + 2], "big"))
            except (IndexError, ValueError):
                continue


def _row(pages: Mapping[int, bytes], page: bytes, at: int) -> tuple[int, list[Value]]:
    length, at = _varint(page, at)
    number, at = _varint(page, at)
    usable = len(page)
    most, least = usable - 35, (usable - 12) * 32 // 255 - 23
    if length > len(pages) * usable:
        raise ValueError("no row")
    if length <= most:
        return number, _values(_whole(page[at : at + length], length))
    local = least + (length - least) % (usable - 4)
    local = local if local <= most else least
    parts, left = [page[at : at + local]], length - local
    following = int.from_bytes(page[at + local : at + local + 4], "big")
    for _ in range(len(pages)):  # no longer chain than there are pages
        if left <= 0 or following not in pages:
            break
        more = pages[following]
        parts.append(more[4 : 4 + left])
        left -= len(parts[-1])
        following = int.from_bytes(more[:4], "big")
    return number, _values(_whole(b"".join(parts), length))


def _whole(data: bytes, length: int) -> bytes:
    if len(data) != length:
        raise ValueError("a part of the row is lost")
    return data


def _values(record: bytes) -> list[Value]:
    end, at = _varint(record, 0)
    kinds = []
    while at < end:
        kind, at = _varint(record, at)
        kinds.append(kind)
    if at != end or len(kinds) > _COLUMNS:
        raise ValueError("no row")
    values: list[Value] = []
    for kind in kinds:
        size = _SIZES[kind] if kind in _SIZES else (kind - _FIRST_BLOB) // 2
        values.append(_value(kind, _whole(record[at : at + size], size)))
        at += size
    if at != len(record):
        raise ValueError("no row")
    return values


def _value(kind: int, data: bytes) -> Value:
    if kind == 0:
        return None
    if kind in {_ZERO, _ONE}:
        return kind - _ZERO
    if kind > _FIRST_BLOB and kind % 2:
        return data.decode("utf-8", "surrogateescape")
    if kind in _SIZES and kind != _REAL:
        return int.from_bytes(data, "big", signed=True)
    raise ValueError("our tables have no such value")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of one to nine bytes, and where it ends."""
    value = 0
    for n in count():
        byte = data[at + n]
        if n == 8:  # noqa: PLR2004 - the ninth byte holds eight bits
            value = value << 8 | byte
            return (value - 2**64 if value >= 2**63 else value), at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:  # noqa: PLR2004 - the highest bit says that more follow
            return value, at + n + 1
    raise AssertionError
