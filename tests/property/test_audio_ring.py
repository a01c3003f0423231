"""The ring against the plainest model: a list with room for so many."""

import sys
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.audio.ring import Ring

_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(0, 40)),
        st.tuples(st.just("read"), st.integers(0, 40)),
        st.tuples(st.just("cut"), st.just(0)),
        st.tuples(st.just("skip"), st.just(0)),
    ),
    max_size=60,
)


class _Model:
    """Room taken back by a cut is free again only after the reader has looked."""

    def __init__(self, capacity):
        self.capacity, self.waiting, self.cut_off, self.dropped = capacity, [], 0, 0

    def write(self, samples):
        room = self.capacity - len(self.waiting) - self.cut_off
        self.waiting += samples[:room]
        self.dropped += max(0, len(samples) - room)

    def read(self, count):
        self.cut_off = 0
        taken, self.waiting = self.waiting[:count], self.waiting[count:]
        return taken

    def cut(self):
        self.cut_off += len(self.waiting)
        self.waiting = []

    def skip(self):
        self.read(self.capacity)


@given(capacity=st.integers(1, 50), steps=_STEPS)
def test_the_ring_does_what_a_list_does(capacity, steps):
    ring, model, number = Ring(capacity), _Model(capacity), 0
    for step, count in steps:
        if step == "write":
            samples = [(number + n) % 30_000 for n in range(count)]
            number += count
            ring.write(np.array(samples, np.int16))
            model.write(samples)
        elif step == "read":
            assert ring.read(count).tolist() == model.read(count)
        else:
            getattr(ring, step)()
            getattr(model, step)()
        assert (ring.level, ring.dropped) == (len(model.waiting), model.dropped)


@given(capacity=st.integers(1, 50), count=st.integers(0, 60), wanted=st.integers(0, 60))
def test_what_cannot_be_read_is_left_alone(capacity, count, wanted):
    ring, out = Ring(capacity), np.full(wanted, -1, np.int16)
    ring.write(np.ones(count, np.int16))
    got = ring.read_into(out)
    assert got == min(capacity, count, wanted)
    assert out.tolist() == [1] * got + [-1] * (wanted - got)


@pytest.fixture
def hasty_threads():
    """Let Python change threads every 10 µs, not 5 ms: more interleavings, and nobody spins for long."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def test_two_threads_pass_everything_on_in_order(hasty_threads):
    ring, total = Ring(997), 50_000
    sent = (np.arange(total) % 30_011).astype(np.int16)

    def write():
        at = 0
        while at < total:
            at += ring.write(sent[at : at + min(173, 997 - ring.level)])

    writer = threading.Thread(target=write)
    writer.start()
    parts, received = [], 0
    while received < total:
        parts.append(ring.read(211))
        received += len(parts[-1])
    writer.join()
    assert np.array_equal(np.concatenate(parts), sent)
    assert ring.dropped == 0
