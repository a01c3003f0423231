"""What a session starts with: own programmes, what was changed by voice, red flags, what was learned."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cuewalk.content.load import load_catalogue
from cuewalk.domain.buckets import Bucket
from cuewalk.domain.content import Need
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Side
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.records import (
    BucketChosen,
    DistressSaid,
    MannerKept,
    NextMorning,
    ScreenAnswered,
    SettingChanged,
)
from cuewalk.domain.setup import EDITION, Manner
from cuewalk.planning.own_programmes import discover, draw, my_keepers
from cuewalk.planning.preparing import evidence_texts, prepare, screening_due
from cuewalk.settings import Settings
from helpers.histories import Telling
from helpers.sessions import sample_movement

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CATALOGUE = load_catalogue("en-US")
FLAGS = [group.id for group in CATALOGUE.red_flags]


def session(
    day: int, *trials: tuple[str, Side], more: tuple[object, ...] = (), name: str = ""
) -> SessionRecords:
    """Return the session of a day in which each movement on a side helped clearly."""
    telling = Telling()
    for movement, side in trials:
        telling.trial(movement, 6, 3, side)
    telling.records += more
    return telling.on((NOW + day * DAY).date(), name)


def _few(*names: str, needs: tuple[Need, ...] = ()):
    movements = {name: sample_movement(name) for name in names}
    movements[names[0]] = movements[names[0]].model_copy(update={"needs": needs})
    return replace(CATALOGUE, movements=movements, programmes={})


def _word(movement: str, bucket: Bucket, side: Side = Side.LEFT) -> BucketChosen:
    return BucketChosen(movement=movement, side=side, bucket=bucket)


# My keepers


def test_without_a_keeper_there_is_a_reason_and_what_to_do() -> None:
    with pytest.raises(CuewalkError) as caught:
        my_keepers(CATALOGUE, [session(-1, ("no-such-movement", Side.LEFT))], NOW.date())
    assert str(caught.value) == (
        "Your keep bucket is empty. There is nothing yet that your numbers or your word have kept. "
        'Run another programme first: "cuewalk run feet-up".'
    )


def test_keepers_come_newest_first_then_by_their_trials_on_the_sides_they_were_kept_for() -> None:
    past = [
        session(-3, ("m1", Side.LEFT), ("m3", Side.LEFT)),
        session(-2, ("m2", Side.RIGHT), ("m3", Side.LEFT), ("m2", Side.LEFT), ("m4", Side.LEFT)),
        session(-1, more=(_word("m5", Bucket.KEEP), _word("m4", Bucket.NOT_NOW))),
    ]
    chosen = my_keepers(_few("m1", "m2", "m3", "m4", "m5"), past, NOW.date())
    assert [item.movement for item in chosen.programme.items] == ["m5", "m3", "m2", "m1"]
    assert chosen.own_sides["m2"] == (Side.LEFT, Side.RIGHT)
    assert (chosen.programme.name, chosen.programme.source, chosen.stand_ins) == (
        "My keepers",
        "Your own ratings.",
        {},
    )


# Discover


def test_with_nothing_to_discover_there_is_a_reason_and_what_to_do() -> None:
    past = [session(-1, more=(_word("m1", Bucket.NOT_NOW),))]
    with pytest.raises(CuewalkError) as caught:
        discover(_few("m1"), past, NOW)
    assert str(caught.value) == (
        'There is nothing to discover today. Every movement is in your "not now" bucket and waits for its '
        're-test date. "cuewalk buckets" shows them.'
    )


@pytest.mark.parametrize("word", [None, Bucket.KEEP, Bucket.NOT_NOW])
def test_nothing_that_is_left_out_comes_in_as_a_stand_in(word) -> None:
    catalogue = _few("m1", "m2", needs=(Need(item="roller", instead="m2"),))
    past = [session(-1, more=(_word("m2", word),) if word else ())]
    assert set(discover(catalogue, past, NOW).stand_ins) == (set() if word is Bucket.NOT_NOW else {"m2"})


@pytest.mark.parametrize("days", [8, 1])
def test_neither_one_due_for_its_re_test_nor_one_that_rests_stands_in(days) -> None:
    catalogue = _few("m1", "m2", needs=(Need(item="roller", instead="m2"),))
    due = session(-8, more=(_word("m2", Bucket.NOT_NOW),))
    rests = session(-1, ("m2", Side.LEFT), more=(NextMorning(value=9, hours=12),))
    chosen = discover(catalogue, [due if days == 8 else rests], NOW)
    assert chosen.stand_ins == {}
    assert ("m2" in [item.movement for item in chosen.programme.items]) == (days == 8)


def test_a_draw_stays_the_same_in_every_version() -> None:
    ids = [f"m{n}" for n in range(8)]
    orders = [draw(ids, [], 7, 4)]
    for _ in range(3):
        orders.append(draw(ids, orders, 7, 4, not_yet={"m3"}, due={"m1", "m2"}))
    assert [" ".join(order) for order in orders] == [
        "m5 m1 m7 m2",
        "m4 m6 m0 m1",
        "m2 m0 m7 m4",
        "m1 m7 m6 m5",
    ]
    assert draw(ids, orders, 7, 1, due={"m1", "m2"}) == ("m2",)
    assert draw(ids, orders, 7, 0, due={"m1"}) == ()


def test_the_draw_is_the_persons_own_from_their_first_session_on() -> None:
    catalogue = _few(*(f"m{n}" for n in range(8)))
    drawn = lambda past, now: [item.movement for item in discover(catalogue, past, now).programme.items]  # noqa: E731
    first, second = session(-2, name="ann"), session(-1, name="later")
    assert drawn([first], NOW) == drawn([second, first], NOW + DAY) == ["m0", "m3", "m1", "m5"]
    assert drawn([session(-2, name="bob")], NOW) != ["m0", "m3", "m1", "m5"]
    assert drawn([], NOW) != drawn([], NOW + DAY)


# Set-up


def test_what_was_changed_by_voice_goes_before_the_settings() -> None:
    settings = Settings(volume=0.5, talk_rate=1.2, patience_seconds=9, brevity=1)
    before = prepare(CATALOGUE, "feet-up", settings, [], now=NOW)
    assert (before.volume, before.talk_rate, before.patience, before.brevity) == (0.5, 1.2, 9000, 1)
    said = {"volume": 0.65, "talk_rate": 0.9, "patience": 12_000, "brevity": 2}
    changed = tuple(
        SettingChanged.model_validate({"name": name, "value": value}) for name, value in said.items()
    )
    after = prepare(CATALOGUE, "feet-up", settings, [session(-1, more=changed)], now=NOW)
    assert (after.volume, after.talk_rate, after.patience, after.brevity) == (0.65, 0.9, 12_000, 2)


def test_a_setup_says_everything_that_a_session_is_decided_by() -> None:
    setup = prepare(CATALOGUE, "iliopsoas-holds", Settings(), [], now=NOW, side=Side.LEFT)
    assert (setup.locale, setup.edition, setup.today, setup.side) == ("en-US", EDITION, NOW.date(), Side.LEFT)
    assert (setup.first_session, setup.screening_due, setup.red_flags) == (True, True, CATALOGUE.red_flags)
    assert setup.equipment == CATALOGUE.equipment_of(CATALOGUE.programmes["iliopsoas-holds"])
    assert set(setup.movements) >= {item.movement for item in setup.programme.items}
    again = prepare(CATALOGUE, "feet-up", Settings(), [session(-1)], now=NOW)
    assert (again.first_session, again.rated, again.gently, again.resting_until) == (False, None, False, None)


def _screened(day: int, present: bool = False, groups: list[str] = FLAGS) -> SessionRecords:
    return session(day, more=tuple(ScreenAnswered(group=group, present=present) for group in groups))


_FELL = DistressSaid(about="fell", state="perform")


@pytest.mark.parametrize(
    ("past", "asked"),
    [
        ([], True),
        ([session(-1)], True),
        ([_screened(-1)], False),
        ([_screened(-1), session(0)], False),
        ([_screened(-30)], False),
        ([_screened(-31)], True),
        ([_screened(-1, present=True)], True),
        ([_screened(-1, groups=FLAGS[1:])], True),
        ([_screened(-2), session(-1, more=(_FELL,))], True),
        ([session(-2, more=(_FELL,)), _screened(-1)], False),
        ([session(-1, more=(*_screened(-1).records[1:], _FELL))], True),
        (
            [session(-1, more=(ScreenAnswered(group=FLAGS[0], present=True), *_screened(-1).records[1:]))],
            False,
        ),
    ],
)
def test_red_flags_are_asked_for_when_they_are_due(past, asked) -> None:
    assert screening_due(past, NOW, 30, FLAGS) == asked


def test_a_setup_knows_whether_the_screen_is_due_and_how_each_movement_was_liked() -> None:
    liked = MannerKept(movement="m1", pace=0.8, range_level=0)
    past = [session(-2, more=(liked,)), _screened(-1)]
    setup = prepare(CATALOGUE, "feet-up", Settings(), past, now=NOW)
    assert (setup.screening_due, setup.manners) == (False, {"m1": Manner(pace=0.8, range_level=0)})
    late = prepare(CATALOGUE, "feet-up", Settings(), past, now=NOW + 40 * DAY)
    assert late.screening_due


def test_evidence_is_told_of_each_side_in_english_alone() -> None:
    past = [session(-1, ("m1", Side.LEFT), ("m1", Side.RIGHT), ("m2", Side.BOTH))]
    told = evidence_texts(past, NOW.date(), "en-US")
    assert told["m1"].startswith("Left side: one trial. On average")
    assert ". Right side: one trial. On average" in told["m1"]
    assert told["m2"].startswith("One trial. On average")
    assert evidence_texts(past, NOW.date(), "ko-KR") == {}
