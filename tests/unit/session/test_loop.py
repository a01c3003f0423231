"""The one loop: what is kept is durable before it has an effect, and everybody is told what they need."""

import re
from pathlib import Path

import numpy as np
import pytest

import cuewalk
from cuewalk.audio.aec.canceller import EchoCanceller
from cuewalk.audio.api import DeviceChange
from cuewalk.audio.front_end import FrontEnd
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.errors import JournalError
from cuewalk.domain.intents import Command, CommandSaid
from cuewalk.domain.records import SessionPaused
from cuewalk.domain.units import Millis
from cuewalk.engine.effects import (
    Append,
    CancelTimer,
    CueKind,
    SetVolume,
    Speak,
    StartTimer,
    StopSpeaking,
)
from cuewalk.engine.events import Begin, CueFinished, DeviceBack, DeviceLost, TimerFired, Understood
from cuewalk.engine.session import Session, View
from cuewalk.session.cue_playback import CuePlayback, Wording
from cuewalk.session.keyboard import Keyboard
from cuewalk.session.logbook import Unwritten
from cuewalk.session.loop import Parts, SessionLoop
from cuewalk.session.notices import NoticeBoard
from cuewalk.session.observing import Observer
from cuewalk.speech_in.keys_recogniser import KeysRecogniser
from cuewalk.speech_out.api import Piece
from cuewalk.understanding.hearing import hearing_of
from helpers.packs import pack_of
from helpers.sessions import full_setup

_SPEAK = Speak(1, CueKind.PROMPT, "literal", {"text": "Lift the left leg."})
_KEPT = Append(SessionPaused(reason="asked"))


class Voice:
    """A tenth of a second of a tone."""

    def pieces(self, text, _rate):
        yield Piece(text, np.full(1_600, 5_000, np.int16))

    def prefetch(self, lines):
        """Nothing to do."""


class Script:
    """A conversation that gives its effects for an event by its type."""

    state, expects, ended = "somewhere", frozenset(), False

    def __init__(self, **effects):
        self._effects, self.events, self.viewed = effects, [], 0

    def step(self, event):
        self.events.append(event)
        return self._effects.get(event.kind, [])

    def coming(self, _most):
        return []

    def view(self):
        self.viewed += 1
        return View(self.state)


def loop_of(script, room=None, locale="en-US", **parts):
    pack = pack_of(locale)
    front_end = FrontEnd(room or VirtualRoom(), echo=parts.pop("echo", None))
    playback = CuePlayback(Wording(pack), parts.pop("voice", Voice()), front_end, rate=1.0)
    more = {"logbook": Unwritten(), "notices": NoticeBoard(), **parts}
    return SessionLoop(
        script, Parts(front_end=front_end, hearing=hearing_of(pack, ()), playback=playback, **more)
    )


def ticks(loop, number):
    for _ in range(number):
        loop.tick()


def test_what_cannot_be_written_down_has_no_effect():
    class Full(Unwritten):
        def write(self, now, event, records):
            assert [record.reason for record in records] == ["asked"]
            raise JournalError("The disk is full.")

    loop = loop_of(Script(begin=[_SPEAK, _KEPT]), logbook=Full())
    with pytest.raises(JournalError):
        loop.tell(Begin())
    assert loop.playback.running is None


def test_a_line_is_told_to_its_end_and_its_events_come_in_order():
    script = Script(begin=[StopSpeaking(), _SPEAK, SetVolume(0.5)])
    loop = loop_of(script)
    loop.tell(Begin())
    ticks(loop, 20)
    assert script.events == [Begin(), CueFinished(cue=1)]
    assert loop.front_end.queue.volume == 0.5


def test_timers_fire_on_the_microphones_clock_unless_they_are_cancelled():
    script = Script(
        begin=[
            StartTimer(1, Millis(100)),
            StartTimer(2, Millis(60)),
            StartTimer(3, Millis(40)),
            CancelTimer(3),
        ]
    )
    loop = loop_of(script)
    loop.tell(Begin())
    ticks(loop, 4)
    assert script.events[1:] == [TimerFired(timer=2)]
    ticks(loop, 1)
    assert script.events[1:] == [TimerFired(timer=2), TimerFired(timer=1)]
    assert loop.now == 100


def test_with_a_device_lost_it_goes_on_when_all_of_them_are_back():
    class Room(VirtualRoom):
        news = ()

        def changes(self):
            news, self.news = list(self.news), ()
            return news

    script, room, told = Script(), Room(), []

    class Screen(Observer):
        def noticed(self, text):
            told.append(text)

    loop = loop_of(script, room, observers=[Screen()])
    for news in (
        [DeviceChange("speaker", True, "Gone."), DeviceChange("microphone", True, "Gone too.")],
        [DeviceChange("speaker", False, "Back.")],
        [DeviceChange("microphone", False, "Back too."), DeviceChange("speaker", False, "Moved.", True)],
    ):
        room.news = news
        loop.tick()
    assert script.events == [
        DeviceLost(device="speaker"),
        DeviceLost(device="microphone"),
        DeviceBack(device="microphone"),
        DeviceBack(device="speaker"),
    ]
    assert told == ["Gone.", "Gone too.", "Back.", "Back too.", "Moved."]


@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
@pytest.mark.parametrize(
    ("key", "command"), [(".", Command.STOP), (" ", Command.PAUSE), ("+", Command.LOUDER)]
)
def test_a_key_is_a_command_in_every_language(locale, key, command):
    script, keyboard = Script(), Keyboard(KeysRecogniser())
    loop = loop_of(script, locale=locale, keyboard=keyboard)
    keyboard.press(key)
    loop.tick()
    (event,) = script.events
    assert isinstance(event, Understood)
    assert event.intent == CommandSaid(command=command)


def test_observers_are_told_what_they_take_and_a_view_is_made_for_a_step_only():
    class Ticking(Observer):
        def __init__(self):
            self.views = []

        def ticked(self, now, view, *, quiet):
            self.views.append((now, view.state, quiet))

    class Framing(Observer):
        def __init__(self):
            self.frames = []

        def framed(self, frame):
            self.frames.append(frame)

    script, ticking, framing = Script(), Ticking(), Framing()
    loop = loop_of(script, observers=[Observer(), ticking, framing])
    loop.tell(Begin())
    ticks(loop, 3)
    assert ticking.views == [(20, "somewhere", True), (40, "somewhere", True), (60, "somewhere", True)]
    assert [frame.cleaned.shape for frame in framing.frames] == [(320,)] * 3
    assert script.viewed == 2, "once at its beginning, once for its step"


def test_another_conversation_can_take_over():
    first, second = Script(begin=[SetVolume(0.4)]), Script()
    loop = loop_of(first)
    loop.tell(Begin())
    loop.go_on_with(second)
    loop.tell(Begin())
    assert (first.events, second.events) == ([Begin()], [Begin()])
    assert loop.front_end.queue.volume == 0.4


def test_sentences_from_anywhere_are_told_once():
    told, board = [], NoticeBoard(["first"])

    class Screen(Observer):
        def noticed(self, text):
            told.append(text)

    loop = loop_of(Script(), notices=board, observers=[Screen()])
    board.extend(["second", "third"])
    ticks(loop, 2)
    assert told == ["first", "second", "third"]


def test_nothing_in_the_house_but_the_loop_lets_frames_pass():
    """Five loops each left something out; a new one would too."""
    passing = re.compile(r"front_end\.exchange\(|listener\.feed\(|echo\.clean\(")
    package = Path(cuewalk.__file__).parent
    found = {
        str(file.relative_to(package)) for file in package.rglob("*.py") if passing.search(file.read_text())
    }
    assert found == {"audio/front_end.py", "session/loop.py", "speech_in/listener.py"}


def test_a_canceller_that_fails_is_told_and_the_line_under_way_can_be_interrupted_in_its_pauses():
    """The session says so, and begins the line again: with gaps, because we are deaf while we speak."""

    class Failing(EchoCanceller):
        left = 20

        def clean(self, microphone):
            self.left -= 1
            if self.left < 0:
                raise RuntimeError("no such handle")
            return super().clean(microphone)

    class Watching(Observer):
        def __init__(self):
            self.told = []

        def noticed(self, text):
            self.told.append(text)

    class Slow:
        def pieces(self, text, _rate):
            yield Piece(text, np.random.default_rng(1).integers(-9_000, 9_000, 32_000).astype(np.int16))

        def prefetch(self, _lines):
            pass

    session, watching = Session(full_setup()), Watching()
    loop = loop_of(session, observers=[watching], echo=Failing, voice=Slow())
    loop.tell(Begin())
    first = loop.playback.running
    ticks(loop, 25)
    assert "I hear nothing while I speak" in watching.told[0]
    assert loop.playback.running.prompt == "canceller_lost"
    while loop.playback.running.prompt == "canceller_lost":
        loop.tick()
    assert (loop.playback.running.prompt, loop.playback.running.cue) != (first.prompt, first.cue)
    assert loop.playback.running.prompt == first.prompt, "what was being said is said again"
    loop.tick()
    assert loop.playback._cue.gap == 900
