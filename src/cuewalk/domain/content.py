"""Movements, programmes and safety questions as they are written in the content files."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from cuewalk.domain.frozen import Frozen

Ident = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Line = Annotated[str, Field(min_length=2, max_length=240)]
Seconds = Annotated[float, Field(gt=0, le=600)]


class Sides(StrEnum):
    """On which side a movement is done, seen from the complaint."""

    EACH = "each"
    AFFECTED = "affected"
    OPPOSITE = "opposite"
    BOTH = "both"


class Phase(Frozen):
    """One part of a repetition: what is said for it and how long it takes at normal pace."""

    say: Line
    seconds: Seconds


class Dose(Frozen):
    """How much: repetitions of the phases, or one timed hold, in one or more sets."""

    reps: Annotated[int, Field(ge=1, le=50)] | None = None
    hold_seconds: Seconds | None = None
    sets: Annotated[int, Field(ge=1, le=10)] = 1
    set_rest_seconds: Annotated[float, Field(ge=0, le=300)] = 10

    @model_validator(mode="after")
    def _one_kind(self) -> "Dose":
        if (self.reps is None) == (self.hold_seconds is None):
            raise ValueError("write either reps or hold_seconds")
        return self


class RangeLevel(Frozen):
    """How far the movement goes, from the smallest to the largest."""

    name: Line
    cue: Line


class Fault(Frozen):
    """A common mistake and its correction."""

    fault: Line
    correction: Line


class Claim(Frozen):
    """What a teacher says about the movement, what others say against it, and where."""

    claim: Line
    counter: Line
    source: Line


class Movement(Frozen):
    """One drill."""

    id: Ident
    name: Line
    joints: tuple[Line, ...] = Field(min_length=1)
    equipment: tuple[Line, ...] = ()
    sides: Sides
    start: Line
    steps: tuple[Line, ...] = Field(min_length=1)
    phases: tuple[Phase, ...] = Field(min_length=1)
    dose: Dose
    ranges: tuple[RangeLevel, ...] = Field(min_length=3)
    start_range: Annotated[int, Field(ge=0)] = 1
    coaching: tuple[Line, ...] = ()
    faults: tuple[Fault, ...] = Field(min_length=3)
    easier: Line
    avoid_when: tuple[Line, ...] = Field(min_length=1)
    note: Claim
    video: str | None = None

    @model_validator(mode="after")
    def _range_exists(self) -> "Movement":
        if self.start_range >= len(self.ranges):
            raise ValueError(f"start_range is counted from 0 and must be below {len(self.ranges)}")
        return self


class Item(Frozen):
    """One place in a programme; a dose or sides written here replace the movement's own."""

    movement: Ident
    dose: Dose | None = None
    sides: Sides | None = None
    rest_seconds: Annotated[float, Field(ge=0, le=300)] = 15


class Programme(Frozen):
    """An ordered list of movements."""

    id: Ident
    name: Line
    about: Line
    source: Line
    items: tuple[Item, ...] = Field(min_length=1)


class FlagOutcome(StrEnum):
    """How a session ends when a red flag is present."""

    PROFESSIONAL = "professional"
    EMERGENCY = "emergency"


class RedFlagGroup(Frozen):
    """Red flags that are asked for in one question."""

    id: Ident
    outcome: FlagOutcome
    ask: Line
    flags: tuple[Line, ...] = Field(min_length=1)
