"""Turns a model's validation errors into faults that a person without Python can correct."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from pydantic_core import ErrorDetails

from cuewalk.content.allowed import Allowed, nearest, one_of, suggestion
from cuewalk.content.source import Source
from cuewalk.domain.errors import ContentFault
from cuewalk.files.toml_lines import KeyPath

#: Characters of a wrong value that are shown. Design: the sentence stays on one line.
_SHOWN_CHARACTERS: Final = 40

#: pydantic's error types, as the end of a sentence that begins with the field's name.
_PROBLEMS: Final[Mapping[str, Callable[[Any], str]]] = {
    "string_too_short": lambda value: f"is too short ({len(value)} characters)",
    "string_too_long": lambda value: f"is too long ({len(value)} characters)",
    "too_short": lambda value: f"has too few entries ({len(value)})",
    "too_long": lambda value: f"has too many entries ({len(value)})",
    "greater_than": lambda value: f"is too small ({value})",
    "greater_than_equal": lambda value: f"is too small ({value})",
    "less_than": lambda value: f"is too large ({value})",
    "less_than_equal": lambda value: f"is too large ({value})",
    "string_pattern_mismatch": lambda value: f"has another form than it must have ({_shown(value)})",
    "enum": lambda value: f"is {_shown(value)}, which means nothing here",
}


def explain(details: Sequence[ErrorDetails], allowed: Allowed, source: Source) -> list[ContentFault]:
    """Return one fault for every mistake, with its line, the problem, and what is allowed.

    ``details`` are pydantic's, their locations being key paths of this file.
    """
    return _Explainer(details, allowed, source).faults()


def field_name(path: KeyPath) -> str:
    """Return a key path for reading: '"seconds" of "phases" number 2'."""
    words: list[str] = []
    for key in path:
        if isinstance(key, int) and words:
            words[-1] += f" number {key + 1}"
        else:
            words.append(f'"{key}"')
    return " of ".join(reversed(words)) or "the file"


class _Explainer:
    def __init__(self, details: Sequence[ErrorDetails], allowed: Allowed, source: Source) -> None:
        self._allowed = allowed
        self._source = source
        self._details = details
        self._misspelled: set[KeyPath] = set()

    def faults(self) -> list[ContentFault]:
        unknown = [self._unknown(detail) for detail in self._details if detail["type"] == "extra_forbidden"]
        missing = [
            self._missing(path)
            for detail in self._details
            if detail["type"] == "missing" and (path := _path(detail)) not in self._misspelled
        ]
        explained = {"missing", "extra_forbidden"}
        return (
            unknown
            + missing
            + [self._wrong(detail) for detail in self._details if detail["type"] not in explained]
        )

    def _unknown(self, detail: ErrorDetails) -> ContentFault:
        """Return one fault for a misspelled field, even if a field is missing for the same reason."""
        path = _path(detail)
        word, allowed = str(path[-1]), self._allowed.names(path[:-1])
        close = nearest(word, allowed)
        if close:
            self._misspelled.add((*path[:-1], close))
        elif path[1:] and word in self._allowed.names():
            return self._misplaced(path, word)
        return self._source.fault(path, f"there is no field {field_name(path)}.", suggestion(word, allowed))

    def _misplaced(self, path: KeyPath, word: str) -> ContentFault:
        """TOML's trap: whatever follows a [table] belongs to it."""
        self._misspelled.add((word,))
        return self._source.fault(
            path,
            f"{field_name(path)} stands in the wrong place.",
            f'Move "{word}" to the top of the file, above the first line in square brackets.',
        )

    def _missing(self, path: KeyPath) -> ContentFault:
        return self._source.fault(path, f"{field_name(path)} is missing.", self._remedy(path))

    def _wrong(self, detail: ErrorDetails) -> ContentFault:
        path = _path(detail)
        if detail["type"] == "value_error":
            said = str(detail["ctx"]["error"]) if "ctx" in detail else detail["msg"]
            wrong = "is not complete" if said.startswith("missing") else "does not fit together"
            return self._source.fault(path, f"{field_name(path)} {wrong}.", _sentence(said))
        if detail["loc"] and detail["loc"][-1] == "[key]":
            remedy = suggestion(str(path[-1]), self._allowed.names(path[:-1]))
            return self._source.fault(path, f"there is no field {field_name(path)}.", remedy)
        say = _PROBLEMS.get(detail["type"], lambda value: f"is {_shown(value)}")
        return self._source.fault(path, f"{field_name(path)} {say(detail['input'])}.", self._remedy(path))

    def _remedy(self, path: KeyPath) -> str:
        return self._allowed.field(path) or f"Allowed here: {one_of(self._allowed.names(path[:-1]))}."


def _path(detail: ErrorDetails) -> KeyPath:
    return tuple(key for key in detail["loc"] if key != "[key]")


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def _shown(value: object) -> str:
    """Return a value as the person wrote it, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "a list"
    if isinstance(value, str):
        short = value if len(value) <= _SHOWN_CHARACTERS else f"{value[:_SHOWN_CHARACTERS]}…"
        return f'the text "{short}"'
    return f"{value}"
