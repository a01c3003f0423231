"""Rules whose consequence is heard or felt: what pain ends, how long a wait is, how quiet a voice gets."""

import pytest

from cuewalk.domain.content import Dose
from cuewalk.domain.intents import Command
from cuewalk.domain.records import RatingCorrected, RatingGiven, SettingChanged, TrialJudged, TrialStarted
from cuewalk.domain.setup import EDITION, Manner
from cuewalk.domain.verdicts import Decision
from cuewalk.engine.session import Session
from helpers.sessions import World, sample_movement, sample_setup


def _begun(**changes: object) -> World:
    setup = sample_setup(2, edition=EDITION).model_copy(update=changes)
    return World(Session(setup)).begin().run_until("baseline")


def _rate(world: World, value: float) -> World:
    """Say a number once it has been asked for, and "yes" where it is asked back."""
    world.run_until_quiet().rate(value)
    while world.session.state == "confirm_rating":
        world.run_until_quiet().yes()
    return world


def _judged(world: World) -> TrialJudged:
    return next(record for record in world.records if isinstance(record, TrialJudged))


def _lasted(world: World, begin: str, end: str) -> int:
    """Return how long it takes from the beginning of one line to that of another, in ms."""
    while world.said()[-1] != begin:
        world.pass_time()
    since = world.now
    while world.said()[-1] != end:
        world.pass_time()
    return world.now - since


def test_pain_that_ends_a_movement_is_no_improvement_however_bad_it_was_before() -> None:
    world = _rate(_begun(), 9).run_until("perform").command(Command.HURTS)
    _rate(world, 7)
    assert (_judged(world).after, _judged(world).decision) == (None, Decision.UNDECIDED)


@pytest.mark.parametrize(("before", "during"), [(4, 6), (7, 7)])
def test_no_less_pain_than_before_is_the_rating_after(before: float, during: float) -> None:
    world = _rate(_begun(), before).run_until("perform").command(Command.HURTS)
    _rate(world, during)
    assert (_judged(world).after, _judged(world).decision) == (2, Decision.NOT_NOW)


def test_each_question_is_asked_three_times_whatever_was_missed_before_it() -> None:
    world = _begun()
    for _ in range(2):
        world.run_until_quiet().pass_time()
    world = _rate(world, 4).run_until("rate_after")
    for _ in range(2):
        world.run_until_quiet().pass_time()
        assert world.session.state == "rate_after"
    world.run_until_quiet().pass_time()
    assert world.session.state == "paused"


@pytest.mark.parametrize(
    ("command", "setting", "end"),
    [
        (Command.QUIETER, "volume", 0.1),  # still heard
        (Command.LOUDER, "volume", 1.0),
        (Command.TALK_SLOWER, "talk_rate", 0.7),
        (Command.TALK_FASTER, "talk_rate", 1.4),
        (Command.MORE_TIME, "patience", 30_000),
        (Command.LESS_TALK, "brevity", 2),
        (Command.MORE_TALK, "brevity", 0),
    ],
)
def test_how_it_talks_has_an_end(command: Command, setting: str, end: float) -> None:
    world = _begun()
    for _ in range(12):
        world.command(command)
    changed = [record for record in world.records if isinstance(record, SettingChanged)]
    assert (changed[-1].name, changed[-1].value) == (setting, end)


def test_a_question_that_was_asked_twice_is_asked_shorter() -> None:
    world = _rate(World(Session(sample_setup(4, edition=EDITION))).begin().run_until("baseline"), 6)
    for after in (5, 4, 3):
        _rate(world.run_until("rate_after"), after)
    assert [spoken.length for spoken in world.spoken if spoken.prompt == "ask_after"] == [0, 0, 1]


def test_who_felt_unwell_is_reminded_five_times_and_then_told_goodbye() -> None:
    world = _rate(_begun(), 4).run_until("perform").command(Command.SOMETHING_WRONG)
    since, said = world.now, len(world.spoken)
    while world.session.state == "unsteady":
        world.pass_time()
    asked = [spoken for spoken in world.spoken[said - 1 :] if spoken.prompt == "ask_steady"]
    assert (world.session.state, len(asked)) == ("farewell", 1 + 5)
    assert world.now - since > 4.5 * 60_000


@pytest.mark.parametrize(("after", "said"), [(6, ["red_zone", "verdict_not_now"]), (5, [])])
def test_who_ends_in_the_red_zone_is_told_so(after: float, said: list[str]) -> None:
    world = _rate(_rate(_begun(), 4).run_until("rate_after"), after).run_until("review", "rest")
    assert [key for key in world.said() if key in {"red_zone", "verdict_not_now"}] == said


@pytest.mark.parametrize("pace", [0.4, 2.0])
def test_a_hold_lasts_as_long_as_it_is_written_at_any_pace(pace: float) -> None:
    hold = {"m1": sample_movement("m1", dose=Dose(hold_seconds=20)), "m2": sample_movement("m2")}
    world = _rate(_begun(movements=hold, manners={"m1": Manner(pace=pace)}), 4)
    assert _lasted(world.run_until("perform"), "hold_start", "halfway") == 1_500 + 10_000


@pytest.mark.parametrize(
    ("pace", "least", "most"), [(0.4, 30_000, 40_000), (1.0, 12_000, 16_000), (2.0, 0, 11_000)]
)
def test_counting_follows_the_pace(pace: float, least: int, most: int) -> None:
    """Three repetitions of four seconds, and the lines that take longer than their beat."""
    world = _rate(_begun(manners={"m1": Manner(pace=pace)}), 4).run_until("perform")
    assert least <= _lasted(world, "count_phase", "movement_done") <= most


@pytest.mark.parametrize("pace", [0.4, 2.0])
def test_rest_lasts_as_long_as_it_is_written_at_any_pace(pace: float) -> None:
    world = _rate(_rate(_begun(manners={"m1": Manner(pace=pace)}), 4).run_until("rate_after"), 2)
    assert _lasted(world, "rest", "rest_over") == 15_000 + 1_500


@pytest.mark.parametrize("pace", [0.4, 2.0])
def test_emergency_advice_is_told_slowly_at_any_pace(pace: float) -> None:
    world = _rate(_begun(manners={"m1": Manner(pace=pace)}), 4).run_until("perform")
    world.command(Command.EMERGENCY)
    assert _lasted(world, "emergency_stop", "emergency_call") == 1_500 + 1_200


@pytest.mark.parametrize("pace", [0.4, 2.0])
def test_a_minute_of_settling_is_one_at_any_pace(pace: float) -> None:
    """As sessions before the third edition waited."""
    world = World(Session(sample_setup(2, edition=2, manners={"m1": Manner(pace=pace)}))).begin()
    _rate(world.run_until("baseline"), 3).run_until("rate_after").run_until_quiet().command(Command.WAIT)
    since = world.now
    while world.session.state == "settle":
        world.pass_time()
    assert world.now - since == 60_000 + 1_500


@pytest.mark.parametrize(("after", "flagged"), [(5, False), (4, True)])
def test_a_trial_that_begins_far_from_the_first_number_is_flagged(after: float, flagged: bool) -> None:
    """Relief from the movement before may still be fading, and would count for this one."""
    world = _rate(_rate(_begun(), 6).run_until("rate_after"), after).run_until("rest").run_until("perform")
    assert [r.carry_over for r in world.records if isinstance(r, TrialStarted)] == [False, flagged]


def test_a_correction_that_trouble_cut_off_does_not_swallow_the_next_number() -> None:
    world = _begun()
    _rate(world, 3).run_until("perform").correct(7)
    assert world.session.state == "confirm_rating"
    world.command(Command.SOMETHING_WRONG).run_until_quiet().ready().run_until(
        "rate_before"
    ).run_until_quiet()
    before = len(world.records)
    _rate(world, 2)
    new = world.records[before:]
    assert not [record for record in new if isinstance(record, RatingCorrected)], (
        "nobody corrected the baseline"
    )
    assert [record.value for record in new if isinstance(record, RatingGiven)] == [2]


def test_repeat_before_anything_but_a_count_was_said_begins_again() -> None:
    world = _rate(_begun(), 4).run_until("perform")
    first = world.spoken[-1]
    said = len(world.spoken)
    world.command(Command.REPEAT)
    assert [line.prompt for line in world.spoken[said:]] == [first.prompt]


@pytest.mark.parametrize(("remembered", "level"), [(0, 0), (2, 2), (9, 2)])
def test_a_remembered_range_is_one_that_the_movement_has(remembered: int, level: int) -> None:
    """Content may change between two sessions."""
    world = _rate(_begun(manners={"m1": Manner(range_level=remembered)}), 4).run_until("perform")
    assert [record.range_level for record in world.records if isinstance(record, TrialStarted)] == [level]
