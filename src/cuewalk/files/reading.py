"""Reads a file after bounding it: its kind, its size, the depth and the numbers of its TOML and JSON.

Nothing is allocated by what a file claims of itself. A pipe, a device or a folder is refused at once: a
reader never hangs.
"""

import errno
import json
import os
import stat
import tomllib
from io import BufferedReader
from pathlib import Path
from typing import Any, Final

from cuewalk.files.faults import reason

#: Design: a person's own text files are a few kilobytes; anything over this is the wrong file.
MAX_TEXT_BYTES: Final = 1_000_000
#: cuewalk's TOML is three deep; Python's readers give up between some 100 and 900 (tried on 3.11 to 3.13).
MAX_DEPTH: Final = 32
#: No number in cuewalk's files has more digits; Python refuses to read over 4,300.
MAX_DIGITS: Final = 40


class UnreadableFileError(Exception):
    """A file that cannot be used; its text is the reason as a part of a sentence."""


def read_bytes(path: Path, *, limit: int = MAX_TEXT_BYTES) -> bytes:
    """Return the bytes of a regular file of at most ``limit`` bytes.

    Raises:
        UnreadableFileError: if it cannot be read, is no regular file, or is larger.
    """
    try:
        with open_ordinary(path) as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        raise UnreadableFileError(reason(error)) from error
    if len(data) > limit:
        raise UnreadableFileError(f"it is larger than {limit / 1e6:g} MB")
    return data


def open_ordinary(path: Path) -> BufferedReader:
    """Open an ordinary file for reading; never wait for the other end of a pipe.

    Raises:
        OSError: if it cannot be opened (``ENXIO``: a pipe, a socket or a device; ``EISDIR``: a folder).
    """
    # Without O_NONBLOCK opening a named pipe would wait for a writer without end.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        number = errno.EISDIR if stat.S_ISDIR(mode) else errno.ENXIO
        raise OSError(number, os.strerror(number), str(path))
    return os.fdopen(handle, "rb")


def read_text(path: Path, *, limit: int = MAX_TEXT_BYTES) -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark.

    Raises:
        UnreadableFileError: as `read_bytes`, and if it is not UTF-8.
    """
    raw = read_bytes(path, limit=limit)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableFileError(f"line {line} is not UTF-8 text") from error


def parse_toml(text: str) -> dict[str, Any]:
    """Return TOML as data, bounded in depth and digits.

    Raises:
        UnreadableFileError: if it is not TOML, nested deeper than `MAX_DEPTH`, or holds a longer number than
            `MAX_DIGITS` digits. Its cause is the `tomllib.TOMLDecodeError` where there is one.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFileError(f"it is not valid TOML: {error}") from error
    except RecursionError as error:
        raise UnreadableFileError("its brackets are nested too deeply") from error
    except ValueError as error:
        why = "a number in it has too many digits, or is no date of the calendar"
        raise UnreadableFileError(why) from error
    _bound(data, 0)
    return data


def read_toml(path: Path, *, limit: int = MAX_TEXT_BYTES) -> dict[str, Any]:
    """Return a TOML file as data. Raises as `read_text` and `parse_toml`."""
    return parse_toml(read_text(path, limit=limit))


def parse_json(text: str | bytes) -> Any:  # noqa: ANN401 - JSON is anything
    """Return JSON as data, bounded in depth and digits; infinite and missing numbers are refused.

    Raises:
        UnreadableFileError: if it is not JSON within the bounds.
    """
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise UnreadableFileError("its brackets are nested too deeply") from error
    except ValueError as error:
        raise UnreadableFileError("it is not valid JSON") from error
    _bound(data, 0)
    return data


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _bound(value: object, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise UnreadableFileError("its brackets are nested too deeply")
    if isinstance(value, dict | list):
        for below in value.values() if isinstance(value, dict) else value:
            _bound(below, depth + 1)
    elif isinstance(value, int) and abs(value) >= 10**MAX_DIGITS:
        raise UnreadableFileError(f"a number in it has more than {MAX_DIGITS} digits")
