"""From a posture to joints in space: x ahead, y up, z to the working side.

Every bone has one length, so no pose stretches or breaks the figure.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

Point = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]
Channels = Mapping[str, tuple[float, ...]]
Joints = dict[str, Point]

#: Shorter than this is no direction.
TINY: Final = 1e-6
#: Bone → length. Proportions of an adult, rounded (the head is a little large, to show where it looks).
BONES: Final = {
    "thigh": 38.0,
    "shank": 36.0,
    "upper_arm": 25.0,
    "forearm": 24.0,
    "half_pelvis": 8.0,
    "lumbar": 16.0,
    "thorax": 26.0,
    "collar": 12.0,
    "neck": 14.0,
}
#: The length of a hiking stick; what it is too long sticks out above the hand.
STICK: Final = 90.0
#: Side of the body → sign of z.
SIDES: Final = {"work": 1.0, "other": -1.0}
#: Height of the ankle above the sole, cm. Chosen by eye.
ANKLE: Final = 5.0
#: A person who stands: what a file does not say.
STANDING: Final[Channels] = {
    "hips.at": (0, 81, 0),
    **{f"{part}.{angle}": (0,) for part in ("hips", "chest") for angle in ("lean", "turn", "side", "twist")},
    "head.nod": (0,),
    "head.turn": (0,),
    "breath": (0,),
    "glow": (1,),
    **{
        f"{side}_{key}": value
        for side, out in SIDES.items()
        for key, value in {
            "leg.foot": (0, ANKLE, 9 * out),
            "leg.knee": (1, 0, 0.05 * out),
            "leg.toes": (1, 0, 0.15 * out),
            "leg.sole": (0, 1, 0),
            "leg.roll": (0,),
            "arm.reach": (3, -48, 4 * out),
            "arm.elbow": (-1, 0, 0.4 * out),
            "arm.shrug": (0, 0, 0),
        }.items()
    },
}


def joints_of(channels: Channels) -> Joints:
    """Return every joint of a complete posture."""
    hips, chest = _turned(channels, "hips"), _turned(channels, "chest")
    pelvis = _vector(channels, "hips.at")
    waist = pelvis + hips @ spot(0, BONES["lumbar"], 0)
    neck = waist + chest @ spot(0, BONES["thorax"], 0)
    skull = chest @ about_y(channels["head.turn"][0]) @ about_z(-channels["head.nod"][0])
    head = neck + skull @ unit(spot(1.5, 14, 0)) * BONES["neck"]
    found = {"pelvis": pelvis, "waist": waist, "neck": neck, "head": head}
    found["nose"], found["mouth"] = head + skull @ spot(10.5, 0, 0), head + skull @ spot(9, -4, 0)
    found |= {f"{side}_eye": head + skull @ spot(6.8, 1.5, 4.2 * out) for side, out in SIDES.items()}
    for side, out in SIDES.items():
        found |= _leg(channels, side, out, pelvis, hips) | _arm(channels, side, out, neck, chest)
    return found


def _leg(channels: Channels, side: str, out: float, pelvis: Point, hips: Matrix) -> Joints:
    hip = pelvis + hips @ spot(0, -3, BONES["half_pelvis"] * out)
    pole = _vector(channels, f"{side}_leg.knee")
    knee, ankle = bend(hip, _vector(channels, f"{side}_leg.foot"), pole, BONES["thigh"], BONES["shank"])
    ahead = unit(_vector(channels, f"{side}_leg.toes"))
    above = unit(across(_vector(channels, f"{side}_leg.sole"), ahead))
    beside = np.cross(ahead, above) * out
    roll = np.radians(channels[f"{side}_leg.roll"][0])
    c, s = np.cos(roll), np.sin(roll)
    above, beside = above * c + beside * s, beside * c - above * s
    floor = ankle - ANKLE * above
    return {
        f"{side}_hip": hip,
        f"{side}_hamstring": (hip + knee) / 2 - 3 * unit(across(pole, knee - hip)),
        f"{side}_knee": knee,
        f"{side}_ankle": ankle,
        f"{side}_heel": floor - 4 * ahead,
        f"{side}_heel_in": floor - 4 * ahead - 2.2 * beside,
        f"{side}_heel_out": floor - 4 * ahead + 2.2 * beside,
        f"{side}_toe": floor + 12 * ahead,
        f"{side}_big_toe": floor + 12 * ahead - 3.4 * beside,
        f"{side}_little_toe": floor + 9 * ahead + 3.8 * beside,
        f"{side}_flank": pelvis + hips @ spot(0, BONES["lumbar"], 6.5 * out),
        f"{side}_crest": pelvis + hips @ spot(1, 9, 9.5 * out),
        f"{side}_front": pelvis + hips @ spot(8, 4, 7 * out),
        f"{side}_tail": pelvis + hips @ spot(-7, -6, 2 * out),
        f"{side}_glute": pelvis + hips @ spot(-6, -2, 7 * out),
    }


def _arm(channels: Channels, side: str, out: float, neck: Point, chest: Matrix) -> Joints:
    root = neck + chest @ spot(0, -2, 2 * out)
    forward, up, outward = channels[f"{side}_arm.shrug"]
    aside = unit(spot(forward, up - 1, (BONES["collar"] + outward) * out))
    shoulder = root + chest @ aside * BONES["collar"]
    held = channels.get(f"{side}_arm.hold")
    hand = np.array(held) if held else shoulder + _vector(channels, f"{side}_arm.reach")
    pole = _vector(channels, f"{side}_arm.elbow")
    elbow, wrist = bend(shoulder, hand, pole, BONES["upper_arm"], BONES["forearm"])
    tip = channels.get(f"{side}_tip")
    stick = {f"{side}_tip": np.array(tip), f"{side}_grip": tip + STICK * unit(wrist - tip)} if tip else {}
    return stick | {
        f"{side}_collar": root,
        f"{side}_shoulder": shoulder,
        f"{side}_elbow": elbow,
        f"{side}_hand": wrist,
        f"{side}_rib": neck + chest @ spot(0, -4, 9 * out),
        f"{side}_blade_tip": shoulder + chest @ spot(-7, -19, -6 * out),
        f"{side}_blade_in": shoulder + chest @ spot(-7, 0, -9 * out),
    }


def bend(root: Point, wanted: Point, pole: Point, upper: float, lower: float) -> tuple[Point, Point]:
    """Return the middle joint and the end of two bones that reach from ``root`` for ``wanted``.

    The middle joint lies on the side of ``pole``. An end that is too far away is reached for, not reached.
    """
    way = wanted - root
    length = float(np.linalg.norm(way))
    along = way / length if length > TINY else spot(0, -1, 0)
    span = float(np.clip(length, abs(upper - lower) + 0.01, upper + lower - 0.01))
    share = (upper**2 - lower**2 + span**2) / (2 * span)
    height = float(np.sqrt(max(upper**2 - share**2, 0)))
    middle = root + share * along + height * unit(across(pole, along))
    return middle, root + span * along


def misses(channels: Channels) -> dict[str, float]:
    """Return how far each foot and hand stays from where the posture wants it, if more than one unit."""
    found = joints_of(channels)
    missed: dict[str, float] = {}
    for field, joint in (("leg.foot", "ankle"), ("arm.hold", "hand")):
        for side in SIDES:
            if wanted := channels.get(f"{side}_{field}"):
                away = float(np.linalg.norm(found[f"{side}_{joint}"] - np.array(wanted)))
                missed |= {f"{side}_{field}": away} if away > 1 else {}
    return missed


def _turned(channels: Channels, part: str) -> Matrix:
    lean, turn, side, twist = (channels[f"{part}.{key}"][0] for key in ("lean", "turn", "side", "twist"))
    turned: Matrix = about_y(turn) @ about_z(-lean) @ about_x(side) @ about_y(twist)
    return turned


def _vector(channels: Channels, name: str) -> Point:
    return np.array(channels[name], dtype=np.float64)


def spot(x: float, y: float, z: float) -> Point:
    """Return a point or direction."""
    return np.array([x, y, z], dtype=np.float64)


def unit(vector: Point) -> Point:
    """Return the direction, of length 1."""
    return vector / max(float(np.linalg.norm(vector)), TINY)


def across(vector: Point, along: Point) -> Point:
    """Return the part of ``vector`` at right angles to ``along``, or some such direction if it has none."""
    for candidate in (vector, spot(1, 0, 0), spot(0, 1, 0)):
        part: Point = candidate - float(candidate @ along) * along
        if float(np.linalg.norm(part)) > TINY:
            return part
    return part


def about_x(degrees: float) -> Matrix:
    """Return the turn about x: up goes to the working side."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def about_y(degrees: float) -> Matrix:
    """Return the turn about y: ahead goes to the working side."""
    c, s = np.cos(np.radians(-degrees)), np.sin(np.radians(-degrees))
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def about_z(degrees: float) -> Matrix:
    """Return the turn about z: ahead goes up."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
