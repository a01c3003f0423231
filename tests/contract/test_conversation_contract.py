"""One suite over everything that the session's loop can run."""

import pytest

from cuewalk.bench.cue_script import CueScript
from cuewalk.bench.live.script import LiveScript
from cuewalk.domain.heard import Heard
from cuewalk.domain.intents import Expect
from cuewalk.engine.checkin import Aloud, CheckinMachine
from cuewalk.engine.events import (
    Begin,
    CancellerLost,
    CueFinished,
    DeviceBack,
    DeviceLost,
    NotUnderstood,
    SpeechStarted,
    SpeechWasNothing,
    TimerFired,
)
from cuewalk.engine.lines import Line, notice
from cuewalk.engine.session import Session
from cuewalk.session.dialogue import Dialogue
from helpers.sessions import sample_setup

CONVERSATIONS = {
    "session": lambda: Session(sample_setup()),
    "check-in": lambda: CheckinMachine(sample_setup(), 5.0, 14.0),
    "last words": lambda: Aloud([notice("checkin_fine"), notice("checkin_stopped")]),
    "cues": lambda: CueScript(["Soft knees.", "Breathe out."], lambda _event: None, obeys=True),
    "live bench": lambda: LiveScript(["Soft knees."], "How much is it?", lambda _happening: None),
    "dialogue": lambda: Dialogue(frozenset({Expect.YES_NO})),
}
#: Events that may come at any time, also when nothing asked for them.
ANY_TIME = (
    SpeechStarted(),
    SpeechWasNothing(),
    NotUnderstood(heard=Heard(text="", confidence=0.0, engine="test")),
    CueFinished(cue=999),
    TimerFired(timer=999),
    DeviceLost(device="speaker"),
    DeviceBack(device="speaker"),
    CancellerLost(),
)


@pytest.fixture(params=CONVERSATIONS)
def conversation(request):
    return CONVERSATIONS[request.param]()


def test_it_says_where_it_is_and_what_it_expects(conversation):
    for event in (None, Begin(), SpeechStarted()):
        if event is not None:
            conversation.step(event)
        assert conversation.state
        assert conversation.view().state == conversation.state
        assert all(isinstance(expected, Expect) for expected in conversation.expects)
        assert conversation.ended in {True, False}


def test_any_event_is_legal_at_any_time(conversation):
    conversation.step(Begin())
    for event in (*ANY_TIME, *ANY_TIME):
        assert isinstance(list(conversation.step(event)), list)


def test_each_effect_is_returned_once(conversation):
    first = conversation.step(Begin())
    assert list(first) != list(conversation.step(SpeechStarted())) or not first


def test_no_more_lines_are_coming_than_were_asked_for(conversation):
    conversation.step(Begin())
    for most in (0, 1, 3):
        coming = conversation.coming(most)
        assert len(coming) <= most
        assert all(isinstance(line, Line) for line in coming)
