"""Every movement's picture: it loads, moves in the movement's tempo, and says in words what it shows."""

import re
import struct
import zlib
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cuewalk.content.load import load_catalogue
from cuewalk.content.pictures import load_pictures
from cuewalk.domain.intents import Side
from cuewalk.pictures import raster, svg
from cuewalk.pictures.caption import caption_of
from cuewalk.pictures.drawing import Drawing
from cuewalk.pictures.motion import Tempo, scale_of, tempo_of
from cuewalk.pictures.skeleton import joints_of

PICTURES = load_pictures()
MOVEMENTS = load_catalogue("en-US").movements
DOCS = Path(__file__).parents[2] / "docs"
SVG = "{http://www.w3.org/2000/svg}"
IDS = [
    "lateral-ankle-tilts",
    "forward-45-lunge-knee-circles",
    "rehab-hip-circles",
    "pelvis-tucks-and-tilts",
    "opposite-scapular-camshafts",
    "slow-knee-lifts",
    "rocking-lunge-flow",
    "toe-touch-and-return",
    "heel-dig-and-lift",
    "long-exhale-breathing",
    "supported-hamstring-breathing",
    "ribcage-reach",
    "glute-timing-steps",
    "stick-walking",
    "roller-hip-side",
    "roller-outer-thigh",
    "roller-front-thigh",
    "roller-inner-thigh",
    "roller-shin",
    "roller-calf",
    "half-kneeling-hold",
    "edge-of-bed-hold",
]


@cache
def _drawing(name: str) -> Drawing:
    """Return the whole range at the picture's own tempo."""
    return Drawing(PICTURES[name], tempo_of(PICTURES[name], None))


@cache
def _svg(name: str, side: Side = Side.RIGHT, level: int = 3) -> ET.Element:
    movement, picture = MOVEMENTS.get(name), PICTURES[name]
    tempo = tempo_of(picture, movement)
    caption = caption_of(picture, movement, tempo, side, level)
    return ET.fromstring(svg.animated(Drawing(picture, tempo, side=side), caption))


def test_there_is_a_picture_of_every_movement():
    assert set(IDS) <= set(PICTURES)
    assert set(MOVEMENTS) <= set(PICTURES)


@pytest.mark.parametrize("name", IDS)
def test_the_svg_moves_without_scripts_and_can_be_read_aloud(name):
    root = _svg(name)
    assert root.find(f"{SVG}title").text
    assert "range 4/4" in root.find(f"{SVG}desc").text
    assert not list(root.iter(f"{SVG}script"))
    style = root.find(f"{SVG}style").text
    assert "prefers-reduced-motion" in style
    assert "prefers-color-scheme" in style
    moving = root.find(f"{SVG}g[@class='moving']")
    calm = root.find(f"{SVG}g[@class='calm']")
    assert list(moving.iter(f"{SVG}animate"))
    assert not list(calm.iter(f"{SVG}animate"))


@pytest.mark.parametrize("name", IDS)
def test_the_key_times_are_those_of_the_phases(name):
    picture, root = PICTURES[name], _svg(name)
    tempo = tempo_of(picture, MOVEMENTS.get(name))
    ends = [sum(tempo.seconds[: count + 1]) / tempo.total for count in range(len(tempo.seconds))]
    for animate in root.find(f"{SVG}g[@class='moving']").iter(f"{SVG}animate"):
        keys = [float(key) for key in animate.get("keyTimes").split(";")]
        assert len(keys) == len(animate.get("values").split(";"))
        assert keys == sorted(keys)
        assert (keys[0], keys[-1]) == (0, 1)
        assert all(min(abs(end - key) for key in keys) < 0.001 for end in ends)
        assert animate.get("dur") == f"{tempo.total:g}s"


@pytest.mark.parametrize("name", IDS)
def test_a_repetition_ends_where_it_began_and_goes_somewhere(name):
    drawing = _drawing(name)
    shapes = drawing.shapes_at(0)
    assert drawing.shapes_at(drawing.moments[-1]) == shapes
    assert drawing.shapes_at(drawing.motion.farthest()) != shapes


@pytest.mark.parametrize("name", IDS)
def test_the_picture_fits_on_its_paper(name):
    drawing = _drawing(name)
    for moment in drawing.moments:
        spots = [spot for shape in drawing.shapes_at(moment) if not shape.windowed for spot in shape.points]
        assert all(-2 <= x <= 202 and -2 <= y <= 202 for x, y in spots)


@pytest.mark.parametrize("name", IDS)
def test_nobody_sinks_into_the_floor(name):
    drawing = _drawing(name)
    for moment in drawing.moments:
        joints = joints_of(drawing.motion.at(moment))
        assert min(point[1] for point in joints.values()) > -3.5


def test_a_smaller_range_goes_less_far():
    picture = PICTURES["slow-knee-lifts"]
    tempo = tempo_of(picture, None)
    heights = []
    for level in range(4):
        motion = Drawing(picture, tempo, scale_of(picture, level, 4)).motion
        heights.append(joints_of(motion.at(motion.farthest()))["work_knee"][1])
    assert heights == sorted(heights)
    assert heights[3] - heights[0] > 15


def test_the_movements_own_phases_set_the_tempo():
    picture, movement = PICTURES["lateral-ankle-tilts"], MOVEMENTS["lateral-ankle-tilts"]
    slow = movement.model_copy(
        update={"phases": tuple(p.model_copy(update={"seconds": 5.0}) for p in movement.phases)}
    )
    assert tempo_of(picture, slow) == Tempo((5.0, 5.0, 5.0))
    one = movement.model_copy(update={"phases": movement.phases[:1]})
    assert tempo_of(picture, one).total == pytest.approx(movement.phases[0].seconds)


def test_the_words_name_movement_side_range_and_seconds():
    picture, movement = PICTURES["lateral-ankle-tilts"], MOVEMENTS["lateral-ankle-tilts"]
    caption = caption_of(picture, movement, tempo_of(picture, movement), Side.LEFT, 1)
    assert caption.sentence == (
        "Lateral Ankle Tilts: left side, range 2/4 (small), in 2.5 s · stay 1.5 s · back 2.5 s."
    )
    korean = load_catalogue("ko-KR").movements["lateral-ankle-tilts"]
    caption = caption_of(picture, korean, tempo_of(picture, korean), Side.LEFT, 1, locale="ko-KR")
    assert "왼쪽" in caption.sentence


def test_a_hold_says_its_true_time_and_is_shown_shortened():
    picture, movement = PICTURES["half-kneeling-hold"], MOVEMENTS["lateral-ankle-tilts"]
    dose = movement.dose.model_copy(update={"reps": None, "hold_seconds": 30.0})
    held = movement.model_copy(update={"dose": dose})
    tempo = tempo_of(picture, held)
    assert tempo.total < 15
    assert caption_of(picture, held, tempo, Side.LEFT, 1).tempo == "stay 30 s"


def test_the_png_is_a_whole_file_with_something_on_it():
    data = raster.png(Drawing(PICTURES["rehab-hip-circles"], Tempo((4.0, 4.0))), 1.0, size=120)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (120, 120)
    length = struct.unpack(">I", data[33:37])[0]
    rows = zlib.decompress(data[41 : 41 + length])
    assert len(rows) == 120 * (1 + 3 * 120)
    assert len(set(rows)) > 50


def test_the_docs_show_every_picture():
    shown = set(re.findall(r"pictures/([a-z0-9-]+)\.svg", (DOCS / "pictures.md").read_text("utf-8")))
    assert shown == set(IDS)
    for name in IDS:
        ET.parse(DOCS / "pictures" / f"{name}.svg")
