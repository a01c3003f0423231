"""Loads a locale's content: all of it or nothing, with every mistake of every file named at once."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field

from cuewalk.content.catalogue import Catalogue
from cuewalk.content.checks import twice_asked, unknown_movements, wrong_ids
from cuewalk.content.files import Entry, Reader
from cuewalk.content.limits import beyond_limits
from cuewalk.content.packs import load_pack, locale_folder, read_phrases
from cuewalk.domain.content import Movement, Programme, RedFlagGroup
from cuewalk.domain.errors import BugError
from cuewalk.domain.frozen import Frozen
from cuewalk.domain.rules import Rules
from cuewalk.places import package_data

__all__ = ["SafetyFile", "load_catalogue", "load_pack"]

_Model = TypeVar("_Model", bound=BaseModel)


class SafetyFile(Frozen):
    """``safety.toml``: the red flags, one question a group, in the order in which they are asked."""

    groups: Annotated[tuple[RedFlagGroup, ...], Field(min_length=1)]


def load_catalogue(locale: str, root: Path | None = None, extra: Path | None = None) -> Catalogue:
    """Return everything that ``locale`` can say and do.

    Args:
        locale: the name of a folder, such as "en-US".
        root: the folder of all content, by default the one that comes with cuewalk.
        extra: a folder of the person's own, laid out like ``root``: its movements and programmes are added,
            its ``rules.toml`` takes the place of ours.

    Raises:
        ContentError: with every fault of every file; nothing is loaded then.
    """
    reader = Reader()
    folders = _folders(reader, locale, root or package_data("scripts_audio"), extra)
    movements = [entry for folder in folders for entry in reader.entries(folder / "movements", Movement)]
    named = sorted({path.stem for path in reader.seen})  # a broken movement exists, too
    programmes = [entry for folder in folders for entry in reader.entries(folder / "programmes", Programme)]
    reader.faults.extend(wrong_ids(movements, "movement"))
    reader.faults.extend(wrong_ids(programmes, "programme"))
    reader.faults.extend(unknown_movements(programmes, named))
    safety, rules = _safety(reader, folders[0]), _rules(reader, folders[0].parent, extra)
    phrases = {name: source.data for name, source in read_phrases(reader, folders[0]).items()}
    reader.finish()
    return Catalogue(
        locale=locale,
        programmes=_by_id(programmes),
        movements=_by_id(movements),
        red_flags=_sure(safety).groups,
        rules=_sure(rules),
        phrases=MappingProxyType(phrases),
    )


def _folders(reader: Reader, locale: str, root: Path, extra: Path | None) -> list[Path]:
    """Return the folders of movements and programmes: ours, then the person's own."""
    folder = locale_folder(reader, locale, root)
    for name in ("programmes", "movements"):
        if not any(reader.toml_files(folder / name)):
            reader.add(folder / name, f"there are no {name}.", "Put at least one .toml file there.")
    if extra is None:
        return [folder]
    if not extra.is_dir():
        reader.add(extra, "the folder of your own programmes does not exist.", "Make it, or name another.")
    for name in ("programmes", "movements"):
        if (extra / name).is_dir():
            reader.add(
                extra / name, "the locale is missing.", f"Move this folder to {extra / locale / name}."
            )
    return [folder, extra / locale]


def _safety(reader: Reader, folder: Path) -> SafetyFile | None:
    entry = reader.entry(folder / "safety.toml", SafetyFile)
    if entry and entry.value:
        reader.faults.extend(twice_asked(entry.value.groups, entry.source))
    return entry.value if entry else None


def _rules(reader: Reader, root: Path, extra: Path | None) -> Rules | None:
    own = extra / "rules.toml" if extra else None
    entry = reader.entry(own if own and own.exists() else root / "rules.toml", Rules)
    if entry and entry.value:
        reader.faults.extend(beyond_limits(entry.value, entry.source))
    return entry.value if entry else None


def _by_id(entries: list[Entry[_Model]]) -> Mapping[str, _Model]:
    return MappingProxyType({entry.stem: _sure(entry.value) for entry in entries})


_Value = TypeVar("_Value", bound=object)


def _sure(value: _Value | None) -> _Value:
    if value is None:
        raise BugError("a file failed its checks without a fault being noted")
    return value
