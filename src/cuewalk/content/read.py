"""Reads one content file: bytes to text to TOML, refusing what would be misread or mis-spoken."""

import datetime as dt
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cuewalk.content.syntax import syntax_fault
from cuewalk.domain.errors import ContentFault
from cuewalk.files.reading import UnreadableFileError, parse_toml, read_bytes
from cuewalk.files.toml_lines import KeyPath, locate

#: A spoken programme is a few kilobytes; anything this large is the wrong file.
MAX_BYTES: Final = 1_000_000
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
#: Controls, marks that reorder text on the screen, unpaired surrogates, invisible line ends.
_UNSPEAKABLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Source:
    """One file that is valid TOML: its name for messages, its text for lines, its data."""

    path: Path
    label: str
    text: str
    data: dict[str, Any]

    def fault(self, path: KeyPath, problem: str, remedy: str) -> ContentFault:
        """Return a fault at the line where ``path`` is written."""
        return ContentFault(self.label, locate(self.text, path), problem, remedy)


class UnreadableError(Exception):
    """The file cannot be made into data; carries the one fault to report."""

    def __init__(self, fault: ContentFault) -> None:
        self.fault = fault
        super().__init__(str(fault))


def read(path: Path) -> Source:
    """Return the file as data. A UTF-8 byte order mark and Windows line ends do no harm.

    Raises:
        UnreadableError: if it cannot be read, is not UTF-8, is empty, or is not TOML.
    """
    name = label(path)
    text = _text(_bytes(path, name), name)
    try:
        data = parse_toml(text)
    except UnreadableFileError as error:
        raise UnreadableError(syntax_fault(name, text, error)) from error
    if not data:
        raise UnreadableError(
            ContentFault(name, 1, "the file is empty.", "Fill it in, starting from a copy of another one.")
        )
    return Source(path, name, text, data)


def label(path: Path) -> str:
    """Return the file's name for messages: short below the present folder, else in full."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _bytes(path: Path, name: str) -> bytes:
    try:
        return read_bytes(path, limit=MAX_BYTES)
    except UnreadableFileError as error:
        remedy = "Check that it is a text file with one entry, and that you may read it."
        raise UnreadableError(
            ContentFault(name, None, f"the file cannot be read: {error}.", remedy)
        ) from error


def _text(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        kind = "It looks like UTF-16. " if raw.startswith(_UTF16) else ""
        line = raw.count(b"\n", 0, error.start) + 1
        problem = f"the file is not UTF-8 text (byte {raw[error.start]:#04x})."
        remedy = f'{kind}Save it again with the encoding "UTF-8".'
        raise UnreadableError(ContentFault(name, line, problem, remedy)) from error


def unsafe_values(source: Source) -> list[ContentFault]:
    """Return a fault for every value that no field can hold: control characters, dates, infinite numbers."""
    return [
        source.fault(path, problem, remedy)
        for path, value in _walk(source.data, ())
        for problem, remedy in _unsafe(value)
    ]


def _walk(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, object]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _walk(below, (*path, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _walk(below, (*path, index))
    else:
        yield path, value


def _unsafe(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if mark := next((mark for mark in value if unicodedata.category(mark) in _UNSPEAKABLE), None):
            yield _bad_character(mark)
    elif isinstance(value, (dt.date, dt.time)):
        yield f"{value} is a date or a time without quotes.", f'Put it in quotes: "{value}".'
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{value} is not a number that can be counted with.", "Write a plain number, for example 2.5."


def _bad_character(mark: str) -> tuple[str, str]:
    if mark in "\r\n":
        return "the text goes over more than one line.", "Write it on one line."
    code = f"U+{ord(mark):04X}"
    return f"the text contains a control character ({code}).", "Delete it, or type the words again by hand."
