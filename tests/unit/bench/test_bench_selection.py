"""Which clips are judged."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.bench.recordings import Clip, groups, of_speakers, sample
from cuewalk.domain.errors import CuewalkError

WORDS = ("one", "two", "dog")


def clips_of(*triples):
    return [
        Clip(Path(f"{i}.wav"), f"{i}.wav", where, word, who) for i, (where, word, who) in enumerate(triples)
    ]


def is_word(clip):
    return clip.words != "dog"


CLIPS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]), st.sampled_from(WORDS), st.sampled_from(["ann", "bob", "unknown"])
    ),
    max_size=40,
).map(lambda triples: clips_of(*triples))


@settings(deadline=None, max_examples=60)
@given(CLIPS, st.integers(1, 4))
def test_calibration_takes_so_many_of_each_word_and_judges_the_rest(clips, takes):
    found = groups(clips, takes, is_word)
    judged = [clip for group in found for clip in group.judged]
    for group in found:
        assert not set(group.judged) & set(group.examples)
        assert all(is_word(clip) and clip.speaker != "unknown" for clip in group.examples)
        assert len({clip.speaker for clip in group.examples}) <= 1
    for who in ("ann", "bob"):
        for word in ("one", "two"):
            has = sum(clip.speaker == who and clip.words == word for clip in clips)
            left = sum(clip.speaker == who and clip.words == word for clip in judged)
            assert left == max(0, has - takes)
    assert sum(clip.words == "dog" for clip in judged) <= sum(clip.words == "dog" for clip in clips)


@settings(deadline=None, max_examples=60)
@given(CLIPS)
def test_without_calibration_every_clip_is_judged_by_one_hearing(clips):
    (group,) = groups(clips, 0, is_word)
    assert list(group.judged) == clips


@settings(deadline=None, max_examples=60)
@given(CLIPS, st.integers(1, 10))
def test_a_sample_is_so_many_of_each_set_and_always_the_same(clips, limit):
    chosen = sample(clips, limit)
    assert chosen == sample(list(clips), limit) == [clip for clip in clips if clip in chosen]
    for name in ("a", "b"):
        has = sum(clip.set == name for clip in clips)
        assert sum(clip.set == name for clip in chosen) == min(has, limit)


def test_only_the_named_speakers_are_heard(tmp_path):
    names = tmp_path / "names"
    names.write_text("bob\n\n  ann  \n")
    clips = clips_of(("a", "one", "ann"), ("a", "one", "eve"), ("a", "two", "bob"))
    assert [clip.speaker for clip in of_speakers(clips, names)] == ["ann", "bob"]
    with pytest.raises(CuewalkError, match="None of the 2 speakers"):
        of_speakers(clips[1:2], names)


@pytest.mark.parametrize(("text", "says"), [(None, "cannot be read"), (" \n", "is empty")])
def test_a_list_of_speakers_that_is_none_is_a_sentence(tmp_path, text, says):
    path = tmp_path / "names"
    if text is not None:
        path.write_text(text)
    with pytest.raises(CuewalkError, match=says):
        of_speakers(clips_of(("a", "one", "ann")), path)
