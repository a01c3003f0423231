"""The morning after, sentence by sentence: what is refused, kept, and asked of the next session."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cuewalk.content.load import load_catalogue
from cuewalk.domain.content import Dose, Item, Programme
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.heard import Heard, InputMode
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.records import NextMorning, RatingPhase, ScreenAnswered
from cuewalk.planning.next_morning import (
    AFTERWARDS,
    Precautions,
    before_session,
    check_in,
    open_checkin,
    precautions,
    recent,
    waiting,
    with_precautions,
    worried,
)
from helpers.histories import Telling
from helpers.journals import memory_journal
from helpers.sessions import sample_movement

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def kept(journal, name: str, began: datetime, *, first: float | None = 6, movement: str = "m1"):
    """Keep a session: a number at its beginning, a trial ten and twenty minutes later."""
    telling = Telling()
    telling.rate(RatingPhase.BASELINE, first)
    telling.trial(movement, 6, 3)
    journal.begin_session(telling.setup, name, began, telling.records[:2])
    journal.append(name, 600_000, telling.records[2:4], wall=began + timedelta(minutes=10))
    journal.append(name, 1_200_000, telling.records[4:], wall=began + timedelta(minutes=20))
    return journal


_TODAY = (
    "Your last session was today. A check-in tells how you are the next morning. "
    'Say "cuewalk checkin" with your number tomorrow.'
)
_LONG_AGO = (
    "Your last session was 7 days ago. A number of today says nothing about it any more. "
    '"cuewalk log --all" lists your sessions.'
)
_AHEAD = (
    "Your last session is dated 22 November 2026, 08:11, which is still to come. This machine's clock was "
    "wrong then or is wrong now; how long ago it was is not known. Set the date of this machine if it is "
    "wrong. A check-in works again after a session."
)


@pytest.mark.parametrize(
    ("began", "value", "said"),
    [
        (None, 4, 'There is no session to check in for yet. "cuewalk run" starts one.'),
        (
            NOW - timedelta(hours=2),
            4,
            _TODAY,
        ),
        (
            NOW - 7 * DAY,
            4,
            _LONG_AGO,
        ),
        (
            NOW + timedelta(minutes=11),
            4,
            _AHEAD,
        ),
        (NOW - DAY, 11, "11 is not a rating: say a number from 0 to 10, halves allowed. Nothing was kept."),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_reason_and_what_to_do(began, value, said) -> None:
    journal = memory_journal(now=lambda: NOW + DAY)
    if began is not None:
        kept(journal, "a", began)
    with pytest.raises(CuewalkError) as caught:
        check_in(journal, value, NOW)
    assert str(caught.value) == said


def test_a_clock_that_is_ten_minutes_off_is_not_called_wrong() -> None:
    journal = kept(memory_journal(now=lambda: NOW + DAY), "a", NOW + timedelta(minutes=10))
    with pytest.raises(CuewalkError, match="was today"):
        open_checkin(journal, NOW)


@pytest.mark.parametrize(("days", "waits"), [(0, False), (1, True), (6, True), (7, False)])
def test_a_session_waits_for_its_number_for_less_than_the_days_of_a_re_test(days, waits) -> None:
    journal = kept(memory_journal(), "a", NOW - days * DAY - timedelta(hours=1))
    assert (waiting(journal, NOW) is not None) == waits
    assert before_session(load_catalogue("en-US"), journal, NOW)[1] == (
        [f"How are you since {NOW - days * DAY:%A}? Tell it with: cuewalk checkin NUMBER"] if waits else []
    )


def test_hours_are_counted_from_the_last_number_and_can_be_less_than_one() -> None:
    journal = kept(memory_journal(), "a", NOW - DAY)
    found = open_checkin(journal, NOW)
    assert (found.session.id, found.baseline) == ("a", 6)
    assert found.hours == pytest.approx(24 - 1 / 3)
    late = kept(memory_journal(), "a", datetime(2026, 11, 21, 23, 50, tzinfo=UTC))
    assert open_checkin(late, datetime(2026, 11, 22, 0, 40, tzinfo=UTC)).hours == pytest.approx(0.5)
    assert open_checkin(late, datetime(2026, 11, 22, 0, 1, tzinfo=UTC)).hours == 0


def test_the_last_session_with_a_number_is_the_one_that_waits() -> None:
    journal = kept(kept(memory_journal(), "a", NOW - 3 * DAY), "b", NOW - 2 * DAY)
    empty = Telling()
    journal.begin_session(empty.setup, "c", NOW - DAY, empty.records)
    assert open_checkin(journal, NOW).session.id == "b"


def test_a_number_is_kept_with_when_and_how_it_was_given() -> None:
    journal = kept(memory_journal(), "a", NOW - DAY)
    done = check_in(journal, 8.5, NOW)
    assert (done.session.id, done.checkin.value, done.checkin.outcome.value) == ("a", 8.5, "flare_up")
    assert done.suspects == ("m1",)
    heard = Heard(text="nine", confidence=0.7, engine="spotter", utterance=3)
    assert check_in(journal, 9, NOW + timedelta(minutes=1), heard).checkin.value == 9
    typed, spoken = journal.entries("a")[-2:]
    assert (typed.wall, typed.clock_ms, spoken.clock_ms) == (NOW, 1_200_000, 1_200_000)
    assert isinstance(typed.item, NextMorning)
    own = Heard(text="8.5", confidence=1, engine="person", mode=InputMode.REVIEW)
    assert (typed.item.heard, typed.item.hours) == (own, pytest.approx(24 - 1 / 3))
    assert isinstance(spoken.item, NextMorning)
    assert spoken.item.heard == heard


def test_who_was_worried_is_asked_for_red_flags_next_time() -> None:
    journal = kept(memory_journal(), "a", NOW - DAY)
    worried(journal, journal.sessions()[0], NOW)
    entry = journal.entries("a")[-1]
    assert entry.item == ScreenAnswered(group=AFTERWARDS, present=True)
    assert (entry.wall, entry.clock_ms) == (NOW, 1_200_000)


# What it means for the next session


def _session(day: int, morning: float | None = None, *, movement: str = "m1") -> SessionRecords:
    telling = Telling()
    telling.trial(movement, 4, 2)
    if morning is not None:
        telling.records.append(NextMorning(value=morning, hours=12))
    return telling.on((NOW + day * DAY).date())


_UNRATED = Telling().on((NOW - DAY).date())
_WITHOUT_START = replace(_session(-1, 9), records=_session(-1, 9).records[1:])
_HALF = "half the dose this time"
_RESTS = "resting until their re-test day: m1"


@pytest.mark.parametrize(
    ("sessions", "words"),
    [
        ([], ""),
        ([_session(-1)], ""),
        ([_session(-1, 4)], ""),
        ([_session(-1, 9)], f"After your flare-up: {_HALF}; {_RESTS}."),
        ([_session(-6, 9)], f"After your flare-up: {_HALF}; {_RESTS}."),
        ([_session(-7, 9)], f"After your flare-up: {_HALF}."),
        ([_session(-2, 9), _session(-1)], f"After your flare-up: {_RESTS}."),
        ([_session(-2, 9, movement="m9"), _session(-1, 9)], f"After your flare-up: {_HALF}; {_RESTS}, m9."),
        ([_session(-2, 9), _UNRATED], f"After your flare-up: {_HALF}; {_RESTS}."),
        ([_WITHOUT_START, _session(-2, 9)], f"After your flare-up: {_HALF}; {_RESTS}."),
    ],
)
def test_a_flare_up_lets_suspects_rest_and_halves_the_next_dose(sessions, words) -> None:
    assert precautions(sessions, NOW.date()).words == words


def test_what_a_check_in_asks_is_told_before_the_next_session() -> None:
    journal = kept(memory_journal(), "a", NOW - DAY)
    check_in(journal, 9, NOW)
    assert before_session(load_catalogue("en-US"), journal, NOW)[1] == [
        f"After your flare-up: {_HALF}; {_RESTS}."
    ]


def test_sessions_are_looked_at_from_the_very_day_on() -> None:
    journal = kept(kept(memory_journal(), "a", NOW - 8 * DAY), "b", NOW - 7 * DAY)
    assert [history.session for history in recent(journal, NOW.date(), 7)] == ["b"]


@pytest.mark.parametrize(
    ("asked", "items", "dose"),
    [
        (Precautions(), [("m1", 8), ("m2", None)], 3),
        (Precautions(halve=True), [("m1", 4), ("m2", None)], 1),
        (Precautions(frozenset({"m1"})), [("m2", None)], 3),
        (Precautions(frozenset({"m2"})), [("m1", 8)], 3),
        (Precautions(frozenset({"m1", "m2"}), halve=True), [("m1", 4), ("m2", None)], 1),
    ],
)
def test_the_catalogue_is_made_gentler_and_never_empty(asked, items, dose) -> None:
    programme = Programme(
        id="p", name="Pp", about="Aa", source="Ss",
        items=(Item(movement="m1", dose=Dose(reps=8)), Item(movement="m2")),
    )  # fmt: skip
    movements = {name: sample_movement(name) for name in ("m1", "m2")}
    catalogue = replace(load_catalogue("en-US"), programmes={"p": programme}, movements=movements)
    careful = with_precautions(catalogue, asked)
    now = [(item.movement, item.dose.reps if item.dose else None) for item in careful.programmes["p"].items]
    assert now == items
    assert [movement.dose.reps for movement in careful.movements.values()] == [dose, dose]
