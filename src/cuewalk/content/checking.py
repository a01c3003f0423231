"""Checks content that somebody wrote: a file, a locale, or a whole folder; every fault at once."""

import logging
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from cuewalk.content.allowed import nearest
from cuewalk.content.load import EquipmentFile, SafetyFile, load_catalogue
from cuewalk.content.packs import NO_LOCALES, load_pack, locales_in
from cuewalk.content.pictures import load_pictures
from cuewalk.content.reader import Reader
from cuewalk.content.rules_file import FILE_NAME as RULES
from cuewalk.content.rules_file import OwnRules, read_rules
from cuewalk.content.source import UnreadableError, label, read
from cuewalk.domain.content import Movement, Programme
from cuewalk.domain.errors import ContentError, ContentFault
from cuewalk.files.looking import is_file, is_folder, real, there
from cuewalk.logs import ignoring
from cuewalk.places import package_data

_log = logging.getLogger(__package__)

#: What is read in a locale's folder; a whole locale also has phrases and the safety questions.
_IN_LOCALE: Final = (
    "movements",
    "programmes",
    "phrases",
    "equipment.toml",
    "safety.toml",
    "calibration.toml",
)
_FOLDERS: Final = ("movements", "programmes", "phrases")
#: Where content files lie below a content folder. Nothing is read from any deeper.
_LAYOUT: Final = ("*.toml", "*/*.toml", "*/*/*.toml")
#: What a file that stands alone may be; the one that it shares most field names with is meant.
_KINDS: Final[tuple[type[BaseModel], ...]] = (Movement, Programme, SafetyFile, EquipmentFile, OwnRules)


def check_content(path: Path) -> list[ContentFault]:
    """Return every fault of a content file, a locale's folder, or a folder of locales."""
    path = real(path)
    if is_folder(path):
        return check_folder(path)
    root = _root_of(path)
    if root is None or path.suffix != ".toml" or not is_file(path):
        return _alone(path)
    return [fault for fault in check_folder(root) if fault.file == label(path)]


def stand_ins(path: Path) -> list[str]:
    """Return a sentence for each file of a content folder that stands in for one that comes with cuewalk."""
    path, shipped = real(path), real(package_data("scripts_audio"))
    if path.is_relative_to(shipped):
        return []
    root = _root_of(path) if is_file(path) else path
    if root is None or not is_folder(root):
        return []
    found = sorted(_files_below(root))
    return [
        f"{label(file)} stands in for ours of the same name."
        for file in found
        if file.parent.name in {"movements", "programmes"}
        and there(shipped / file.parent.parent.name / file.parent.name / file.name)
        and path in {file, *file.parents}
    ]


def _files_below(root: Path) -> Iterator[Path]:
    """Yield the TOML files where content lies; what cannot be listed, or is gone by now, has none."""
    for pattern in _LAYOUT:
        with ignoring(_log, OSError, doing="listing content"):
            yield from root.glob(pattern)


def check_shipped() -> list[ContentFault]:
    """Return every fault of the content that comes with cuewalk."""
    return check_folder(package_data("scripts_audio"))


def check_folder(path: Path) -> list[ContentFault]:
    """Return every fault of a folder of content; one that cannot be listed is a fault itself."""
    path = real(path)
    reader = Reader()
    if not reader.can_list(path):
        return reader.faults
    root, locales = _content_in(path)
    found = [_overlooked(root, locales), _closed(root), _rules(root), _pictures(root)]
    faults = chain(*found, *(_locale(root, each) for each in locales))
    return _sorted(fault for fault in faults if Path(fault.file).absolute().is_relative_to(path))


def _content_in(path: Path) -> tuple[Path, list[str]]:
    """Return the root of a folder of content and the locales to check: the folder's own, or all."""
    if path.name in _FOLDERS and _is_locale_name(path.parent.name):
        path = path.parent
    if _is_locale_name(path.name) and _holds_content(path):
        return path.parent, [path.name]
    return path, [name for name in locales_in(path) if _is_locale_name(name)]


def _is_ours(root: Path, shipped: Path) -> bool:
    return there(root / RULES) and real(root) == real(shipped)


def _locale(root: Path, locale: str) -> Iterator[ContentFault]:
    """Yield the faults of one locale: a whole one, or one that adds to what comes with cuewalk."""
    shipped = package_data("scripts_audio")
    whole = is_folder(root / locale / "phrases") or locale not in locales_in(shipped)
    try:
        if whole:
            # A person's rules.toml holds only the numbers that they changed.
            load_catalogue(locale, root=root if _is_ours(root, shipped) else shipped, extra=root)
        else:
            load_catalogue(locale, extra=root)
    except ContentError as error:
        yield from error.faults
    if whole:
        try:
            load_pack(locale, root=root, own=())
        except ContentError as error:
            yield from error.faults


def _rules(root: Path) -> Iterator[ContentFault]:
    standard = package_data("scripts_audio") / RULES
    if not there(root / RULES):
        return
    reader = Reader()
    read_rules(reader, standard, [root / RULES])
    yield from reader.faults


def _pictures(root: Path) -> Iterator[ContentFault]:
    try:
        load_pictures(root)
    except ContentError as error:
        yield from error.faults


def _overlooked(root: Path, locales: list[str]) -> Iterator[ContentFault]:
    """Yield a fault for every file or folder that looks like content and is not read."""
    if not locales and not there(root / RULES):
        remedy = "Name a folder that holds one for each language, such as en-US, or a single file."
        yield ContentFault(label(root), None, "there is no content in this folder.", remedy)
    for name in _FOLDERS:
        if is_folder(root / name):
            remedy = f"Move this folder to {root / 'en-US' / name}."
            yield ContentFault(label(root / name), None, "the locale is missing.", remedy)
    for name in locales_in(root):
        if name not in locales and name not in _FOLDERS and _holds_content(root / name):
            remedy = 'Name it by a language and a country: "en-US".'
            yield ContentFault(label(root / name), None, "this is not the name of a locale.", remedy)
    for locale in locales:
        yield from map(_unread, _unknown_in(root / locale))


def _closed(root: Path) -> Iterator[ContentFault]:
    """Yield a fault for everything that has the name of a locale and cannot be listed."""
    reader = Reader()
    for path in sorted(root.iterdir()):
        if _is_locale_name(path.name):
            reader.can_list(path)
    yield from reader.faults


def _unknown_in(locale: Path) -> list[Path]:
    return [
        path
        for path in (sorted(locale.iterdir()) if Reader().can_list(locale) else ())
        if path.name not in _IN_LOCALE and (is_folder(path) or path.suffix == ".toml")
    ]


def _holds_content(folder: Path) -> bool:
    return any(there(folder / name) for name in _IN_LOCALE)


def _unread(path: Path) -> ContentFault:
    close = nearest(path.name, _IN_LOCALE)
    meant = f'Did you mean "{close}"? ' if close else ""
    remedy = f"{meant}Read here: {', '.join(_IN_LOCALE)}."
    return ContentFault(label(path), None, "this is not read.", remedy)


def _root_of(path: Path) -> Path | None:
    """Return the folder of locales that a file belongs to, None if it stands alone."""
    parent = path.parent
    here = parent.name in _FOLDERS and _is_locale_name(parent.parent.name)
    return parent.parent.parent if here else None


def _alone(path: Path) -> list[ContentFault]:
    """Check one file by what it looks like; the names it uses of other files are not looked up."""
    if path.name == RULES:
        reader = Reader()
        read_rules(reader, package_data("scripts_audio") / RULES, [path])
        if not there(path):
            reader.source(path)
        return _sorted(iter(reader.faults))
    try:
        data = read(path).data
    except UnreadableError as error:
        return [error.fault]
    reader = Reader()
    reader.entry(path, _kind_of(path, data))
    return _sorted(iter(reader.faults))


def _kind_of(path: Path, data: dict[str, Any]) -> type[BaseModel]:
    by_name: dict[str, type[BaseModel]] = {"safety.toml": SafetyFile, "equipment.toml": EquipmentFile}
    return by_name.get(path.name) or max(_KINDS, key=lambda kind: len(kind.model_fields.keys() & data.keys()))


def _is_locale_name(name: str) -> bool:
    language, dash, country = name.partition("-")
    return bool(dash) and language.islower() and country.isupper() and name not in NO_LOCALES


def _sorted(faults: Iterator[ContentFault]) -> list[ContentFault]:
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line or 0))
