"""What is typed in a session, and any bytes as keys."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from cuewalk.bench.faults.homes import LOCALE, short_setup
from cuewalk.bench.faults.inputs.mutating import (
    ODD_NUMBERS,
    ODD_STRINGS,
)
from cuewalk.bench.faults.inputs.place import Place
from cuewalk.content.packs import load_pack
from cuewalk.domain.units import Millis
from cuewalk.engine.events import Begin
from cuewalk.engine.session import Session
from cuewalk.language.pack import LocalePack
from cuewalk.session.keyboard import Keyboard
from cuewalk.session.typed import event_of
from cuewalk.speech_in.keys_recogniser import KeysRecogniser
from cuewalk.understanding.interpreter import Interpreter
from cuewalk.understanding.meanings import Meanings
from cuewalk.understanding.thresholds import THRESHOLDS

#: What a person says in a session.
SAID: Final = (
    *("four", "no, five", "stop", "pause", "resume", "that hurts", "yes", "no", "left", "seven and a half"),
    *(
        "skip",
        "note",
        "what did you hear",
        "4.5",
        "0",
        "10",
        "eleven",
        "carry on",
        "something is wrong",
        "pain",
    ),
)


@cache
def _pack() -> LocalePack:
    return load_pack(LOCALE, own=())


def typed_seed(_home: Path) -> bytes:
    """Return what is typed in a session, one utterance a line."""
    return b"no\nleft\npain\nfour\nnext\nfour"


def mutated_typed(rng: Random, _data: bytes) -> bytes:
    """Return lines of what may be said, of odd text, or of both."""
    lines = []
    for _ in range(rng.randint(1, 8)):
        words = [
            rng.choice((rng.choice(SAID), rng.choice(SAID), rng.choice(ODD_STRINGS), rng.choice(ODD_NUMBERS)))
        ]
        if rng.random() < 0.3:  # noqa: PLR2004 - some of two pieces
            words.append(rng.choice((rng.choice(SAID), rng.choice(ODD_STRINGS))))
        lines.append(" ".join(words).encode("utf-8", "surrogatepass"))
    return b"\n".join(lines)


def use_typed(data: bytes, _place: Place) -> None:
    """Type lines in a session, each understood and told to the engine."""
    _type(data + b"\n", Session(short_setup(Random(len(data)), datetime.now(UTC).astimezone(), [])))  # noqa: S311 - not for secrets


def use_keys(data: bytes, _place: Place) -> None:
    """Press keys, any bytes."""
    _type(data, Session(short_setup(Random(1), datetime.now(UTC).astimezone(), [])))  # noqa: S311 - not for secrets


def _type(data: bytes, session: Session) -> None:
    ears = Interpreter(Meanings(_pack()), THRESHOLDS)
    keyboard = Keyboard(KeysRecogniser())
    session.step(Begin())
    for number, line in enumerate(data.splitlines(keepends=True), start=1):
        keyboard.press(line.decode("utf-8", "replace"))
        at = Millis(number * 1000)
        for typed in keyboard.read(session.state):
            session.step(event_of(typed, ears, session.expects, at))
            session.view()
