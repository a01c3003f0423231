"""Scripts: the lines and silences of one state, in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cuewalk.domain.units import Millis
from cuewalk.engine.effects import CueKind


@dataclass(frozen=True, slots=True)
class Line:
    """One spoken line. The next item waits for its end *and* for ``beat`` ms since its start.

    ``paced`` beats follow the person's pace; unpaced ones (a hold) are plain time.
    """

    kind: CueKind
    prompt: str
    slots: Mapping[str, str] = field(default_factory=dict)
    beat: Millis = field(default=Millis(0))
    length: int = 0
    paced: bool = True


@dataclass(frozen=True, slots=True)
class Gap:
    """A silence. ``paced`` ones follow the person's pace, like the beats of lines."""

    wait: Millis
    paced: bool = True


Item = Line | Gap
Script = tuple[Item, ...]

#: States whose help is that of another one.
_HELP_ALIASES: Final = {"correct_rating": "rate_after", "ready_first": "ready"}
_NO_BEAT = Millis(0)


def prompt(key: str, /, length: int = 0, **slots: str) -> Line:
    """Return a line that asks something."""
    return Line(CueKind.PROMPT, key, slots, length=length)


def notice(key: str, /, **slots: str) -> Line:
    """Return a line that tells something."""
    return Line(CueKind.NOTICE, key, slots)


def help_in(state: str) -> Line:
    """Return the line that tells what can be said in a state; screens show it too."""
    return notice(f"help_{_HELP_ALIASES.get(state, state)}")


def step(text: str, beat: Millis = _NO_BEAT) -> Line:
    """Return a line of the movement's own text."""
    return Line(CueKind.STEP, "literal", {"text": text}, beat=beat)


def coaching(index: int, beat: Millis = _NO_BEAT) -> Line:
    """Return the ``index``-th coaching cue of the pack; its wordings take turns."""
    return Line(CueKind.COACHING, "coaching", {"index": str(index)}, beat=beat)


def number(value: float) -> str:
    """Return a number as a slot: "3", "4.5"."""
    return f"{value:g}"
