"""Whatever the movement, the moment, the range and the side: bones keep their length, left mirrors right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.content.pictures import load_pictures
from cuewalk.domain.intents import Side
from cuewalk.pictures.camera import GRID
from cuewalk.pictures.drawing import Drawing
from cuewalk.pictures.motion import Motion, tempo_of
from cuewalk.pictures.skeleton import BONES, bend, joints_of

PICTURES = load_pictures()
NAMES = st.sampled_from(sorted(PICTURES))
SHARES = st.floats(0, 1)
SCALES = st.floats(0.2, 1)
#: Bone → the joints at its ends.
ENDS = {
    "thigh": ("hip", "knee"),
    "shank": ("knee", "ankle"),
    "upper_arm": ("shoulder", "elbow"),
    "forearm": ("elbow", "hand"),
    "collar": ("collar", "shoulder"),
}
SPINE = {"lumbar": ("pelvis", "waist"), "thorax": ("waist", "neck"), "neck": ("neck", "head")}


@given(NAMES, SHARES, SCALES)
def test_every_bone_has_one_length_in_every_moment(name, share, scale):
    motion = Motion(PICTURES[name], tempo_of(PICTURES[name], None), scale)
    joints = joints_of(motion.at(share * motion.tempo.total))
    pairs = [
        (bone, f"{side}_{a}", f"{side}_{b}") for bone, (a, b) in ENDS.items() for side in ("work", "other")
    ]
    pairs += [(bone, a, b) for bone, (a, b) in SPINE.items()]
    for bone, a, b in pairs:
        assert np.linalg.norm(joints[a] - joints[b]) == pytest.approx(BONES[bone], abs=1e-6)


@given(NAMES, SHARES, SCALES)
@settings(max_examples=12)
def test_the_left_side_is_the_mirror_image_of_the_right(name, share, scale):
    tempo = tempo_of(PICTURES[name], None)
    right, left = (Drawing(PICTURES[name], tempo, scale, side) for side in (Side.RIGHT, Side.LEFT))
    for one, other in zip(right.shapes_at(share), left.shapes_at(share), strict=True):
        assert (one.kind, one.size, one.paint) == (other.kind, other.size, other.paint)
        mirrored = [(GRID - x, y) for x, y in one.points]
        # An arrow's head may be drawn from its other wing.
        assert np.allclose(mirrored, other.points) or np.allclose(mirrored[::-1], other.points)


@given(NAMES, SHARES)
@settings(max_examples=12)
def test_the_shapes_stay_the_same_ones_while_they_move(name, share):
    drawing = Drawing(PICTURES[name], tempo_of(PICTURES[name], None))
    home, now = drawing.shapes_at(0), drawing.shapes_at(share * drawing.motion.tempo.total)
    assert [(s.kind, s.paint, len(s.points)) for s in home] == [(s.kind, s.paint, len(s.points)) for s in now]


SPOT = st.tuples(*[st.floats(-200, 200)] * 3).map(np.array)


@given(SPOT, SPOT, SPOT, st.floats(5, 50), st.floats(5, 50))
def test_a_bent_limb_never_stretches_and_reaches_what_it_can(root, wanted, pole, upper, lower):
    middle, end = bend(root, wanted, pole, upper, lower)
    assert np.linalg.norm(middle - root) == pytest.approx(upper, abs=1e-6)
    assert np.linalg.norm(end - middle) == pytest.approx(lower, abs=1e-6)
    if abs(upper - lower) + 0.1 < np.linalg.norm(wanted - root) < upper + lower - 0.1:
        assert np.allclose(end, wanted)
