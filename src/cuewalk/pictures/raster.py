"""Shapes to a PNG file, with nothing but numpy and zlib: round lines, areas and circles, smooth edges.

Hand-made: no dependency of cuewalk draws, and Pillow would be one for a single command and ten lines of PNG.
"""

import struct
import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.pictures.camera import GRID, Flat
from cuewalk.pictures.drawing import WINDOW, Drawing
from cuewalk.pictures.shapes import AREA, BORDER, COLOURS, LINE, Paint, Shape

Image = npt.NDArray[np.float64]
#: Lines of more points than this can be dashed: every second piece is left out.
_DASH: Final = 5


def painted(shapes: Sequence[Shape], size: int, window: tuple[Flat, float] | None = None) -> Image:
    """Return a square image, ``size`` pixels wide, values 0-1, on light paper."""
    image = np.ones((size, size, 3)) * _colour(Paint.PAPER)
    factor = size / GRID
    grid = np.mgrid[0:size, 0:size].astype(np.float64) + 0.5
    ys, xs = grid[0] / factor, grid[1] / factor
    inside = _disc(xs, ys, window[0], window[1], factor) if window else np.ones_like(xs)
    for shape in shapes:
        mask = inside if shape.windowed else 1.0
        if shape.apart:
            _blend(image, _cover(shape, xs, ys, factor, BORDER / 2) * mask, Paint.PAPER)
        _blend(image, _cover(shape, xs, ys, factor, 0) * mask * shape.opacity, shape.paint)
    return image


def png_of(image: Image) -> bytes:
    """Return the bytes of a PNG file."""
    height, width, _ = image.shape
    pixels = np.clip(image * 255 + 0.5, 0, 255).astype(np.uint8)
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, width * 3)], axis=1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _blend(image: Image, cover: Image, paint: Paint) -> None:
    image += cover[..., None] * (_colour(paint) - image)


def _cover(shape: Shape, xs: Image, ys: Image, factor: float, more: float) -> Image:
    """Return the share of each pixel that the shape covers."""
    if len(shape.points) == 1:
        return _disc(xs, ys, shape.points[0], shape.size + more, factor)
    ring = [*shape.points, shape.points[0]] if shape.kind == AREA else list(shape.points)
    pairs = list(pairwise(ring))
    drawn = pairs[::2] if shape.dashed and len(pairs) > _DASH else pairs
    away = np.min([_distance(xs, ys, a, b) for a, b in drawn], axis=0)
    cover: Image = np.clip((shape.size / 2 + more - away) * factor + 0.5, 0, 1)
    return cover if shape.kind == LINE else np.maximum(cover, _within(xs, ys, pairs))


def _disc(xs: Image, ys: Image, middle: Flat, radius: float, factor: float) -> Image:
    cover: Image = np.clip((radius - np.hypot(xs - middle[0], ys - middle[1])) * factor + 0.5, 0, 1)
    return cover


def _distance(xs: Image, ys: Image, a: Flat, b: Flat) -> Image:
    """Return each pixel's distance from a straight line between two points."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    along = np.clip(((xs - a[0]) * dx + (ys - a[1]) * dy) / max(dx * dx + dy * dy, 1e-9), 0, 1)
    away: Image = np.hypot(xs - a[0] - along * dx, ys - a[1] - along * dy)
    return away


def _within(xs: Image, ys: Image, pairs: Sequence[tuple[Flat, Flat]]) -> Image:
    """Return 1 where a pixel's middle lies inside the ring: a ray to the right crosses it an odd time."""
    odd = np.zeros(xs.shape, bool)
    for (ax, ay), (bx, by) in pairs:
        if ay != by:
            crosses = ((ay > ys) != (by > ys)) & (xs < (bx - ax) * (ys - ay) / (by - ay) + ax)
            odd ^= crosses
    return odd.astype(np.float64)


def _colour(paint: Paint) -> Image:
    code = COLOURS[paint][0]
    return np.array([int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)])


def png(drawing: Drawing, seconds: float, size: int = 480) -> bytes:
    """Return the bytes of a square PNG file, ``size`` pixels wide."""
    (x, y), radius = WINDOW
    middle = (GRID - x if drawing.camera.mirrored else x, y)
    return png_of(painted(drawing.shapes_at(seconds), size, (middle, radius)))
