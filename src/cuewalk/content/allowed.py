"""What may be written in a field, in plain words, read from the model itself so that it is always true."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter

from cuewalk.domain.content import Video

Schema = Mapping[str, Any]

#: Limits from here on are not worth a sentence: nobody reaches them. Design.
_UNBOUNDED: Final = 10**6
_VIDEO: Final = TypeAdapter(Video).json_schema()["pattern"]
#: The patterns of the models, for a person who does not read patterns.
_PATTERNS: Final = {
    _VIDEO: 'Write an address, "https://example.org/film", or a file that a browser shows: "films/hip.mp4".',
    "^[a-z0-9]+(-[a-z0-9]+)*$": 'Write small letters, digits and single hyphens in quotes: "ankle-tilts".',
    "^[a-z][a-z0-9_]*$": 'Write small letters, digits and underscores: "ask_again".',
    "^[a-z]{2,3}-[A-Z]{2}$": 'Write a language and a country in quotes: "en-US".',
}


class Allowed:
    """The rules of one kind of file: a model, or what stands in one field of it."""

    def __init__(self, model: type[BaseModel], field: str | None = None) -> None:
        schema = model.model_json_schema()
        self._models: Mapping[str, Schema] = schema.get("$defs", {})
        self._top: Schema = self._plain(schema["properties"][field] if field else schema)

    def field(self, path: Sequence[str | int]) -> str:
        """Return what to write at ``path`` as a sentence: "Write a number above 0 and at most 600."."""
        return _sentence(self._node(path))

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
    found = node.get("items") if isinstance(key, int) else node.get("properties", {}).get(key, _any_key(node))
    return found if isinstance(found, Mapping) else {}


def _any_key(node: Schema) -> object:
    """Return what may stand below a key that the person chooses."""
    return next(iter(node.get("patternProperties", {}).values()), node.get("additionalProperties"))


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


def _sentence(node: Schema) -> str:
    if "enum" in node:
        return f"Write one of these in quotes: {one_of(node['enum'])}."
    say = _BY_TYPE.get(node.get("type", ""))
    return say(node) if say else ""


def _text(node: Schema) -> str:
    if pattern := _PATTERNS.get(node.get("pattern", "")):
        return pattern
    low, high = node.get("minLength", 0), node.get("maxLength", _UNBOUNDED)
    if high < _UNBOUNDED:
        return f"Write a text of {low} to {high} characters in quotes."
    return f"Write a text of at least {low} characters in quotes." if low else "Write a text in quotes."


def _between(node: Schema) -> str:
    low = node.get("minimum")
    above = node.get("exclusiveMinimum")
    high = node.get("maximum")
    parts = [
        f"of at least {low:g}" if low is not None else f"above {above:g}" if above is not None else "",
        f"at most {high:g}" if high is not None else "",
    ]
    words = " and ".join(part for part in parts if part)
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
