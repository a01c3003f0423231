"""Fifty content files broken as people and editors break them: each is told with its place, none crashes."""

import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cuewalk.content.checking import check_content

SEED = 20261121
FILES = (
    "en-US/movements/lateral-ankle-tilts.toml",
    "en-US/movements/roller-shin.toml",
    "en-US/movements/half-kneeling-hold.toml",
    "en-US/programmes/feet-up.toml",
    "en-US/programmes/iliopsoas-holds.toml",
)
Mutation = Callable[[str, random.Random], bytes]


def _line_matching(text: str, draw: random.Random, pattern: str) -> tuple[list[str], int]:
    lines = text.splitlines()
    return lines, draw.choice([i for i, line in enumerate(lines) if re.search(pattern, line)])


def _replaced(pattern: str, new: str) -> Mutation:
    """Break one line that matches ``pattern``: its first match becomes ``new``."""

    def mutate(text: str, draw: random.Random) -> bytes:
        lines, at = _line_matching(text, draw, pattern)
        lines[at] = re.sub(pattern, new, lines[at], count=1)
        return "\n".join(lines).encode()

    return mutate


def _deleted(text: str, draw: random.Random) -> bytes:
    lines, at = _line_matching(text, draw, r"^(id|name|about|source|sides|start|easier) =")
    del lines[at]
    return "\n".join(lines).encode()


def _written_twice(text: str, draw: random.Random) -> bytes:
    lines, at = _line_matching(text, draw, r"^(id|name) =")
    lines.insert(at, lines[at])
    return "\n".join(lines).encode()


def _in_utf16(text: str, draw: random.Random) -> bytes:
    return text.encode("utf-16")


def _in_latin1(text: str, draw: random.Random) -> bytes:
    return text.replace('name = "', 'name = "Ümlaut ', 1).encode("latin-1")


def _cut_off(text: str, draw: random.Random) -> bytes:
    end = draw.choice([match.end() for match in re.finditer(r'= \[?\s*"\w', text)])
    return text[:end].encode()


def _control_character(text: str, draw: random.Random) -> bytes:
    return text.replace('name = "', 'name = "\x07', 1).encode()


def _empty(text: str, draw: random.Random) -> bytes:
    return b""


def _binary(text: str, draw: random.Random) -> bytes:
    return bytes(draw.randrange(256) for _ in range(300))


MUTATIONS: dict[str, Mutation] = {
    "a line deleted": _deleted,
    "a text for a list": _replaced(r"^(steps|items|joints) = \[.*", r'\1 = "text"\n_rest = ['),
    "a number for a text": _replaced(r'^(name|start|easier|about|source) = ".*"', r"\1 = 5"),
    "a field nobody knows": _replaced(r"^(id = .*)", r"\1\nfavourite = 7"),
    "a field misspelled": _replaced(r"^name =", "nmae ="),
    "a quote missing": _replaced(r'^(name = ".*)"', r"\1"),
    "an equals sign missing": _replaced(r"^name = ", "name "),
    "a bracket too many": _replaced(r"^(sides = .*|about = .*)", r"\1]"),
    "another id": _replaced(r'^id = ".*"', 'id = "something-else"'),
    "an id with capitals": _replaced(r'^id = ".*"', 'id = "Something Else"'),
    "a negative number": _replaced(r"(seconds|rest_seconds|reps|hold_seconds) = \d+", r"\1 = -3"),
    "a number in words": _replaced(r"(seconds|rest_seconds|reps|hold_seconds) = \d+", r'\1 = "five"'),
    "no number at all": _replaced(r"(seconds|rest_seconds|reps|hold_seconds) = \d+(\.\d+)?", r"\1 = nan"),
    "a huge text": _replaced(r'^name = ".*"', f'name = "{"x" * 50_000}"'),
    "a date": _replaced(r'^name = ".*"', "name = 2026-11-21"),
    "written twice": _written_twice,
    "UTF-16": _in_utf16,
    "Latin-1": _in_latin1,
    "cut off": _cut_off,
    "a control character": _control_character,
    "empty": _empty,
    "not text": _binary,
}


def _cases() -> Iterator[tuple[str, str, int]]:
    """Yield fifty: every mutation twice, on two files, and some a third time; drawn with the seed."""
    draw = random.Random(SEED)
    names = [*MUTATIONS, *MUTATIONS, *draw.sample(list(MUTATIONS), 50 - 2 * len(MUTATIONS))]
    for number, name in enumerate(names):
        yield name, FILES[number % len(FILES)], SEED + number


CASES = list(_cases())


def test_there_are_fifty():
    assert len(CASES) == 50


@pytest.mark.parametrize(("name", "file", "seed"), CASES, ids=[f"{i}-{c[0]}" for i, c in enumerate(CASES)])
def test_a_broken_file_is_told_with_its_place_and_a_remedy(
    name: str, file: str, seed: int, root: Path
) -> None:
    text = (root / file).read_text("utf-8")
    (root / file).write_bytes(MUTATIONS[name](text, random.Random(seed)))
    faults = check_content(root)
    mine = [fault for fault in faults if fault.file.endswith(file)]
    assert mine, "the broken file is not named"
    for fault in mine:
        assert fault.line is not None
        assert 1 <= fault.line <= (root / file).read_bytes().count(b"\n") + 1
        assert fault.problem.endswith(".")
        assert fault.remedy.endswith((".", "?"))
        assert len(fault.problem) < 300


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_same_break_in_a_folder_of_ones_own_is_told_there(name: str, root: Path, tmp_path: Path) -> None:
    file, own = FILES[0], tmp_path / "own"
    (own / "en-US/movements").mkdir(parents=True)
    shutil.copy(root / file, own / file)
    text = (own / file).read_text("utf-8")
    (own / file).write_bytes(MUTATIONS[name](text, random.Random(SEED)))
    for path in (own, own / "en-US", own / file):
        told = check_content(path)
        assert told
        assert all(fault.file.endswith(file) and fault.line for fault in told)
