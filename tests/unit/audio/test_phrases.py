"""Where a cue's phrases begin, and where it goes on after an interruption."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.audio.phrases import SpokenShare, last_phrase, phrase_starts, with_gaps

_PIECES = st.lists(st.tuples(st.integers(1_600, 8_000), st.integers(3_200, 6_400)), min_size=1, max_size=4)


def spoken(pieces):
    """Noise and silence in turn, and the first sample of each piece."""
    rng, parts, starts, at = np.random.default_rng(1), [], [], 0
    for loud, quiet in pieces:
        starts.append(at)
        parts += [rng.integers(2_000, 9_000, loud).astype(np.int16), np.zeros(quiet, np.int16)]
        at += loud + quiet
    return np.concatenate(parts), starts


@given(pieces=_PIECES)
def test_phrases_begin_where_sound_does_after_a_pause(pieces):
    sound, starts = spoken(pieces)
    found = phrase_starts(sound)
    assert len(found) == len(starts)
    assert all(0 <= start - at <= 480 for start, at in zip(starts, found, strict=True))


def test_the_closure_of_a_consonant_is_no_pause():
    loud, closure = np.full(4_000, 5_000, np.int16), np.zeros(1_600, np.int16)
    assert phrase_starts(np.concatenate([loud, closure, loud])) == [0]


@given(pieces=_PIECES, share=st.floats(0, 1))
def test_a_cue_goes_on_at_a_phrase_that_was_begun(pieces, share):
    sound, _ = spoken(pieces)
    heard = round(share * len(sound))
    assert last_phrase(sound, heard) in phrase_starts(sound)
    assert last_phrase(sound, heard) <= heard


def test_a_phrase_of_which_only_a_moment_was_heard_is_said_from_its_beginning():
    sound, (_, second) = spoken([(8_000, 4_000), (8_000, 4_000)])
    assert last_phrase(sound, second + 1_600) == 0
    assert second - 480 <= last_phrase(sound, second + 6_400) <= second


def test_silence_and_an_empty_cue_are_one_phrase():
    assert phrase_starts(np.zeros(8_000, np.int16)) == [0]
    assert phrase_starts(np.zeros(0, np.int16)) == [0]


@given(pieces=_PIECES)
def test_gaps_come_between_phrases_and_nothing_is_lost(pieces):
    sound, _ = spoken(pieces)
    gapped = with_gaps(sound, 900)
    assert len(gapped) == len(sound) + len(pieces) * 14_400
    assert np.array_equal(gapped[gapped != 0], sound[sound != 0])


def test_in_a_pause_no_more_of_a_cue_has_been_said():
    sound, (_, second) = spoken([(8_000, 6_400), (8_000, 3_200)])
    share = SpokenShare(sound).share_at
    assert [round(share(at), 2) for at in (-500, 0, 4_000, 8_000, second - 1_000)] == [0, 0, 0.25, 0.5, 0.5]
    assert [round(share(at), 2) for at in (second + 4_000, second + 8_000, len(sound) + 900)] == [0.75, 1, 1]


def test_a_share_of_the_sound_is_the_same_in_a_long_phrase_and_in_a_short_one():
    share = SpokenShare(spoken([(12_000, 6_400), (4_000, 3_200)])[0])
    assert share.share_of(4_000) == 0.25
    assert share.share_of(4_000) == share.share_at(5_000) - share.share_at(1_000)


def test_of_silence_nothing_has_been_said():
    assert SpokenShare(np.zeros(8_000, np.int16)).share_at(4_000) == 0
    assert SpokenShare(np.zeros(0, np.int16)).share_at(0) == 0
