"""The session engine: ``step(event)`` returns what is to be done. It performs nothing itself."""

from dataclasses import dataclass

from cuewalk.domain.heard import Heard, InputMode
from cuewalk.domain.intents import DISTRESS, Command, CommandSaid, Intent
from cuewalk.domain.records import SessionResumed, SessionStarted
from cuewalk.domain.setup import Setup
from cuewalk.engine.commands import Commands
from cuewalk.engine.effects import Append, Effect, Listen
from cuewalk.engine.events import (
    Begin,
    CueFinished,
    DeviceBack,
    DeviceLost,
    Event,
    NotUnderstood,
    Restored,
    SpeechStarted,
    SpeechWasNothing,
    TimerFired,
    Understood,
)
from cuewalk.engine.lines import Line, notice
from cuewalk.engine.table import ASKING, NOTES, READY_WAITS

#: In a note only these are commands; everything else is the note.
_NOTE_COMMANDS = frozenset({Command.STOP, Command.PAUSE, Command.HURTS}) | DISTRESS
#: Whoever did not ask for the note may leave it out, and ask what it is about.
_COMMANDS_IN = {
    "note": _NOTE_COMMANDS | {Command.HELP},
    "before_note": _NOTE_COMMANDS | {Command.SKIP, Command.REPEAT, Command.HELP},
}


@dataclass(frozen=True, slots=True)
class View:
    """What a screen shows of a session."""

    state: str
    movement: str = ""
    side: str = ""
    position: int = 0
    total: int = 0
    following: str = ""
    attempt: int = 1
    pace: float = 1.0
    range_name: str = ""
    rating: float | None = None
    #: The number that waits for a yes.
    candidate: float | None = None
    volume: float = 0.8
    #: What the question is about: red flags, the id of a thing.
    asked: tuple[str, ...] = ()


class Session(Commands):
    """One session. The same set-up and the same events always give the same effects."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._speaking = False
        #: Devices that are gone.
        self._gone: set[str] = set()

    def step(self, event: Event) -> list[Effect]:
        """Take one event and return the effects it has, in the order in which they are to be performed.

        Any event in any state is legal; one that means nothing has no effect.
        """
        if self.state != "ended":
            self._take(event)
            self.settle()
        done = list(self.out)
        self.out.clear()
        return done

    @property
    def ended(self) -> bool:
        """Whether the session is over."""
        return self.state == "ended"

    def wait_for_answer(self) -> None:
        """Start the clock of patience, but not while the person is speaking."""
        if not self._speaking:
            super().wait_for_answer()

    def coming(self, most: int) -> list[Line]:
        """Return the lines that are spoken next, at most ``most``."""
        return self.talk.coming(most)

    def view(self) -> View:
        """Return what a screen shows now."""
        rating = self.ledger.value(self.ledger.last)
        candidate = self.candidate if self.state == "confirm_rating" else None
        if not self.course.under_way:
            return View(
                self.state, rating=rating, candidate=candidate, volume=self.volume, asked=self.asked_about()
            )
        course, here = self.course, self.course.here
        trial = self.ledger.open_trial
        return View(
            state=self.state,
            movement=here.movement.name,
            side=here.side.value,
            position=course.index + 1,
            total=len(course.stations),
            following=course.stations[course.index + 1].movement.name if course.more else "",
            attempt=trial.attempt if trial else 1,
            pace=course.manner().pace,
            range_name=here.movement.ranges[course.range_level()].name,
            rating=rating,
            candidate=candidate,
            volume=self.volume,
            asked=self.asked_about(),
        )

    def _take(self, event: Event) -> None:
        match event:
            case Begin() if self.state == "idle":
                self.out.append(Append(SessionStarted(setup=self.setup)))
                self.fire("begin")
            case CueFinished(cue=cue):
                self.talk.cue_finished(cue)
            case TimerFired(timer=timer):
                if self.talk.timer_fired(timer):
                    self.waited()
            case Understood() | NotUnderstood() | SpeechStarted() | SpeechWasNothing():
                self._heard(event)
            case _:
                self._outside(event)

    def _heard(self, event: Understood | NotUnderstood | SpeechStarted | SpeechWasNothing) -> None:
        self._speaking = isinstance(event, SpeechStarted)
        if self.state == "idle":
            return
        match event:
            case SpeechStarted():
                self.talk.hold_patience()
            case Understood(intent=intent, heard=heard):
                self._understood(intent, heard)
            case NotUnderstood(heard=heard):
                self._not_understood(heard, clear=event.clear)

    def _understood(self, intent: Intent, heard: Heard) -> None:
        command = intent.command if isinstance(intent, CommandSaid) else None
        if self.state in NOTES and command not in _COMMANDS_IN[self.state]:
            self.note(heard)
        elif isinstance(intent, CommandSaid):
            self.commanded(intent.command, heard)
        else:
            self.answered(intent, heard)
            self.last_heard = heard

    def _not_understood(self, heard: Heard, *, clear: bool) -> None:
        if self.state in NOTES:
            self.note(heard)
        elif self.awaiting_ready and not clear:
            return  # somebody talks while they fetch a chair
        elif self.state in ASKING or self.awaiting_ready:
            self.missed()
        elif clear and self.state != "emergency":
            typed = heard.mode is InputMode.KEYS
            if typed and self.waits_for_ready() and self.hold("not understood"):
                return  # no list of words holds all that somebody in trouble may write
            self.answer_now(notice("not_understood" if typed else "not_caught"))

    def _outside(self, event: Event) -> None:
        match event:
            case DeviceLost(device=device):
                self._device_lost(device)
            case DeviceBack(device=device):
                self._device_back(device)
            case Restored(edition=edition) if self.state not in {"idle", "ended"}:
                self.edition = max(self.edition, edition)
                self._restore()

    def _device_lost(self, device: str) -> None:
        """Pause; whoever is unsteady, or paused for a note, is waited for as before."""
        self._gone.add(device)
        if self._waited_for_anyway():
            self.answer_now(notice(f"{device}_lost_waiting"))
        elif self.state not in {"idle", "paused"}:
            self.pause(device)

    def _device_back(self, device: str) -> None:
        """Go on after a pause for this device, to where it was; what was asked there is asked again.

        Nothing goes on while the other device is gone.
        """
        self._gone.discard(device)
        if self._waited_for_anyway():
            self.answer_now(notice(f"{device}_back_waiting"))
        elif self.state == "paused" and self.pause_reason == device:
            waits = self.origin("paused") in {*ASKING, *READY_WAITS}
            back = notice(f"{device}_back_waiting" if waits or self._gone else f"{device}_back")
            if self._gone and self.waits_for_ready():
                self.pause_reason = next(iter(self._gone))
                self.talk.start((back, notice(f"{self.pause_reason}_lost_waiting")))
                return
            self.preface.append(back)
            self._go_on()

    def _waited_for_anyway(self) -> bool:
        """Return whether nothing goes on here, nor behind it, but by the person's own word."""
        return self.state == "unsteady" or self.origin(self.state) == "paused"

    def _go_on(self) -> None:
        if self.fire("resume"):
            self.out.append(Append(SessionResumed()))

    def _take_up(self) -> None:
        """Go on with the question, or wait for "ready" at the line that was interrupted."""
        paused, self.preface = self.state == "paused", [notice("welcome_resumed")]
        if paused and self.origin("paused") in {*ASKING, *READY_WAITS}:
            self._go_on()
        elif self.fire("take_up"):
            if paused:
                self.out.append(Append(SessionResumed()))
        elif self.state in ASKING or self.awaiting_ready:
            self.say(*self.short_question())
        elif self.state == "emergency":
            self.preface.clear()
            self.enter_fresh()
        else:
            self.say(*self.talk.items[self.talk.at :])

    def _restore(self) -> None:
        """Speak the last line again: the voice and the timers of the interrupted session are gone."""
        self._speaking = False
        self._gone.clear()
        self.out.append(Listen(self.expects))
        if self.waits_for_ready():
            self._take_up()
            return
        if self.state == "paused":
            self.preface.append(notice("welcome_resumed"))
            self._go_on()
            return
        items, at = list(self.talk.items), self.talk.at
        lines = self.short_question() if self.state in ASKING else tuple(items[at:])
        self.talk.start([*items[:at], notice("welcome_resumed"), *lines], at=at)
