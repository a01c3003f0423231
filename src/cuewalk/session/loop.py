"""The session's loop: one frame loop, one clock, for everything in the house that speaks and listens.

Each frame of 20 ms: play-out and microphone → echo canceller → voice activity → words → intent → the
conversation → its effects → play-out. What is said and what follows from it is the conversation's business
(`Conversation`); the live device and the virtual room go through the same code, as do the benchmarks.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from cuewalk.audio.aec.canceller import EchoMode
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
    SetVoice,
    SetVolume,
    Speak,
    StartTimer,
    StopSpeaking,
)
from cuewalk.engine.events import (
    CancellerLost,
    CueFinished,
    DeviceBack,
    DeviceLost,
    Event,
    SpeechStarted,
    SpeechWasNothing,
    TimerFired,
)
from cuewalk.engine.lines import Line
from cuewalk.engine.session import View
from cuewalk.session.barge_in import FROM_THE_START, BargeIn, ResumePoint
from cuewalk.session.cue_playback import CuePlayback
from cuewalk.session.foresight import Led, foreseen
from cuewalk.session.keyboard import Keyboard, event_of
from cuewalk.session.logbook import Logbook
from cuewalk.session.notices import NoticeBoard
from cuewalk.session.observing import Frame, Observer, StepPerformed, who_takes
from cuewalk.speech_in.listener import ListenerEvent, UtteranceHeard
from cuewalk.understanding.hearing import Hearing

_log = logging.getLogger(__package__)

_BY_ITSELF: Final = (CueFinished, TimerFired, SpeechStarted, SpeechWasNothing)
#: Lines rendered before their turn. Design: a rendering takes less than the line before it.
_AHEAD: Final = 3
_DEAF_NOW: Final = (
    "The echo canceller failed, so I hear nothing while I speak. From now on I leave a pause after every "
    "phrase for your answer. A key still works at any time. The next session may have it back."
)


class Conversation(Protocol):
    """The loop's strategy: what is asked and expected now, and what follows from an event.

    A session's engine is one, so are the check-in, a dialogue in turns and the scripts of the benchmarks.
    """

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

    def step(self, event: Event) -> Sequence[Effect]:
        """Take one event and return its effects, in the order in which they are performed."""
        ...

    def coming(self, most: int) -> list[Line]:
        """Return the lines that are spoken next, to be rendered ahead."""
        ...

    def view(self) -> View:
        """Return what a screen shows; it changes in `step` only."""
        ...


@dataclass(slots=True)
class Parts:
    """What a loop connects; `stage.build_loop` puts them together."""

    front_end: FrontEnd
    hearing: Hearing
    playback: CuePlayback
    logbook: Logbook
    notices: NoticeBoard
    observers: Sequence[Observer] = ()
    keyboard: Keyboard | None = None
    #: Only for a real microphone: the virtual room is as quiet as it was told to be.
    watch: MicrophoneWatch | None = None
    start: ResumePoint = FROM_THE_START
    #: Whether what may be said next is rendered ahead, whatever the answers: a person is listening.
    foresees: bool = False


class SessionLoop:
    """Runs a conversation, frame by frame."""

    def __init__(self, conversation: Conversation, parts: Parts) -> None:
        self.front_end, self._hearing = parts.front_end, parts.hearing
        self.playback, self._logbook, self.notices = parts.playback, parts.logbook, parts.notices
        self._keyboard, self._watch = parts.keyboard, parts.watch
        #: Milliseconds: the microphone's frames are the clock.
        self.now = parts.start.clock
        self._timers = Timers()
        self._barge_in = BargeIn(parts.hearing, parts.playback, parts.logbook, parts.watch, parts.start)
        self._foresees, self._foreseen_in = parts.foresees, ""
        self._view = self._begin_with(conversation)
        self._lost: set[DeviceName] = set()
        self._back: set[DeviceName] = set()
        self._stepped = who_takes("stepped", parts.observers)
        self._spoken = who_takes("spoken", parts.observers)
        self._ticked = who_takes("ticked", parts.observers)
        self._noticed = who_takes("noticed", parts.observers)
        self._heard = who_takes("heard", parts.observers)
        self._framed = who_takes("framed", parts.observers)

    @property
    def health(self) -> AudioHealth:
        """What went wrong with the sound so far."""
        return self.front_end.audio.health

    @property
    def speaking(self) -> bool:
        """Whether an utterance of the person is under way."""
        return self._hearing.listener.speaking

    def run(self, first: Event) -> None:
        """Run the conversation from ``first`` until it has ended and its last line is spoken."""
        self.tell(first)
        while not (self._conversation.ended and self.playback.running is None):
            self.tick()

    def go_on_with(self, conversation: Conversation) -> None:
        """Let another conversation take over: the voice, its volume and the canceller stay as they are."""
        self._view = self._begin_with(conversation)

    def tick(self) -> None:
        """Let one frame pass.

        Raises:
            DeviceLostError: if the device does not deliver.
            RecogniserError: if nothing can be heard any more.
            VoiceError: if a line cannot be rendered.
            JournalError: if a step cannot be written down.
        """
        mode = self.front_end.echo.mode
        microphone, cleaned = self.front_end.exchange()
        gate = self.front_end.gate
        if self._watch is not None and "microphone" not in self._lost:
            own_voice = self.playback.running is not None
            self.notices.extend(self._watch.feed(microphone, speaking=self.speaking, own_voice=own_voice))
        self._barge_in.frame(microphone)
        self.now = Millis(self.now + FRAME_MS)
        for change in self.front_end.audio.changes():
            self._device_changed(change)
        if mode is EchoMode.CANCEL and self.front_end.echo.mode is EchoMode.HALF_DUPLEX:
            self.notices.add(_DEAF_NOW)
            self.tell(CancellerLost())
        self._cues_that_ended()
        for timer in self._timers.due(self.now):
            self.tell(TimerFired(timer=timer))
        for heard in self._hearing.listener.feed(cleaned, gate):
            self._hear(heard)
        if self._keyboard is not None:
            self._read_keys(self._keyboard)
        self._tell_observers(microphone, cleaned, gate)

    def tell(self, event: Event) -> None:
        """Give the conversation one event; what it keeps is durable before any effect is performed."""
        effects = self._conversation.step(event)
        records = tuple([effect.record for effect in effects if isinstance(effect, Append)])
        self._logbook.write(self.now, event, records)
        _log.debug("%d ms, %s: %s", self.now, self._conversation.state, type(event).__name__)
        lines = []
        for effect in effects:
            if isinstance(effect, Speak):
                lines.append((effect, self.playback.speak(effect)))
            else:
                self._perform(effect)
        self._look_ahead(event)
        self._view = self._conversation.view()
        if self._stepped:
            step = StepPerformed(self.now, event, tuple(lines), records, self._view)
            for observer in self._stepped:
                observer.stepped(step)

    def _look_ahead(self, event: Event) -> None:
        """Have what comes next rendered; foresight has seen what happens by itself within a state."""
        if self._led is None:
            self.playback.prepare(self._conversation.coming(_AHEAD))
        elif self._led.state != self._foreseen_in or not isinstance(event, _BY_ITSELF):
            self._foreseen_in = self._led.state
            self.playback.foresee(foreseen(self._led))

    def _begin_with(self, conversation: Conversation) -> View:
        self._conversation = conversation
        self._led = conversation if self._foresees and isinstance(conversation, Led) else None
        self._hearing.expect(conversation.expects)
        return conversation.view()

    def _perform(self, effect: Effect) -> None:
        match effect:
            case StopSpeaking():
                self.playback.stop()
            case StartTimer(timer=timer, after=after):
                self._timers.start(timer, Millis(self.now + after))
            case CancelTimer(timer=timer):
                self._timers.cancel(timer)
            case Listen(expects=expects):
                self._hearing.expect(expects)
            case SetVolume(volume=volume):
                self.playback.set_volume(volume)
            case SetTalkRate(rate=rate):
                self.playback.rate = rate
            case SetVoice(voice=voice):
                self.playback.speak_as(voice)

    def _cues_that_ended(self) -> None:
        for ended in self.playback.finished():
            self._barge_in.own_cue_ended(ended)
            for observer in self._spoken:
                observer.spoken(ended.speak)
            self.tell(CueFinished(cue=ended.speak.cue))

    def _device_changed(self, change: DeviceChange) -> None:
        """Pause without a microphone or a speaker; go on at the same place when both work again."""
        self.notices.add(change.sentence)
        _log.info("%s %s", change.device, "moved" if change.moved else "lost" if change.lost else "back")
        if change.moved:
            return
        if change.device == "speaker":
            self.playback.audible = not change.lost
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

    def _hear(self, heard: ListenerEvent) -> None:
        if isinstance(heard, UtteranceHeard):
            for observer in self._heard:
                observer.heard(heard, spoiled=self._barge_in.spoiled)
        event = self._barge_in.hear(heard, self._conversation.expects)
        if event is None:
            return
        self.tell(event)
        if not isinstance(event, SpeechStarted):
            self.playback.resume()

    def _read_keys(self, keyboard: Keyboard) -> None:
        for typed in keyboard.read(self._conversation.state):
            self.tell(event_of(typed, self._hearing.interpreter, self._conversation.expects, self.now))

    def _tell_observers(self, microphone: Samples, cleaned: Samples, gate: Samples | None) -> None:
        for text in self.notices.take():
            for observer in self._noticed:
                observer.noticed(text)
        if self._framed:
            heard = cleaned if gate is None else gate
            frame = Frame(self.front_end.played, microphone, cleaned, heard)
            for observer in self._framed:
                observer.framed(frame)
        quiet = self.playback.running is None
        for observer in self._ticked:
            observer.ticked(self.now, self._view, quiet=quiet)


class Timers:
    """Timers by number. Nothing runs by itself: `due` is asked once a frame."""

    def __init__(self) -> None:
        self._at: dict[int, Millis] = {}

    def start(self, timer: int, at: Millis) -> None:
        """Let this timer be due at ``at`` ms of the session's clock."""
        self._at[timer] = at

    def cancel(self, timer: int) -> None:
        """Forget a timer; one that is not running is no error."""
        self._at.pop(timer, None)

    def due(self, now: Millis) -> list[int]:
        """Return and forget the timers that are due, in the order of their times."""
        if not self._at or min(self._at.values()) > now:
            return []
        fired = sorted((at, timer) for timer, at in self._at.items() if at <= now)
        for _, timer in fired:
            del self._at[timer]
        return [timer for _, timer in fired]
