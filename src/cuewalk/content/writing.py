"""Writes templates of content files: complete, commented, and right as they are."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from string import Template
from typing import Final

from cuewalk.content.catalogue import MADE
from cuewalk.content.packs import locales_in
from cuewalk.domain.errors import CuewalkError
from cuewalk.files.faults import why_unwritable
from cuewalk.files.writing import private_folder, sync_folder, write_whole
from cuewalk.places import package_data

_IDENT: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LOCALE: Final = re.compile(r"[a-z]{2,3}-[A-Z]{2}")
#: Characters that a title has at least, and an id and a title at most, see `domain.content`.
_SHORTEST_TITLE: Final = 3
_LONGEST_NAME: Final = 60


def write_template(kind: str, name: str, folder: Path, locale: str, *, replace: bool = False) -> Path:
    """Write a new movement or programme and return its path.

    Args:
        kind: "movement" or "programme".
        name: its id.
        folder: the person's content folder; made if it is missing.
        locale: the language it is in.
        replace: whether it may replace a shipped one of the same name.

    Raises:
        CuewalkError: if the name is no id or a shipped one, the file exists, or it cannot be written.
    """
    _check_name(name, kind, _IDENT, "Write small letters, digits and single hyphens, such as heel-raises.")
    shipped, below = package_data("scripts_audio"), f"{kind}s"
    path = folder / locale / below / f"{name}.toml"
    if not replace and ((shipped / locale / below / path.name).exists() or name in MADE):
        other = "" if name in MADE else ", or add --replace to mean just that"
        raise CuewalkError(
            f"{name} is the name of a {kind} that comes with cuewalk.",
            meaning="Yours would stand in for it everywhere, so nothing was written.",
            remedy=f"Choose another name{other}.",
        )
    title = name.replace("-", " ").capitalize()
    if len(title) < _SHORTEST_TITLE:
        title = f"{kind.capitalize()} {title}"
    template = Template((shipped / "templates" / f"{kind}.toml").read_text("utf-8"))
    _once(path, lambda: write_whole(path, template.substitute(name=name, title=title)))
    return path


def copy_locale(name: str, folder: Path, source: str = "en-US") -> Path:
    """Copy a whole locale under a new name, to be translated, and return its folder.

    Raises:
        CuewalkError: if the name is no locale, there is one already, or it cannot be written.
    """
    shipped = package_data("scripts_audio")
    path = folder / name
    _check_name(name, "locale", _LOCALE, "Write a language and a country, such as de-DE.")
    if name in locales_in(shipped):
        raise CuewalkError(f"There is a locale {name} already.", meaning="Nothing was written.")
    _once(path, lambda: _copy(shipped / source, path, name))
    return path


def _check_name(name: str, kind: str, form: re.Pattern[str], remedy: str) -> None:
    if len(name) > _LONGEST_NAME:
        raise CuewalkError(
            f'"{name[:20]}…" is too long for a name.',
            meaning="Nothing was written.",
            remedy=f"Write at most {_LONGEST_NAME} characters.",
        )
    if not form.fullmatch(name):
        problem = f'"{name}" cannot be the name of a {kind}.'
        raise CuewalkError(problem, meaning="Nothing was written.", remedy=remedy)


def _copy(source: Path, path: Path, name: str) -> None:
    draft = path.with_name(f".{name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        private_folder(draft)
        for file in sorted(source.rglob("*.toml")):
            text = file.read_text("utf-8").replace(f'code = "{source.name}"', f'code = "{name}"', 1)
            header = "# TRANSLATE: every text in quotes; ids and field names stay.\n"
            write_whole(draft / file.relative_to(source), header + text)
        draft.rename(path)
        sync_folder(path.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _once(path: Path, write: Callable[[], None]) -> None:
    if os.path.lexists(path):  # never raises, as `exists` does in a folder that may not be opened
        remedy = "Choose another name, or delete it first."
        raise CuewalkError(f"{path} is there already.", meaning="It was left as it is.", remedy=remedy)
    try:
        write()
    except (OSError, ValueError) as error:
        raise CuewalkError(
            f"{path} cannot be written: {why_unwritable(error)}.",
            meaning="Nothing was written.",
            remedy="Name a folder that you may write to with --dir.",
        ) from error
