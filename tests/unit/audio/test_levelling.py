"""Two clocks that differ: the queue before the speaker keeps its length, and only silence is touched."""

import pytest

from cuewalk.audio.levelling import Levelling


def _run(levelling, *, level, drift_ms, frames, silent=lambda _: True):
    """Let the queue drift by so many ms a frame; return its levels and how often each frame was queued."""
    levels, times = [], []
    for number in range(frames):
        times.append(levelling.times(level, silent=silent(number)))
        level = max(0.0, level + 20 * times[-1] - 20 + drift_ms)
        levels.append(level)
    return levels, times


def test_equal_clocks_need_no_correction():
    levelling = Levelling(160)
    _, times = _run(levelling, level=120, drift_ms=0, frames=1_000)
    assert set(times) == {1}
    assert levelling.corrections == 0


@pytest.mark.parametrize("drift_ms", [0.01, -0.01, 0.1, -0.1])
def test_a_drifting_clock_is_held_near_the_usual_level(drift_ms):
    levelling = Levelling(160)
    levels, times = _run(levelling, level=120, drift_ms=drift_ms, frames=30_000)
    assert 60 < min(levels) < max(levels) < 180
    assert levelling.corrections == sum(abs(n - 1) for n in times) > 0


def test_speech_is_never_dropped_or_repeated():
    levelling = Levelling(160)
    speech = range(2_000)
    _, times = _run(levelling, level=120, drift_ms=0.2, frames=2_500, silent=lambda n: n not in speech)
    assert set(times[:2_000]) == {1}
    assert 0 in times[2_000:]


def test_a_pump_that_was_away_for_a_moment_changes_nothing():
    levelling = Levelling(160)
    _run(levelling, level=120, drift_ms=0, frames=100)
    for _ in range(4):
        for level in (0, 20, 40, 60, 80, 100, *[120] * 44):
            assert levelling.times(level, silent=True) == 1


def test_a_queue_grown_long_by_a_gap_is_shortened_in_the_next_silence():
    levelling = Levelling(160)
    _run(levelling, level=120, drift_ms=0, frames=100)
    levels, _ = _run(levelling, level=620, drift_ms=0, frames=150)
    assert levels[-1] == pytest.approx(120, abs=40)


def test_a_gap_at_the_very_start_does_not_become_the_rule():
    levelling = Levelling(160)
    levels, _ = _run(levelling, level=600, drift_ms=0, frames=300)
    assert levels[-1] <= 200
