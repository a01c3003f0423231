"""Whatever is played comes out sample-exact, in order, once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.audio.player import Player

_LENGTHS = st.lists(st.integers(0, 1_500), min_size=1, max_size=6)


def _cues(lengths):
    rng = np.random.default_rng(len(lengths))
    return [rng.integers(-32_768, 32_768, length).astype(np.int16) for length in lengths]


def _frames(player, count):
    return np.concatenate([np.zeros(0, np.int16), *(player.next_frame() for _ in range(count))])


@given(lengths=_LENGTHS)
def test_cues_follow_each_other_without_loss_overlap_or_gap(lengths):
    player, cues = Player(), _cues(lengths)
    for number, cue in enumerate(cues):
        player.play(number, cue)
    heard, whole = _frames(player, sum(lengths) // 320 + 2), np.concatenate(cues)
    assert np.array_equal(heard[: len(whole)], whole)
    assert not heard[len(whole) :].any()


@given(lengths=_LENGTHS)
def test_each_cue_ends_once_in_the_frame_that_has_its_last_sample(lengths):
    player = Player()
    for number, cue in enumerate(_cues(lengths)):
        player.play(number, cue)
    ended = {}
    for frame in range(1, sum(lengths) // 320 + 3):
        player.next_frame()
        for cue, length in player.ended():
            assert cue not in ended
            assert length == lengths[cue]
            ended[cue] = frame
    ends = np.cumsum(lengths)
    assert list(ended) == list(range(len(lengths)))
    for cue, frame in ended.items():
        assert frame == max(1, -(-int(ends[cue]) // 320)) or lengths[cue] == 0
    assert not player.busy


@given(length=st.integers(1, 4_000), before=st.integers(0, 6), fade_ms=st.integers(0, 60))
def test_stop_is_silence_after_the_fade_and_nothing_is_finished(length, before, fade_ms):
    player = Player()
    player.play(1, np.full(length, 9_000, np.int16))
    player.play(2, np.full(400, 9_000, np.int16))
    _frames(player, before)
    player.ended()
    player.stop(fade_ms)
    tail = _frames(player, 20).astype(int)
    assert not tail[fade_ms * 16 :].any()
    assert (np.diff(tail) <= 0).all(), "it only grows quieter"
    assert player.ended() == []
    assert not player.busy


@given(lengths=_LENGTHS, tone=st.integers(0, 1_500), after=st.integers(0, 6))
def test_a_sound_beside_the_cues_is_added_and_changes_nothing_else(lengths, tone, after):
    plain, mixed, beside = Player(), Player(), np.full(tone, 12_000, np.int16)
    for player in (plain, mixed):
        for number, cue in enumerate(_cues(lengths)):
            player.play(number, cue)
    count = sum(lengths) // 320 + 12
    _frames(plain, after), _frames(mixed, after)
    mixed.overlay(beside)
    assert mixed.busy == plain.busy
    added = np.zeros(count * 320, int)
    added[:tone] = beside
    expected, heard, reported = _frames(plain, count), [], []
    for _ in range(count):
        heard.append(mixed.next_frame())
        reported += mixed.ended()
    assert np.array_equal(np.concatenate(heard), np.clip(expected + added, -32_768, 32_767))
    assert reported == plain.ended()


@given(length=st.integers(1, 3_000), tone=st.integers(1, 1_500))
def test_stop_does_not_end_a_sound_beside_the_cues(length, tone):
    player = Player()
    player.play(1, np.full(length, 9_000, np.int16))
    player.overlay(np.full(tone, 700, np.int16))
    player.stop(0)
    heard = _frames(player, 12)
    assert np.array_equal(heard[:tone], np.full(tone, 700, np.int16))
    assert not heard[tone:].any()


@given(
    pieces=st.lists(st.tuples(st.integers(0, 1_500), st.integers(0, 8)), min_size=1, max_size=5),
    after=st.integers(0, 700),
)
def test_a_cue_that_comes_piece_by_piece_is_whole_with_silence_only_where_it_was_waited_for(pieces, after):
    player, cues, heard = Player(), _cues([length for length, _ in pieces]), []
    for number, (cue, (_, frames)) in enumerate(zip(cues, pieces, strict=True)):
        more = number + 1 < len(pieces)
        player.play(7, cue, more=more) if number == 0 else player.add(cue, more=more)
        for _ in range(frames if more else 0):
            heard.append(player.next_frame())
            assert player.ended() == [], "it is not over before its last piece"
    player.play(8, np.full(after, 1, np.int16))
    heard.append(_frames(player, (sum(map(len, cues)) + after) // 320 + 2))
    assert [(cue, length) for cue, length in player.ended()] == [(7, sum(map(len, cues))), (8, after)]
    whole, sound = np.concatenate([*cues, np.full(after, 1, np.int16)]), np.concatenate(heard)
    assert np.array_equal(sound[sound != 0], whole[whole != 0])
