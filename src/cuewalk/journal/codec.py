"""Events and records as JSON, and back: both share one table; a prefix of the kind distinguishes them."""

from typing import Final, get_args

from pydantic import TypeAdapter, ValidationError

from cuewalk.domain.errors import BugError
from cuewalk.domain.records import Record
from cuewalk.engine.events import Event

EVENTS: Final[tuple[type[Event], ...]] = get_args(get_args(Event)[0])
RECORDS: Final[tuple[type[Record], ...]] = get_args(get_args(Record)[0])

_ADAPTERS: Final[dict[str, TypeAdapter[Event | Record]]] = {
    "event": TypeAdapter(Event),
    "record": TypeAdapter(Record),
}
_PREFIX: Final[dict[type[Event | Record], str]] = {
    **dict.fromkeys(EVENTS, "event"),
    **dict.fromkeys(RECORDS, "record"),
}


def is_event(item: Event | Record) -> bool:
    """Return whether ``item`` is an event, which went into the engine."""
    return isinstance(item, EVENTS)


def encode(item: Event | Record) -> tuple[str, str]:
    """Return the kind ("event:begin", "record:rating_given") and the JSON of an item.

    Raises:
        BugError: if it could not be read back as it is (a confidence that is not a number, say): one
            such entry would make its whole session unreadable.
    """
    kind, payload = f"{_PREFIX[type(item)]}:{item.kind}", item.model_dump_json()
    try:
        same = decode(kind, payload) == item
    except ValueError:
        same = False
    if not same:
        raise BugError(f"{item!r} cannot be kept: it does not survive being written as JSON")
    return kind, payload


def decode(kind: str, payload: str) -> Event | Record:
    """Return the item of this kind.

    Raises:
        ValueError: a short sentence, if no such kind is known or the payload does not fit it.
    """
    prefix, _, name = kind.partition(":")
    if prefix not in _ADAPTERS:
        raise ValueError(f'"{kind}" is neither an event nor a record.')
    try:
        item = _ADAPTERS[prefix].validate_json(payload)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole entry"
        raise ValueError(f'"{kind}" cannot be read: {place}: {first["msg"]}.') from error
    if item.kind != name:
        raise ValueError(f'"{kind}" holds "{item.kind}".')
    return item
