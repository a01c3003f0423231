"""Loads what a locale understands and says: its phrase files, checked by the language package."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cuewalk.content.allowed import Allowed, suggestion
from cuewalk.content.explain import explain
from cuewalk.content.own_phrases import misfit, own_phrases
from cuewalk.content.reader import Reader
from cuewalk.content.source import Source
from cuewalk.domain.errors import BugError, ContentError, ContentFault
from cuewalk.files.left_out import left_out
from cuewalk.files.looking import is_folder
from cuewalk.language.errors import PhraseError
from cuewalk.language.own import OwnPhrase
from cuewalk.language.pack import LocalePack, build_pack
from cuewalk.language.schema import PackFiles
from cuewalk.places import data_dir, package_data

#: Folders beside the locales that hold something else.
NO_LOCALES: Final = frozenset({"pictures", "personas"})
#: The files that a locale pack is made of.
PHRASE_FILES: Final = tuple(PackFiles.model_fields)


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
        return _with_own(locale, files, own) if own else pack
    except PersonsPhrasesError as error:
        if given:
            raise ContentError([error.fault]) from error
        left_out(f"{error.fault} Your phrases are left out.")
        return pack
    except ValidationError as error:
        reader.faults.extend(_shape_faults(error, sources))
    except PhraseError as error:
        reader.faults.append(sources[error.file].fault(error.keypath, error.problem, error.remedy))
    reader.finish()
    raise BugError("a locale pack was refused without a fault being noted")


class PersonsPhrasesError(Exception):
    """The person's phrases do not fit the pack."""

    def __init__(self, fault: ContentFault) -> None:
        self.fault = fault
        super().__init__(str(fault))


def _with_own(locale: str, files: Mapping[str, Mapping[str, object]], own: Sequence[OwnPhrase]) -> LocalePack:
    """Build the pack, known to be sound, once more with the person's phrases; a fault is theirs then."""
    try:
        return build_pack(locale, files, own)
    except PhraseError as error:
        raise PersonsPhrasesError(misfit(locale, error)) from error


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
    shipped = package_data("scripts_audio")
    return (
        shipped if locale in locales_in(shipped) or locale not in locales_in(own_content()) else own_content()
    )


def locales_in(root: Path) -> list[str]:
    """Return the names of the locales in a folder of content."""
    try:
        folders = [path.name for path in root.iterdir() if is_folder(path)]
    except (OSError, ValueError):  # missing, no folder, closed: the caller that needs it reports why
        return []
    return sorted(name for name in folders if name not in NO_LOCALES and not name.startswith("."))


def read_phrases(reader: Reader, folder: Path) -> Mapping[str, Source]:
    """Return the phrase files of a locale by name, without those that have faults."""
    found = {name: reader.source(folder / "phrases" / f"{name}.toml") for name in PHRASE_FILES}
    return {name: source for name, source in found.items() if source}


def _shape_faults(error: ValidationError, sources: Mapping[str, Source]) -> list[ContentFault]:
    by_file = groupby(error.errors(include_url=False), key=lambda detail: str(detail["loc"][0]))
    return [
        fault
        for name, details in by_file
        for fault in explain([_within(detail) for detail in details], Allowed(PackFiles, name), sources[name])
    ]


def _within(detail: ErrorDetails) -> ErrorDetails:
    """Return the detail with its location counted from inside its file."""
    within = detail.copy()
    within["loc"] = detail["loc"][1:]
    return within
