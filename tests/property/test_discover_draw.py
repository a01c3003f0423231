"""The seeded draw of the next movements: fair over many sessions, and never too early."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.planning.own_programmes import draw

FEW = settings(max_examples=60, deadline=None)
CATALOGUE = [f"m{n}" for n in range(12)]
seeds = st.integers(0, 10**6)
sizes = st.integers(1, 12)
some = st.sets(st.sampled_from(CATALOGUE))


def many(count, seed, per_session, sessions, **held):
    orders = []
    for _ in range(sessions):
        orders.append(draw(CATALOGUE[:count], orders, seed, per_session, **held))
    return orders


@FEW
@given(sizes, seeds, sizes)
def test_everything_is_drawn_about_equally_often(count, seed, per_session):
    orders = many(count, seed, per_session, 30)
    counts = Counter(ident for order in orders for ident in order)
    assert set(counts) == set(CATALOGUE[:count])
    assert max(counts.values()) - min(counts.values()) <= 1


@FEW
@given(st.integers(2, 12), seeds, st.integers(2, 12))
def test_everything_comes_equally_often_early_and_late(count, seed, per_session):
    orders = many(count, seed, per_session, 60)
    for ident in CATALOGUE[:count]:
        places = [2 * o.index(ident) / (len(o) - 1) - 1 for o in orders if ident in o and len(o) > 1]
        # First counts -1, last 1: however many sessions, the difference stays small.
        assert abs(sum(places)) <= 4


@FEW
@given(sizes, seeds, sizes, st.tuples(some, some), st.integers(0, 10))
def test_never_before_the_re_test_date_and_one_re_test_at_most(count, seed, per_session, held, before):
    not_yet, due = held
    orders = many(count, seed, per_session, before)
    drawn = draw(CATALOGUE[:count], orders, seed, per_session, not_yet=not_yet, due=due)
    assert not set(drawn) & not_yet
    assert len(set(drawn) & due) <= 1
    assert len(set(drawn)) == len(drawn) <= per_session
    assert set(drawn) <= set(CATALOGUE[:count])
    # A due re-test is not put off, and nothing else stays away without need.
    waiting = (set(CATALOGUE[:count]) & due) - not_yet
    assert bool(set(drawn) & due) == bool(waiting)
    free = set(CATALOGUE[:count]) - due - not_yet
    assert len(drawn) == min(per_session, len(free) + bool(waiting))


@FEW
@given(seeds, st.integers(0, 10))
def test_the_same_seed_draws_the_same(seed, before):
    orders = many(6, seed, 3, before)
    assert draw(CATALOGUE, orders, seed, 4) == draw(CATALOGUE[::-1], orders, seed, 4)


def test_another_seed_draws_another_order():
    assert len({draw(CATALOGUE, [], seed, 5) for seed in range(20)}) > 15


def test_nothing_to_draw_from_is_nothing():
    assert draw([], [], 1, 5) == ()
    assert draw(["a"], [], 1, 5, not_yet={"a"}) == ()
    assert draw(["a"], [], 1, 0) == ()
