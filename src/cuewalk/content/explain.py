"""Turns a model's validation errors into faults that a person without Python can correct.

What may be written in a field is read from the model itself, so that it is always true.
"""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter
from pydantic_core import ErrorDetails

from cuewalk.content.source import Source
from cuewalk.domain.content import Video
from cuewalk.domain.errors import ContentFault
from cuewalk.files.toml_lines import KeyPath

Schema = Mapping[str, Any]

#: Design: limits from here on are not worth a sentence; no text reaches them.
_UNBOUNDED: Final = 10**6
#: Characters of a wrong value that are shown. Design: the sentence stays on one line.
_SHOWN_CHARACTERS: Final = 40
#: The patterns of the models, for a person who does not read patterns.
_PATTERNS: Final = {
    TypeAdapter(Video).json_schema()["pattern"]: (
        'Write an address, "https://example.org/film", or a file that a browser shows: "films/hip.mp4".'
    ),
    "^[a-z0-9]+(-[a-z0-9]+)*$": 'Write small letters, digits and single hyphens in quotes: "ankle-tilts".',
    "^[a-z][a-z0-9_]*$": 'Write small letters, digits and underscores: "ask_again".',
    "^[a-z]{2,3}-[A-Z]{2}$": 'Write a language and a country in quotes: "en-US".',
}
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


class Allowed:
    """What may be written in one kind of file: by a model, or by the model of one field of it."""

    def __init__(self, model: type[BaseModel], field: str | None = None) -> None:
        schema = model.model_json_schema()
        self._models: Mapping[str, Schema] = schema.get("$defs", {})
        self._top: Schema = self._plain(schema["properties"][field] if field else schema)

    def field(self, path: Sequence[str | int]) -> str:
        """Return what to write at ``path`` as a sentence: "Write a number above 0 and at most 600."."""
        node = self._node(path)
        if "enum" in node:
            return f"Write one of these in quotes: {one_of(node['enum'])}."
        say = _BY_TYPE.get(node.get("type", ""))
        return say(node) if say else ""

    def names(self, path: Sequence[str | int] = ()) -> tuple[str, ...]:
        """Return the names allowed in the table at ``path``, () where it is not a table or any name is."""
        node = self._node(path)
        keys = self._plain(node.get("propertyNames", {}))
        return tuple(node.get("properties", keys.get("enum", ())))

    def _node(self, path: Sequence[str | int]) -> Schema:
        node = self._top
        for key in path:
            node = self._plain(_below(node, key))
        return node

    def _plain(self, node: Schema) -> Schema:
        """Follow a reference, and "this or nothing" to this."""
        for choice in node.get("anyOf", ()):
            if choice.get("type") != "null":
                node = choice
        name = str(node.get("$ref", "")).rpartition("/")[2]
        return self._models[name] if name else node


def _below(node: Schema, key: str | int) -> Schema:
    if isinstance(key, int):
        found = node.get("items")
    else:  # a field of the model, else what may stand below a key that the person chooses
        patterns = node.get("patternProperties", {}).values()
        any_key = next(iter(patterns), node.get("additionalProperties"))
        found = node.get("properties", {}).get(key, any_key)
    return found if isinstance(found, Mapping) else {}


def _text(node: Schema) -> str:
    if pattern := _PATTERNS.get(node.get("pattern", "")):
        return pattern
    low, high = node.get("minLength", 0), node.get("maxLength", _UNBOUNDED)
    if high < _UNBOUNDED:
        return f"Write a text of {low} to {high} characters in quotes."
    return f"Write a text of at least {low} characters in quotes." if low else "Write a text in quotes."


def _between(node: Schema) -> str:
    bounds = {"minimum": "of at least", "exclusiveMinimum": "above", "maximum": "at most"}
    words = " and ".join(f"{say} {node[name]:g}" for name, say in bounds.items() if name in node)
    return f" {words}" if words else ""


def _at_least(node: Schema) -> str:
    least = node.get("minItems", 0)
    return f" of at least {least} {'entry' if least == 1 else 'entries'}" if least else ""


_BY_TYPE: Final[Mapping[str, Callable[[Schema], str]]] = {
    "string": _text,
    "integer": lambda node: f"Write a whole number{_between(node)}.",
    "number": lambda node: f"Write a number{_between(node)}.",
    "boolean": lambda _: "Write true or false, without quotes.",
    "array": lambda node: f"Write a list{_at_least(node)} in square brackets.",
    "object": lambda node: f"Write a table with these fields: {one_of(tuple(node.get('properties', ())))}.",
}


def nearest(word: str, allowed: Sequence[str]) -> str | None:
    """Return the allowed word that looks most like ``word``, None if none does."""
    by_lower = {name.lower(): name for name in allowed}
    close = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


def one_of(words: Sequence[str]) -> str:
    """Return a list for reading: "a, b, c"."""
    return ", ".join(words) if words else "nothing"


def suggestion(word: str, allowed: Sequence[str]) -> str:
    """Return the remedy for a name that does not exist."""
    close = nearest(word, allowed)
    choices = f"Allowed here: {one_of(allowed)}."
    return f'Did you mean "{close}"? {choices}' if close else choices


def explain(details: Sequence[ErrorDetails], allowed: Allowed, source: Source) -> list[ContentFault]:
    """Return one fault for every mistake, with its line, the problem, and what is allowed.

    ``details`` are pydantic's, their locations being key paths of this file.
    """
    return _Explainer(allowed, source).faults(details)


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
    def __init__(self, allowed: Allowed, source: Source) -> None:
        self._allowed = allowed
        self._source = source
        #: What was written under another name, or in another place: not to be called missing.
        self._misspelled: set[KeyPath] = set()

    def faults(self, details: Sequence[ErrorDetails]) -> list[ContentFault]:
        unknown = [self._unknown(detail) for detail in details if detail["type"] == "extra_forbidden"]
        missing = [
            self._source.fault(path, f"{field_name(path)} is missing.", self._remedy(path))
            for detail in details
            if detail["type"] == "missing" and (path := _path(detail)) not in self._misspelled
        ]
        rest = [detail for detail in details if detail["type"] not in {"missing", "extra_forbidden"}]
        return [*unknown, *missing, *map(self._wrong, rest)]

    def _unknown(self, detail: ErrorDetails) -> ContentFault:
        """Return one fault for a misspelled field, even if a field is missing for the same reason."""
        path = _path(detail)
        word, allowed = str(path[-1]), self._allowed.names(path[:-1])
        close = nearest(word, allowed)
        if close:
            self._misspelled.add((*path[:-1], close))
        elif path[1:] and word in self._allowed.names():
            # TOML's trap: whatever follows a [table] belongs to it.
            self._misspelled.add((word,))
            remedy = f'Move "{word}" to the top of the file, above the first line in square brackets.'
            return self._source.fault(path, f"{field_name(path)} stands in the wrong place.", remedy)
        return self._source.fault(path, f"there is no field {field_name(path)}.", suggestion(word, allowed))

    def _wrong(self, detail: ErrorDetails) -> ContentFault:
        path = _path(detail)
        if detail["type"] == "value_error":
            said = str(detail["ctx"]["error"]) if "ctx" in detail else detail["msg"]
            wrong = "is not complete" if said.startswith("missing") else "does not fit together"
            remedy = f"{said[:1].upper()}{said[1:].rstrip('.')}."
            return self._source.fault(path, f"{field_name(path)} {wrong}.", remedy)
        if detail["loc"] and detail["loc"][-1] == "[key]":
            remedy = suggestion(str(path[-1]), self._allowed.names(path[:-1]))
            return self._source.fault(path, f"there is no field {field_name(path)}.", remedy)
        say = _PROBLEMS.get(detail["type"], lambda value: f"is {_shown(value)}")
        return self._source.fault(path, f"{field_name(path)} {say(detail['input'])}.", self._remedy(path))

    def _remedy(self, path: KeyPath) -> str:
        return self._allowed.field(path) or f"Allowed here: {one_of(self._allowed.names(path[:-1]))}."


def _path(detail: ErrorDetails) -> KeyPath:
    return tuple(key for key in detail["loc"] if key != "[key]")


def _shown(value: object) -> str:
    """Return a value as the person wrote it, shortened."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            short = value if len(value) <= _SHOWN_CHARACTERS else f"{value[:_SHOWN_CHARACTERS]}…"
            return f'the text "{short}"'
        case Mapping():
            return "a table"
        case Sequence():
            return "a list"
        case _:
            return f"{value}"
