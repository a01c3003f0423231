"""What a drawing is made of: lines, areas and circles with a colour by meaning, in the order of painting."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cuewalk.pictures.camera import Flat


class Paint(StrEnum):
    """What a shape is; its colour follows, one for light and one for dark."""

    WORK = "work"
    BODY = "body"
    OTHER = "other"
    BONE = "bone"
    GLOW = "glow"
    TRACE = "trace"
    PROP = "prop"
    EDGE = "edge"
    FLOOR = "floor"
    BALLOON = "balloon"
    PAPER = "paper"


#: Paint → colour on a light and on a dark page.
COLOURS: Final = {
    Paint.WORK: ("#d9480f", "#ff922b"),
    Paint.BODY: ("#3b4252", "#d8dee9"),
    Paint.OTHER: ("#8a93a5", "#7d879c"),
    Paint.BONE: ("#f1c27d", "#e9b872"),
    Paint.GLOW: ("#ffc94a", "#ffd43b"),
    Paint.TRACE: ("#1864ab", "#74c0fc"),
    Paint.PROP: ("#d5cab4", "#5b5546"),
    Paint.EDGE: ("#8c7f63", "#a89b7d"),
    Paint.FLOOR: ("#efeae0", "#2c3038"),
    Paint.BALLOON: ("#e64980", "#f783ac"),
    Paint.PAPER: ("#fcfbf8", "#1d2027"),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A line through points with round ends, a filled area with a border, or a circle (one point)."""

    kind: str
    points: tuple[Flat, ...]
    #: The line's width, or the circle's radius.
    size: float
    paint: Paint
    #: Painted with a border of paper around it, so that crossing limbs stay apart.
    apart: bool = False
    opacity: float = 1
    dashed: bool = False
    #: Cut off at the round window.
    windowed: bool = False


LINE: Final = "line"
AREA: Final = "area"
CIRCLE: Final = "circle"
#: Width of the paper border of a shape that is kept apart. Chosen by eye.
BORDER: Final = 2.4
