"""A movement with a very long name and a short hold: no line is cut off by the next one."""

import heapq
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.content.load import load_catalogue
from cuewalk.domain.content import Dose
from cuewalk.domain.intents import Side
from cuewalk.engine.course import Station
from cuewalk.engine.effects import CancelTimer, Outbox, Speak, StartTimer, StopSpeaking
from cuewalk.engine.talk import Talk
from cuewalk.engine.telling import introduce, perform

_NAME = "Slow standing hip circles with one hand on the wall behind you"  # twelve words
_MOVEMENT = next(iter(load_catalogue("en-US").movements.values()))


def _spoken(items, word_ms):
    """Say a script on a clock of its own; return when each line began and ended."""
    out = Outbox()
    talk, now, due, said = Talk(out), 0, [], []
    timers = set()
    talk.start(items)
    while not talk.finished:
        for effect in out.drain():
            assert not isinstance(effect, StopSpeaking), "a line was cut off"
            if isinstance(effect, Speak):
                words = len(" ".join([effect.prompt, *map(str, effect.slots.values())]).split())
                said.append((effect.prompt, now, now + words * word_ms))
                heapq.heappush(due, (now + words * word_ms, 0, effect.cue))
            elif isinstance(effect, StartTimer):
                timers.add(effect.timer)
                heapq.heappush(due, (now + effect.after, 1, effect.timer))
            elif isinstance(effect, CancelTimer):
                timers.discard(effect.timer)
        now, kind, number = heapq.heappop(due)
        if kind == 0:
            talk.cue_finished(number)
        elif number in timers:
            talk.timer_fired(number)
    return said


@pytest.mark.parametrize("hold", [5, 10, 20, 30])
@given(word_ms=st.integers(100, 2_000))
def test_a_long_name_is_said_to_its_end_before_a_hold_and_halfway(hold, word_ms):
    movement = _MOVEMENT.model_copy(update={"name": _NAME, "dose": Dose(hold_seconds=hold)})
    here = Station(movement, Side.LEFT, movement.dose, 0)
    said = _spoken([*introduce(here, 1, 3, 0), *perform(here, 0)], word_ms)
    assert said[0][0] == "introduce"
    for (_, _, ended), (_, began, _) in pairwise(said):
        assert began >= ended
    assert ("halfway" in [prompt for prompt, *_ in said]) == (hold >= 20)
