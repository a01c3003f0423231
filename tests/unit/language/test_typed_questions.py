"""What is typed with a question mark is no word that leads on and no answer: it is asked again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.content.packs import load_pack
from cuewalk.domain.heard import Heard, InputMode, Sureness
from cuewalk.domain.intents import (
    Answer,
    Command,
    CommandSaid,
    DenialSaid,
    Expect,
    RatingGuessed,
    RatingSaid,
    ReadySaid,
)
from cuewalk.domain.records import RatingCorrected, RatingGiven
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.engine.states import MOVING
from helpers.sessions import World
from helpers.states import world_in

#: What is waited for, with ordinary ways to say it.
WORDS = {
    "unsteady": "I'm fine | steady | I'm steady | better | I feel okay | carry on | resume | I'm okay now",
    "emergency": "I'm fine | no I'm fine | I'm okay | false alarm | no, that was a mistake | it's nothing",
    "stop_asked": "carry on | let's carry on | keep going | continue please | resume | go on",
    "paused": "resume | carry on | go on | go | next | ready | I'm back | continue",
    "ready": "ready | yes | go | let's go | I'm ready | start",
    "ready_first": "ready | yes | go | I'm ready",
    "settle": "ready | yes | go | next | carry on",
    "safety": "no | not really | yes",
    "confirm_safety": "no | yes",
    "go_anyway": "yes | okay",
    "confirm_rating": "yes | right, that's right | no",
    "ask_side": "left | the right side | both",
    "ask_construct": "pain | tightness | it's uncomfortable",
    "rate_before": "skip | skip this | leave it out",
    "rate_after": "skip",
    "rate_during": "skip | I can't do this",
}
#: Questions without a mark that ask what would lead on.
UNMARKED = """
    what's next | whats next | so what's next | can we go on | could we carry on | could you continue
    | can you go on please | can we go on now | could we move on please | okay can we go on
    | would you carry on | will you continue
    | can we just go on | please can we continue
    | shall we go on | should we go on | may I go on | can I carry on
    | do we go on | do I go on | are we going on | is it okay to go on | when do we go on | how do I go on
    | can we keep going
    | could we start | can we begin | am I steady | can you resume
    """
ASKED = [" ".join(said.split()) for said in UNMARKED.split("|")]
#: What would lead on from where the session goes on by itself.
LEADING = [
    "ready", "resume", "go", "next", "next one", "carry on", "skip", "skip this", "done", "I can't do this",
    "go back",
]  # fmt: skip
CASES = [(state, said.strip()) for state, text in WORDS.items() for said in text.split("|")]
MARKS = ["?", " ?", "??", "?!", "? ", "\uff1f", "...?", "? please"]


@pytest.fixture(scope="module")
def pack():
    return load_pack("en-US")


def _type(pack, world: World, text: str) -> World:
    heard = Heard(text=text, confidence=1, engine="keys", mode=InputMode.KEYS, sureness=Sureness.ACCEPT)
    meant = pack.read(text, world.session.expects)
    world.tell(Understood(intent=meant, heard=heard) if meant else NotUnderstood(heard=heard, clear=True))
    return world


def _waiting(state: str) -> World:
    world = world_in(state)
    return world if state in {"emergency", *MOVING} else world.run_until_quiet()


@pytest.mark.parametrize(("state", "said"), CASES)
def test_a_question_leads_nowhere_and_is_asked_again(pack, state, said):
    world = _waiting(state)
    records, lines = len(world.records), len(world.spoken)
    asked = {line.prompt for line in world.spoken[-3:]}
    _type(pack, world, f"{said}?")
    assert world.session.state == state
    assert len(world.records) == records
    assert {line.prompt for line in world.spoken[lines:]} & {*asked, "literal", "ask_steady", "ask_ready"}


@given(case=st.sampled_from(CASES), mark=st.sampled_from(MARKS), loud=st.booleans())
def test_however_it_is_asked_it_leads_nowhere(pack, case, mark, loud):
    state, said = case
    text = f"{said.upper() if loud else said}{mark}"
    assert _type(pack, _waiting(state), text).session.state == state


@pytest.mark.parametrize("said", ASKED)
@pytest.mark.parametrize("state", ["unsteady", "stop_asked", "paused", "ready", "ready_first", "settle"])
def test_a_question_without_a_mark_leads_nowhere_either(pack, state, said):
    assert _type(pack, _waiting(state), said).session.state == state


@pytest.mark.parametrize("said", [*(f"{said}?" for said in LEADING), *ASKED, "is this right?", "yes?"])
@pytest.mark.parametrize("state", MOVING)
def test_where_it_goes_on_by_itself_a_question_holds(pack, state, said):
    assert _type(pack, _waiting(state), said).session.state == "paused"


@pytest.mark.parametrize("hold", ["help", "my lungs won't fill", "wait", "pause"])
@pytest.mark.parametrize("said", ASKED)
def test_what_is_held_is_held_after_a_question(pack, hold, said):
    world = _type(pack, world_in("perform"), hold).run_until_quiet()
    assert _type(pack, world, said).run_until_quiet().session.state == "paused"


def test_without_a_question_mark_they_are_what_they_were(pack):
    assert pack.read("I'm fine", frozenset({Expect.STEADY})) == ReadySaid()
    assert pack.read("I'm fine.", frozenset({Expect.DENIAL})) == DenialSaid()
    assert pack.read("carry on!", frozenset()) == CommandSaid(command=Command.RESUME)
    assert pack.read("no", frozenset({Expect.YES_NO})) == Answer(yes=False)


def test_a_number_typed_as_a_question_is_asked_back(pack):
    assert pack.read("4?", frozenset({Expect.RATING})) == RatingGuessed(value=4)
    assert pack.read("4", frozenset({Expect.RATING})) == RatingSaid(value=4)
    world = _waiting("rate_after")
    ratings = sum(isinstance(r, RatingGiven) for r in world.records)
    assert _type(pack, world, "four?").session.state == "confirm_rating"
    assert sum(isinstance(r, RatingGiven) for r in world.records) == ratings


CORRECTABLE = ["rest", "perform", "introduce", "verdict", "settle", "correct_rating", "confirm_rating"]


def _ratings(world: World) -> list:
    return [r for r in world.records if isinstance(r, RatingGiven | RatingCorrected)]


@pytest.mark.parametrize(
    "said",
    ["I said 5?", "no 5?", "make it 5?", "not 4, 5?", "I meant five ?", "no it's 5?", "actually five?"],
)
@pytest.mark.parametrize("state", [*CORRECTABLE, "rate_after"])
def test_a_correction_typed_as_a_question_is_asked_back_and_not_written(pack, state, said):
    world = _waiting(state)
    ratings = _ratings(world)
    _type(pack, world, said).run_until_quiet()
    assert (world.session.state, world.session.view().candidate) == ("confirm_rating", 5)
    assert _ratings(world) == ratings
    _type(pack, world, "yes")
    assert _ratings(world)[-1].value == 5


@pytest.mark.parametrize("said", ["no one", "No one.", "no one?", "no one please", "well no one"])
@pytest.mark.parametrize("state", CORRECTABLE)
def test_no_one_may_be_nobody_and_is_asked_back(pack, state, said):
    world = _waiting(state)
    ratings = _ratings(world)
    _type(pack, world, said)
    assert (world.session.state, world.session.view().candidate) == ("confirm_rating", 1)
    assert _ratings(world) == ratings


@pytest.mark.parametrize("said", ["no, one", "no 1", "no. One.", "no it's one", "no five", "I said one"])
def test_what_can_only_be_a_number_is_written(pack, said):
    world = _waiting("rest")
    ratings = len(_ratings(world))
    _type(pack, world, said)
    assert len(_ratings(world)) == ratings + 1


@pytest.mark.parametrize("state", ["unsteady", "emergency", "farewell", "paused", "ask_side", "summary"])
def test_where_no_number_can_be_corrected_one_that_is_asked_changes_nothing(pack, state):
    world = _waiting(state) if state not in {"farewell", "summary"} else world_in(state)
    ratings = _ratings(world)
    _type(pack, world, "no 5?")
    assert (world.session.state, _ratings(world)) == (state, ratings)


def test_a_request_put_as_a_question_is_done_where_it_leads_nobody_on(pack):
    for said, command in (
        ("can you slow down please?", Command.SLOWER),
        ("can we stop?", Command.STOP),
        ("can we skip this", Command.SKIP),
        ("could you repeat that", Command.REPEAT),
        ("can you go slower", Command.SLOWER),
        ("can we stop", Command.STOP),
        ("could you pause", Command.PAUSE),
        ("can we go back", Command.BACK),
        ("could you make it smaller?", Command.SMALLER),
        ("should I call a doctor? I can't breathe", Command.EMERGENCY),
        ("what?", Command.REPEAT),
    ):
        assert pack.read(said, frozenset()) == CommandSaid(command=command), said


def test_a_note_may_ask(pack):
    assert pack.read("next?", frozenset({Expect.NOTE})) == CommandSaid(command=Command.NEXT)
    world = _type(pack, _waiting("note"), "carry on?")
    assert world.session.state == "paused"


def test_in_korean_too():
    korean = load_pack("ko-KR")
    assert korean.read("괜찮아요?", frozenset({Expect.STEADY})) == CommandSaid(command=Command.REPEAT)
    assert korean.read("계속?", frozenset({Expect.END_OR_CARRY_ON})) == CommandSaid(command=Command.REPEAT)
