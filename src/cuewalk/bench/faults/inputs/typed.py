"""What is typed: in a session, as any bytes, and as command lines with odd words, numbers and paths."""

import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from cuewalk.bench.faults.homes import LOCALE, short_setup
from cuewalk.bench.faults.inputs.mutating import ODD_NUMBERS, ODD_STRINGS, mutated_bytes
from cuewalk.bench.faults.inputs.place import InputKind, InputPlace, judge_time, run_line
from cuewalk.content.packs import load_pack
from cuewalk.domain.units import Millis
from cuewalk.engine.events import Begin
from cuewalk.engine.session import Session
from cuewalk.language.pack import LocalePack
from cuewalk.session.keyboard import Keyboard, event_of
from cuewalk.speech_in.keys_recogniser import KeysRecogniser
from cuewalk.understanding.interpreter import Interpreter
from cuewalk.understanding.meanings import Meanings
from cuewalk.understanding.thresholds import THRESHOLDS

#: What a person says in a session.
_SAID: Final = (
    *("four", "no, five", "stop", "pause", "resume", "that hurts", "yes", "no", "left", "seven and a half"),
    *("skip", "note", "what did you hear", "4.5", "0", "10", "eleven", "carry on", "something is wrong"),
    "pain",
)
#: Command lines that neither need sound devices nor take long; "_" stands for an odd word.
_LINES: Final = """
log _; log --all _; buckets; evidence _; evidence --json; correct _ _; correct 12 _; checkin _; replay _;
settings _ _; settings volume _; settings voice _; settings _; settings microphone _; settings head _;
settings locale _; new movement _; new programme _ --dir _; new locale _; new movement a --locale _; check _;
check --content _; programmes _; programmes --content _; rules _; rules --json _; picture _; teach --remove _;
teach _ --as _; teach --locale _; models verify _; models list _; models fetch _; play _;
scripts preview _ --out _; scripts render _ --out _; scripts check --locale _; demo --persona _;
demo --programme _; bench hear _; bench decisions --people 1 --assume _; bench _; forget _; run _;
run --side _; start --programme _; _; _ _
"""
_COMMANDS: Final = [line.split() for line in _LINES.split(";")]
#: A loop of links, a pipe and a folder lie where a command line runs.
_PATHS: Final = (
    *("loop", "pipe", "folder", "gone/deeper", "loop/x", "file/x", "home", "/dev/full", "/dev/zero", "a b ü"),
)
#: Shares of inputs (0-1): lines of two pieces, command lines with a word too many. Design.
_TWO_PIECES, _ONE_MORE = 0.3, 0.1


@cache
def _pack() -> LocalePack:
    return load_pack(LOCALE, own=())


def _mutated_typed(rng: Random, _data: bytes) -> bytes:
    """Return lines of what may be said, of odd text, or of both."""
    lines = []
    for _ in range(rng.randint(1, 8)):
        words = [
            rng.choice(
                (rng.choice(_SAID), rng.choice(_SAID), rng.choice(ODD_STRINGS), rng.choice(ODD_NUMBERS))
            )
        ]
        if rng.random() < _TWO_PIECES:
            words.append(rng.choice((rng.choice(_SAID), rng.choice(ODD_STRINGS))))
        lines.append(" ".join(words).encode("utf-8", "surrogatepass"))
    return b"\n".join(lines)


def _use_typed(data: bytes, _place: InputPlace) -> None:
    """Type lines in a session, each understood and told to the engine."""
    _type(data + b"\n", len(data))


def _use_keys(data: bytes, _place: InputPlace) -> None:
    _type(data, 1)


def _type(data: bytes, seed: int) -> None:
    session = Session(short_setup(Random(seed), datetime.now(UTC).astimezone(), []))  # noqa: S311 - no secret
    interpreter = Interpreter(Meanings(_pack()), THRESHOLDS)
    keyboard = Keyboard(KeysRecogniser())
    session.step(Begin())
    for number, line in enumerate(data.splitlines(keepends=True), start=1):
        keyboard.press(line.decode("utf-8", "replace"))
        for typed in keyboard.read(session.state):
            session.step(event_of(typed, interpreter, session.expects, Millis(number * 1000)))
            session.view()


def _mutated_arguments(rng: Random, _data: bytes) -> bytes:
    """Return a command line with odd words, numbers and paths, one argument a line."""

    def odd() -> str:
        words = (rng.choice(ODD_STRINGS), rng.choice(ODD_NUMBERS), rng.choice(_PATHS), rng.choice(_SAID))
        return rng.choice(words).replace("\0", "").replace("\n", " ")

    words = [odd() if word == "_" else word for word in rng.choice(_COMMANDS)]
    if rng.random() < _ONE_MORE:
        words.insert(rng.randrange(len(words) + 1), odd())
    return "\n".join(words).encode("utf-8", "surrogatepass")


def _use_arguments(data: bytes, place: InputPlace) -> None:
    words = [os.fsdecode(word) for word in data.split(b"\n")]
    here = place.sandbox / "here"
    for name, make in (("loop", lambda p: p.symlink_to(p)), ("pipe", os.mkfifo), ("folder", Path.mkdir)):
        if not os.path.lexists(here / name):
            make(here / name)
    judge_time(words, run_line(words, place))


_SESSION: Final = b"no\nleft\npain\nfour\nnext\nfour"
KINDS: Final = (
    InputKind("typed", _SESSION, _mutated_typed, _use_typed, 2.0),
    InputKind("keys", _SESSION, mutated_bytes, _use_keys),
    InputKind("arguments", b"log\n--all", _mutated_arguments, _use_arguments, 0.8),
)
