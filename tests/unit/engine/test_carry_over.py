"""Between two movements: what the first one did must not be counted to the second."""

from cuewalk.domain.intents import Command
from cuewalk.domain.records import RatingGiven, TrialStarted
from cuewalk.domain.setup import EDITION
from helpers.sessions import World, started


def _irritated(after: float = 6, edition: int = EDITION) -> World:
    """Return a world whose first movement raised the number from 3, and whose rest is over."""
    world = started(3, edition=edition).run_until("baseline").run_until_quiet().rate(3)
    world.run_until("rate_after").run_until_quiet().rate(after)
    if world.session.state == "confirm_rating":
        world.run_until_quiet().yes()
    return world.run_until("rest").run_until("settle", "introduce")


def _trials(world: World) -> list[TrialStarted]:
    return [record for record in world.records if isinstance(record, TrialStarted)]


def test_the_next_movement_waits_until_it_has_settled_and_asks_for_a_new_number() -> None:
    world = _irritated()
    assert world.session.state == "settle"
    assert "settle_first" in world.said()
    world.run_until("introduce").run_until("rate_before").run_until_quiet().rate(3).run_until("perform")
    last = _trials(world)[-1]
    assert (last.movement, last.carry_over) == ("m2", False)
    values = {r.rating: r.value for r in world.records if isinstance(r, RatingGiven)}
    assert values[last.before or 0] == 3


def test_it_settles_until_the_person_is_ready_and_pauses_after_two_minutes() -> None:
    world = _irritated().run_until_quiet()
    begun, said = world.now, len(world.spoken)
    world.pass_time()
    assert (world.session.state, world.now - begun) == ("settle", 45_000)
    world.run_until_quiet().pass_time()
    assert world.session.state == "paused"
    assert 120_000 <= world.now - begun <= 123_000
    assert world.said()[said:] == ["ask_ready", "paused_no_answer"]
    world.command(Command.READY)
    assert world.session.state == "settle"


def test_before_edition_three_it_waited_a_minute() -> None:
    world = _irritated(edition=2)
    begun = world.now
    world.run_until("introduce")
    assert 60_000 <= world.now - begun <= 63_000


def test_ready_goes_on_sooner() -> None:
    world = _irritated()
    begun = world.now
    world.command(Command.NEXT)
    assert world.session.state == "introduce"
    assert world.now == begun


def test_what_has_not_settled_is_flagged_and_said() -> None:
    world = _irritated().run_until("rate_before").run_until_quiet().rate(5)
    world.run_until("rate_after")
    assert _trials(world)[-1].carry_over
    assert "carry_over_note" in world.said()


def test_within_a_point_nothing_waits() -> None:
    world = started(3, edition=EDITION).run_until("baseline").run_until_quiet().rate(3)
    world.run_until("rate_after").run_until_quiet().rate(4).run_until("perform")
    world.run_until("rate_after").run_until_quiet().rate(4)
    if world.session.state == "confirm_rating":
        world.run_until_quiet().yes()
    assert world.run_until("rest").run_until("settle", "introduce").session.state == "introduce"


def test_going_back_while_it_settles_repeats_the_movement_that_irritated() -> None:
    world = _irritated().command(Command.BACK)
    assert world.session.state == "introduce"
    assert world.session.course.index == 0


def test_waiting_before_the_number_after_still_leads_to_that_number() -> None:
    world = started(2, edition=EDITION).run_until("baseline").run_until_quiet().rate(3)
    world.run_until("rate_after").run_until_quiet().command(Command.WAIT)
    assert world.session.state == "settle"
    world.run_until("rate_after")


def test_a_session_of_the_first_edition_is_replayed_as_it_was() -> None:
    world = started(3).run_until("baseline").run_until_quiet().rate(3)
    world.run_until("rate_after").run_until_quiet().rate(6).run_until_quiet().yes()
    assert world.run_until("rest").run_until("settle", "introduce").session.state == "introduce"
