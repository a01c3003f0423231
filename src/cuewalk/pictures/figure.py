"""The body as shapes: which joints make a limb, how thick it is, and what lies in front of what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cuewalk.pictures.camera import Camera
from cuewalk.pictures.poses import Picture
from cuewalk.pictures.shapes import AREA, CIRCLE, LINE, Paint, Shape
from cuewalk.pictures.skeleton import SIDES, STANDING, Channels, Joints, joints_of

#: Radii of the body's parts, on a grid of 200. Chosen by eye.
_TORSO: Final = 11.0
_HEAD: Final = 9.5
_GLOW: Final = 9.0
#: The torso: down on one side, up on the other.
_RING: Final = ("work_rib", "work_flank", "work_hip", "other_hip", "other_flank", "other_rib")


@dataclass(frozen=True, slots=True)
class BodyPart:
    """One limb: its joints, thickness and colour; ``lift`` brings it forward among its neighbours."""

    kind: str
    joints: tuple[str, ...]
    size: float
    paint: Paint
    lift: float = 0
    apart: bool = True
    #: The joints that say how far away it is, if not all.
    deep: tuple[str, ...] = ()


def parts_of(picture: Picture) -> list[BodyPart]:
    """Return the parts of the body that the picture shows."""
    parts = [
        BodyPart(LINE, ("neck", "head"), 6, Paint.BODY, -8),
        BodyPart(CIRCLE, ("head",), _HEAD, Paint.BODY),
        BodyPart(LINE, ("head", "nose"), 4.2, Paint.BODY, 0.05, apart=False, deep=("head",)),
        *(BodyPart(CIRCLE, (f"{side}_eye",), 1.5, Paint.PAPER, -2.5, apart=False) for side in SIDES),
        BodyPart(AREA, _RING, _TORSO, Paint.BODY, -4),
    ]
    return [*parts, *(limb for side in SIDES for limb in _limbs(side, picture))]


def _paints(side: str, picture: Picture) -> tuple[Paint, Paint]:
    """Return the colours of a leg and an arm: what works stands out, its side is dark, the other one pale."""
    if side == "other" or picture.works == "both":
        return Paint.OTHER, Paint.OTHER
    leg, arm = (Paint.WORK if picture.works in (limb, "side") else Paint.BODY for limb in ("leg", "arm"))
    return leg, arm


def _limbs(side: str, picture: Picture) -> list[BodyPart]:
    leg, arm = _paints(side, picture)

    def names(*joints: str) -> tuple[str, ...]:
        return tuple(f"{side}_{joint}" for joint in joints)

    parts = [
        BodyPart(LINE, names("hip", "knee"), 9.5, leg),
        BodyPart(LINE, names("knee", "ankle"), 7.5, leg),
        BodyPart(AREA, names("heel_in", "big_toe", "little_toe", "heel_out"), 2.5, leg, -0.5),
        BodyPart(AREA, names("ankle", "heel", "toe"), 2.5, leg, 0.3, apart=False),
        BodyPart(LINE, names("collar", "shoulder"), 7, arm if "blade" in picture.bones else Paint.BODY, -1),
        BodyPart(LINE, names("shoulder", "elbow"), 6.5, arm),
        BodyPart(LINE, names("elbow", "hand"), 5.5, arm),
        BodyPart(CIRCLE, names("hand"), 3.6, arm, 0.1),
    ]
    if getattr(picture.start, f"{side}_tip") is not None:
        parts.append(BodyPart(LINE, names("grip", "tip"), 2, Paint.EDGE, 1))
    return parts


def bones_of(picture: Picture) -> list[BodyPart]:
    """Return bones that are shown through the body."""
    parts = []
    if "pelvis" in picture.bones:
        for side in reversed(SIDES):
            ring = tuple(f"{side}_{joint}" for joint in ("crest", "front", "tail"))
            parts.append(BodyPart(AREA, ring, 3, Paint.BONE, apart=False))
    if "blade" in picture.bones:
        parts.append(
            BodyPart(AREA, ("work_shoulder", "work_blade_in", "work_blade_tip"), 2, Paint.BONE, apart=False)
        )
    return parts


def glows_of(picture: Picture) -> list[BodyPart]:
    """Return the soft rings around what should be felt."""
    return [BodyPart(CIRCLE, (joint,), _GLOW, Paint.GLOW, apart=False) for joint in picture.glow]


def in_order(parts: Sequence[BodyPart], camera: Camera, moments: Sequence[Joints]) -> list[BodyPart]:
    """Return the parts from the farthest to the nearest, judged over the whole repetition."""

    def near(part: BodyPart) -> float:
        spots = [camera.nearness(joints[name]) for joints in moments for name in part.deep or part.joints]
        return sum(spots) / len(spots) + part.lift

    return sorted(parts, key=near)


def shape_of(part: BodyPart, joints: Joints, camera: Camera, channels: Channels) -> Shape:
    """Return a part at one moment."""
    size = part.size + (channels["breath"][0] if part.size == _TORSO else 0)
    size = size * channels["glow"][0] if part.paint is Paint.GLOW else size
    return Shape(
        part.kind,
        tuple(camera.flat(joints[name]) for name in part.joints),
        size * camera.scale,
        part.paint,
        apart=part.apart,
        opacity=0.8 if part.paint is Paint.GLOW else 0.9 if part.paint is Paint.BONE else 1,
    )


def known_joints() -> tuple[str, ...]:
    """Return the names of the joints that a picture can point at."""
    return tuple(sorted(joints_of(STANDING)))
