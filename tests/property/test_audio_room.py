"""The virtual room is repeatable, and adds up."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.devices.virtual_room import VirtualRoom

_ROOMS = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**32),
        "echo_db": st.none() | st.floats(-40, 0),
        "echo_delay_ms": st.integers(0, 90),
        "noise_db": st.none() | st.floats(-80, -30),
        "rt60": st.none() | st.floats(0.05, 0.5),
    }
)
_PLAYED = np.random.default_rng(8).integers(-9_000, 9_000, (12, 320)).astype(np.int16)
_SPEECH = np.random.default_rng(9).integers(-9_000, 9_000, 1_000).astype(np.int16)


def _session(room, at):
    room.say(_SPEECH, at)
    return np.concatenate([room.exchange(frame) for frame in _PLAYED])


@settings(max_examples=40, deadline=None)
@given(settings_=_ROOMS, at=st.integers(0, 2_000))
def test_the_same_seed_gives_the_same_session_bit_for_bit(settings_, at):
    assert np.array_equal(_session(VirtualRoom(**settings_), at), _session(VirtualRoom(**settings_), at))


@given(starts=st.lists(st.integers(0, 3_000), max_size=4))
def test_in_a_dry_quiet_room_the_microphone_has_exactly_what_is_said(starts):
    room, expected = VirtualRoom(), np.zeros(12 * 320)
    for start in starts:
        room.say(_SPEECH // 4, start)
        expected[start : start + 1_000] += (_SPEECH // 4)[: 12 * 320 - start]
    heard = np.concatenate([room.exchange(frame) for frame in _PLAYED])
    assert np.array_equal(heard, expected)


@given(delay_ms=st.integers(0, 100))
def test_the_echo_is_our_own_voice_late_and_quieter(delay_ms):
    room = VirtualRoom(echo_db=-20, echo_delay_ms=delay_ms)
    heard = np.concatenate([room.exchange(frame) for frame in _PLAYED]).astype(float)
    late = np.concatenate([np.zeros(delay_ms * 16), _PLAYED.reshape(-1) * 0.1])[: len(heard)]
    assert np.abs(heard - late).max() <= 0.51
