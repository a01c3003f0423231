"""Homes of which parts are of another kind, denied, foreign, or nested deeply."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

from cuewalk.bench.faults.inputs.place import InputKind, InputPlace, judge_time, run_line
from cuewalk.bench.faults.modes import obey_modes
from cuewalk.bench.faults.trying import HANG_SECONDS
from cuewalk.files.removing import remove_tree

#: Kinds of a file or folder that are not what belongs there.
_KINDS: Final = (
    *("gone", "folder", "pipe", "loop", "dangling", "empty", "zeros", "huge", "text", "foreign", "deep"),
)
#: Modes: nothing is allowed; only reading; a folder's names but not what is in it; only writing.
_MODES: Final = ("000", "500", "400", "200")
#: What the homes lack and commands make or look for.
_ABSENT: Final = (
    *("cache", "cache/cues", "cache/models", "session.lock", "journal.sqlite-wal", "journal.sqlite-shm"),
    *("heads/en-US-taught.npz", "content/xx", "content/en-US/packs", "content/ko-KR", "."),
)
_LOCALES: Final = (
    *("de-DE", "en-us", "en_US", "ko-KR", "xx", "", "en-US/../en-US", "../..", "/", "\\u0000"),
    *("é" * 200, "a" * 5000),
)
_READING: Final = """
log; log --all; buckets; evidence; replay; correct 20 4; checkin 4; settings; settings volume 0.4; programmes;
rules; check; teach --list; teach --remove easier; models list; models verify; play 20; forget --yes;
new movement toe-taps; scripts preview heel-raises --out x.wav; calibrate --from-corrections; doctor;
new programme p; new locale de-DE; settings locale de-DE; scripts check; run
"""
_READERS: Final = [line.split() for line in _READING.split(";")]
#: Folders in folders, named by one letter: deeper than Python's calls go, shorter than a path may be.
_DEPTH: Final = 1200
_HUGE_BYTES: Final = 3_000_000_000
#: How often two things are odd at once, and how often the locale is.
_TWO, _LOCALE = 0.25, 0.12


@cache
def _homes_seed(home: Path) -> bytes:
    """Return the names of everything in a home, one a line."""
    names = [str(path.relative_to(home)) for path in sorted(home.rglob("*"))]
    return "\n".join([*names, *_ABSENT]).encode()


def _mutated_home(rng: Random, data: bytes) -> bytes:
    """Return what is odd in a home, one thing a line, and last the command that is run in it."""
    names = data.decode().split("\n")
    lines: list[list[Any]] = []
    for _ in range(1 + (rng.random() < _TWO)):
        # A folder of many files is not to be hit more often than what is there once.
        folder = rng.choice(sorted({name.rpartition("/")[0] for name in names}))
        name = rng.choice([name for name in names if name.rpartition("/")[0] == folder])
        lines.append([name, rng.choice((*_KINDS, *_MODES, *_MODES))])
    if rng.random() < _LOCALE:
        lines.append(["settings.toml", "locale", rng.choice(_LOCALES)])
    lines.append(["cuewalk", *rng.choice(_READERS)])
    return "\n".join(json.dumps(line) for line in lines).encode()


def _use_home(data: bytes, place: InputPlace) -> None:
    """Run a command in a home in which something is odd."""
    lines = _lines_in(data)
    words = next((line[1:] for line in lines if line[:1] == ["cuewalk"]), None)
    if words is None:
        return  # the undamaged list, or a piece of an input while it is made smaller
    try:
        _fresh(place)
        for line in lines:
            if line[0] != "cuewalk":
                _damage(place.home, *line)
        _run(words, place)
    finally:
        remove_tree(place.home)
        place.home.mkdir()


def _lines_in(data: bytes) -> list[list[Any]]:
    try:
        lines = [json.loads(line) for line in data.split(b"\n")]
    except ValueError:
        return []
    return [line for line in lines if isinstance(line, list) and line]


def _fresh(place: InputPlace) -> None:
    remove_tree(place.home)
    shutil.copytree(place.whole, place.home)


def _run(words: list[str], place: InputPlace) -> None:
    """Run a command; where it takes long, compare with the same in an undamaged home."""
    seconds = run_line(words, place, obey_modes)
    if seconds > HANG_SECONDS:
        _fresh(place)
        judge_time(words, seconds, run_line(words, place, obey_modes))


def _damage(home: Path, name: str, shape: str, value: str = "") -> None:
    """Make one part of a home odd; what an earlier damage made impossible is left out."""
    target = home if name == "." else home / name
    with suppress(OSError, UnicodeError):
        if shape == "locale":
            if target.is_file():  # a pipe would be waited for
                target.write_text(f"{target.read_text('utf-8')}\nlocale = {json.dumps(value)}\n", "utf-8")
        elif shape in _MODES:
            if not target.exists():
                target.mkdir(parents=True)
            target.chmod(int(shape, 8))
        else:
            remove_tree(target)
            target.parent.mkdir(parents=True, exist_ok=True)
            _MAKERS[shape](target)


def _huge(target: Path) -> None:
    with target.open("wb") as file:
        file.truncate(_HUGE_BYTES)


def _deep(target: Path) -> None:
    """Make folders in folders, from the innermost: the watch follows every path, which has to be short."""
    parts = [target.with_name(f".{target.name}-{turn}") for turn in (0, 1)]
    parts[0].mkdir()
    for number in range(1, _DEPTH):
        whole, inner = parts[number % 2], parts[number % 2 - 1]
        whole.mkdir()
        inner.rename(whole / "d")
    parts[(_DEPTH - 1) % 2].rename(target)


def _foreign(target: Path) -> None:
    """Put what another program keeps there: a database of its own, or a folder of its files."""
    if target.suffix == ".sqlite":
        with closing(sqlite3.connect(target)) as other:
            other.execute("CREATE TABLE entries (title TEXT)")
            other.execute("CREATE TABLE sessions (cookie BLOB)")
            other.commit()
        return
    target.mkdir()
    (target / "Thumbs.db").write_bytes(bytes(range(256)))
    (target / ".DS_Store").write_bytes(b"")
    (target / "movements.toml").mkdir()
    (target / "en-US").write_bytes(b"\xff\xfe")
    (target / "back").symlink_to(target)
    with open(os.fsencode(target) + b"/\xff\xfe.toml", "wb") as odd:  # noqa: PTH123 - a name that is no text
        odd.write(b"\xff")


_MAKERS: Final[dict[str, Callable[[Path], object]]] = {
    "gone": lambda _target: None,
    "folder": Path.mkdir,
    "pipe": os.mkfifo,
    "loop": lambda target: target.symlink_to(target),
    "dangling": lambda target: target.symlink_to("nowhere/at/all"),
    "empty": lambda target: target.write_bytes(b""),
    "zeros": lambda target: target.write_bytes(bytes(5000)),
    "huge": _huge,
    "text": lambda target: target.write_text("not what it should be\n"),
    "foreign": _foreign,
    "deep": _deep,
}
KIND: Final = InputKind("homes", _homes_seed, _mutated_home, _use_home, 1.6)
