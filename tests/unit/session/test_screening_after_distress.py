"""Whoever was in trouble last time is asked the safety questions before anything else next time."""

from datetime import UTC, datetime, timedelta

import pytest

from cuewalk.domain.intents import DISTRESS, Command
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.records import DistressSaid, ScreenAnswered
from cuewalk.planning.preparing import screening_due
from helpers.sessions import World
from helpers.states import world_in

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
DAYS = 30.0
GROUPS = {"now", "soon"}
SCREENED = tuple(ScreenAnswered(group=group, present=False) for group in sorted(GROUPS))


def _due(*sessions: tuple) -> bool:
    first = NOW.date() - timedelta(days=len(sessions))
    return screening_due(
        [SessionRecords(f"s{n}", first + timedelta(days=n), records) for n, records in enumerate(sessions)],
        NOW,
        DAYS,
        GROUPS,
    )


def _said(command: Command, *, denied: bool = False) -> DistressSaid:
    return DistressSaid.model_validate({"about": command.value, "state": "perform", "denied": denied})


def test_a_screen_of_yesterday_holds_where_all_was_well() -> None:
    assert not _due(SCREENED)
    assert not _due(SCREENED, ())


@pytest.mark.parametrize("command", sorted(DISTRESS))
def test_trouble_makes_it_due_also_sessions_later(command: Command) -> None:
    assert _due((*SCREENED, _said(command)))
    assert _due(SCREENED, (_said(command),))
    assert _due(SCREENED, (_said(command),), ())


def test_one_sign_asked_after_a_fall_is_no_whole_screen() -> None:
    assert _due(SCREENED, (_said(Command.FELL), ScreenAnswered(group="soon", present=False)))


def test_a_whole_screen_since_then_holds() -> None:
    assert not _due((_said(Command.SOMETHING_WRONG),), SCREENED)


@pytest.mark.parametrize("command", sorted(DISTRESS))
def test_what_a_session_keeps_of_it_is_enough(command: Command) -> None:
    world: World = world_in("perform").command(command).run_until("ended")
    assert _due((*SCREENED, *world.records))
