"""Loads what a locale understands and says: its phrase files, checked by the language package."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cuewalk.content.explain import Allowed, explain, suggestion
from cuewalk.content.own_phrases import misfit, own_phrases
from cuewalk.content.reader import Reader, in_order
from cuewalk.content.source import Source
from cuewalk.domain.errors import ContentError, ContentFault
from cuewalk.files.left_out import left_out
from cuewalk.files.looking import is_folder
from cuewalk.language.errors import PhraseError
from cuewalk.language.own import OwnPhrase
from cuewalk.language.pack import LocalePack, build_pack
from cuewalk.language.schema import PackFiles
from cuewalk.places import data_dir, package_data

#: Folders beside the locales that hold something else.
NO_LOCALES: Final = frozenset({"pictures", "personas", "templates"})


def load_pack(locale: str, root: Path | None = None, own: Sequence[OwnPhrase] | None = None) -> LocalePack:
    """Return the pack of ``locale``.

    Args:
        locale: the locale's code.
        root: a folder of locales; without one, those that come with cuewalk and what the person taught them.
        own: other phrases of the person instead; ``()`` for the pack as it came. Those that they have kept
            are left out with a sentence where they no longer fit.

    Raises:
        ContentError: with every fault of every phrase file, and of ``own``; nothing is loaded then.
    """
    given = own is not None
    reader = Reader()
    sources = read_phrases(reader, locale_folder(reader, locale, root or _root_of(locale)))
    reader.finish()
    if own is None:
        own = own_phrases(locale) if root is None else ()
    files = {name: source.data for name, source in sources.items()}
    try:
        pack = build_pack(locale, files)
    except ValidationError as error:
        raise ContentError(in_order(_shape_faults(error, sources))) from error
    except PhraseError as error:
        fault = sources[error.file].fault(error.keypath, error.problem, error.remedy)
        raise ContentError([fault]) from error
    if not own:
        return pack
    try:  # the pack is known to be sound, so a fault is one of the person's phrases
        return build_pack(locale, files, own)
    except PhraseError as error:
        fault = misfit(locale, error)
        if given:
            raise ContentError([fault]) from error
        left_out(f"{fault} Your phrases are left out.")
        return pack


def locale_folder(reader: Reader, locale: str, root: Path) -> Path:
    """Return the folder of ``locale``.

    Raises:
        ContentError: if there is none; the message names those there are.
    """
    locales = locales_in(root)
    if not locales:
        reader.add(root, "the folder of programmes is missing or empty.", "Install cuewalk again.")
    elif locale not in locales:
        reader.add(root, f'there is no locale "{locale}".', suggestion(locale, locales))
    reader.finish()
    return root / locale


def own_content() -> Path:
    """Return where the person's own movements, programmes and locales are looked for; it need not exist."""
    return data_dir() / "content"


def _root_of(locale: str) -> Path:
    """Return our folder of locales, or the person's own where only that has this one."""
    shipped, own = package_data("scripts_audio"), own_content()
    return shipped if locale in locales_in(shipped) or locale not in locales_in(own) else own


def locales_in(root: Path) -> list[str]:
    """Return the names of the locales in a folder of content."""
    try:
        folders = [path.name for path in root.iterdir() if is_folder(path)]
    except (OSError, ValueError):  # missing, no folder, closed: the caller that needs it reports why
        return []
    return sorted(name for name in folders if name not in NO_LOCALES and not name.startswith("."))


def read_phrases(reader: Reader, folder: Path) -> Mapping[str, Source]:
    """Return the phrase files of a locale by name, without those that have faults."""
    found = {name: reader.source(folder / "phrases" / f"{name}.toml") for name in PackFiles.model_fields}
    return {name: source for name, source in found.items() if source}


def _shape_faults(error: ValidationError, sources: Mapping[str, Source]) -> list[ContentFault]:
    by_file: dict[str, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False):
        name, *within = detail["loc"]  # the file, and the place in it
        by_file.setdefault(str(name), []).append({**detail, "loc": tuple(within)})
    return [
        fault
        for name, details in by_file.items()
        for fault in explain(details, Allowed(PackFiles, name), sources[name])
    ]
