"""Scripts: the lines and silences of one state, in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cuewalk.domain.prompts import PROMPT_SLOTS, PromptKey, key_of
from cuewalk.domain.units import Millis
from cuewalk.engine.effects import CueKind
from cuewalk.engine.states import MOVING, State

_NO_BEAT: Final = Millis(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One spoken line. The next item waits for its end *and* for ``beat`` ms since its start.

    ``paced`` beats follow the person's pace; unpaced ones (a hold) are plain time.
    """

    kind: CueKind
    prompt: PromptKey
    slots: Mapping[str, str] = field(default_factory=dict)
    beat: Millis = _NO_BEAT
    length: int = 0
    paced: bool = True


@dataclass(frozen=True, slots=True)
class Gap:
    """A silence. ``paced`` ones follow the person's pace, like the beats of lines."""

    wait: Millis
    paced: bool = True


ScriptItem = Line | Gap
Script = tuple[ScriptItem, ...]

#: States whose help is that of another one.
_HELPED_AS: Final = {
    State.CORRECT_RATING: State.RATE_AFTER,
    State.READ_BACK: State.CONFIRM_RATING,
    State.READY_FIRST: State.READY,
    State.ADVISED: State.FAREWELL,
}
_HELP: Final[Mapping[str, PromptKey]] = {
    state: key_of(f"help_{_HELPED_AS.get(state, state)}")
    for state in State
    if f"help_{_HELPED_AS.get(state, state)}" in PROMPT_SLOTS
}
#: What can be said to go on with what a call for help has paused.
HELP_TO_GO_ON: Final = {state: key_of(f"paused_help_{state}") for state in MOVING}


def prompt(key: PromptKey, /, length: int = 0, **slots: str) -> Line:
    """Return a line that asks something."""
    return Line(CueKind.PROMPT, key, slots, length=length)


def notice(key: PromptKey, /, **slots: str) -> Line:
    """Return a line that tells something."""
    return Line(CueKind.NOTICE, key, slots)


def help_in(state: str) -> PromptKey | None:
    """Return the key of what can be said in a state (screens show it, too), None where nothing can."""
    return _HELP.get(state)


def step(text: str, beat: Millis = _NO_BEAT) -> Line:
    """Return a line of the movement's own text."""
    return Line(CueKind.STEP, "literal", {"text": text}, beat=beat)


def coaching(index: int) -> Line:
    """Return the ``index``-th coaching cue of the pack; its wordings take turns."""
    return Line(CueKind.COACHING, "coaching", {"index": str(index)})


def number(value: float) -> str:
    """Return a number as a slot: "3", "4.5"."""
    return f"{value:g}"
