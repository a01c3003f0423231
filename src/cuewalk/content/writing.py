"""Writes templates of content files: complete, commented, and right as they are."""

import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from cuewalk.content.catalogue import MADE
from cuewalk.content.packs import locales_in
from cuewalk.domain.errors import CuewalkError
from cuewalk.files.faults import reason
from cuewalk.files.writing import private_folder, sync_folder, write_whole
from cuewalk.places import package_data

_IDENT: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LOCALE: Final = re.compile(r"[a-z]{2,3}-[A-Z]{2}")

_MOVEMENT: Final = """\
# {name}.toml - the id is the file's name. Lines that begin with # are remarks.
id = "{name}"
name = "{title}"                    # said when the movement begins
joints = ["hip"]
equipment = []                      # to read, such as ["a chair"]

# "affected": the side of the complaint.   "opposite": the other side.
# "each": one side after the other.        "both": both at once.
sides = "affected"

# Short sentences, 2 to 240 characters. Never write left or right: the voice says the side.
start = "Stand tall beside a wall. Rest one hand on it."
steps = [
  "Slowly lift the working knee.",
  "Slowly lower it.",
]

# One repetition. Each part is said aloud and takes its seconds at normal pace.
phases = [
  {{ say = "Lift", seconds = 3 }},
  {{ say = "and lower", seconds = 3 }},
]

# Repetitions, or a hold: {{ hold_seconds = 30 }}. More sets: {{ reps = 5, sets = 2, set_rest_seconds = 20 }}
dose = {{ reps = 5 }}

# Three or more, the smallest first; "smaller" and "bigger" move along this list.
ranges = [
  {{ name = "tiny", cue = "Only take the weight off the foot." }},
  {{ name = "small", cue = "Lift the knee a hand's width." }},
  {{ name = "full", cue = "Lift as high as it stays easy." }},
]
start_range = 1                     # where to begin, counted from 0

coaching = ["Grow tall.", "Breathe out slowly."]

# Three or more; the first three are said when the technique is reviewed.
faults = [
  {{ fault = "The body leans back.", correction = "Grow tall. Lift less." }},
  {{ fault = "The hip hikes up.", correction = "Keep both hips level." }},
  {{ fault = "It goes too fast.", correction = "Take the whole count." }},
]
easier = "Sit on a chair and only take the weight off the foot."
avoid_when = ["The hip was operated not long ago."]
# video = "films/lift.mp4"          # your own teacher's: an address or a file

# A table in square brackets comes last: every line below it belongs to it.
[note]
claim = "What is said for it, in your own words."
counter = "What others say against it. Your own numbers decide."
source = "Who says so"
"""
_PROGRAMME: Final = """\
# {name}.toml - the id is the file's name. The order of the items is the order of the session.
id = "{name}"
name = "{title}"
about = "What it is for, in a sentence or two."
source = "Me"
# before_note = "Which shoes do you wear most?"   # a question; the answer is kept as a note

items = [
  {{ movement = "lateral-ankle-tilts" }},
  # A dose or sides written here replace the movement's own. Rest is in seconds.
  {{ movement = "pelvis-tucks-and-tilts", dose = {{ reps = 6 }}, rest_seconds = 20 }},
]
"""
#: What a title must have at least, see `domain.content`.
_SHORTEST_TITLE: Final = 3
#: What an id and a title may have at most, see `domain.content`.
_LONGEST_NAME: Final = 60
_TEMPLATES: Final[Mapping[str, tuple[str, str]]] = {
    "movement": ("movements", _MOVEMENT),
    "programme": ("programmes", _PROGRAMME),
}


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
    if len(name) > _LONGEST_NAME:
        raise _too_long(name)
    if not _IDENT.fullmatch(name):
        remedy = "Write small letters, digits and single hyphens, such as heel-raises."
        raise CuewalkError(
            f'"{name}" cannot be the name of a {kind}.', meaning="Nothing was written.", remedy=remedy
        )
    below, template = _TEMPLATES[kind]
    path = folder / locale / below / f"{name}.toml"
    if not replace and (
        (package_data("scripts_audio") / locale / below / path.name).exists() or name in MADE
    ):
        raise CuewalkError(
            f"{name} is the name of a {kind} that comes with cuewalk.",
            meaning="Yours would stand in for it everywhere, so nothing was written.",
            remedy="Choose another name."
            if name in MADE
            else "Choose another name, or add --replace to mean just that.",
        )
    title = name.replace("-", " ").capitalize()
    if len(title) < _SHORTEST_TITLE:
        title = f"{kind.capitalize()} {title}"
    _once(path, lambda: write_whole(path, template.format(name=name, title=title)))
    return path


def copy_locale(name: str, folder: Path, source: str = "en-US") -> Path:
    """Copy a whole locale under a new name, to be translated, and return its folder.

    Raises:
        CuewalkError: if the name is no locale, there is one already, or it cannot be written.
    """
    shipped = package_data("scripts_audio")
    path = folder / name
    if len(name) > _LONGEST_NAME:
        raise _too_long(name)
    if not _LOCALE.fullmatch(name):
        remedy = "Write a language and a country, such as de-DE."
        raise CuewalkError(
            f'"{name}" cannot be the name of a locale.', meaning="Nothing was written.", remedy=remedy
        )
    if name in locales_in(shipped):
        raise CuewalkError(f"There is a locale {name} already.", meaning="Nothing was written.")
    _once(path, lambda: _copy(shipped / source, path, name))
    return path


def _too_long(name: str) -> CuewalkError:
    return CuewalkError(
        f'"{name[:20]}…" is too long for a name.',
        meaning="Nothing was written.",
        remedy=f"Write at most {_LONGEST_NAME} characters.",
    )


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
            f"{path} cannot be written: {reason(error)}.",
            meaning="Nothing was written.",
            remedy="Name a folder that you may write to with --dir.",
        ) from error
