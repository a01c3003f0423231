"""After a session without a verdict a sentence says so, instead of a table with nothing in it."""

import datetime as dt
from io import StringIO

import pytest
from rich.console import Console

from cuewalk.domain.intents import Command
from cuewalk.domain.projection import SessionRecords
from cuewalk.review.summary import show_summary
from helpers.sessions import World
from helpers.states import world_in


def _shown(world: World, *, plain: bool) -> str:
    out = StringIO()
    history = SessionRecords("a", dt.date(2026, 1, 2), tuple(world.records))
    show_summary(history, Console(file=out, width=100), plain=plain)
    return out.getvalue()


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("state", ["welcome", "baseline", "introduce"])
def test_no_table_where_no_movement_was_begun(state: str, plain: bool) -> None:
    told = _shown(world_in(state).command(Command.STOP).command(Command.STOP), plain=plain)
    assert told == "Nothing was judged in this session: it ended before the first movement.\n"


@pytest.mark.parametrize("plain", [False, True])
def test_a_movement_that_was_not_finished_is_listed_and_the_sentence_said(plain: bool) -> None:
    told = _shown(world_in("perform").command(Command.STOP).command(Command.STOP), plain=plain)
    assert "session stopped" in told
    assert told.endswith("Nothing was judged in this session: no movement was done and rated to its end.\n")


@pytest.mark.parametrize("plain", [False, True])
def test_nothing_is_said_of_it_where_something_was_judged(plain: bool) -> None:
    told = _shown(world_in("summary"), plain=plain)
    assert "improved" in told
    assert "Nothing was judged" not in told
