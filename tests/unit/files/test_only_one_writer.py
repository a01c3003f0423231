"""Nothing but `cuewalk.files` puts a file in its place, or believes one before it is bounded."""

import ast
from collections.abc import Iterator
from pathlib import Path

import cuewalk

_SOURCE = Path(cuewalk.__file__).parent
#: Calls that write, move or delete, by the attribute's name.
_WRITES = {
    *(
        "write_text",
        "write_bytes",
        "touch",
        "mkdir",
        "makedirs",
        "rename",
        "symlink_to",
        "copyfile",
        "copy2",
        "copy",
    ),
    *("copytree", "move", "mkstemp", "NamedTemporaryFile", "savez", "savez_compressed", "save"),
}
_READS = {"read_text", "read_bytes"}
#: Where it is allowed, with the reason.
_ALLOWED = {
    "files/": "the one place",
    "engine/": "pure: the walls forbid it any file",
    "journal/opening.py": "SQLite makes its own file; it is pre-made private",
    "journal/lock.py": "a lock is a file that stays",
    "journal/clips.py": "writes beside, syncs and renames by itself; its parts expire with the clips",
    "models/fetch.py": "unpacks into a folder of its own; a download goes on where it was cut off",
    "models/manifest.py": "comes with cuewalk",
    "models/store.py": "makes its own folder; a lock is a file that stays",
    "models/unpack.py": "unpacks into a folder of its own, file by file, bounded",
    "speech_out/": "scratch files of a worker and cues that can be rendered again",
    "bench/": "benchmarks write into temporary folders",
    "cli/bench": "benchmarks write where they are told",
    "content/writing.py": "copies what comes with cuewalk into a draft folder and renames that",
    "devices/ducking_guard.py": "reads the kernel's own files",
    "speech_in/pocketsphinx_recogniser.py": "comes with cuewalk",
    "speech_in/silero.py": "comes with a package",
    "learning/calibrating/keeping.py": "a draft folder is swapped in",
    "learning/teaching/keeping.py": "remembers what a file was, to put it back",
}


def _calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.lineno, node.func.attr


def test_every_file_is_written_and_read_by_the_one_writer_and_reader() -> None:
    found = [
        f"{path.relative_to(_SOURCE)}:{line} {name}"
        for path in sorted(_SOURCE.rglob("*.py"))
        if not any(str(path.relative_to(_SOURCE)).startswith(place) for place in _ALLOWED)
        for line, name in _calls(ast.parse(path.read_text("utf-8")))
        if name in _WRITES - {"save", "copy", "replace"} | _READS
    ]
    assert found == []


#: These raise for a folder without permissions on Python up to 3.13: `files.looking` has those that do not.
_LOOKS = {"is_dir", "is_file", "exists", "resolve"}
#: Where they are right, with the reason.
_MAY_LOOK = {
    "files/": "the one place, and writers, who are to raise",
    "places.py": "what comes with cuewalk",
    "devices/": "devices and the system's own folders",
    "speech_in/": "inside a model that was found whole",
    "speech_out/": "what is installed",
    "bench/": "folders that it made itself",
    "scripting/rendering.py": "where the person told it to write",
    "cli/demo.py": "what it has just written",
    "content/writing.py": "where it is about to write",
    "journal/opening.py": "a query",
    "models/unpack.py": "an entry of an archive",
    "models/fetch.py": "where it is about to write",
    **dict.fromkeys(
        (
            "learning/personal.py",
            "understanding/hearing.py",
            "learning/teaching/keeping.py",
            "learning/teaching/language.py",
        ),
        "heads that come with cuewalk",
    ),
}


def test_what_is_a_persons_own_is_looked_at_without_raising() -> None:
    found = [
        f"{path.relative_to(_SOURCE)}:{line} {name}"
        for path in sorted(_SOURCE.rglob("*.py"))
        if not any(str(path.relative_to(_SOURCE)).startswith(place) for place in _MAY_LOOK)
        for line, name in _calls(ast.parse(path.read_text("utf-8")))
        if name in _LOOKS
    ]
    assert found == []
