"""What one file says about another: ids, names of movements and things, order of questions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cuewalk.content.allowed import suggestion
from cuewalk.content.reader import Entry
from cuewalk.content.source import Source
from cuewalk.domain.content import Equipment, Movement, Need, Programme, RedFlagGroup
from cuewalk.domain.errors import ContentFault


def wrong_ids(entries: Sequence[Entry[Any]]) -> Iterator[ContentFault]:
    """Yield a fault for every id that is not its file's name."""
    for entry in entries:
        if isinstance(entry.id, str) and entry.id != entry.stem:
            remedy = f'Write id = "{entry.stem}", or rename the file to {entry.id}.toml.'
            problem = f'the id "{entry.id}" is not the name of the file.'
            yield entry.source.fault(("id",), problem, remedy)


def unknown_movements(
    programmes: Iterable[Entry[Programme]], movements: Sequence[str]
) -> Iterator[ContentFault]:
    """Yield a fault for every place of a programme whose movement does not exist.

    It reads the raw data, so that it can speak up beside other mistakes of the same file.
    """
    for entry in programmes:
        yield from _not_among(movements, "movement", entry.source, ("items", "movement"))


def unknown_needs(
    entries: Iterable[Entry[Movement]], movements: Sequence[str], things: Sequence[str]
) -> Iterator[ContentFault]:
    """Yield a fault for every thing and every stand-in of a movement that does not exist."""
    for entry in entries:
        yield from _not_among(things, "thing", entry.source, ("needs", "item"))
        yield from _not_among(movements, "movement", entry.source, ("needs", "instead"))


def useless_stand_ins(
    entries: Iterable[Entry[Movement]], things: Mapping[str, Equipment]
) -> Iterator[ContentFault]:
    """Yield a fault for every stand-in that could never be done in place of its movement."""
    movements = _needs(entries)
    needed = {entry.stem: {need.item for need in needs} for entry, needs in movements}
    for entry, needs in movements:
        for index, need in enumerate(needs):
            place = ("needs", index, "instead")
            if need.instead is None or need.item not in things:
                continue
            if things[need.item].optional:
                problem = f'"{need.item}" is optional, so nothing is done instead.'
                yield entry.source.fault(place, problem, "Delete the field.")
            elif need.item in needed.get(need.instead, ()):
                problem = f'"{need.instead}" needs "{need.item}", too.'
                yield entry.source.fault(place, problem, "Name a movement that does without it, or none.")


def _needs(entries: Iterable[Entry[Movement]]) -> list[tuple[Entry[Movement], Sequence[Need]]]:
    return [(entry, entry.value.needs) for entry in entries if entry.value]


def _not_among(
    known: Sequence[str], kind: str, source: Source, place: tuple[str, str]
) -> Iterator[ContentFault]:
    for index, name in _names(source, *place):
        if name not in known:
            problem = f'there is no {kind} "{name}".'
            yield source.fault((place[0], index, place[1]), problem, suggestion(name, known))


def _names(source: Source, table: str, field: str) -> Iterator[tuple[int, str]]:
    items = source.data.get(table)
    for index, item in enumerate(items if isinstance(items, list) else ()):
        name = item.get(field) if isinstance(item, dict) else None
        if isinstance(name, str):
            yield index, name


def twice_asked(
    asked: Sequence[RedFlagGroup | Equipment], source: Source, table: str, kind: str
) -> Iterator[ContentFault]:
    """Yield a fault for every second use of the id of a ``kind`` in ``table``."""
    used = Counter[str]()
    for index, one in enumerate(asked):
        if used[one.id]:
            problem = f'the id "{one.id}" is used twice.'
            yield source.fault((table, index, "id"), problem, f"Give this {kind} another id.")
        used[one.id] += 1
