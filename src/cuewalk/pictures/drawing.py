"""A whole drawing: room, body, arrows and window, at any moment of a repetition, always the same shapes."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.intents import Side
from cuewalk.pictures.camera import GRID, Camera, Flat, camera_of, placed
from cuewalk.pictures.figure import BodyPart, bones_of, glows_of, in_order, parts_of, shape_of
from cuewalk.pictures.motion import Motion, Tempo
from cuewalk.pictures.poses import START, Inset, Picture
from cuewalk.pictures.props import corners, floor, ground_below, shapes_of
from cuewalk.pictures.shapes import CIRCLE, LINE, Paint, Shape
from cuewalk.pictures.skeleton import Channels, Joints, Point, joints_of

#: The window: its middle and radius on the grid.
WINDOW: Final = ((157.0, 52.0), 38.0)
#: Scale at which a standing person fills the height. This and the frames (two corners each) were chosen by
#: eye.
_LARGEST: Final = 1.12
_PLAIN: Final = ((8.0, 10.0), (192.0, 190.0))
_BESIDE: Final = ((8.0, 10.0), (124.0, 190.0))
_BELOW: Final = ((8.0, 96.0), (192.0, 186.0))
_LYING: Final = ((8.0, 40.0), (192.0, 168.0))
#: Moments of a repetition at which the way of a joint is looked at. Chosen by eye: arrows stay smooth.
_TICKS: Final = 40
_ABOUT: Final = 0.9


class Drawing:
    """One picture with a side, a range and a tempo."""

    def __init__(self, picture: Picture, tempo: Tempo, scale: float = 1, side: Side = Side.RIGHT) -> None:
        self.picture = picture
        self.motion = Motion(picture, tempo, scale)
        self.moments = self.motion.moments()
        widest = Motion(picture, tempo)
        around = [joints_of(widest.at(time)) for time in widest.moments()]
        things = [corner for prop in picture.props for corner in corners(prop)]
        cloud = [*(point for joints in around for point in _skin(joints)), *things]
        mirrored = side is Side.LEFT
        low, high = _frame(picture)
        bare = camera_of(picture)
        self._ground = ground_below(cloud)
        spots = [*cloud, *self._ground]
        self.camera = placed(bare, spots, low, high, mirrored=mirrored, largest=_LARGEST)
        self._order = in_order(parts_of(picture), self.camera, around)
        self._window = _window(picture.inset, bare, around, mirrored=mirrored) if picture.inset else None
        self._ways = [
            [joints_of(self.motion.at(begin + (end - begin) * tick / _TICKS)) for tick in range(_TICKS + 1)]
            for begin, end in self._moves()
        ]

    def shapes_at(self, seconds: float) -> list[Shape]:
        """Return the shapes at a moment, the farthest first; their number and order never change."""
        channels = self.motion.at(seconds)
        joints = joints_of(channels)
        body = self._seen(self.camera, self._order, channels, joints)
        room = [floor(self._ground, self.camera), *self._things(self.camera, front=False)]
        front = self._things(self.camera, front=True)
        arrows = [] if self._window else self._arrows(self.camera)
        shapes = [*room, *body, *front, *arrows, *self._pushes(joints, channels["glow"][0])]
        return [*shapes, *self._window_shapes(channels, joints)]

    def _seen(self, camera: Camera, order: list[BodyPart], channels: Channels, joints: Joints) -> list[Shape]:
        parts = [*order, *bones_of(self.picture), *glows_of(self.picture)]
        shapes = [shape_of(part, joints, camera, channels) for part in parts]
        if balloon := channels.get("balloon"):
            away = joints["mouth"] - joints["head"]
            middle = joints["mouth"] + away / np.linalg.norm(away) * (balloon[0] + 1)
            size = balloon[0] * camera.scale
            shapes.append(Shape(CIRCLE, (camera.flat(middle),), size, Paint.BALLOON, opacity=0.85))
        return shapes

    def _things(self, camera: Camera, *, front: bool) -> list[Shape]:
        return [s for prop in self.picture.props if prop.front is front for s in shapes_of(prop, camera)]

    def _arrows(self, camera: Camera) -> list[Shape]:
        ways = [[camera.flat(joints[name]) for joints in self._longest(name)] for name in self.picture.trace]
        return [shape for way in ways for shape in _arrow(way)]

    def _longest(self, name: str) -> list[Joints]:
        """Return the move in which a joint goes farthest, the first if there are several such."""
        lengths = [_length(joints[name] for joints in way) for way in self._ways]
        far = max(lengths) * _ABOUT
        return next(way for way, length in zip(self._ways, lengths, strict=True) if length >= far)

    def _pushes(self, joints: Joints, strength: float) -> list[Shape]:
        spots = [(joints[push.joint], np.array(push.way)) for push in self.picture.push]
        shares = np.linspace(0, 1, 9)
        ways = [[self.camera.flat(spot + share * way) for share in shares] for spot, way in spots]
        return [replace(shape, opacity=strength) for way in ways for shape in _arrow(way)]

    def _moves(self) -> list[tuple[float, float]]:
        """Return when each phase begins and ends; a circle drawn in several phases is one move."""
        found, begin, end = [], 0.0, 0.0
        for phase, seconds in zip(self.picture.phases, self.motion.tempo.seconds, strict=True):
            end += seconds
            if phase.kind != "around" or phase.poses[-1:] == (START,):
                found.append((begin, end))
                begin = end
        return found

    def _window_shapes(self, channels: Channels, joints: Joints) -> list[Shape]:
        if self._window is None:
            return []
        camera = self._window
        (x, y), radius = WINDOW
        middle = (GRID - x if camera.mirrored else x, y)
        body = self._seen(camera, in_order(self._order, camera, self._ways[0]), channels, joints)
        inside = [floor(self._ground, camera), *body, *self._arrows(camera)]
        return [
            Shape(CIRCLE, (middle,), radius + 1.5, Paint.EDGE),
            Shape(CIRCLE, (middle,), radius, Paint.PAPER),
            *(replace(shape, windowed=True) for shape in inside),
        ]


def _frame(picture: Picture) -> tuple[Flat, Flat]:
    if picture.view == "lying":
        return _BELOW if picture.inset else _LYING
    return _BESIDE if picture.inset else _PLAIN


def _window(inset: Inset, bare: Camera, around: list[Joints], *, mirrored: bool) -> Camera:
    spots = np.array([joints[inset.joint] for joints in around])
    middle = (spots.min(axis=0) + spots.max(axis=0)) / 2
    azimuth = bare.azimuth if inset.azimuth is None else inset.azimuth
    elevation = bare.elevation if inset.elevation is None else inset.elevation
    (x, y), radius = WINDOW
    zoomed = Camera(azimuth, elevation, radius / inset.radius)
    at = zoomed.flat(middle)
    return Camera(azimuth, elevation, zoomed.scale, (x - at[0], y - at[1]), mirrored)


def _skin(joints: Joints) -> list[Point]:
    """Return the joints and the outside of the head."""
    about = [joints["head"] + np.array(way) for way in ((0, 10, 0), (10, 0, 0), (-10, 0, 0), (0, -10, 0))]
    return [*joints.values(), *about]


#: Arrows, in units of the grid unless they are shares. Chosen by eye on the pictures that come with cuewalk.
#: A way whose ends are nearer than this share of its length is round; its arrow ends before it closes.
_ROUND: Final = 1 / 4
_BEFORE_CLOSING: Final = 0.86
#: The head's length as a share of the way's, within limits; where it is aimed from, and half of its width.
_HEAD, _SHORTEST_HEAD, _LONGEST_HEAD = 1 / 6, 3.5, 7.0
_AIMED_FROM, _HALF_WIDTH = 0.8, 0.6
#: Widths of the line and of the head's lines.
_LINE_WIDTH, _HEAD_WIDTH = 1.8, 2.2
#: Keeps the direction of a way without length finite.
_NO_LENGTH: Final = 0.01


def _arrow(way: list[Flat]) -> list[Shape]:
    """Return the way as a dashed line with a head at its end (of a round way: before it closes)."""
    points = np.array(way)
    whole = _length(points)
    if float(np.linalg.norm(points[-1] - points[0])) < whole * _ROUND:
        points = points[: int(len(points) * _BEFORE_CLOSING)]
    size = min(max(whole * _HEAD, _SHORTEST_HEAD), _LONGEST_HEAD)
    far = size * _AIMED_FROM
    back = next((p for p in points[::-1] if np.linalg.norm(points[-1] - p) > far), points[0])
    ahead = (points[-1] - back) / max(float(np.linalg.norm(points[-1] - back)), _NO_LENGTH)
    across = np.array([-ahead[1], ahead[0]])
    wings = [points[-1] - size * ahead + sign * size * _HALF_WIDTH * across for sign in (1, -1)]
    head = [wings[0], points[-1], wings[1]]
    return [
        Shape(LINE, _pairs(points), _LINE_WIDTH, Paint.TRACE, dashed=True),
        Shape(LINE, _pairs(head), _HEAD_WIDTH, Paint.TRACE),
    ]


def _length(points: Iterable[npt.ArrayLike]) -> float:
    return float(np.linalg.norm(np.diff(np.array(list(points)), axis=0), axis=1).sum())


def _pairs(points: object) -> tuple[Flat, ...]:
    return tuple((float(x), float(y)) for x, y in np.asarray(points))
