"""What is asked before the first movement, in its order, and what becomes of the answers."""

import datetime as dt

import pytest

from cuewalk.domain.content import FlagOutcome, RedFlagGroup
from cuewalk.domain.intents import Answer, Command, Construct, ConstructSaid, Side, SideSaid
from cuewalk.domain.records import EquipmentAnswered, FlagAnswered, NoteTaken, ScreenAnswered, TrialStarted
from cuewalk.engine.events import NotUnderstood
from cuewalk.engine.session import Session
from helpers.sessions import World, full_setup, heard


def _asked(**changes: object) -> World:
    """Return a world at the question about the first thing."""
    setup = full_setup(screening_due=False, side=Side.LEFT, rated=Construct.PAIN, **changes)
    world = World(Session(setup)).begin().run_until("rest_offer").run_until_quiet().yes(yes=False)
    assert world.session.state == "equipment"
    return world.run_until_quiet()


def _answer(world: World, *answers: bool) -> World:
    for yes in answers:
        world.run_until_quiet().yes(yes=yes)
    return world


def _of(world: World, kind: type) -> list:
    return [record for record in world.records if isinstance(record, kind)]


def _movements(world: World) -> list[tuple[str, Side]]:
    return [(station.movement.id, station.side) for station in world.session.course.stations]


def test_everything_is_asked_in_order() -> None:
    world = World(Session(full_setup())).begin().run_until("safety")
    order = [world.session.state]

    def note() -> None:
        if world.session.state != order[-1]:
            order.append(world.session.state)

    for said in (
        Answer(yes=False), Answer(yes=False), Answer(yes=False), SideSaid(side=Side.LEFT),
        ConstructSaid(rated=Construct.PAIN), Answer(yes=True), Answer(yes=True), Answer(yes=True),
    ):  # fmt: skip
        world.run_until_quiet().hear(said)
        note()
    world.run_until_quiet().tell(NotUnderstood(heard=heard("old boots")))
    note()
    assert order == [
        "safety", "rest_offer", "ask_side", "ask_construct", "equipment", "before_note", "baseline",
    ]  # fmt: skip
    assert [(n.heard.text, n.asked) for n in _of(world, NoteTaken)] == [("old boots", "Which shoes?")]


def test_each_thing_is_asked_once_and_the_answers_are_kept() -> None:
    world = _answer(_asked(), True, False, True)
    assert world.session.state == "before_note"
    kept = [(e.item, e.present) for e in _of(world, EquipmentAnswered)]
    assert kept == [("roller", True), ("balloon", False), ("bed", True)]


def test_a_missing_thing_brings_its_stand_in_with_its_own_sides() -> None:
    world = _answer(_asked(), False, True, True).command(Command.SKIP)
    assert _movements(world) == [
        ("other", Side.LEFT), ("other", Side.RIGHT), ("m2", Side.LEFT), ("m3", Side.LEFT),
    ]  # fmt: skip
    world.run_until_quiet().rate(4).run_until("perform")
    assert "instead" in world.said()
    assert _of(world, TrialStarted)[0].movement == "other"


def test_without_a_stand_in_the_movement_is_left_out_and_named() -> None:
    world = _answer(_asked(), True, True, False).run_until_quiet()
    left_out = [s.slots for s in world.spoken if s.prompt == "without_left_out"]
    assert left_out == [{"name": "a bed", "text": "Movement m2"}]
    world.command(Command.SKIP)
    assert _movements(world) == [("m1", Side.LEFT), ("m3", Side.LEFT)]


def test_what_only_helps_is_never_missing() -> None:
    world = _answer(_asked(), True, False, True).command(Command.SKIP)
    assert [movement for movement, _ in _movements(world)] == ["m1", "m2", "m3"]


def test_a_stand_in_that_is_done_anyway_does_not_come_twice() -> None:
    setup = full_setup(screening_due=False, side=Side.LEFT, rated=Construct.PAIN)
    items = (*setup.programme.items, setup.programme.items[0].model_copy(update={"movement": "other"}))
    programme = setup.programme.model_copy(update={"items": items, "rest_advice": None})
    world = World(Session(setup.model_copy(update={"programme": programme}))).begin().run_until("equipment")
    _answer(world, False, True, True).command(Command.SKIP)
    assert _movements(world).count(("other", Side.LEFT)) == 1


def test_an_unsure_answer_about_one_thing_is_not_sure_because_of_the_thing_before() -> None:
    world = _answer(_asked(), True).run_until_quiet().hear(Answer(yes=True), sure=False)
    assert [e.item for e in _of(world, EquipmentAnswered)] == ["roller"]
    world.run_until_quiet().hear(Answer(yes=True), sure=False)
    assert [e.item for e in _of(world, EquipmentAnswered)] == ["roller", "balloon"]


def test_an_unsure_no_to_one_safety_question_is_not_sure_because_of_the_one_before() -> None:
    world = World(Session(full_setup())).begin().run_until("safety").run_until_quiet().yes(yes=False)
    world.run_until_quiet().hear(Answer(yes=False), sure=False)
    assert [s.group for s in _of(world, ScreenAnswered)] == ["now"]


def test_silence_about_the_shoes_goes_on_without_a_note() -> None:
    world = _answer(_asked(), True, True, True).run_until("baseline")
    assert _of(world, NoteTaken) == []


def test_something_is_wrong_waits_and_returns_to_the_question() -> None:
    world = _asked().command(Command.SOMETHING_WRONG).run_until_quiet()
    assert world.session.state == "unsteady"
    assert world.ready().session.state == "equipment"


def test_in_a_session_of_edition_two_it_asked_the_safety_questions() -> None:
    world = _asked(edition=2).command(Command.SOMETHING_WRONG)
    _answer(world, False, False)
    assert world.session.state == "equipment"


@pytest.mark.parametrize(("until", "asked"), [(21, "rest_offer"), (22, "go_anyway")])
def test_a_rest_is_asked_about_until_its_last_day_is_over(until: int, asked: str) -> None:
    setup = full_setup(screening_due=False, resting_until=dt.date(2026, 11, until))
    assert World(Session(setup)).begin().run_until("go_anyway", "rest_offer").session.state == asked


def _screen(*groups: RedFlagGroup) -> World:
    setup = full_setup(red_flags=groups)
    return World(Session(setup)).begin().run_until("safety").run_until_quiet()


def _three_flags(outcome: FlagOutcome) -> RedFlagGroup:
    flags = ("chest pain", "no breath", "a numb face")
    return RedFlagGroup(id="flags", outcome=outcome, ask="Any of these?", flags=flags)


@pytest.mark.parametrize(
    ("outcome", "answers", "named"),
    [
        (FlagOutcome.EMERGENCY, [True], [True]),
        (FlagOutcome.EMERGENCY, [False, True], [False, True]),
        (FlagOutcome.EMERGENCY, [False, False, False], [False, False, False]),
        (FlagOutcome.PROFESSIONAL, [True, False, True], [True, False, True]),
    ],
)
def test_emergency_advice_does_not_wait_for_the_flags_that_are_not_named_yet(
    outcome: FlagOutcome, answers: list[bool], named: list[bool]
) -> None:
    world = _screen(_three_flags(outcome)).yes().run_until_quiet().yes()
    for answer in answers:
        assert world.session.state == "each_flag"
        world.run_until_quiet().yes(yes=answer)
    assert world.session.state not in {"each_flag", "safety"}
    assert [record.present for record in _of(world, FlagAnswered)] == named
    assert world.said().count("each_flag_intro") == 1


def _signs(after_a_fall: str) -> list[RedFlagGroup]:
    return [
        RedFlagGroup(
            id=ident,
            outcome=FlagOutcome.PROFESSIONAL,
            ask=f"Is it {ident}?",
            flags=("a sign",),
            after_a_fall=ident == after_a_fall,
        )
        for ident in ("one", "two", "three")
    ]


@pytest.mark.parametrize(
    ("said", "answered", "asked_next"),
    [
        (Command.FELL, 0, "one"),
        (Command.FELL, 1, "two"),
        (Command.FELL, 2, "two"),
        (Command.SOMETHING_WRONG, 2, "three"),
    ],
)
def test_who_fell_during_the_screen_is_asked_for_its_sign_once_more_and_for_nothing_before(
    said: Command, answered: int, asked_next: str
) -> None:
    world = _answer(_screen(*_signs("two")), *[False] * answered)
    world.run_until_quiet().command(said).run_until_quiet().ready().run_until("safety")
    asked = [line.slots["text"] for line in world.spoken if line.prompt == "literal"]
    assert asked[-1] == f"Is it {asked_next}?"
