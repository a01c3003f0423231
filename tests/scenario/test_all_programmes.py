"""All seven programmes from start to end, without sound: what each must contain happens."""

import datetime as dt

import pytest

from cuewalk.content.load import load_catalogue
from cuewalk.domain.content import Sides
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Command, Construct, Side
from cuewalk.domain.projection import SessionRecords
from cuewalk.domain.records import (
    BucketChosen,
    EquipmentAnswered,
    NoteTaken,
    RestPlanned,
    SessionEnded,
    TrialStarted,
)
from cuewalk.domain.setup import Setup
from cuewalk.engine.effects import CueKind
from cuewalk.engine.session import Session
from cuewalk.engine.states import RATING
from cuewalk.planning.own_programmes import PER_SESSION
from cuewalk.planning.preparing import prepare
from cuewalk.settings import Settings
from helpers import sessions
from helpers.histories import Telling
from helpers.sessions import World

NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)
CATALOGUE = load_catalogue("en-US")
SEVEN = [*sorted(CATALOGUE.programmes), "discover", "my-keepers"]
LONGEST = 30_000


def _past() -> list[SessionRecords]:
    """Return two sessions in which an ankle and a hip movement helped and a third one did not."""
    past = []
    for days in (20, 10):
        telling = Telling(_setup("feet-up", []))
        telling.trial("lateral-ankle-tilts", 5, 2)
        telling.trial("half-kneeling-hold", 5, 3, side=Side.RIGHT)
        telling.trial("rehab-hip-circles", 5, 5)
        telling.trial("rehab-hip-circles", 5, 5, attempt=2)
        past.append(telling.on((NOW - dt.timedelta(days=days)).date()))
    return past


def _setup(programme: str, histories: list[SessionRecords] | None = None, **changes: object) -> Setup:
    past = _past() if histories is None else histories
    setup = prepare(CATALOGUE, programme, Settings(), past, now=NOW, side=Side.LEFT, rated=Construct.PAIN)
    return setup.model_copy(update={"screening_due": False, **changes})


def _run(
    setup: Setup, *, missing: tuple[str, ...] = (), yes: tuple[str, ...] = (), drop: float = 0.5
) -> World:
    """Run a whole session: every number is a little lower, every thing is there unless it is missing."""
    world, number = World(Session(setup)).begin(), 8.0
    for _ in range(LONGEST):
        state = world.session.state
        if world.over:
            return world
        if world.session.place.awaiting_ready and world.session.talk.finished:
            world.ready()
        elif not world.session.talk.finished or state not in {*RATING, *_ANSWERED}:
            world.pass_time()
        elif state in RATING:
            number = max(0.0, number - drop)
            world.rate(number)
        elif state == "before_note":
            world.command(Command.SLOWER)  # whatever words are heard are the note
        elif state == "equipment":
            world.yes(yes=not {*world.session.view().asked} & {*missing})
        else:
            world.yes(yes=state in {"confirm_rating", *yes})
    raise AssertionError(f"stuck in {world.session.state}")


_ANSWERED = ("confirm_rating", "before_note", "equipment", "rest_offer", "rest_days", "go_anyway")


def _of(world: World, kind: type) -> list:
    return [record for record in world.records if isinstance(record, kind)]


def _done(world: World) -> list[tuple[str, Side]]:
    return list(dict.fromkeys((t.movement, t.side) for t in _of(world, TrialStarted)))


@pytest.mark.parametrize("name", SEVEN)
def test_a_programme_runs_from_start_to_end(name: str) -> None:
    setup = _setup(name)
    world = _run(setup)
    assert [ended.how for ended in _of(world, SessionEnded)] == ["completed"]
    assert {movement for movement, _ in _done(world)} == {item.movement for item in setup.programme.items}


@pytest.mark.parametrize("name", SEVEN)
def test_both_sides_get_their_turn_where_a_movement_has_them(name: str) -> None:
    setup = _setup(name)
    done = _done(_run(setup))
    for item in setup.programme.items:
        sides = [side for movement, side in done if movement == item.movement]
        each = (item.sides or setup.movements[item.movement].sides) is Sides.EACH
        own = setup.own_sides.get(item.movement)
        assert len(sides) == (len(own) if own else 2 if each else 1), item.movement


def test_without_a_roller_the_stand_ins_are_done_and_named() -> None:
    world = _run(_setup("roller"), missing=("foam-roller",))
    assert [(e.item, e.present) for e in _of(world, EquipmentAnswered)] == [("foam-roller", False)]
    assert {movement for movement, _ in _done(world)} == set(
        CATALOGUE.stand_ins_of(CATALOGUE.programme("roller"))
    )
    said = world.said()
    assert "without_instead" in said
    assert said.count("instead") >= 6


def test_without_a_bed_the_hold_at_its_edge_is_left_out_and_that_is_said() -> None:
    setup = _setup("iliopsoas-holds")
    needs = setup.movements["edge-of-bed-hold"].needs
    assert needs
    world = _run(setup, missing=("bed",))
    done = {movement for movement, _ in _done(world)}
    assert "edge-of-bed-hold" not in done
    assert "without_left_out" in world.said() or "without_instead" in world.said()


def test_without_a_balloon_nothing_is_left_out() -> None:
    world = _run(_setup("reposition"), missing=("balloon",))
    assert ("long-exhale-breathing", Side.BOTH) in _done(world)
    assert "without_optional" in world.said()


def test_a_session_for_which_everything_is_missing_ends_kindly() -> None:
    setup = _setup("roller")
    alone = {key: value for key, value in setup.movements.items() if key.startswith("roller")}
    world = _run(setup.model_copy(update={"movements": alone}), missing=("foam-roller",))
    assert [ended.how for ended in _of(world, SessionEnded)] == ["nothing_to_do"]
    assert "nothing_to_do" in world.said()


def test_the_shoes_are_asked_for_and_kept_as_a_note() -> None:
    setup = _setup("reposition")
    (note,) = _of(_run(setup), NoteTaken)
    assert note.asked == setup.programme.before_note


def test_the_note_may_be_left_out() -> None:
    world = World(Session(_setup("reposition", equipment=()))).begin().run_until("before_note")
    world.run_until_quiet().command(Command.SKIP)
    assert world.session.state == "baseline"
    assert _of(world, NoteTaken) == []


def test_a_sore_muscle_is_offered_rest_and_the_session_ends_kindly() -> None:
    world = _run(_setup("iliopsoas-holds", []), yes=("rest_offer", "rest_days"))
    (planned,) = _of(world, RestPlanned)
    assert planned.until == NOW.date() + dt.timedelta(days=3)
    assert any("3 days of rest" in line for line in world.said())
    assert [ended.how for ended in _of(world, SessionEnded)] == ["rest"]
    assert _done(world) == []


def test_who_declines_the_rest_goes_on_gently() -> None:
    world = _run(_setup("iliopsoas-holds", []), yes=("rest_offer",))
    assert "begin_gently" in world.said()
    first = _of(world, TrialStarted)[0]
    assert first.range_level == CATALOGUE.movements[first.movement].start_range - 1


def _rested(days_ago: int) -> list[SessionRecords]:
    world = _run(_setup("iliopsoas-holds", []), yes=("rest_offer", "rest_days"))
    date = (NOW - dt.timedelta(days=days_ago)).date()
    until = NOW.date() + dt.timedelta(days=3 - days_ago)
    records = tuple(
        r.model_copy(update={"until": until}) if isinstance(r, RestPlanned) else r for r in world.records
    )
    return [SessionRecords("earlier", date, records)]


def test_a_planned_rest_is_honoured_until_its_date() -> None:
    setup = _setup("iliopsoas-holds", _rested(1))
    world = World(Session(setup)).begin().run_until("go_anyway").run_until_quiet()
    assert world.spoken[-1].slots == {"n": "2"}
    world.yes(yes=False).run_until("ended")
    assert [ended.how for ended in _of(world, SessionEnded)] == ["rest"]


def test_who_goes_on_all_the_same_goes_on_gently() -> None:
    world = _run(_setup("iliopsoas-holds", _rested(1)), yes=("go_anyway",))
    assert "begin_gently" in world.said()
    assert [ended.how for ended in _of(world, SessionEnded)] == ["completed"]


def test_after_the_rest_the_session_begins_gently_and_then_no_more() -> None:
    rested = _rested(3)
    setup = _setup("iliopsoas-holds", rested)
    assert (setup.resting_until, setup.gently) == (None, True)
    world = _run(setup)
    assert "begin_gently" in world.said()
    after = [*rested, SessionRecords("after", NOW.date(), tuple(world.records))]
    assert not _setup("iliopsoas-holds", after).gently


def test_a_rest_of_one_programme_leaves_the_others_alone() -> None:
    assert _setup("roller", _rested(1)).resting_until is None


def test_a_hold_is_counted_down_on_the_beat_after_half_of_it_was_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sessions, "CUE_MS", 600)  # a number is shorter than its second
    world = World(Session(_setup("iliopsoas-holds", [], equipment=()))).begin()
    world.run_until("rest_offer").run_until_quiet().yes(yes=False)
    world.run_until("baseline").run_until_quiet().rate(4).run_until("perform")
    told: list[tuple[int, str]] = []
    while world.session.state == "perform":
        spoken = len(world.spoken)
        world.pass_time()
        told += [(world.now, s.slots.get("n", s.prompt)) for s in world.spoken[spoken:]]
    started = [at for at, what in told if what == "30"]
    assert len(started) == 3
    begun = started[0] + 600  # the announcement is spoken before the clock starts
    times = {what: at - begun for at, what in told if begun <= at < started[1]}
    assert times["halfway"] == 15_000
    assert [times[n] for n in "54321"] == [25_000, 26_000, 27_000, 28_000, 29_000]


def test_walking_names_each_step_in_every_repetition() -> None:
    world = _run(_setup("reposition"))
    begun = next(i for i, s in enumerate(world.spoken) if s.slots.get("name") == "Stick Walking")
    counted = [s for s in world.spoken[begun:] if s.kind is CueKind.COUNT]
    assert all(s.prompt == "count_phase" and s.slots["text"] == "Left" for s in counted)


def test_my_keepers_holds_what_was_kept_on_its_side_and_nothing_else() -> None:
    done = _done(_run(_setup("my-keepers")))
    assert set(done) == {("half-kneeling-hold", Side.RIGHT), ("lateral-ankle-tilts", Side.LEFT)}
    assert len(done) == 2


def test_the_newest_keeper_comes_first() -> None:
    newest = Telling(_setup("feet-up", []))
    newest.records.append(BucketChosen(movement="ribcage-reach", side=Side.BOTH, bucket="keep"))
    setup = _setup("my-keepers", [*_past(), newest.on((NOW - dt.timedelta(days=1)).date())])
    assert setup.programme.items[0].movement == "ribcage-reach"


def test_without_a_keeper_it_is_said_what_to_do_first() -> None:
    with pytest.raises(CuewalkError, match="keep bucket is empty") as caught:
        _setup("my-keepers", [])
    assert "cuewalk run feet-up" in str(caught.value)


def test_discover_never_draws_a_not_now_movement_before_its_date() -> None:
    recent = Telling(_setup("feet-up", []))
    for movement in ("slow-knee-lifts", "ribcage-reach"):
        recent.trial(movement, 5, 5)
        recent.trial(movement, 5, 5, attempt=2)
    past = [recent.on((NOW - dt.timedelta(days=2)).date())]
    drawn = _draws(past, 30)
    assert all(len(set(each)) == len(each) == PER_SESSION for each in drawn)
    assert not any({"slow-knee-lifts", "ribcage-reach"} & set(each) for each in drawn)
    assert len({movement for each in drawn for movement in each}) > 2 * PER_SESSION


def test_a_not_now_movement_does_not_come_as_a_stand_in_either() -> None:
    recent = Telling(_setup("feet-up", []))
    for movement in ("lateral-ankle-tilts", "rehab-hip-circles", "pelvis-tucks-and-tilts"):
        recent.trial(movement, 5, 5)
        recent.trial(movement, 5, 5, attempt=2)
    past = [recent.on((NOW - dt.timedelta(days=2)).date())]
    for hour in range(20):
        now = NOW + dt.timedelta(hours=hour)
        each = [SessionRecords(f"first-{hour}", past[0].date, past[0].records)]
        setup = prepare(CATALOGUE, "discover", Settings(), each, now=now)
        assert not {"lateral-ankle-tilts", "rehab-hip-circles", "pelvis-tucks-and-tilts"} & set(
            setup.movements
        )


def test_discover_tests_one_not_now_movement_again_at_most() -> None:
    long_ago = Telling(_setup("feet-up", []))
    movements = ("slow-knee-lifts", "ribcage-reach", "rehab-hip-circles")
    for movement in movements:
        long_ago.trial(movement, 5, 5)
        long_ago.trial(movement, 5, 5, attempt=2)
    drawn = _draws([long_ago.on((NOW - dt.timedelta(days=8)).date())], 30)
    assert all(len(set(movements) & set(each)) == 1 for each in drawn)


def test_the_draw_of_a_person_stays_the_same_until_the_next_session() -> None:
    past = _past()
    later = NOW + dt.timedelta(hours=5)
    assert _draws(past, 1) == [_drawn(past, later)]


def _draws(past: list[SessionRecords], people: int) -> list[tuple[str, ...]]:
    """Return the draw of as many people with the same past; only their first session's id differs."""
    return [
        _drawn([SessionRecords(f"{each.session}-{n}", each.date, each.records) for each in past], NOW)
        if n
        else _drawn(past, NOW)
        for n in range(people)
    ]


def _drawn(past: list[SessionRecords], now: dt.datetime) -> tuple[str, ...]:
    setup = prepare(CATALOGUE, "discover", Settings(), past, now=now)
    return tuple(item.movement for item in setup.programme.items)


def test_why_this_one_tells_the_persons_own_numbers() -> None:
    world = World(Session(_setup("my-keepers"))).begin()
    while world.session.state != "introduce":
        if world.session.state == "equipment" and world.session.talk.finished:
            world.yes()
        elif world.session.state == "baseline" and world.session.talk.finished:
            world.rate(4)
        else:
            world.ready() if world.session.state == "ready_first" else world.pass_time()
    world.command(Command.WHY)
    world.run_until("rate_before", "perform")
    why = [s.slots["text"] for s in world.spoken if s.prompt in {"why", "why_own"}]
    assert len(why) == 2
    assert "two trials" in why[1]
