"""The session engine: ``step(event)`` returns what is to be done. It performs nothing itself."""

from dataclasses import dataclass, replace
from typing import Final

from cuewalk.domain.heard import Heard
from cuewalk.domain.intents import DISTRESS, Command, CommandSaid, Expect, Intent
from cuewalk.domain.records import RatingPhase, SessionResumed
from cuewalk.domain.setup import Setup
from cuewalk.domain.units import Rating
from cuewalk.domain.verdicts import Decision
from cuewalk.engine.answers import Answers, Ratings
from cuewalk.engine.commands import Commands, TalkCommands
from cuewalk.engine.context import Context
from cuewalk.engine.effects import Effect, Listen
from cuewalk.engine.events import Event, NotUnderstood, Restored, Understood
from cuewalk.engine.flow import Flow
from cuewalk.engine.lines import Line, ScriptItem, notice, number
from cuewalk.engine.scenes import SessionScenes
from cuewalk.engine.states import (
    CLOSED,
    PHASES,
    RESULTS,
    TAKES,
    TOLD_WHOLE,
    WAITING,
    NumberRole,
    State,
    Trigger,
)
from cuewalk.engine.table import session_machine

#: In a note only these are commands; everything else is the note.
_NOTE_COMMANDS: Final = frozenset({Command.STOP, Command.PAUSE, Command.HURTS}) | DISTRESS
#: Whoever did not ask for the note may leave it out, and ask what it is about.
_COMMANDS_IN: Final = {
    State.NOTE: _NOTE_COMMANDS | {Command.HELP},
    State.BEFORE_NOTE: _NOTE_COMMANDS | {Command.SKIP, Command.REPEAT, Command.HELP},
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
    rating: Rating | None = None
    #: The number that waits for a yes.
    candidate: Rating | None = None
    volume: float = 0.8
    #: What the question is about: red flags, the id of a thing.
    asked: tuple[str, ...] = ()


def view_of(c: Context, asked: tuple[str, ...] = ()) -> View:
    """Return what a screen shows while no movement is under way."""
    ledger, confirms = c.ledger, TAKES.get(c.place.state) is NumberRole.CONFIRMATION
    candidate = ledger.candidate if confirms else None
    return View(
        c.place.state,
        rating=ledger.value(ledger.last),
        candidate=candidate,
        volume=c.style.volume,
        asked=asked,
    )


class Session:
    """One session. The same set-up and the same events always give the same effects.

    It holds its parts and tells each event to the one that it concerns:

    - what a session is made of (`Context`): place, talk, course, ledger and the effects;
    - `Flow`, which fires triggers, waits for answers and pauses, also for a device that is lost;
    - `SessionScenes`: what each state says;
    - `Ratings` and `Answers`, `TalkCommands` and `Commands`: what something said does.
    """

    def __init__(self, setup: Setup, context: Context | None = None) -> None:
        self._c = c = context or Context(setup)
        self.setup, self.place, self.talk, self.style = setup, c.place, c.talk, c.style
        self.course, self.ledger = c.course, c.ledger
        self._scenes = SessionScenes(c)
        self._flow = Flow(c, session_machine(), self._scenes)
        self._ratings = Ratings(c, self._flow, self._decides_not_now, self._corrected)
        self._answers = Answers(c, self._flow, self._ratings)
        self._talk_commands = TalkCommands(c, self._flow)
        self._commands = Commands(c, self._flow, self._scenes, self._answers, self._talk_commands)

    @property
    def state(self) -> State:
        """Where the session is."""
        return self.place.state

    @property
    def expects(self) -> frozenset[Expect]:
        """What makes sense as an answer now."""
        return self.place.expects

    @property
    def ended(self) -> bool:
        """Whether the session is over."""
        return self.place.ended

    @property
    def asks(self) -> bool:
        """Whether a question, or the wait for "ready", has been spoken to its end."""
        return self.place.asks and self.talk.finished

    def step(self, event: Event) -> list[Effect]:
        """Take one event and return the effects it has, in the order in which they are to be performed.

        Any event in any state is legal; one that means nothing has no effect.
        """
        if not self.ended:
            self._take(event)
            self._flow.settle()
        return self._c.out.drain()

    def question(self, length: int) -> tuple[ScriptItem, ...]:
        """Return the question of the present state: 0 in full, 1 shorter, 2 with examples."""
        return self._scenes.question(length)

    def twin(self) -> "Session":
        """Return a session that is where this one is, to be told what may be said; this one never knows."""
        return Session(self.setup, self._c.twin())

    def coming(self, most: int) -> list[Line]:
        """Return the lines that are spoken next, at most ``most``."""
        return self.talk.coming(most)

    def view(self) -> View:
        """Return what a screen shows now."""
        course, trial = self.course, self.ledger.open_trial
        view = view_of(self._c, self._scenes.asked_about())
        if not course.under_way:
            return view
        return replace(
            view,
            movement=course.here.movement.name,
            side=course.here.side.value,
            position=course.index + 1,
            total=len(course.stations),
            following=course.stations[course.index + 1].movement.name if course.more else "",
            attempt=trial.attempt if trial else 1,
            pace=course.manner().pace,
            range_name=course.range().name,
        )

    def _take(self, event: Event) -> None:
        self._flow.take(event)
        match event:
            case Understood(intent=intent, heard=heard) if self.state not in CLOSED:
                self._understood(intent, heard)
            case NotUnderstood(heard=heard, clear=clear) if self.state not in CLOSED:
                self._answers.not_understood(heard, clear=clear)
            case Restored(edition=edition) if self.state not in CLOSED:
                self.place.edition = max(self.place.edition, edition)
                self._restore()

    def _understood(self, intent: Intent, heard: Heard) -> None:
        command = intent.command if isinstance(intent, CommandSaid) else None
        if self.state in _COMMANDS_IN and command not in _COMMANDS_IN[self.state]:
            self._answers.note(heard)
            return
        if isinstance(intent, CommandSaid):
            self._commands.obey(intent.command)
        else:
            self._answers.answered(intent, heard)
        self._talk_commands.last_heard = heard

    # What numbers lead to

    def _decides_not_now(self, value: Rating) -> bool:
        """Return whether a number, as an answer or a correction, would put the movement into "not now"."""
        ledger = self.ledger
        if (trial := ledger.trial) is None:
            return False
        if self.state in PHASES:
            decides = self.place.phase is RatingPhase.AFTER and ledger.open_trial is not None
        else:
            decides = trial.after == ledger.last
        return decides and ledger.would_decide(trial, value) is Decision.NOT_NOW

    def _corrected(self, rating: int, value: Rating, heard: Heard) -> None:
        """Write a correction down; what was told of the number and follows from it is told anew."""
        self.ledger.correct(rating, value, heard)
        self.talk.preface.append(notice("corrected", value=number(value)))
        if self._flow.fire(Trigger.CORRECTED):
            return
        if self.state in RESULTS:
            self._scenes.summary()
            return
        preface, self.talk.preface = self.talk.preface, []
        self._flow.answer_now(*preface)

    # Taken up after it was cut off

    def _restore(self) -> None:
        """Speak the last line again: the voice and the timers of the interrupted session are gone."""
        self._c.speaking = False
        self._c.devices_gone.clear()
        self._c.out.add(Listen(self.expects))
        resumed = notice("welcome_resumed")
        if self.place.waits_for_ready:
            self._take_up(resumed)
        elif self.state in WAITING:
            self.talk.preface.append(resumed)
            self._flow.resume()
        else:
            items, at = list(self.talk.items), self.talk.at
            lines = self._scenes.question(1) if self.place.asks else tuple(items[at:])
            self.talk.start([*items[:at], resumed, *lines], at=at)

    def _take_up(self, resumed: Line) -> None:
        """Go on with the question, or wait for "ready" at the line that was interrupted."""
        paused, self.talk.preface = self.state in WAITING, [resumed]
        if paused and self.place.asks_behind_pause:
            self._flow.resume()
        elif self._flow.fire(Trigger.TAKE_UP):
            if paused:
                self._c.out.record(SessionResumed())
        elif self.place.asks:
            self.talk.say(*self._scenes.question(1))
        elif self.state in TOLD_WHOLE:
            self.talk.preface.clear()
            self._scenes.enter()
        else:
            self.talk.say(*self.talk.items[self.talk.at :])
