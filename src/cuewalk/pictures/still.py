"""One moment of a movement as a PNG file: the drawing without its words."""

from cuewalk.pictures.camera import GRID
from cuewalk.pictures.drawing import WINDOW, Drawing
from cuewalk.pictures.raster import painted, png_of


def png(drawing: Drawing, seconds: float, size: int = 480) -> bytes:
    """Return the bytes of a square PNG file, ``size`` pixels wide."""
    (x, y), radius = WINDOW
    middle = (GRID - x if drawing.camera.mirrored else x, y)
    return png_of(painted(drawing.shapes_at(seconds), size, (middle, radius)))
