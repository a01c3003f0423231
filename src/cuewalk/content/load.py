"""Loads a locale's content: all of it or nothing, with every mistake of every file named at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field

from cuewalk.content.catalogue import Catalogue
from cuewalk.content.explain import suggestion
from cuewalk.content.packs import locale_folder, locales_in, read_phrases
from cuewalk.content.reader import ContentFile, Reader
from cuewalk.content.rules_file import FILE_NAME as RULES
from cuewalk.content.rules_file import read_rules
from cuewalk.content.source import Source, label
from cuewalk.domain.content import Equipment, Movement, Programme, RedFlagGroup
from cuewalk.domain.errors import BugError, ContentFault
from cuewalk.domain.frozen import Frozen
from cuewalk.files.looking import there
from cuewalk.places import package_data

_Model = TypeVar("_Model", bound=BaseModel)
_Value = TypeVar("_Value", bound=object)


class SafetyFile(Frozen):
    """``safety.toml``: the red flags, one question a group, in the order in which they are asked."""

    groups: Annotated[tuple[RedFlagGroup, ...], Field(min_length=1)]


class EquipmentFile(Frozen):
    """``equipment.toml``: the things that movements need and that are asked for."""

    items: Annotated[tuple[Equipment, ...], Field(min_length=1)]


def load_catalogue(
    locale: str,
    root: Path | None = None,
    extra: Path | None = None,
    own_rules: Path | None = None,
    *,
    without: Iterable[Path] = (),
    on_rule_fault: Callable[[ContentFault], None] | None = None,
) -> Catalogue:
    """Return everything that ``locale`` can say and do.

    Args:
        locale: the name of a folder, such as "en-US".
        root: the folder of all content, by default the one that comes with cuewalk.
        extra: a folder of the person's own, laid out like ``root``: its movements, programmes and equipment
            are added, or replace those of the same id; so do the numbers of its ``rules.toml``. A locale
            that is only there must be whole.
        own_rules: one more file with numbers of the person's own; they count before all others.
        without: files and folders to leave out, because they are known to be broken.
        on_rule_fault: called with each fault of the person's numbers, and the standard number counts. Without
            it such a fault is raised like all others.

    Raises:
        ContentError: with every fault of every file; nothing is loaded then.
    """
    reader = Reader(without)
    root, extra = root or package_data("scripts_audio"), _usable(reader, extra)
    folders = _folders(reader, locale, root, extra)
    movements = _latest(reader, folders, "movements", Movement)
    named = sorted({path.stem for path in reader.seen})  # a broken movement exists, too
    programmes = _latest(reader, folders, "programmes", Programme)
    equipment = _equipment(reader, folders, movements, named)
    entries: list[ContentFile[Any]] = [*movements, *programmes]
    reader.faults.extend(wrong_ids(entries))
    reader.faults.extend(_not_among(named, "movement", programmes, ("items", "movement")))
    safety = _safety(reader, folders[0])
    own = [path for path in (extra and extra / RULES, own_rules) if path]
    rules = read_rules(reader, root / RULES, own)
    if on_rule_fault is not None:
        reader.hand_over([label(path) for path in own], on_rule_fault)
    phrases = {name: source.data for name, source in read_phrases(reader, folders[0]).items()}
    reader.finish()
    own_ids = _own_ids(entries, extra)
    return Catalogue(
        locale=locale,
        programmes=_by_id(programmes),
        movements=_by_id(movements),
        red_flags=_sure(safety).groups,
        rules=_sure(rules).rules,
        phrases=MappingProxyType(phrases),
        equipment=MappingProxyType(equipment),
        replaced_rules=MappingProxyType(dict(_sure(rules).replaced)),
        own=own_ids,
        stand_ins=own_ids & _shipped_ids(root, locale),
    )


def _own_ids(entries: Iterable[ContentFile[Any]], extra: Path | None) -> frozenset[str]:
    return frozenset(e.stem for e in entries if extra and e.source.path.is_relative_to(extra))


def _shipped_ids(root: Path, locale: str) -> frozenset[str]:
    folders = [root / locale / kind for kind in ("movements", "programmes")]
    return frozenset(path.stem for folder in folders for path in folder.glob("*.toml"))


def _folders(reader: Reader, locale: str, root: Path, extra: Path | None) -> list[Path]:
    """Return the folders of movements and programmes: the shipped one, then the person's own."""
    if extra is not None and locale not in locales_in(root) and locale in locales_in(extra):
        root, extra = extra, None
    folder = locale_folder(reader, locale, root)
    for name in ("programmes", "movements"):
        if not any(reader.toml_files(folder / name)):
            reader.add(folder / name, f"there are no {name}.", "Put at least one .toml file there.")
        if extra is not None and reader.can_list(extra / name):
            remedy = f"Move this folder to {extra / locale / name}."
            reader.add(extra / name, "the locale is missing.", remedy)
    return [folder, extra / locale] if extra is not None and reader.can_list(extra / locale) else [folder]


def _usable(reader: Reader, extra: Path | None) -> Path | None:
    """Return the person's folder if it can be listed; one that is named and missing is a fault."""
    if extra is None or reader.can_list(extra):
        return extra
    if not there(extra):
        reader.add(extra, "the folder of your own programmes does not exist.", "Make it, or name another.")
    return None


def _latest(reader: Reader, folders: list[Path], name: str, model: type[_Model]) -> list[ContentFile[_Model]]:
    """Return the last entry of each name: the person's own before the shipped ones."""
    entries = (entry for folder in folders for entry in reader.entries(folder / name, model))
    return list({entry.stem: entry for entry in entries}.values())


def _equipment(
    reader: Reader, folders: list[Path], movements: list[ContentFile[Movement]], named: list[str]
) -> dict[str, Equipment]:
    """Return the things by id, the person's own before the shipped ones.

    Without movements that need any there is no file; while one is broken, needs are not checked.
    """
    paths = [path for folder in folders if reader.has(path := folder / "equipment.toml")]
    whole = [entry for path in paths if (entry := reader.entry(path, EquipmentFile)) and entry.value]
    things: dict[str, Equipment] = {}
    for entry in whole:
        items = _sure(entry.value).items
        reader.faults.extend(_twice_asked(items, entry.source, "items", "thing"))
        things |= {thing.id: thing for thing in items}
    if len(whole) == len(paths):
        reader.faults.extend(_not_among(tuple(things), "thing", movements, ("needs", "item")))
        reader.faults.extend(_not_among(named, "movement", movements, ("needs", "instead")))
        reader.faults.extend(_useless_stand_ins(movements, things))
    return things


def _safety(reader: Reader, folder: Path) -> SafetyFile | None:
    entry = reader.entry(folder / "safety.toml", SafetyFile)
    if entry and entry.value:
        reader.faults.extend(_twice_asked(entry.value.groups, entry.source, "groups", "group"))
    return entry.value if entry else None


def _by_id(entries: list[ContentFile[_Model]]) -> Mapping[str, _Model]:
    return MappingProxyType({entry.stem: _sure(entry.value) for entry in entries})


def _sure(value: _Value | None) -> _Value:
    if value is None:
        raise BugError("a file failed its checks without a fault being noted")
    return value


def wrong_ids(entries: Sequence[ContentFile[Any]]) -> Iterator[ContentFault]:
    """Yield a fault for every id that is not its file's name."""
    for entry in entries:
        written = entry.source.data.get("id")
        if isinstance(written, str) and written != entry.stem:
            remedy = f'Write id = "{entry.stem}", or rename the file to {written}.toml.'
            yield entry.source.fault(("id",), f'the id "{written}" is not the name of the file.', remedy)


def _not_among(
    known: Sequence[str], kind: str, entries: Iterable[ContentFile[Any]], place: tuple[str, str]
) -> Iterator[ContentFault]:
    """Yield a fault for every name of a ``kind`` that does not exist; ``place`` is a list and a field of it.

    It reads the raw data, so that it can speak up beside other mistakes of the same file.
    """
    for source in (entry.source for entry in entries):
        items = source.data.get(place[0])
        for index, item in enumerate(items if isinstance(items, list) else ()):
            name = item.get(place[1]) if isinstance(item, dict) else None
            if isinstance(name, str) and name not in known:
                path = (place[0], index, place[1])
                yield source.fault(path, f'there is no {kind} "{name}".', suggestion(name, known))


def _useless_stand_ins(
    movements: Iterable[ContentFile[Movement]], things: Mapping[str, Equipment]
) -> Iterator[ContentFault]:
    """Yield a fault for every stand-in that could never be done in place of its movement."""
    needs = [(one, at, need) for one in movements if one.value for at, need in enumerate(one.value.needs)]
    needed = {(entry.stem, need.item) for entry, _, need in needs}
    for entry, at, need in needs:
        if need.instead is None or need.item not in things:
            continue
        if things[need.item].optional:
            problem = f'"{need.item}" is optional, so nothing is done instead.'
            yield entry.source.fault(("needs", at, "instead"), problem, "Delete the field.")
        elif (need.instead, need.item) in needed:
            problem = f'"{need.instead}" needs "{need.item}", too.'
            remedy = "Name a movement that does without it, or none."
            yield entry.source.fault(("needs", at, "instead"), problem, remedy)


def _twice_asked(
    asked: Sequence[RedFlagGroup | Equipment], source: Source, table: str, kind: str
) -> Iterator[ContentFault]:
    """Yield a fault for every second use of the id of a ``kind`` in ``table``."""
    for index, one in enumerate(asked):
        if one.id in {before.id for before in asked[:index]}:
            problem = f'the id "{one.id}" is used twice.'
            yield source.fault((table, index, "id"), problem, f"Give this {kind} another id.")
