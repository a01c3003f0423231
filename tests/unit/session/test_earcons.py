"""When a tone sounds, and when none does."""

import numpy as np
import pytest

from cuewalk.audio.earcons import Earcon, tone
from cuewalk.audio.playout_queue import PlayoutQueue
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.heard import Heard, InputMode
from cuewalk.domain.intents import RatingSaid
from cuewalk.engine.effects import CueKind, Speak
from cuewalk.engine.events import NotUnderstood, SpeechStarted, Understood
from cuewalk.engine.session import View
from cuewalk.session.earcons import Earcons
from cuewalk.session.observing import StepPerformed

_QUESTION = Speak(1, CueKind.PROMPT, "literal", {"text": "How much?"})


class _Session:
    """Tells the observer what happens and listens to what comes out of the player."""

    def __init__(self):
        self.queue = PlayoutQueue(VirtualRoom())
        self.earcons = Earcons(self.queue)

    def step(self, event, state, *, speaks=False):
        lines = ((_QUESTION, "How much?"),) if speaks else ()
        self.earcons.stepped(StepPerformed(0, event, lines, (), View(state)))
        return self

    def ticks(self, state, count=20, *, quiet=True):
        for _ in range(count):
            self.earcons.ticked(0, View(state), quiet=quiet)
        return self

    @property
    def sounded(self):
        heard = np.concatenate([self.queue.exchange()[0] for _ in range(12)])
        return {name for name in Earcon if np.array_equal(heard[: len(tone(name))], tone(name))}


def heard(mode=InputMode.VOICE):
    return Heard(text="four", confidence=0.9, engine="test", mode=mode)


def understood(mode=InputMode.VOICE):
    return Understood(intent=RatingSaid(value=4), heard=heard(mode))


@pytest.fixture
def asked():
    session = _Session().step(SpeechStarted(), "rate_before", speaks=True).ticks("rate_before", quiet=False)
    assert not session.sounded
    return session


def test_a_question_that_is_over_is_followed_by_listening_once(asked):
    assert asked.ticks("rate_before").sounded == {Earcon.LISTENING}
    assert not asked.ticks("rate_before", quiet=False).ticks("rate_before").sounded


def test_a_question_asked_again_is_followed_by_it_again(asked):
    assert asked.ticks("rate_before").sounded
    asked.step(NotUnderstood(heard=heard()), "rate_before", speaks=True)
    assert asked.sounded == {Earcon.NOT_UNDERSTOOD}
    assert asked.ticks("rate_before", quiet=False).ticks("rate_before").sounded == {Earcon.LISTENING}


def test_a_short_pause_within_a_question_is_not_its_end(asked):
    assert not asked.ticks("rate_before", 3).ticks("rate_before", 3, quiet=False).sounded


def test_what_is_understood_is_told(asked):
    assert asked.step(understood(), "movement").sounded == {Earcon.HEARD}


def test_typed_words_and_talk_in_the_room_make_no_sound(asked):
    assert not asked.step(understood(InputMode.KEYS), "movement").sounded
    assert not asked.step(NotUnderstood(heard=heard()), "movement").sounded
    assert not asked.ticks("movement").sounded


def test_a_note_is_heard_whatever_it_says(asked):
    asked.step(SpeechStarted(), "note")
    assert asked.step(NotUnderstood(heard=heard()), "ended").sounded == {Earcon.HEARD}
