"""The intervals beside the figures."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.bench.intervals import percentile, poisson, wilson

COUNTS = st.integers(0, 3000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 30, 0.0059, 0.1667)],
)
def test_wilson_gives_the_published_values(count, total, low, high):
    assert wilson(count, total) == pytest.approx((low, high), abs=1e-4)


def test_nothing_is_known_of_nothing():
    assert wilson(0, 0) == (0.0, 1.0)


@settings(deadline=None, max_examples=60)
@given(COUNTS)
def test_the_rate_lies_in_its_interval_and_the_interval_in_the_possible(counts):
    count, total = counts
    low, high = wilson(count, total)
    assert 0 <= low < high <= 1
    if total:
        assert low <= count / total <= high


@settings(deadline=None, max_examples=60)
@given(COUNTS)
def test_the_interval_of_the_others_is_the_mirror_image(counts):
    count, total = counts
    low, high = wilson(count, total)
    assert wilson(total - count, total) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(COUNTS, st.integers(2, 10))
def test_more_clips_make_the_figure_surer(counts, times):
    count, total = counts
    if total:
        few, many = wilson(count, total), wilson(count * times, total * times)
        assert many[1] - many[0] < few[1] - few[0]


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0.0, 3.689), (1, 0.025, 5.572), (10, 4.795, 18.390), (100, 81.36, 121.63)]
)
def test_rare_events_come_close_to_the_exact_limits(count, low, high):
    assert poisson(count) == pytest.approx((low, high), rel=0.02, abs=0.02)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0, 1e4), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_one_of_the_values_and_has_its_share_below(values, share):
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9


def test_there_is_no_percentile_of_nothing():
    assert percentile([], 0.5) is None
