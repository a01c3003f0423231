"""The pump: one loop, one clock. Live device and virtual room go through the same code.

Each frame: microphone → echo canceller → voice activity → words → intent → engine → effects → play-out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cuewalk.app.ears import Spoken
from cuewalk.app.hearing import Hearing
from cuewalk.app.keyboard import Keyboard
from cuewalk.app.logbook import Logbook
from cuewalk.app.microphone_watch import MicrophoneWatch
from cuewalk.app.observing import Observer, Step
from cuewalk.app.timers import Timers
from cuewalk.app.voicing import Voicing
from cuewalk.audio.api import AudioIO, DeviceLostError, Samples
from cuewalk.audio.echo import EchoStage
from cuewalk.audio.player import Player
from cuewalk.audio.quality import spoils
from cuewalk.domain.errors import DeviceError
from cuewalk.domain.heard import InputMode
from cuewalk.domain.intents import Command, CommandSaid, Expect
from cuewalk.domain.units import FRAME_MS, Millis
from cuewalk.engine.effects import (
    CancelTimer,
    Effect,
    Keep,
    Listen,
    SetTalkRate,
    SetVolume,
    Speak,
    StartTimer,
    StopSpeaking,
)
from cuewalk.engine.events import (
    CueFinished,
    DeviceLost,
    Event,
    NotUnderstood,
    SpeechEnded,
    SpeechStarted,
    TimerFired,
    Understood,
)
from cuewalk.engine.session import Session
from cuewalk.speech_in.listener import (
    ListenerEvent,
    Partial,
    SpeechBegan,
    SpeechDropped,
    UtteranceHeard,
)

#: Lines that are rendered before their turn, so that no cue waits for its voice.
_AHEAD = 3


@dataclass(slots=True)
class Parts:
    """Everything a pump connects."""

    audio: AudioIO
    player: Player
    hearing: Hearing
    echo: EchoStage
    voicing: Voicing
    logbook: Logbook
    keyboard: Keyboard | None = None
    observers: Sequence[Observer] = ()
    #: Only for a real microphone: the virtual room is as quiet as it was told to be.
    watch: MicrophoneWatch | None = None
    #: Sentences for the person from the voice, the cache, the clips; told once and taken away.
    notices: list[str] = field(default_factory=list)


class Past(NamedTuple):
    """Where an interrupted session had come to: its clock, and how many utterances it had heard."""

    clock: Millis
    utterances: int


NOTHING_YET = Past(Millis(0), 0)


class Pump:
    """Runs a session on its parts."""

    def __init__(self, session: Session, parts: Parts, past: Past = NOTHING_YET) -> None:
        self._session, self._parts, self._past = session, parts, past
        self._timers = Timers()
        self.now = past.clock
        self._talking_over: str = ""
        self._hushed_for: Command | None = None
        self._expects: frozenset[Expect] | None = session.expects

    def run(self, first: Event) -> None:
        """Run the session from ``first`` until it has ended and its last line is spoken."""
        self.tell(first)
        while not (self._session.ended and self._parts.voicing.running is None):
            self.tick()

    def tick(self) -> None:
        """Let one frame pass."""
        parts = self._parts
        played = parts.player.next_frame()
        raw = self._exchange(played)
        self._watch(raw)
        microphone = parts.echo.clean(raw, played)
        self.now = Millis(self.now + FRAME_MS)
        for speak in parts.voicing.finished():
            for observer in parts.observers:
                observer.spoken(speak)
            self.tell(CueFinished(cue=speak.cue))
        for timer in self._timers.due(self.now):
            self.tell(TimerFired(timer=timer))
        for event in parts.hearing.listener.feed(microphone):
            self._hear(event)
        self._listen_for_what_is_expected()
        self._read_keys()
        self._show_tick()

    def _exchange(self, played: Samples) -> Samples:
        try:
            return self._parts.audio.exchange(played)
        except DeviceLostError as error:
            # The journal says why the session waits; taking it up again goes on at the same place.
            self.tell(DeviceLost(device=error.device))
            raise DeviceError(
                error.what,
                meaning="The session is paused and everything you said is kept.",
                remedy="Connect the device and start again: the session goes on where it was.",
            ) from error

    def _watch(self, raw: Samples) -> None:
        parts = self._parts
        if parts.watch is not None:
            speaking, own_voice = parts.hearing.listener.speaking, parts.voicing.running is not None
            parts.notices += parts.watch.feed(raw, speaking=speaking, own_voice=own_voice)

    def tell(self, event: Event) -> None:
        """Give the session one event; what it keeps is durable before any effect is performed."""
        effects = self._session.step(event)
        records = tuple(effect.record for effect in effects if isinstance(effect, Keep))
        self._parts.logbook.write(self.now, event, records)
        lines = tuple(line for effect in effects if (line := self._perform(effect)) is not None)
        self._parts.voicing.prepare(self._session.talk.coming(_AHEAD))
        step = Step(self.now, event, lines, records, self._session.view())
        for observer in self._parts.observers:
            observer.stepped(step)

    def _perform(self, effect: Effect) -> tuple[Speak, str] | None:
        match effect:
            case Speak():
                return effect, self._parts.voicing.speak(effect)
            case StopSpeaking():
                self._parts.voicing.stop()
                self._parts.audio.silence()
            case StartTimer(timer=timer, after=after):
                self._timers.start(timer, Millis(self.now + after))
            case CancelTimer(timer=timer):
                self._timers.cancel(timer)
            case Listen(expects=expects):
                self._expects = expects
            case SetVolume(volume=volume):
                self._parts.voicing.set_volume(volume)
            case SetTalkRate(rate=rate):
                self._parts.voicing.rate = rate
        return None

    def _hear(self, event: ListenerEvent) -> None:
        match event:
            case SpeechBegan():
                self._talking_over = self._parts.voicing.own_words
                self._hushed_for = None
                self.tell(SpeechStarted())
            case Partial(texts=texts):
                urgent = self._parts.hearing.ears.urgent_in(texts, self._parts.voicing.own_words)
                if urgent:
                    self._hushed_for = urgent
                    self._parts.voicing.hush()
                    self._parts.audio.silence()
            case SpeechDropped():
                self.tell(SpeechEnded())
                self._parts.voicing.go_on()
            case UtteranceHeard():
                self._utterance(event)

    def _utterance(self, heard: UtteranceHeard) -> None:
        number, began = heard.number + self._past.utterances, self._past.clock
        self._parts.logbook.at_hand(number, heard.audio)
        start, end = Millis(began + heard.start_ms), Millis(began + heard.end_ms)
        spoken = Spoken(number, heard.hypotheses, InputMode.VOICE, start, end, self._spoiled(), heard.surely)
        own_words = f"{self._talking_over} {self._parts.voicing.own_words}".strip()
        event = self._parts.hearing.ears.understand(spoken, self._session.expects, own_words)
        self.tell(self._not_missed(event, heard))
        self._parts.voicing.go_on()

    def _not_missed(
        self, event: Understood | NotUnderstood, heard: UtteranceHeard
    ) -> Understood | NotUnderstood:
        """Return a stop that silenced our voice as a stop, though the whole utterance was not understood."""
        stopped = self._hushed_for is Command.STOP and heard.surely
        if isinstance(event, Understood) or not stopped:
            return event
        return Understood(intent=CommandSaid(command=Command.STOP), heard=event.heard)

    def _spoiled(self) -> bool:
        """Return whether the microphone's own signal, before the canceller, was too damaged to trust."""
        report = self._parts.watch.utterance if self._parts.watch is not None else None
        return report is not None and spoils(report)

    def _listen_for_what_is_expected(self) -> None:
        # Not in the middle of an utterance: what was begun is heard to its end with the grammar it began in.
        if self._expects is not None and not self._parts.hearing.listener.speaking:
            self._parts.hearing.expect(self._expects)
            self._expects = None

    def _read_keys(self) -> None:
        keyboard = self._parts.keyboard
        if keyboard is None:
            return
        for hypothesis in keyboard.read(self._session.state):
            spoken = Spoken(None, (hypothesis,), InputMode.KEYS, self.now, self.now)
            self.tell(self._parts.hearing.ears.understand(spoken, self._session.expects))

    def _show_tick(self) -> None:
        while self._parts.notices:
            text = self._parts.notices.pop(0)
            for observer in self._parts.observers:
                observer.noticed(text)
        quiet = self._parts.voicing.running is None
        for observer in self._parts.observers:
            observer.ticked(self.now, self._session.view(), quiet=quiet)
