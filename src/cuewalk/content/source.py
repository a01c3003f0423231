"""Reads one content file: bytes to text to TOML, refusing what would be misread or mis-spoken."""

import datetime as dt
import math
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cuewalk.domain.errors import ContentFault
from cuewalk.files.reading import UnreadableFileError, parse_toml, read_bytes
from cuewalk.files.toml_lines import KeyPath, locate

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
    try:
        raw = read_bytes(path)
    except UnreadableFileError as error:
        remedy = "Check that it is a text file with one entry, and that you may read it."
        fault = ContentFault(name, None, f"the file cannot be read: {error}.", remedy)
        raise UnreadableError(fault) from error
    text = _text(raw, name)
    try:
        data = parse_toml(text)
    except UnreadableFileError as error:
        raise UnreadableError(_syntax_fault(name, text, error)) from error
    if not data:
        remedy = "Fill it in, starting from a copy of another one."
        raise UnreadableError(ContentFault(name, 1, "the file is empty.", remedy))
    return Source(path, name, text, data)


def label(path: Path) -> str:
    """Return the file's name for messages: short below the present folder, else in full."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


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
    found = ((path, _unsafe(value)) for path, value in _walk(source.data, ()))
    return [source.fault(path, *texts) for path, texts in found if texts]


def _walk(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, object]]:
    if not isinstance(value, dict | list):
        yield path, value
        return
    for key, below in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _walk(below, (*path, key))


def _unsafe(value: object) -> tuple[str, str] | None:
    if isinstance(value, dt.date | dt.time):
        return f"{value} is a date or a time without quotes.", f'Put it in quotes: "{value}".'
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} is not a number that can be counted with.", "Write a plain number, for example 2.5."
    marks = value if isinstance(value, str) else ""
    mark = next((mark for mark in marks if unicodedata.category(mark) in _UNSPEAKABLE), None)
    if mark is None:
        return None
    if mark in "\r\n":
        return "the text goes over more than one line.", "Write it on one line."
    problem = f"the text contains a control character (U+{ord(mark):04X})."
    return problem, "Delete it, or type the words again by hand."


_PLACE: Final = re.compile(r" \((?:at line (\d+), column (\d+)|at end of document)\)$")
_QUOTES: Final = "Close the text with the same quotes it was opened with."

#: The beginning of tomllib's message, and what a person can do about it.
_REMEDIES: Final = (
    ("Illegal character '\\n'", "a text in quotes does not end on its line.", _QUOTES),
    ("Illegal character", "a control character stands here.", "Delete it, or type the line again by hand."),
    ("Unterminated string", "a text in quotes does not end.", _QUOTES),
    ('Expected \'"""\'', "a text in three quotes does not end.", _QUOTES),
    ("Expected \"'''\"", "a text in three quotes does not end.", _QUOTES),
    (
        "Unclosed array",
        "a list that began here or above is not closed.",
        "Put a comma between its entries and a ] after the last one.",
    ),
    (
        "Unclosed inline table",
        "a { that began here or above is not closed.",
        "Put a comma between its fields and a } after the last one.",
    ),
    ("Expected '=' after a key", "the = is missing.", 'Write: name = "text", or name = 5.'),
    ("Expected ']'", "the ] is missing.", "Write the name of the table as [name] or [[name]]."),
    ("Cannot overwrite", "this field is written twice.", "Delete one of the two."),
    ("Duplicate inline table key", "this field is written twice.", "Delete one of the two."),
    ("Cannot declare", "this table is written twice.", "Write its name once; a list of tables is [[name]]."),
    ("Cannot mutate", "this table is written twice.", "Delete one of the two."),
    ("Invalid value", "there is no value, or it lacks its quotes.", 'Write: name = "text", or name = 5.'),
    ("Unescaped '\\'", "a \\ in a text needs another one.", "Write \\\\, or leave it out."),
    ("Expected newline", "something stands after the value.", "Write one field a line; a text is in quotes."),
    ("Invalid statement", "this is not a field or a table.", 'Write: name = "text", or [name].'),
)
_OTHERWISE: Final = 'Write: name = "text", name = 5, name = ["one", "two"], or [name].'


def _syntax_fault(name: str, text: str, refused: UnreadableFileError) -> ContentFault:
    """Return the fault with its line; the line of an unended text is where it began."""
    error = refused.__cause__
    if not isinstance(error, tomllib.TOMLDecodeError):
        return ContentFault(name, _longest_line(text), f"{refused}.", _OTHERWISE)
    place = _PLACE.search(str(error))
    message = str(error)[: place.start()] if place else str(error)
    line = int(place[1]) if place and place[1] else _last_opening(text)
    column = f" (character {place[2]} of the line)" if place and place[2] else ""
    for start, problem, remedy in _REMEDIES:
        if message.startswith(start):
            return ContentFault(name, line, f"{problem[:-1]}{column}.", remedy)
    return ContentFault(name, line, f"this is not valid TOML: {message}{column}.", _OTHERWISE)


def _longest_line(text: str) -> int:
    """Return the line on which too many brackets or digits most likely stand."""
    lengths = [len(line) for line in text.splitlines()] or [0]
    return lengths.index(max(lengths)) + 1


def _last_opening(text: str) -> int:
    """Return the line of the last three quotes, else the last line."""
    at = max(text.rfind('"""'), text.rfind("'''"))
    return text.count("\n", 0, at if at >= 0 else len(text.rstrip())) + 1
