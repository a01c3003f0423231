"""The engine leads as it was recorded: every state, nearly every word said in it, and every edition.

A difference is a change of what a person hears, of what is kept, or of how a journal replays. If it is meant,
``python -m helpers.walks tests/data/engine_walks.txt`` records the walks anew.
"""

import pytest

from cuewalk.engine.states import State
from helpers.walks import WALKS, read_walks, walked

_WALKS = [*read_walks(WALKS.read_text("utf-8"))]


@pytest.mark.parametrize("walk", _WALKS, ids=lambda walk: str(_WALKS.index(walk)))
def test_the_engine_leads_as_it_was_recorded(walk: list[str]) -> None:
    now = walked(walk)
    for at, (was, line) in enumerate(zip(walk, now, strict=True)):
        assert line == was, "\n".join([walk[0], *walk[max(1, at - 8) : at]])


def test_the_walks_come_through_every_state() -> None:
    entered = {text[3:].partition("]")[0] for walk in _WALKS for text in walk if text.startswith("  [")}
    assert entered == {*State} - {State.IDLE}
