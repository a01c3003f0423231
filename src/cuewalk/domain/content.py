"""Movements, programmes and safety questions as they are written in the content files."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from cuewalk.domain.frozen import Frozen

Ident = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
LineText = Annotated[str, Field(min_length=2, max_length=240)]
Seconds = Annotated[float, Field(gt=0, le=600)]
#: An address, or a file by its ending; what a browser can show.
Video = Annotated[
    str,
    Field(
        pattern=r"^(https?://[^\s/]+\.[^\s]+|[^:]+\.(mp4|m4v|webm|ogv|mov|gif|png|jpg|svg))$", max_length=500
    ),
]


class Sides(StrEnum):
    """On which side a movement is done, seen from the complaint."""

    EACH = "each"
    AFFECTED = "affected"
    OPPOSITE = "opposite"
    BOTH = "both"


class RepPhase(Frozen):
    """One part of a repetition: what is said for it and how long it takes at normal pace."""

    say: LineText
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

    name: LineText
    cue: LineText


class Fault(Frozen):
    """A common mistake and its correction."""

    fault: LineText
    correction: LineText


class Claim(Frozen):
    """What a teacher says about the movement, what others say against it, and where."""

    claim: LineText
    counter: LineText
    source: LineText


class Equipment(Frozen):
    """A thing that is asked for before a session; an ``optional`` one only helps and is never missing."""

    id: Ident
    name: LineText
    ask: LineText
    optional: bool = False


class Need(Frozen):
    """A thing that a movement needs; without it ``instead`` is done, or the movement is left out."""

    item: Ident
    instead: Ident | None = None


class Movement(Frozen):
    """One drill.

    ``equipment`` is for reading; ``needs`` is asked for. With ``name_every_rep`` the phases are named aloud
    in every repetition (walking), not only in the first ones.
    """

    id: Ident
    name: LineText
    joints: tuple[LineText, ...] = Field(min_length=1)
    equipment: tuple[LineText, ...] = ()
    needs: tuple[Need, ...] = ()
    sides: Sides
    start: LineText
    steps: tuple[LineText, ...] = Field(min_length=1)
    phases: tuple[RepPhase, ...] = Field(min_length=1)
    name_every_rep: bool = False
    dose: Dose
    ranges: tuple[RangeLevel, ...] = Field(min_length=3)
    start_range: Annotated[int, Field(ge=0)] = 1
    coaching: tuple[LineText, ...] = ()
    faults: tuple[Fault, ...] = Field(min_length=3)
    easier: LineText
    avoid_when: tuple[LineText, ...] = Field(min_length=1)
    note: Claim
    video: Video | None = None

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


class DaysRule(StrEnum):
    """Numbers of the rules file that are days of rest."""

    OVERUSE_REST = "overuse_rest_days"


class RestAdvice(Frozen):
    """A yes-no question before a programme; after "yes" it ``say``s how many days of rest are offered."""

    days_rule: DaysRule
    ask: LineText
    say: LineText

    @model_validator(mode="after")
    def _days_are_said(self) -> "RestAdvice":
        if "{days}" not in self.say:
            raise ValueError("write {days} in say, where the number of days is told")
        return self


class Programme(Frozen):
    """An ordered list of movements.

    The spoken answer to ``before_note`` is kept as a note; ``rest_advice`` may put the session off.
    """

    id: Ident
    name: LineText
    about: LineText
    source: LineText
    before_note: LineText | None = None
    rest_advice: RestAdvice | None = None
    items: tuple[Item, ...] = Field(min_length=1)


class FlagOutcome(StrEnum):
    """How a session ends when a red flag is present."""

    PROFESSIONAL = "professional"
    EMERGENCY = "emergency"


class RedFlagGroup(Frozen):
    """Red flags that are asked for in one question."""

    id: Ident
    outcome: FlagOutcome
    ask: LineText
    flags: tuple[LineText, ...] = Field(min_length=1)
    #: Whether this question follows when the person fell or a knee gave way.
    after_a_fall: bool = False
