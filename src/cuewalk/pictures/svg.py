"""Shapes to an animated SVG file: no scripts, for light and dark, still for people who want no motion."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Final

from cuewalk.pictures.camera import GRID
from cuewalk.pictures.caption import Caption
from cuewalk.pictures.drawing import WINDOW, Drawing
from cuewalk.pictures.shapes import AREA, BORDER, CIRCLE, COLOURS, Paint, Shape

#: Height below the drawing for the caption, and radius of the dot that runs along it. Chosen by eye.
_FOOT: Final = 52
_DOT: Final = 7


def animated(drawing: Drawing, caption: Caption) -> str:
    """Return the repetition, again and again; its farthest moment where motion is unwanted."""
    times = drawing.moments
    frames = [drawing.shapes_at(time) for time in times]
    moving = _body(frames, [time / times[-1] for time in times], times[-1], drawing)
    calm = _body([drawing.shapes_at(drawing.motion.farthest())], [], 0, drawing)
    inside = f'<g class="moving">{moving}</g>\n<g class="calm">{calm}</g>\n{_progress(drawing)}'
    return _page(inside, drawing, caption, css=_CALM)


def still(drawing: Drawing, caption: Caption, seconds: float) -> str:
    """Return one moment of the repetition."""
    return _page(_body([drawing.shapes_at(seconds)], [], 0, drawing), drawing, caption, css="")


_CALM: Final = (
    ".calm{display:none}"
    "@media (prefers-reduced-motion:reduce){.calm{display:inline}.moving,.time{display:none}}"
)


def _page(inside: str, drawing: Drawing, caption: Caption, *, css: str) -> str:
    name = escape(drawing.picture.id)
    (x, y), radius = WINDOW
    middle = GRID - x if drawing.camera.mirrored else x
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {GRID:g} {GRID + _FOOT:g}" role="img" '
        f'lang="{caption.language}" aria-labelledby="{name}-title {name}-desc">\n'
        f'<title id="{name}-title">{escape(caption.name)}</title>\n'
        f'<desc id="{name}-desc">{escape(caption.sentence)}</desc>\n'
        f"<style>{_style()}{css}</style>\n"
        f'<clipPath id="{name}-window"><circle cx="{middle:g}" cy="{y:g}" r="{radius:g}"/></clipPath>\n'
        f'<rect class="paper" width="{GRID:g}" height="{GRID + _FOOT:g}" rx="6"/>\n'
        f"{inside}\n{_words(caption)}</svg>\n"
    )


def _style() -> str:
    rules = [_rules(dark=False), "@media (prefers-color-scheme:dark){", _rules(dark=True), "}"]
    shared = (
        "polyline{fill:none}polyline,polygon{stroke-linecap:round;stroke-linejoin:round}"
        "text{font-family:system-ui,sans-serif;text-anchor:middle}.name{font-size:11px;font-weight:600}"
        ".small{font-size:8px}"
    )
    return shared + "".join(rules)


def _rules(*, dark: bool) -> str:
    """Return a colour for lines and areas of every paint."""
    colours = {paint.value: both[int(dark)] for paint, both in COLOURS.items()}
    lines = "".join(f".{name}{{stroke:{colour}}}" for name, colour in colours.items())
    filled = "".join(
        f"polygon.{name},circle.{name},rect.{name}{{fill:{colour}}}" for name, colour in colours.items()
    )
    return f"{lines}{filled}circle,rect{{stroke:none}}text{{fill:{colours[Paint.BODY.value]};stroke:none}}"


def _body(frames: list[list[Shape]], shares: list[float], seconds: float, drawing: Drawing) -> str:
    """Return the shapes of the first frame, each with its changes over the frames."""
    parts = []
    for column in zip(*frames, strict=True):
        clip = f' clip-path="url(#{escape(drawing.picture.id)}-window)"' if column[0].windowed else ""
        drawn = _drawn(column, shares, seconds)
        parts.append(f"<g{clip}>{drawn}</g>" if clip else drawn)
    return "\n".join(parts)


def _drawn(column: Sequence[Shape], shares: list[float], seconds: float) -> str:
    """Return one shape, below it the same with a border of paper if it must stay apart."""
    bordered = _element(column, shares, seconds, BORDER, Paint.PAPER) if column[0].apart else ""
    return bordered + _element(column, shares, seconds, 0, column[0].paint)


def _element(column: Sequence[Shape], shares: list[float], seconds: float, more: float, paint: Paint) -> str:
    first = column[0]
    tag = {CIRCLE: "circle", AREA: "polygon"}.get(first.kind, "polyline")
    settings, changes = [f'class="{paint.value}"'], []
    for name, value in _tracks(first, more).items():
        values = [value(shape) for shape in column]
        if name != "opacity" or set(values) != {"1"}:
            settings.append(f'{name}="{values[0]}"')
        if len(set(values)) > 1:
            changes.append(_animate(name, values, shares, seconds))
    if first.dashed:
        settings.append('stroke-dasharray="3 3.4"')
    opening = f"<{tag} {' '.join(settings)}"
    return f"{opening}>{''.join(changes)}</{tag}>" if changes else f"{opening}/>"


def _tracks(shape: Shape, more: float) -> dict[str, Callable[[Shape], str]]:
    """Return what of a shape may change over the frames; ``more``: its border's width."""
    opacity = {"opacity": lambda each: _number(each.opacity)}
    if shape.kind != CIRCLE:
        return opacity | {"points": _points, "stroke-width": lambda each: _number(each.size + more)}
    return opacity | {
        "cx": lambda each: _number(each.points[0][0]),
        "cy": lambda each: _number(each.points[0][1]),
        "r": lambda each: _number(each.size + more / 2),
    }


def _animate(name: str, values: list[str], shares: list[float], seconds: float) -> str:
    keys = ";".join(f"{share:.4f}".rstrip("0").rstrip(".") for share in shares)
    return (
        f'<animate attributeName="{name}" dur="{seconds:g}s" repeatCount="indefinite" '
        f'keyTimes="{keys}" values="{";".join(values)}"/>'
    )


def _progress(drawing: Drawing) -> str:
    """Return a bar with a piece for each phase and a dot that runs along it in the movement's tempo."""
    left, width, y, total = 30.0, GRID - 60.0, GRID + 44.0, drawing.motion.tempo.total
    pieces = []
    at = left
    for seconds in drawing.motion.tempo.seconds:
        piece = width * seconds / total
        pieces.append(
            f'<rect class="floor" x="{at + 0.8:.1f}" y="{y - 1.5}" width="{piece - 1.6:.1f}" height="3"/>'
        )
        at += piece
    run = (
        f'<circle class="trace time" cx="{left:g}" cy="{y:g}" r="3">'
        f'<animate attributeName="cx" dur="{total:g}s" repeatCount="indefinite" '
        f'values="{left:g};{left + width:g}"/></circle>'
    )
    return "".join(pieces) + run


def _words(caption: Caption) -> str:
    """Return the caption's lines, between them the range as dots, filled up to the present one."""
    middle, begin = GRID / 2, GRID / 2 - _DOT * (caption.levels - 1) / 2
    dots = "".join(
        f'<circle class="{"work" if level <= caption.level else "floor"}" '
        f'cx="{begin + _DOT * level:g}" cy="{GRID + 24:g}" r="{1.2 + 0.4 * level:g}"/>'
        for level in range(caption.levels)
    )
    second = escape(f"{caption.side} · {caption.reach}")
    return (
        f'<text class="name" x="{middle:g}" y="{GRID + 6:g}">{escape(caption.name)}</text>\n'
        f'<text class="small" x="{middle:g}" y="{GRID + 17:g}">{second}</text>\n'
        f'{dots}\n<text class="small" x="{middle:g}" y="{GRID + 37:g}">{escape(caption.tempo)}</text>\n'
    )


def _points(shape: Shape) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in shape.points)


def _number(value: float) -> str:
    return f"{round(value, 1) + 0:g}"
