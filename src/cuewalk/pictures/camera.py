"""From space to the picture: a camera without perspective, and the frame that the figure must fit into."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.pictures.poses import Picture
from cuewalk.pictures.skeleton import Point

Flat = tuple[float, float]
#: View → how far the camera stands to the front of the working side, and how far it looks down, in degrees.
_VIEWS: Final = {"side": (24.0, 9.0), "front": (68.0, 9.0), "lying": (16.0, 20.0)}
#: The drawing is 200 by 200.
GRID: Final = 200.0


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the picture is seen from and how it is placed on the grid."""

    azimuth: float
    elevation: float
    scale: float = 1
    shift: Flat = (0, 0)
    mirrored: bool = False

    def flat(self, point: Point) -> Flat:
        """Return the point on the grid, y pointing down."""
        right, up, _ = _axes(self.azimuth, self.elevation)
        x = float(right @ point) * self.scale + self.shift[0]
        y = -float(up @ point) * self.scale + self.shift[1]
        return (GRID - x if self.mirrored else x, y)

    def nearness(self, point: Point) -> float:
        """Return how near a point is to the camera."""
        return float(_axes(self.azimuth, self.elevation)[2] @ point)


@cache
def _axes(azimuth: float, elevation: float) -> npt.NDArray[np.float64]:
    a, e = np.radians(azimuth), np.radians(elevation)
    return np.array(
        [
            [np.cos(a), 0, -np.sin(a)],
            [-np.sin(a) * np.sin(e), np.cos(e), -np.cos(a) * np.sin(e)],
            [np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)],
        ]
    )


def camera_of(picture: Picture) -> Camera:
    """Return the picture's camera, not yet placed."""
    azimuth, elevation = _VIEWS[picture.view]
    return Camera(
        azimuth if picture.azimuth is None else picture.azimuth,
        elevation if picture.elevation is None else picture.elevation,
    )


def placed(
    camera: Camera, points: Iterable[Point], low: Flat, high: Flat, *, mirrored: bool, largest: float
) -> Camera:
    """Return the camera so placed that ``points`` lie between the corners, resting on the lower edge."""
    flat = np.array([camera.flat(point) for point in points])
    left, top = flat.min(axis=0)
    right, bottom = flat.max(axis=0)
    scale = min((high[0] - low[0]) / (right - left), (high[1] - low[1]) / (bottom - top), largest)
    shift = ((low[0] + high[0]) / 2 - scale * (left + right) / 2, high[1] - scale * bottom)
    return Camera(
        camera.azimuth, camera.elevation, float(scale), (float(shift[0]), float(shift[1])), mirrored
    )
