"""What one file says about another: ids, names of movements, order of questions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cuewalk.content.allowed import suggestion
from cuewalk.content.files import Entry
from cuewalk.content.read import Source
from cuewalk.domain.content import Programme, RedFlagGroup
from cuewalk.domain.errors import ContentFault


def wrong_ids(entries: Sequence[Entry[Any]], kind: str) -> Iterator[ContentFault]:
    """Yield a fault for every id that is not its file's name, or that an earlier file has."""
    first: dict[str, Source] = {}
    for entry in entries:
        if isinstance(entry.id, str) and entry.id != entry.stem:
            remedy = f'Write id = "{entry.stem}", or rename the file to {entry.id}.toml.'
            problem = f'the id "{entry.id}" is not the name of the file.'
            yield entry.source.fault(("id",), problem, remedy)
        if (other := first.setdefault(entry.stem, entry.source)) is not entry.source:
            problem = f'there is a {kind} "{entry.stem}" already, in {other.label}.'
            yield entry.source.fault(("id",), problem, "Give this one another id and file name.")


def unknown_movements(
    programmes: Iterable[Entry[Programme]], movements: Sequence[str]
) -> Iterator[ContentFault]:
    """Yield a fault for every place of a programme whose movement does not exist.

    It reads the raw data, so that it can speak up beside other mistakes of the same file.
    """
    for entry in programmes:
        for index, name in _names(entry.source):
            if name not in movements:
                problem = f'there is no movement "{name}".'
                yield entry.source.fault(("items", index, "movement"), problem, suggestion(name, movements))


def _names(source: Source) -> Iterator[tuple[int, str]]:
    items = source.data.get("items")
    for index, item in enumerate(items if isinstance(items, list) else ()):
        name = item.get("movement") if isinstance(item, dict) else None
        if isinstance(name, str):
            yield index, name


def twice_asked(groups: Sequence[RedFlagGroup], source: Source) -> Iterator[ContentFault]:
    """Yield a fault for every second use of a group's id."""
    used = Counter[str]()
    for index, group in enumerate(groups):
        if used[group.id]:
            problem = f'the id "{group.id}" is used twice.'
            yield source.fault(("groups", index, "id"), problem, "Give this group another id.")
        used[group.id] += 1
