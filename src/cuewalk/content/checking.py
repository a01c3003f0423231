"""Checks content that somebody wrote: a file, a locale, or a whole folder; every fault at once."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from cuewalk.content.explain import nearest
from cuewalk.content.load import EquipmentFile, SafetyFile, load_catalogue
from cuewalk.content.packs import NO_LOCALES, load_pack, locales_in
from cuewalk.content.pictures import load_pictures
from cuewalk.content.reader import Reader, in_order
from cuewalk.content.rules_file import FILE_NAME as RULES
from cuewalk.content.rules_file import OwnRules, read_rules
from cuewalk.content.source import UnreadableError, label, read
from cuewalk.domain.content import Movement, Programme
from cuewalk.domain.errors import ContentError, ContentFault
from cuewalk.files.looking import is_file, is_folder, real, there
from cuewalk.logs import ignoring
from cuewalk.places import package_data

_log = logging.getLogger(__package__)

_FOLDERS: Final = ("movements", "programmes", "phrases")
#: What is read in a locale's folder; a whole locale also has phrases and the safety questions.
_IN_LOCALE: Final = (*_FOLDERS, "equipment.toml", "safety.toml", "calibration.toml")
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
    """Yield the TOML files of content; a folder that cannot be listed, or is gone by now, has none."""
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
    faults = [*_overlooked(root, locales), *_rest(root)]
    for locale in locales:
        faults += _locale(root, locale)
    return in_order(fault for fault in faults if Path(fault.file).absolute().is_relative_to(path))


def _content_in(path: Path) -> tuple[Path, list[str]]:
    """Return the root of a folder of content and the locales to check: the folder's own, or all."""
    if path.name in _FOLDERS and _is_locale_name(path.parent.name):
        path = path.parent
    if _is_locale_name(path.name) and _holds_content(path):
        return path.parent, [path.name]
    return path, [name for name in locales_in(path) if _is_locale_name(name)]


def _locale(root: Path, locale: str) -> Iterator[ContentFault]:
    """Yield the faults of one locale: a whole one, or one that adds to what comes with cuewalk."""
    shipped = package_data("scripts_audio")
    whole = is_folder(root / locale / "phrases") or locale not in locales_in(shipped)
    try:
        if whole:
            # A person's rules.toml holds only the numbers that they changed.
            ours = there(root / RULES) and real(root) == real(shipped)
            load_catalogue(locale, root=root if ours else shipped, extra=root)
        else:
            load_catalogue(locale, extra=root)
    except ContentError as error:
        yield from error.faults
    if whole:
        try:
            load_pack(locale, root=root, own=())
        except ContentError as error:
            yield from error.faults


def _rest(root: Path) -> Iterator[ContentFault]:
    """Yield the faults of the rules and pictures, and every locale's folder that cannot be listed."""
    reader = Reader()
    if there(root / RULES):
        read_rules(reader, package_data("scripts_audio") / RULES, [root / RULES])
    for path in sorted(root.iterdir()):
        if _is_locale_name(path.name):
            reader.can_list(path)
    yield from reader.faults
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
        yield from _unread(root / locale)


def _unread(locale: Path) -> Iterator[ContentFault]:
    for path in sorted(locale.iterdir()) if Reader().can_list(locale) else ():
        if path.name not in _IN_LOCALE and (is_folder(path) or path.suffix == ".toml"):
            close = nearest(path.name, _IN_LOCALE)
            meant = f'Did you mean "{close}"? ' if close else ""
            remedy = f"{meant}Read here: {', '.join(_IN_LOCALE)}."
            yield ContentFault(label(path), None, "this is not read.", remedy)


def _holds_content(folder: Path) -> bool:
    return any(there(folder / name) for name in _IN_LOCALE)


def _root_of(path: Path) -> Path | None:
    """Return the folder of locales that a file belongs to, None if it stands alone."""
    parent = path.parent
    here = parent.name in _FOLDERS and _is_locale_name(parent.parent.name)
    return parent.parent.parent if here else None


def _alone(path: Path) -> list[ContentFault]:
    """Check one file, its kind guessed from its fields; names in it of other files are not looked up."""
    reader = Reader()
    if path.name == RULES:
        read_rules(reader, package_data("scripts_audio") / RULES, [path])
        if not there(path):
            reader.source(path)
        return in_order(reader.faults)
    try:
        fields = read(path).data.keys()
    except UnreadableError as error:
        return [error.fault]
    by_name: dict[str, type[BaseModel]] = {"safety.toml": SafetyFile, "equipment.toml": EquipmentFile}
    kind = by_name.get(path.name) or max(_KINDS, key=lambda kind: len(kind.model_fields.keys() & fields))
    reader.entry(path, kind)
    return in_order(reader.faults)


def _is_locale_name(name: str) -> bool:
    language, dash, country = name.partition("-")
    return bool(dash) and language.islower() and country.isupper() and name not in NO_LOCALES
