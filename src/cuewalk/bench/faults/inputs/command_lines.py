"""Command lines with odd words, numbers and paths."""

import os
from pathlib import Path
from random import Random
from typing import Final

from cuewalk.bench.faults.inputs.mutating import (
    ODD_NUMBERS,
    ODD_STRINGS,
)
from cuewalk.bench.faults.inputs.place import Place, judge_time, run_line
from cuewalk.bench.faults.inputs.typed import SAID

#: Command lines that neither need sound devices nor take long; None stands for an odd word.
_COMMANDS: Final = (
    *(["log", None], ["log", "--all", None], ["buckets"], ["evidence", None], ["evidence", "--json"]),
    *(["correct", None, None], ["correct", "12", None], ["checkin", None], ["replay", None]),
    *(
        ["settings", None, None],
        ["settings", "volume", None],
        ["settings", "voice", None],
        ["settings", None],
    ),
    *(["settings", "microphone", None], ["settings", "head", None], ["settings", "locale", None]),
    *(["new", "movement", None], ["new", "programme", None, "--dir", None], ["new", "locale", None]),
    *(["new", "movement", "a", "--locale", None], ["check", None], ["check", "--content", None]),
    *(["programmes", None], ["programmes", "--content", None], ["rules", None], ["rules", "--json", None]),
    *(
        ["picture", None],
        ["teach", "--remove", None],
        ["teach", None, "--as", None],
        ["teach", "--locale", None],
    ),
    *(["models", "verify", None], ["models", "list", None], ["models", "fetch", None], ["play", None]),
    *(["scripts", "preview", None, "--out", None], ["scripts", "render", None, "--out", None]),
    *(["scripts", "check", "--locale", None], ["demo", "--persona", None], ["demo", "--programme", None]),
    *(["bench", "hear", None], ["bench", "decisions", "--people", "1", "--assume", None], ["bench", None]),
    *(
        ["forget", None],
        ["run", None],
        ["run", "--side", None],
        ["start", "--programme", None],
        [None],
        [None, None],
    ),
)
_PATHS: Final = (
    "loop",
    "pipe",
    "folder",
    "gone/deeper",
    "loop/x",
    "file/x",
    "home",
    "/dev/full",
    "/dev/zero",
    "a b ü",
)


def arguments_seed(_home: Path) -> bytes:
    """Return a command line, one argument a line."""
    return b"log\n--all"


def mutated_arguments(rng: Random, _data: bytes) -> bytes:
    """Return a command line with odd words, numbers and paths."""

    def odd() -> str:
        words = (rng.choice(ODD_STRINGS), rng.choice(ODD_NUMBERS), rng.choice(_PATHS), rng.choice(SAID))
        return rng.choice(words).replace("\0", "").replace("\n", " ")

    words = [odd() if word is None else word for word in rng.choice(_COMMANDS)]
    if rng.random() < 0.1:  # noqa: PLR2004
        words.insert(rng.randrange(len(words) + 1), odd())
    return "\n".join(words).encode("utf-8", "surrogatepass")


def use_arguments(data: bytes, place: Place) -> None:
    """Run a command line in a child; a pipe, a loop of links and a folder lie where it runs."""
    words = [os.fsdecode(word) for word in data.split(b"\n")]
    here = place.sandbox / "here"
    for name, make in (("loop", lambda p: p.symlink_to(p)), ("pipe", os.mkfifo), ("folder", os.mkdir)):
        if not os.path.lexists(here / name):
            make(here / name)
    judge_time(words, run_line(words, place))
