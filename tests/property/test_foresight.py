"""What a person hears next was foreseen, whatever they say; and foresight changes nothing of the session."""

from collections import deque
from itertools import islice
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from cuewalk.engine.checkin import CheckinMachine
from cuewalk.engine.effects import Speak
from cuewalk.engine.events import Begin, CueFinished, TimerFired
from cuewalk.engine.session import Session
from cuewalk.session.foresight import _ANY_TIME, Explorer, _answers, foreseen
from helpers.sessions import full_setup, sample_setup

MADE = {
    "session": lambda: Session(sample_setup(2)),
    "everything asked first": lambda: Session(full_setup(2)),
    "check-in": lambda: CheckinMachine(sample_setup(), 5.0, 14.0),
}
#: What "what did you hear" repeats, nobody foresees.
_REPEATED = {"what_heard", "what_heard_nothing"}


def said(effects):
    """Return what is said of these effects, without the cues' numbers."""
    return [
        (each.prompt, tuple(each.slots.items()), each.length) for each in effects if isinstance(each, Speak)
    ]


def chosen(conversation, rng):
    """Return the next event: what comes by itself, else an answer, sometimes a command."""
    by_itself = conversation.talk.by_itself
    if by_itself is None:
        return rng.choice(_answers(conversation))
    return rng.choice(_ANY_TIME) if rng.random() < 0.1 else by_itself


@settings(max_examples=8)
@given(kind=st.sampled_from([*MADE]), rng=st.randoms(use_true_random=False))
def test_the_line_that_follows_whatever_is_said_was_foreseen(kind, rng):
    conversation = MADE[kind]()
    conversation.step(Begin())
    for _ in range(40):
        if conversation.ended:
            return
        event, coming = chosen(conversation, rng), foreseen(conversation)
        for answer in said(conversation.step(event))[:1]:
            assert any(said([line]) == [answer] for line, _ in coming) or answer[0] in _REPEATED


@settings(max_examples=8)
@given(kind=st.sampled_from([*MADE]), rng=st.randoms(use_true_random=False))
def test_a_session_that_is_looked_ahead_in_goes_on_as_one_that_is_not(kind, rng):
    looked_at, alone = MADE[kind](), MADE[kind]()
    assert looked_at.step(Begin()) == alone.step(Begin())
    for _ in range(40):
        if alone.ended:
            return
        event = chosen(alone, rng)
        deque(islice(foreseen(looked_at), 80))
        assert looked_at.step(event) == alone.step(event)
        assert (looked_at.state, looked_at.view()) == (alone.state, alone.view())


def test_what_comes_by_itself_goes_before_what_would_have_to_be_said():
    session = Session(sample_setup(2))
    session.step(Begin())
    while session.state != "perform":
        session.step(session.talk.by_itself or _answers(session)[0])
    lines = iter([line.prompt for line, _ in foreseen(session)])
    expected = []
    while len(expected) < 6:
        expected += [prompt for prompt, _, _ in said(session.step(session.talk.by_itself))]
    assert [next(lines) for _ in expected] == expected


def test_after_talk_slower_the_answer_is_foreseen_at_the_slower_rate():
    session = Session(sample_setup(2))
    session.step(Begin())
    rates = {rate for line, rate in foreseen(session) if line.prompt == "talk_slower"}
    assert rates == {0.9}


def test_a_look_ahead_ends_with_the_session():
    session = Session(sample_setup(1))
    session.step(Begin())
    assert "summary_keep" in {line.prompt for line, _ in foreseen(session)}


def test_ways_through_a_session_come_by_every_end_of_it():
    explorer = Explorer(Random(1).random)
    said_at_all = {line.prompt for _ in range(12) for line, _ in explorer.way(Session(full_setup(2)))}
    wanted = {"summary_keep", "summary_not_now", "emergency_call", "goodbye", "goodbye_stopped", "paused"}
    assert wanted <= said_at_all


def test_nothing_waits_by_itself_where_an_answer_is_waited_for():
    session = Session(sample_setup(1))
    session.step(Begin())
    while (event := session.talk.by_itself) is not None:
        assert isinstance(event, CueFinished | TimerFired)
        session.step(event)
    assert session.asks
    assert isinstance(session.talk.silence, TimerFired)
