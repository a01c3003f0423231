"""``cuewalk picture``: the drawing of one movement, as a file."""

from pathlib import Path
from typing import Annotated

import typer

from cuewalk.cli.common import tell, written_to
from cuewalk.content.load import load_catalogue
from cuewalk.content.pictures import load_picture, no_picture, picture_names
from cuewalk.domain.content import Movement
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Side
from cuewalk.files.writing import write_whole
from cuewalk.pictures import raster, svg
from cuewalk.pictures.caption import both_sided, caption_of, levels_of
from cuewalk.pictures.drawing import Drawing
from cuewalk.pictures.motion import scale_of, tempo_of

Name = Annotated[str, typer.Argument(help="A movement's id, such as rehab-hip-circles.")]
Out = Annotated[Path, typer.Option(help="The file to write: .svg (moves) or .png (one moment).")]
OfSide = Annotated[Side, typer.Option(help="The side that works: left or right.")]
Range = Annotated[
    int | None, typer.Option("--range", min=1, help="How far it goes, 1 is the smallest range.")
]
Still = Annotated[bool, typer.Option("--still", help="One moment, the farthest one, instead of the motion.")]
Locale = Annotated[str, typer.Option(help="The language of the words below the picture.")]


def picture(  # noqa: PLR0917 - typer passes each option by its name
    movement: Name,
    out: Out,
    side: OfSide = Side.RIGHT,
    reach: Range = None,
    still: Still = False,
    locale: Locale = "en-US",
) -> None:
    """Draw a movement: an animated SVG, or a PNG of its farthest moment."""
    if out.suffix.lower() not in {".svg", ".png"}:
        raise CuewalkError(
            f"{out} is neither .svg nor .png.", remedy="End the file's name in one of the two."
        )
    text = _movement(movement, locale)
    drawn = load_picture(movement)
    if side is Side.BOTH and not both_sided(drawn, text):
        remedy = "Write --side left or --side right."
        raise CuewalkError("This movement is drawn for one side.", remedy=remedy)
    level = _level(reach, text)
    tempo = tempo_of(drawn, text)
    drawing = Drawing(drawn, tempo, scale_of(drawn, level, levels_of(text)), side)
    caption = caption_of(drawn, text, tempo, side, level, locale=locale)
    if out.suffix.lower() == ".png":
        data = raster.png(drawing, drawing.motion.farthest())
    elif still:
        data = svg.still(drawing, caption, drawing.motion.farthest()).encode()
    else:
        data = svg.animated(drawing, caption).encode()
    with written_to(out, "The picture cannot be written to", "Nothing was written."):
        write_whole(out, data)
    tell(str(out))


def _movement(name: str, locale: str) -> Movement | None:
    """Return the movement; None if this language has only its picture."""
    movements, pictures = load_catalogue(locale).movements, picture_names()
    if name not in pictures:
        raise no_picture(name, tuple(movements), pictures)
    return movements.get(name)


def _level(wanted: int | None, movement: Movement | None) -> int:
    """Return the range, counted from 0; the one that a session starts with if none is wanted."""
    levels = levels_of(movement)
    if wanted is None:
        return movement.start_range if movement else 1
    if wanted > levels:
        raise CuewalkError(f"There is no range {wanted}.", remedy=f"Write a number from 1 to {levels}.")
    return wanted - 1
