"""What a picture file says: key poses of a body in space, when each is reached, and what stands around it.

Lengths are in units of the drawing: a standing person is about 150 high. The person looks along x,
y points up, z points to the working side. A left side is the mirror image, so a file is
written once. Angles are degrees.
"""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from cuewalk.domain.content import Ident, Seconds
from cuewalk.domain.frozen import Frozen

PoseNumber = Annotated[float, Field(ge=-400, le=400)]
Spot = tuple[PoseNumber, PoseNumber, PoseNumber]
Angle = Annotated[float, Field(ge=-360, le=360)]
Length = Annotated[float, Field(ge=0, le=400)]
#: The pose in which every repetition begins and ends.
START: Final = "start"


class Hips(Frozen):
    """Where the middle of the pelvis is and how it is turned; what is not written stays as at the start."""

    at: Spot | None = None
    lean: Angle | None = None
    turn: Angle | None = None
    side: Angle | None = None
    twist: Angle | None = None


class Chest(Frozen):
    """How the ribcage is turned in space: forward, around, to the working side, around the spine."""

    lean: Angle | None = None
    turn: Angle | None = None
    side: Angle | None = None
    twist: Angle | None = None


class HeadTurn(Frozen):
    """How the head is turned on the chest: down, around."""

    nod: Angle | None = None
    turn: Angle | None = None


class Leg(Frozen):
    """Where the ankle is, where knee and toes point, which way the instep looks, roll to the outer edge."""

    foot: Spot | None = None
    knee: Spot | None = None
    toes: Spot | None = None
    sole: Spot | None = None
    roll: Angle | None = None


class Arm(Frozen):
    """Where the hand is: seen from the shoulder (``reach``) or in space (``hold``); where the elbow points.

    ``shrug`` moves the shoulder blade: forward, up, out.
    """

    reach: Spot | None = None
    hold: Spot | None = None
    elbow: Spot | None = None
    shrug: Spot | None = None


class Posture(Frozen):
    """A whole body, or what is different from the start."""

    hips: Hips = Hips()
    chest: Chest = Chest()
    head: HeadTurn = HeadTurn()
    work_leg: Leg = Leg()
    other_leg: Leg = Leg()
    work_arm: Arm = Arm()
    other_arm: Arm = Arm()
    #: Where the sticks meet the floor; without these there are no sticks.
    work_tip: Spot | None = None
    other_tip: Spot | None = None
    #: The radius of a balloon at the mouth, and how much rounder the chest is.
    balloon: Length | None = None
    breath: Length | None = None
    #: How strongly the glowing joints glow, 1 as a rule.
    glow: Annotated[float, Field(ge=0, le=1)] | None = None


class Pose(Posture):
    """A posture that a phase can name."""

    id: Ident


class PicturePhase(Frozen):
    """One part of a repetition: the poses it passes through, and its time if the movement does not say."""

    kind: Literal["in", "stay", "back", "around", "step", "breathe-in", "breathe-out"]
    seconds: Seconds
    poses: tuple[Ident, ...] = ()


class Prop(Frozen):
    """A thing in the room. ``size`` is length along x, height, and depth along z."""

    kind: Literal["wall", "chair", "roller", "box"]
    at: Spot
    size: tuple[Length, Length, Length] | None = None
    turn: Angle = 0
    front: bool = False


class Inset(Frozen):
    """A round window that shows one joint larger, from its own direction."""

    joint: str
    radius: Annotated[float, Field(ge=4, le=80)] = 16
    azimuth: Angle | None = None
    elevation: Angle | None = None


class Push(Frozen):
    """An arrow for an effort that moves nothing: from a joint, this far."""

    joint: str
    way: Spot


class Picture(Frozen):
    """One movement, drawn."""

    id: Ident
    view: Literal["side", "front", "lying"]
    azimuth: Angle | None = None
    elevation: Angle | None = None
    start: Posture
    poses: tuple[Pose, ...] = Field(min_length=1)
    phases: tuple[PicturePhase, ...] = Field(min_length=1)
    props: tuple[Prop, ...] = ()
    #: Joints whose way is drawn with an arrow, joints that glow, and a window on a small joint.
    trace: tuple[str, ...] = ()
    glow: tuple[str, ...] = ()
    push: tuple[Push, ...] = ()
    inset: Inset | None = None
    bones: tuple[Literal["pelvis", "blade"], ...] = ()
    #: What is coloured: a leg, an arm, or both of the working side; nothing if both sides do the same.
    works: Literal["leg", "arm", "side", "both"] = "leg"
    #: The share of the whole way that the smallest range goes.
    smallest: Annotated[float, Field(gt=0, le=1)] = 0.3

    @model_validator(mode="after")
    def _fits_together(self) -> "Picture":
        named = {pose.id for pose in self.poses} | {START}
        for name in self.path():
            if name not in named:
                raise ValueError(f'there is no pose "{name}"; give one this id')
        if self.path()[-1] != START:
            raise ValueError(f'end the last phase with "{START}", so that the next repetition can begin')
        given = {name for name, _ in leaves(self.start)}
        for pose in self.poses:
            if new := sorted({name for name, _ in leaves(pose)} & SPECIAL - given):
                raise ValueError(f'write "{new[0]}" at the start, too, or leave it out of "{pose.id}"')
        return self

    def path(self) -> tuple[str, ...]:
        """Return the poses of a repetition in order, beginning with the start."""
        return (START, *(name for phase in self.phases for name in phase.poses))


#: Fields that change what is drawn, so that they cannot appear halfway.
SPECIAL: Final = frozenset({"work_arm.hold", "other_arm.hold", "work_tip", "other_tip", "balloon"})


def leaves(posture: Posture) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Yield what is written in a posture: ("work_leg.foot", (0, 5, 8))."""
    for name in Posture.model_fields:
        part = getattr(posture, name)
        below = part if isinstance(part, Frozen) else None
        fields = {f"{name}.{key}": value for key, value in below} if below is not None else {name: part}
        for key, value in fields.items():
            if value is not None:
                yield key, tuple(value) if isinstance(value, tuple) else (float(value),)
