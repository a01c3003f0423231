"""Writes templates of content files: complete, commented, and right as they are."""

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from cuewalk.content.packs import locales_in
from cuewalk.domain.errors import CuewalkError
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
_TEMPLATES: Final[Mapping[str, tuple[str, str]]] = {
    "movement": ("movements", _MOVEMENT),
    "programme": ("programmes", _PROGRAMME),
}


def write_template(kind: str, name: str, folder: Path, locale: str) -> Path:
    """Write a new movement or programme and return its path.

    Args:
        kind: "movement" or "programme".
        name: its id.
        folder: the person's content folder; made if it is missing.
        locale: the language it is in.

    Raises:
        CuewalkError: if the name is no id, the file exists, or it cannot be written.
    """
    if not _IDENT.fullmatch(name):
        remedy = "Write small letters, digits and single hyphens, such as heel-raises."
        raise CuewalkError(
            f'"{name}" cannot be the name of a {kind}.', meaning="Nothing was written.", remedy=remedy
        )
    below, template = _TEMPLATES[kind]
    path = folder / locale / below / f"{name}.toml"
    title = name.replace("-", " ").capitalize()
    _once(path, lambda: _write(path, template.format(name=name, title=title)))
    return path


def copy_locale(name: str, folder: Path, source: str = "en-US") -> Path:
    """Copy a whole locale under a new name, to be translated, and return its folder.

    Raises:
        CuewalkError: if the name is no locale, there is one already, or it cannot be written.
    """
    shipped = package_data("scripts_audio")
    path = folder / name
    if not _LOCALE.fullmatch(name):
        remedy = "Write a language and a country, such as de-DE."
        raise CuewalkError(
            f'"{name}" cannot be the name of a locale.', meaning="Nothing was written.", remedy=remedy
        )
    if name in locales_in(shipped):
        raise CuewalkError(f"There is a locale {name} already.", meaning="Nothing was written.")
    _once(path, lambda: _copy(shipped / source, path, name))
    return path


def _copy(source: Path, path: Path, name: str) -> None:
    draft = path.with_name(f".{name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        shutil.copytree(source, draft)
        for file in sorted(draft.rglob("*.toml")):
            file.chmod(0o644)
            text = file.read_text("utf-8").replace(f'code = "{source.name}"', f'code = "{name}"', 1)
            file.write_text(f"# TRANSLATE: every text in quotes; ids and field names stay.\n{text}", "utf-8")
        draft.replace(path)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _once(path: Path, write: Callable[[], None]) -> None:
    if path.exists():
        remedy = "Choose another name, or delete it first."
        raise CuewalkError(f"{path} is there already.", meaning="It was left as it is.", remedy=remedy)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write()
    except OSError as error:
        raise CuewalkError(
            f"{path} cannot be written ({error.strerror or error}).",
            meaning="Nothing was written.",
            remedy="Name a folder that you may write to with --dir.",
        ) from error


def _write(path: Path, text: str) -> None:
    """Write a file that does not exist yet, whole or not at all."""
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
