"""The things around the body as shapes: wall, chair, roller, box (a bed, a step), and the floor."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from cuewalk.pictures.camera import Camera
from cuewalk.pictures.poses import Prop
from cuewalk.pictures.shapes import AREA, CIRCLE, LINE, Paint, Shape
from cuewalk.pictures.skeleton import Point

Size = tuple[float, float, float]
#: Kind → usual length along x, height, depth along z.
_SIZES: Final[Mapping[str, Size]] = {
    "wall": (0, 150, 70),
    "chair": (34, 42, 34),
    "roller": (0, 14, 46),
    "box": (60, 20, 40),
}
#: Height of a chair's back above its seat, cm. Chosen by eye.
_BACKREST: Final = 40


def corners(prop: Prop) -> list[Point]:
    """Return the outermost points of a thing."""
    length, height, depth = _size(prop)
    top = height + _BACKREST if prop.kind == "chair" else height
    base = -height / 2 if prop.kind == "roller" else 0
    return [
        _spot(prop, x * length / 2, y, z * depth / 2)
        for x in (-1, 1)
        for y in (base, base + top)
        for z in (-1, 1)
    ]


def ground_below(points: Sequence[Point]) -> list[Point]:
    """Return the corners of the floor below ``points``."""
    cloud = np.array(points)
    low, high = cloud.min(axis=0) - 6, cloud.max(axis=0) + 6
    ring = [(low[0], low[2]), (high[0], low[2]), (high[0], high[2]), (low[0], high[2])]
    return [np.array([x, 0, z]) for x, z in ring]


def floor(ring: Sequence[Point], camera: Camera) -> Shape:
    """Return the floor between its corners."""
    return Shape(AREA, _flat(ring, camera), 3, Paint.FLOOR)


def shapes_of(prop: Prop, camera: Camera) -> list[Shape]:
    """Return a thing's shapes, the farthest first."""
    return _DRAWN[prop.kind](prop, camera)


def _wall(prop: Prop, camera: Camera) -> list[Shape]:
    length, height, depth = (half / 2 for half in _size(prop))
    low, high = [(-length, 0.0, -depth), (length, 0.0, depth)], 2 * height
    return _face(prop, [*low, (length, high, depth), (-length, high, -depth)], camera)


def _box(prop: Prop, camera: Camera) -> list[Shape]:
    return _block(prop, camera, _size(prop), 0)


def _chair(prop: Prop, camera: Camera) -> list[Shape]:
    length, height, depth = _size(prop)
    x, z = length / 2 - 2, depth / 2 - 2
    below = [(a * x, b * z) for a in (-1, 1) for b in (-1, 1)]
    ends = [(_spot(prop, a, 0, b), _spot(prop, a, height, b)) for a, b in below]
    legs = [Shape(LINE, _flat(leg, camera), 3 * camera.scale, Paint.EDGE) for leg in ends]
    rest = [(-x, height, -z), (-x, height, z), (-x, height + _BACKREST, z), (-x, height + _BACKREST, -z)]
    seat = _block(prop, camera, (length, 4, depth), height - 4)
    back = _face(prop, rest, camera)
    behind = camera.nearness(_spot(prop, -x, 0, 0)) <= camera.nearness(_spot(prop, x, 0, 0))
    return [*legs, *back, *seat] if behind else [*legs, *seat, *back]


def _roller(prop: Prop, camera: Camera) -> list[Shape]:
    _, height, depth = _size(prop)
    ends = sorted((_spot(prop, 0, 0, z * depth / 2) for z in (-1, 1)), key=camera.nearness)
    line = _flat(ends, camera)
    size = height * camera.scale
    return [
        Shape(LINE, line, size + 1.6, Paint.EDGE),
        Shape(LINE, line, size, Paint.PROP),
        Shape(CIRCLE, line[1:], size / 2, Paint.EDGE),
        Shape(CIRCLE, line[1:], size / 2 - 1.2, Paint.PROP),
        Shape(CIRCLE, line[1:], size / 6, Paint.EDGE),
    ]


def _block(prop: Prop, camera: Camera, size: Size, low: float) -> list[Shape]:
    x, high, z = size[0] / 2, low + size[1], size[2] / 2
    faces = {
        (1, 0, 0): [(x, low, -z), (x, low, z), (x, high, z), (x, high, -z)],
        (-1, 0, 0): [(-x, low, -z), (-x, low, z), (-x, high, z), (-x, high, -z)],
        (0, 0, 1): [(-x, low, z), (x, low, z), (x, high, z), (-x, high, z)],
        (0, 0, -1): [(-x, low, -z), (x, low, -z), (x, high, -z), (-x, high, -z)],
        (0, 1, 0): [(-x, high, -z), (x, high, -z), (x, high, z), (-x, high, z)],
    }
    centre = camera.nearness(_spot(prop, 0, 0, 0))
    seen = [ring for way, ring in faces.items() if camera.nearness(_spot(prop, *way)) > centre + 0.01]
    return [shape for ring in seen for shape in _face(prop, ring, camera)]


def _face(prop: Prop, ring: Sequence[Size], camera: Camera) -> list[Shape]:
    flat = _flat((_spot(prop, *spot) for spot in ring), camera)
    return [Shape(AREA, flat, 0.4, Paint.PROP), Shape(LINE, (*flat, flat[0]), 0.8, Paint.EDGE)]


def _spot(prop: Prop, x: float, y: float, z: float) -> Point:
    """Return a point of a thing in space."""
    c, s = np.cos(np.radians(prop.turn)), np.sin(np.radians(prop.turn))
    spot: Point = np.array(prop.at) + np.array([c * x - s * z, y, s * x + c * z])
    return spot


def _size(prop: Prop) -> Size:
    return prop.size or _SIZES[prop.kind]


def _flat(points: Iterable[Point], camera: Camera) -> tuple[tuple[float, float], ...]:
    return tuple(camera.flat(point) for point in points)


_DRAWN: Final = {"wall": _wall, "chair": _chair, "roller": _roller, "box": _box}
