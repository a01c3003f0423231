"""Done, and cannot: about the movement while one is done, elsewhere perhaps about the session."""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.domain.heard import Heard, InputMode, Sureness
from cuewalk.domain.intents import (
    CannotSaid,
    Command,
    CommandSaid,
    Expect,
    Intent,
    RatingGuessed,
    RatingSaid,
    RatingWithoutNumber,
)
from cuewalk.domain.records import NoteTaken, RatingGiven, RatingPhase
from cuewalk.domain.setup import EDITION
from cuewalk.engine.events import NotUnderstood, Understood
from helpers.packs import pack_of
from helpers.sessions import World, started
from helpers.states import ANY_STATE, world_in

DONE, CANNOT = CommandSaid(command=Command.DONE), CannotSaid()
#: Where "done" finishes something, or says nothing that leads on; where a movement is left out.
WAITS: Final = ("rest", "settle", "paused", "ready", "ready_first", "verdict")
LEFT_OUT: Final = ("introduce", "rate_before", "perform", "review")
#: What can hurt before "how much?".
HURT_IN: Final = ("introduce", "perform", "verdict", "review", "rest", "settle")

SAYS_DONE: Final = "done | I'm done | all done | finished | I'm finished | I've finished | we're done"
SAYS_CANNOT: Final = """
    I can't do this | I can't do it | can't do it | I can't do that one | I cannot do this one | cant do that
    | I just can't do this | I'm not able to do this | I don't think I can do this | I can't manage it
    | I can't kneel | I can't do this movement | sorry I can't do this | I can't do these | not today
    | I can hardly do this | please, I can't do this | I can't do this right now | I can't do this one at all
    """


def _each(text: str) -> list[str]:
    return [" ".join(said.split()) for said in text.split("|")]


def _type(world: World, text: str) -> World:
    heard = Heard(text=text, confidence=1, engine="keys", mode=InputMode.KEYS, sureness=Sureness.ACCEPT)
    meant = pack_of("en-US").read(text, world.session.expects)
    world.tell(Understood(intent=meant, heard=heard) if meant else NotUnderstood(heard=heard, clear=True))
    return world


@pytest.mark.parametrize("said", _each(SAYS_DONE))
def test_ways_to_say_done(said: str) -> None:
    pack = pack_of("en-US")
    for expects in (frozenset[Expect](), frozenset({Expect.END_OR_CARRY_ON}), frozenset({Expect.READY})):
        assert pack.read(said, expects) == DONE


@pytest.mark.parametrize("said", _each(SAYS_CANNOT))
def test_ways_to_say_that_one_cannot(said: str) -> None:
    assert pack_of("en-US").read(said, frozenset()) == CANNOT


@pytest.mark.parametrize(
    "said", ["I'm done for today", "done with the session", "I am through with everything"]
)
def test_done_with_all_of_it_is_a_stop(said: str) -> None:
    assert pack_of("en-US").read(said, frozenset()) == CommandSaid(command=Command.STOP)


@pytest.mark.parametrize("said", ["I can't do this, it tugs oddly", "I can't do this my lungs won't fill"])
def test_who_tells_more_than_that_is_held(said: str) -> None:
    assert _type(world_in("perform"), said).session.state == "paused"


@pytest.mark.parametrize("intent", [DONE, CANNOT], ids=["done", "cannot"])
@pytest.mark.parametrize("state", WAITS)
def test_where_it_would_lead_on_it_is_asked_whether_to_end(state: str, intent: Intent) -> None:
    world = world_in(state).hear(intent).run_until_quiet()
    assert (world.session.state, world.said()[-1]) == ("stop_asked", "stop_ask")
    world.command(Command.CARRY_ON)
    assert world.session.state == ("perform" if state in {"paused", "ready"} else state)


@pytest.mark.parametrize("intent", [DONE, CANNOT], ids=["done", "cannot"])
@pytest.mark.parametrize(("state", "asks"), [("stop_asked", "stop_ask"), ("unsteady", "ask_steady")])
def test_where_it_is_asked_already_it_is_asked_again(state: str, asks: str, intent: Intent) -> None:
    world = world_in(state).run_until_quiet().hear(intent).hear(intent).run_until_quiet()
    assert (world.session.state, world.said()[-1]) == (state, asks)


@pytest.mark.parametrize("state", ["introduce", "review"])
def test_done_before_anything_was_done_is_asked(state: str) -> None:
    assert world_in(state).hear(DONE).session.state == "stop_asked"


@pytest.mark.parametrize("state", ["baseline", "rate_after"])
def test_who_cannot_at_a_rating_is_asked_and_nothing_is_written(state: str) -> None:
    world = world_in(state).run_until_quiet()
    ratings = sum(isinstance(r, RatingGiven) for r in world.records)
    world.hear(CANNOT)
    assert world.session.state == "stop_asked"
    assert sum(isinstance(r, RatingGiven) for r in world.records) == ratings


@pytest.mark.parametrize("state", LEFT_OUT)
def test_a_movement_that_one_cannot_do_is_left_out(state: str) -> None:
    world = world_in(state).hear(CANNOT)
    assert (world.session.state, world.said()[-1]) == ("rest", "skipped")


def _hurts(behind: str, edition: int = EDITION) -> World:
    if edition != EDITION:
        assert behind == "perform"
        world = started(edition=edition).run_until("baseline").run_until_quiet().rate(4).run_until("perform")
    else:
        world = world_in(behind)
    return world.command(Command.HURTS).run_until_quiet()


@pytest.mark.parametrize("behind", HURT_IN)
@pytest.mark.parametrize("said", ["I can't do this", "I don't know"])
def test_who_hurts_and_cannot_or_cannot_tell_is_not_led_on_by_silence(said: str, behind: str) -> None:
    world = _type(_hurts(behind), said)
    if world.session.state == "rate_during":
        _type(world.run_until_quiet(), said)
    assert (world.session.state, world.said()[-1]) == ("stop_asked", "stop_ask")
    while world._queue:
        world.pass_time()
    assert world.session.state == "paused"
    assert not any(
        isinstance(r, RatingGiven) and r.phase is RatingPhase.DURING and r.value for r in world.records
    )


def test_who_cannot_tell_how_much_it_hurts_may_carry_on_with_the_next_movement() -> None:
    world = _hurts("perform")
    for _ in range(2):
        _type(world, "I don't know").run_until_quiet()
    assert [r.missing_reason for r in world.records if isinstance(r, RatingGiven)][-1] == "not known"
    assert world.command(Command.CARRY_ON).session.state == "rest"


def test_who_hurts_and_cannot_is_asked_how_much_if_they_carry_on() -> None:
    world = _type(_hurts("perform"), "I can't do this").run_until_quiet()
    assert world.command(Command.CARRY_ON).session.state == "rate_during"


@pytest.mark.parametrize("said", [[CANNOT], [RatingWithoutNumber(hint="unsure")] * 2])
@pytest.mark.parametrize(("edition", "led_to"), [(3, "rest"), (4, "stop_asked")])
def test_before_edition_four_they_were_led_on(said: list[Intent], edition: int, led_to: str) -> None:
    world = _hurts("perform", edition=edition)
    for intent in said:
        world.hear(intent)
    assert world.session.state == led_to


def test_done_in_a_movement_finishes_it() -> None:
    world = world_in("perform")
    while world.session.talk.elapsed < 0.6:
        world.pass_time()
    assert world.hear(DONE).session.state == "rate_after"
    assert world_in("perform").hear(DONE).session.state == "rest"  # left in its first half


@pytest.mark.parametrize("state", ["emergency", "advised", "farewell"])
def test_advice_is_given_all_the_same(state: str) -> None:
    world = world_in(state)
    assert world.hear(DONE).hear(CANNOT).session.state == state


def test_in_a_note_it_is_asked_whether_to_end_and_among_other_words_it_is_the_note() -> None:
    world = _type(world_in("note").run_until_quiet(), "I can't do this")
    assert world.session.state == "stop_asked"
    world = _type(world_in("note").run_until_quiet(), "I can't do this with shoes on")
    assert [r.heard.text for r in world.records if isinstance(r, NoteTaken)] == [
        "I can't do this with shoes on"
    ]


def test_a_session_that_was_held_before_is_held_as_it_was() -> None:
    world = started(edition=2).run_until("baseline").run_until_quiet().rate(4).run_until("rate_after")
    world.run_until_quiet().rate(3).run_until("rest")
    assert world.hear(DONE).session.state == "introduce"


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([s for s in ANY_STATE if s not in {*LEFT_OUT, "note", "before_note"}]),
    st.lists(st.sampled_from([DONE, CANNOT]), min_size=1, max_size=4),
)
def test_neither_ever_begins_or_continues_a_movement(state: str, said: list[Intent]) -> None:
    world = world_in(state)
    for intent in said:
        world.hear(intent)
        assert world.session.state in {state, "stop_asked", "ready_first", "ended"}


# --- a number beside a cry for help ---

_numbers = st.one_of(
    st.integers(0, 10).map(str),
    st.sampled_from(["zero", "one", "three", "seven", "ten", "4.5", "four and a half", "eight out of ten"]),
)
_helps = st.sampled_from(
    ["help", "please help", "help please", "hlep", "Help", "help help", "help me", "can you help"]
)
_marks = st.sampled_from([" ", ", ", ". ", " - ", "  "])
RATINGS: Final = ("baseline", "rate_before", "rate_after", "rate_during", "confirm_rating", "correct_rating")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(RATINGS), _numbers, _helps, _marks, st.booleans())
def test_a_number_beside_a_cry_for_help_is_no_number(
    state: str, value: str, cry: str, mark: str, first: bool
) -> None:
    text = f"{value}{mark}{cry}" if first else f"{cry}{mark}{value}"
    world = world_in(state).run_until_quiet()
    meant = pack_of("en-US").read(text, world.session.expects)
    assert meant in [CommandSaid(command=c) for c in (Command.HELP, Command.SOMETHING_WRONG)], text
    kept, ratings = dict(world.session.ledger.values), len(world.records)
    _type(world, text)
    assert world.session.state in {state, "unsteady"}
    assert world.session.ledger.values == kept
    assert not any(isinstance(r, RatingGiven) for r in world.records[ratings:])


@pytest.mark.parametrize("state", ["baseline", "rate_before", "rate_after", "rate_during"])
def test_help_at_a_rating_names_what_to_say_in_trouble_and_asks_again(state: str) -> None:
    world = world_in(state).run_until_quiet()
    said = len(world.spoken)
    _type(world, "7 help").run_until_quiet()
    lines = world.said()[said:]
    assert lines[0] == f"help_{state}"
    assert lines[1].startswith("ask_")
    assert "say something is wrong" in pack_of("en-US").render(lines[0], {})


@pytest.mark.parametrize("said", ["it didn't help, 4", "no help, 4"])
def test_what_did_not_help_is_no_cry(said: str) -> None:
    meant = pack_of("en-US").read(said, frozenset({Expect.RATING}))
    assert not isinstance(meant, RatingSaid | CommandSaid)
    assert isinstance(meant, RatingGuessed) or meant is None or meant.kind == "rating_words"


@pytest.mark.parametrize("said", ["yes help", "oh no, help", "fine but help"])
def test_a_cry_beside_anything_is_heard(said: str) -> None:
    for expects in (frozenset[Expect](), frozenset({Expect.YES_NO}), frozenset({Expect.STEADY})):
        assert pack_of("en-US").read(said, expects) == CommandSaid(command=Command.HELP)
