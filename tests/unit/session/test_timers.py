"""Timers on the session's clock."""

from cuewalk.domain.units import Millis
from cuewalk.session.loop import Timers


def test_timers_fire_once_in_the_order_of_their_times() -> None:
    timers = Timers()
    timers.start(1, Millis(300))
    timers.start(2, Millis(100))
    timers.start(3, Millis(900))
    assert timers.due(Millis(299)) == [2]
    assert timers.due(Millis(400)) == [1]
    assert timers.due(Millis(400)) == []


def test_a_cancelled_timer_never_fires() -> None:
    timers = Timers()
    timers.start(1, Millis(100))
    timers.cancel(1)
    timers.cancel(7)
    assert timers.due(Millis(1000)) == []
