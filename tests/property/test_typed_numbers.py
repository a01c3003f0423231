"""A number is never written down from a word that only sounds like one, whatever is typed around it."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.content.packs import load_pack
from cuewalk.domain.intents import Expect, RatingSaid

PHRASES = Path(__file__).parents[2] / "scripts_audio" / "en-US" / "phrases"
LOOSELY = tomllib.loads((PHRASES / "commands.toml").read_text("utf-8"))["loosely"]
NUMBERS = tomllib.loads((PHRASES / "numbers.toml").read_text("utf-8"))["numbers"]
SOUNDS = [word for number in NUMBERS for word in number.get("homophones", ())]
#: A hesitation is no frame: it is taken off any words.
BEFORE, AFTER = (
    st.lists(st.sampled_from([f for f in LOOSELY[side] if f != "um"]), max_size=3).map(" ".join)
    for side in ("before", "after")
)
RATING = frozenset({Expect.RATING})
MARKS = st.tuples(*2 * [st.sampled_from([" ", ", ", "! ", " - "])])


@pytest.fixture(scope="module")
def en():
    return load_pack("en-US")


@given(before=BEFORE, after=AFTER, sound=st.sampled_from(SOUNDS), marks=MARKS)
def test_a_sound_alike_in_polite_frames_is_never_written_down(en, before, after, sound, marks):
    said = f"{before}{marks[0]}{sound}{marks[1]}{after}"
    assert not isinstance(en.read(said, RATING), RatingSaid), said


@given(
    before=BEFORE,
    after=AFTER,
    zero=st.sampled_from(["nothing", "none", "no pain", "nothing at all"]),
)
def test_a_zero_in_polite_frames_is_never_written_down(en, before, after, zero):
    said = f"{before} {zero} {after}"
    if before or after:
        assert not isinstance(en.read(said, RATING), RatingSaid), said
