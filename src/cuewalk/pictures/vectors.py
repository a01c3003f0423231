"""Points, directions and turns in space: x ahead, y up, z to the working side."""

from typing import Final

import numpy as np
import numpy.typing as npt

Point = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]
#: Shorter than this is no direction.
TINY: Final = 1e-6


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
    """Turn toward the working side, which is z."""
    c, s = np.cos(np.radians(-degrees)), np.sin(np.radians(-degrees))
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def about_z(degrees: float) -> Matrix:
    """Return the turn about z: ahead goes up."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
