"""A clock that is wrong for a while deletes nothing and reorders nothing."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.domain.clock import LONG_GAP, as_they_came, trusted

NOW = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
DAYS = 30


def days(*numbers):
    return [NOW - dt.timedelta(days=number) for number in numbers]


def in_year(moment, year):
    return moment.replace(year=year)


def test_a_right_clock_is_trusted():
    assert trusted(NOW, days(40, 31, 2), DAYS) == NOW
    assert trusted(NOW, [], DAYS) == NOW
    assert trusted(NOW, days(366), DAYS) == NOW


def test_after_a_jump_of_years_the_sessions_before_it_tell_what_is_old():
    assert trusted(in_year(NOW, 2100), days(40, 31, 2), DAYS) == days(2)[0]


def test_also_in_the_next_sessions_on_that_clock():
    jumped = in_year(NOW, 2100)
    assert trusted(jumped, [*days(2), jumped - dt.timedelta(days=3)], DAYS) == days(2)[0]


def test_a_clock_that_stays_is_trusted_once_it_has_gone_on_for_as_long_as_clips_are_kept():
    """It was a long rest, then."""
    later = in_year(NOW, 2029)
    assert trusted(later, [*days(2), later - dt.timedelta(days=DAYS)], DAYS) == later
    just_before = later - dt.timedelta(days=DAYS) + dt.timedelta(minutes=1)
    assert trusted(later, [*days(2), just_before], DAYS) == days(2)[0]


def test_back_on_the_right_clock_sessions_dated_ahead_do_not_count():
    assert trusted(NOW, [*days(40, 2), in_year(NOW, 2100)], DAYS) == NOW


def test_a_session_dated_ahead_began_before_the_next_one():
    yesterday, today = days(1, 0)
    assert as_they_came([*days(9), in_year(NOW, 2100), yesterday], NOW) == [*days(9), yesterday, yesterday]
    assert as_they_came([yesterday, in_year(NOW, 2100)], NOW) == [yesterday, today]


BEGIN = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
MOMENTS = st.integers(0, 44_000).map(lambda days: BEGIN + dt.timedelta(days))


@given(st.lists(MOMENTS, max_size=8), MOMENTS)
def test_nothing_is_ever_placed_ahead_of_now_and_what_was_not_ahead_is_left(began, now):
    told = as_they_came(began, now)
    assert all(moment <= now for moment in told)
    assert all(new == old for new, old in zip(told, began, strict=True) if old <= now)
    assert trusted(now, began, DAYS) <= now


@given(st.lists(MOMENTS, min_size=1, max_size=8), MOMENTS)
def test_only_a_gap_longer_than_a_year_makes_a_clock_doubtful(began, now):
    past = sorted(moment for moment in began if moment <= now)
    gaps = [later - earlier for earlier, later in zip(past, [*past[1:], now], strict=False)]
    if all(gap <= LONG_GAP for gap in gaps):
        assert trusted(now, began, DAYS) == now


@pytest.mark.parametrize("hours", [-14, 0, 14])
def test_moments_of_other_time_zones_are_compared_as_moments(hours):
    zone = dt.timezone(dt.timedelta(hours=hours))
    assert as_they_came([NOW.astimezone(zone)], NOW) == [NOW]
