"""The pages for contributors name files, functions and folders that are there."""

import ast
import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_SOURCE = _ROOT / "src" / "cuewalk"
_PAGES = sorted([*(_ROOT / "docs").rglob("*.md"), _ROOT / "CONTRIBUTING.md", _ROOT / "README.md"])
#: Words in backticks that look like a place in the sources: a module with or without a name in it.
_PLACE = re.compile(r"`((?:[a-z_]+/)+[a-z_]+\.py)(?::([A-Za-z_.]+))?`")
#: A folder of more is two ideas; the command line has one module a command.
_MOST_MODULES = 20


def _names(path: Path) -> set[str]:
    """Return the names that a module defines, of classes and their members too."""
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.ClassDef(name=name, body=body):
                found |= {
                    name,
                    *(f"{name}.{each.name}" for each in body if isinstance(each, ast.FunctionDef)),
                }
            case ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]):
                found.add(name)
    return found


def _file(place: str) -> Path | None:
    return next(
        (base / place for base in (_SOURCE, _ROOT, _ROOT / "tests") if (base / place).is_file()), None
    )


@pytest.mark.parametrize("page", _PAGES, ids=lambda path: str(path.relative_to(_ROOT)))
def test_every_place_that_a_page_names_is_there(page):
    missing = []
    for place, name in _PLACE.findall(page.read_text("utf-8")):
        path = _file(place)
        if path is None or (name and name not in _names(path)):
            missing.append(f"{place}:{name}" if name else place)
    assert missing == []


def test_the_newcomers_page_names_a_function_at_each_station():
    found = _PLACE.findall((_ROOT / "docs" / "follow-a-spoken-four.md").read_text("utf-8"))
    assert len([name for _, name in found if name]) > 30


def test_the_floors_on_the_page_are_those_that_are_checked():
    drawn = (_ROOT / "docs" / "architecture.md").read_text("utf-8").split("```")[1]
    contract = (_ROOT / "pyproject.toml").read_text("utf-8").split('id = "layers"')[1].split("[[tool")[0]
    floors = re.search(r"layers = \[(.*?)\]", contract, re.DOTALL)[1]
    assert re.findall(r"\b[a-z_]+\b", floors) == [
        name
        for line in drawn.strip().splitlines()
        for name in re.findall(r"\b[a-z_]+\b", re.split(r"\s{3,}", line.strip())[0])
    ]


def test_no_folder_is_two_ideas():
    for folder in [_SOURCE, *(path for path in _SOURCE.rglob("*") if path.is_dir())]:
        modules = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(modules) <= _MOST_MODULES or folder.name == "cli", f"{folder.name}: {len(modules)} modules"
