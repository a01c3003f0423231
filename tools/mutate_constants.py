"""Moves the numbers at module level, one at a time, and tells which no test notices.

``python -m tools.mutate_constants cuewalk.domain tests/unit/domain tests/property/test_evidence.py`` runs the
tests once for each change of each constant of the package's modules; what is printed survived. mutmut (see
``script/mutate``) changes what stands inside of functions, and never these.

Each change is tried in a forked child that imports the changed module, so constants computed from others
change with them. The machine needs `os.fork`.
"""

import argparse
import ast
import os
import signal
import sys
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec
from pathlib import Path
from types import CodeType
from typing import NamedTuple

import hypothesis  # noqa: F401 - loaded once, before all children
import numpy as np  # noqa: F401
import pydantic  # noqa: F401
import pytest

#: Seconds that the tests of one change may take.
_LONGEST = 300
#: hypothesis is imported before pytest starts, which pytest warns of; warnings are errors.
_OPTIONS = (
    "-x", "-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning",
    "-m", "not device and not package",
)  # fmt: skip


class Change(NamedTuple):
    """One number of a module: where it stands, and what takes its place."""

    path: Path
    name: str
    line: int
    column: int
    before: float
    after: float


def changes(path: Path) -> Iterator[Change]:
    """Yield the changes of a module: every number in an assignment to a name in capitals, more and less."""
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pass
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case _:
                continue
        if not name.isupper():
            continue
        for number in ast.walk(value):
            match number:
                case ast.Constant(value=int() | float() as before) if not isinstance(before, bool):
                    for after in _others(before):
                        yield Change(path, name, number.lineno, number.col_offset, before, after)


def _others(value: float) -> tuple[float, ...]:
    if isinstance(value, int):
        return value + max(1, abs(value) // 4), value - max(1, abs(value) // 4)
    return (value * 1.3, value * 0.7) if value else (0.1,)


def changed(change: Change) -> CodeType:
    """Return a module's code with one number changed."""
    tree = ast.parse(change.path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and (node.lineno, node.col_offset) == (change.line, change.column):
            node.value = change.after
    return compile(tree, change.path, "exec")


def noticed(change: Change, tests: list[str]) -> bool:
    """Run the tests with a change in a child and return whether one of them failed."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return status != 0
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    signal.alarm(_LONGEST)
    whole = SourceFileLoader.get_code

    def get_code(loader: SourceFileLoader, name: str) -> CodeType | None:
        ours = Path(loader.get_filename(name)).resolve() == change.path
        return changed(change) if ours else whole(loader, name)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign,assignment]
    code = 1
    try:
        code = pytest.main([*_OPTIONS, *tests])
    finally:
        os._exit(int(code))


def main() -> None:
    """Try every change of a package, or of one module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("package", help="a package or a module, by its dotted name")
    parser.add_argument("tests", nargs="+", help="what is run for each change")
    asked = parser.parse_args()
    spec = find_spec(asked.package)
    if spec is None or spec.origin is None:
        sys.exit(f"{asked.package} was not found.")
    origin = Path(spec.origin).resolve()
    paths = sorted(origin.parent.rglob("*.py")) if origin.name == "__init__.py" else [origin]
    found = [change for path in paths for change in changes(path)]
    if found and noticed(found[0]._replace(after=found[0].before), asked.tests):
        sys.exit("The tests fail without any change.")
    survived = 0
    for number, change in enumerate(found, start=1):
        if not noticed(change, asked.tests):
            survived += 1
            sys.stdout.write(
                f"{change.path.name}:{change.line} {change.name}: {change.before:g} -> {change.after:g}\n"
            )
            sys.stdout.flush()
        sys.stderr.write(f"\r{number} of {len(found)}, {survived} survived ")
    sys.stdout.write(f"{len(found) - survived} of {len(found)} changes were noticed.\n")


if __name__ == "__main__":
    main()
