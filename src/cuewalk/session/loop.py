"""The pump: one loop, one clock. Live device and virtual room go through the same code.

Each frame: microphone → echo canceller → voice activity → words → intent → engine → effects → play-out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cuewalk.audio.api import AudioHealth, DeviceChange, DeviceName
from cuewalk.audio.front_end import FrontEnd
from cuewalk.audio.signal.microphone_watch import MicrophoneWatch
from cuewalk.domain.intents import Expect
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, Millis
from cuewalk.engine.effects import (
    Append,
    CancelTimer,
    Effect,
    Listen,
    SetTalkRate,
    SetVolume,
    Speak,
    StartTimer,
    StopSpeaking,
)
from cuewalk.engine.events import (
    CueFinished,
    DeviceBack,
    DeviceLost,
    Event,
    SpeechStarted,
    TimerFired,
)
from cuewalk.engine.lines import Line
from cuewalk.engine.session import View
from cuewalk.session.attention import Attention, Past
from cuewalk.session.keyboard import Keyboard
from cuewalk.session.logbook import Logbook
from cuewalk.session.observing import Observer, Step
from cuewalk.session.timers import Timers
from cuewalk.session.typed import event_of
from cuewalk.session.voicing import Voicing
from cuewalk.speech_in.listener import ListenerEvent
from cuewalk.understanding.hearing import Hearing

#: Lines that are rendered before their turn, so that no cue waits for its voice.
_AHEAD = 3
#: Of a cue that ends in the middle of what is being heard, so many seconds may be in it.
_LAST_WORDS = 3.0


@dataclass(slots=True)
class Parts:
    """Everything a pump connects."""

    front_end: FrontEnd
    hearing: Hearing
    voicing: Voicing
    logbook: Logbook
    keyboard: Keyboard | None = None
    observers: Sequence[Observer] = ()
    #: Only for a real microphone: the virtual room is as quiet as it was told to be.
    watch: MicrophoneWatch | None = None
    #: Sentences for the person from the voice, the cache, the clips; told once and taken away.
    notices: list[str] = field(default_factory=list)


NOTHING_YET = Past(Millis(0), 0)


class Conversation(Protocol):
    """What the pump drives: the session's engine, or a script of the benchmark."""

    @property
    def state(self) -> str:
        """The state's name."""
        ...

    @property
    def expects(self) -> frozenset[Expect]:
        """What makes sense as an answer now."""
        ...

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        ...

    def step(self, event: Event) -> list[Effect]:
        """Take one event and return its effects."""
        ...

    def coming(self, most: int) -> list[Line]:
        """Return the lines that are spoken next."""
        ...

    def view(self) -> View:
        """Return what a screen shows."""
        ...


class Pump:
    """Runs a session on its parts."""

    def __init__(self, session: Conversation, parts: Parts, past: Past = NOTHING_YET) -> None:
        self._session, self._parts = session, parts
        self._timers = Timers()
        self.now = past.clock
        self._attention = Attention(parts.hearing, parts.voicing, parts.logbook, parts.watch, past)
        parts.hearing.expect(session.expects)
        self._lost: set[DeviceName] = set()
        self._back: set[DeviceName] = set()

    @property
    def health(self) -> AudioHealth:
        """What went wrong with the sound so far."""
        return self._parts.front_end.audio.health

    def run(self, first: Event) -> None:
        """Run the session from ``first`` until it has ended and its last line is spoken."""
        self.tell(first)
        while not (self._session.ended and self._parts.voicing.running is None):
            self.tick()

    def tick(self) -> None:
        """Let one frame pass."""
        parts = self._parts
        raw, microphone = parts.front_end.exchange()
        self._watch(raw)
        self._attention.passed(raw)
        self.now = Millis(self.now + FRAME_MS)
        for change in parts.front_end.audio.changes():
            self._device_changed(change)
        self._cues_that_ended()
        for timer in self._timers.due(self.now):
            self.tell(TimerFired(timer=timer))
        for heard in parts.hearing.listener.feed(microphone, parts.front_end.gate):
            self._hear(heard)
        self._read_keys()
        self._show_tick()

    def _cues_that_ended(self) -> None:
        own_words = self._parts.voicing.words_heard(_LAST_WORDS)
        for speak in self._parts.voicing.finished():
            self._attention.own_cue_ended(own_words)
            for observer in self._parts.observers:
                observer.spoken(speak)
            self.tell(CueFinished(cue=speak.cue))

    def _device_changed(self, change: DeviceChange) -> None:
        """Pause without a microphone or a speaker; go on at the same place when both work again."""
        self._parts.notices.append(change.sentence)
        if change.moved:
            return
        if change.device == "speaker":
            self._parts.voicing.audible = not change.lost
        if change.lost:
            self._lost.add(change.device)
            self.tell(DeviceLost(device=change.device))
            return
        self._back.add(change.device)
        self._lost.discard(change.device)
        if not self._lost:
            for device in sorted(self._back):
                self.tell(DeviceBack(device=device))
            self._back.clear()

    def _watch(self, raw: Samples) -> None:
        parts = self._parts
        if parts.watch is not None and "microphone" not in self._lost:
            speaking, own_voice = parts.hearing.listener.speaking, parts.voicing.running is not None
            parts.notices += parts.watch.feed(raw, speaking=speaking, own_voice=own_voice)

    def tell(self, event: Event) -> None:
        """Give the session one event; what it keeps is durable before any effect is performed."""
        effects = self._session.step(event)
        records = tuple(effect.record for effect in effects if isinstance(effect, Append))
        self._parts.logbook.write(self.now, event, records)
        lines = tuple(line for effect in effects if (line := self._perform(effect)) is not None)
        self._parts.voicing.prepare(self._session.coming(_AHEAD))
        step = Step(self.now, event, lines, records, self._session.view())
        for observer in self._parts.observers:
            observer.stepped(step)

    def _perform(self, effect: Effect) -> tuple[Speak, str] | None:
        match effect:
            case Speak():
                return effect, self._parts.voicing.speak(effect)
            case StopSpeaking():
                self._parts.voicing.stop()
            case StartTimer(timer=timer, after=after):
                self._timers.start(timer, Millis(self.now + after))
            case CancelTimer(timer=timer):
                self._timers.cancel(timer)
            case Listen(expects=expects):
                self._parts.hearing.expect(expects)
            case SetVolume(volume=volume):
                self._parts.voicing.set_volume(volume)
            case SetTalkRate(rate=rate):
                self._parts.voicing.rate = rate
        return None

    def _hear(self, heard: ListenerEvent) -> None:
        event = self._attention.hear(heard, self._session.expects)
        if event is None:
            return
        self.tell(event)
        if not isinstance(event, SpeechStarted):
            self._parts.voicing.go_on()

    def _read_keys(self) -> None:
        keyboard = self._parts.keyboard
        if keyboard is None:
            return
        for typed in keyboard.read(self._session.state):
            self.tell(event_of(typed, self._parts.hearing.interpreter, self._session.expects, self.now))

    def _show_tick(self) -> None:
        while self._parts.notices:
            text = self._parts.notices.pop(0)
            for observer in self._parts.observers:
                observer.noticed(text)
        quiet = self._parts.voicing.running is None
        for observer in self._parts.observers:
            observer.ticked(self.now, self._session.view(), quiet=quiet)
