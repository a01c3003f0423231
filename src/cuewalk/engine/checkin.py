"""The check-in by voice: a session's own rating question and nothing else, and lines told with nothing asked.

What is unsure, high, much changed or would mean a flare-up is asked back, as in a session. A number that was
taken is read back, and a moment passes in which it can be objected to. Nothing is kept here: the shell keeps
`CheckinMachine.answer` once the conversation has ended.

The check-in has a machine of its own over the parts of a session, and a state that no session has, in which a
number is read back. A denied number is never gone back to; another one has to come before anything is kept.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from cuewalk.domain.checkin import CheckinOutcome, judge_checkin
from cuewalk.domain.heard import Heard, InputMode, Sureness
from cuewalk.domain.intents import (
    Answer,
    AnswerIntent,
    CannotSaid,
    Command,
    CommandSaid,
    CorrectionSaid,
    Expect,
    RatingGuessed,
    RatingSaid,
)
from cuewalk.domain.records import RatingCorrected, RatingGiven
from cuewalk.domain.setup import EDITION, Setup
from cuewalk.domain.units import Millis, Rating
from cuewalk.engine.answers import Answers, Ratings
from cuewalk.engine.commands import TalkCommands
from cuewalk.engine.context import Context
from cuewalk.engine.effects import Append, Effect, Listen, Outbox
from cuewalk.engine.events import Begin, CueFinished, Event, NotUnderstood, TimerFired, Understood
from cuewalk.engine.flow import Flow, pause_lines
from cuewalk.engine.lines import Gap, Line, ScriptItem, notice, number
from cuewalk.engine.machine import RETURN, Machine, Row
from cuewalk.engine.scenes import question_about
from cuewalk.engine.session import View, view_of
from cuewalk.engine.states import ASKING, CLOSED, READ_BACK, State, Trigger
from cuewalk.engine.talk import Talk

#: After a number has been read back; long enough to begin to say "no".
_MOMENT: Final = Gap(Millis(2500), paced=False)
#: Commands about the manner of the talk: no objection to the number that is read back.
_NO_OBJECTION: Final = frozenset(
    {
        Command.MORE_TIME, Command.LOUDER, Command.QUIETER, Command.TALK_FASTER, Command.TALK_SLOWER,
        Command.LESS_TALK, Command.MORE_TALK, Command.WHAT_DID_YOU_HEAR, Command.ANOTHER_VOICE,
    }
)  # fmt: skip
#: Commands that change the state; every other one is about the talk, or not possible here.
_STEERING: Final = frozenset({Command.PAUSE, Command.RESUME, Command.CARRY_ON})


class Ending(StrEnum):
    """How a check-in by voice ended; a number came of it only when it was answered."""

    ANSWERED = "answered"
    STOPPED = "stopped"
    #: No answer came, however often it was asked.
    UNANSWERED = "unanswered"
    #: The person said that something is wrong, or that they fell.
    WORRIED = "worried"
    #: Chest pain, no breath, or a call for a doctor.
    EMERGENCY = "emergency"


_ENDS: Final = {
    Command.STOP: Trigger.STOP,
    Command.END: Trigger.STOP,
    Command.SKIP: Trigger.STOP,
    Command.SOMETHING_WRONG: Trigger.UNWELL,
    Command.FELL: Trigger.UNWELL,
    Command.EMERGENCY: Trigger.EMERGENCY,
}
_ENDINGS: Final[Mapping[Trigger, Ending]] = {
    Trigger.DONE: Ending.ANSWERED,
    Trigger.STOP: Ending.STOPPED,
    Trigger.UNANSWERED: Ending.UNANSWERED,
    Trigger.UNKNOWN: Ending.UNANSWERED,
    Trigger.UNWELL: Ending.WORRIED,
    Trigger.EMERGENCY: Ending.EMERGENCY,
}


def nobody_speaks(c: Context) -> bool:
    """Return whether the person is silent, so that a number that was read back stands."""
    return not c.speaking


_S, _T = State, Trigger
_ABOUT_A_NUMBER: Final = (_S.CORRECT_RATING, _S.CONFIRM_RATING)
_HERE: Final = (_S.WELCOME, _S.BASELINE, *_ABOUT_A_NUMBER, _S.READ_BACK)
TABLE: Final[tuple[Row[Context], ...]] = (
    Row(_T.BEGIN, (_S.IDLE,), _S.WELCOME),
    Row(_T.DONE, (_S.WELCOME,), _S.BASELINE),
    Row(_T.RATED, (_S.BASELINE,), _S.READ_BACK),
    Row(_T.DONE, (_S.READ_BACK,), _S.ENDED, (nobody_speaks,)),
    Row(_T.DOUBT, (_S.BASELINE, _S.READ_BACK, _S.CORRECT_RATING), _S.CONFIRM_RATING),
    Row(_T.AGAIN, (_S.CONFIRM_RATING,), RETURN),
    Row(_T.WRONG, (_S.READ_BACK,), _S.CORRECT_RATING),
    Row(_T.CORRECTED, (_S.READ_BACK, *_ABOUT_A_NUMBER), _S.READ_BACK),
    Row(_T.PAUSE, _HERE, _S.PAUSED),
    Row(_T.RESUME, (_S.PAUSED,), RETURN),
    Row(_T.CARRY_ON, (_S.PAUSED,), RETURN),
    *(Row[Context](each, (*_HERE, _S.PAUSED), _S.ENDED) for each in _ENDINGS if each is not _T.DONE),
)


@cache
def checkin_machine() -> Machine[Context]:
    """Return the machine of all check-ins, built on first use."""
    return Machine(TABLE)


@dataclass(frozen=True, slots=True)
class NumberTaken:
    """The number that was taken and the utterance that it was heard in."""

    value: Rating
    heard: Heard


class CheckinScenes:
    """What each state of a check-in says."""

    def __init__(self, context: Context) -> None:
        self._c = context
        self.told: Final[Mapping[State, Callable[[], None]]] = {
            # The greeting and the question are one script, so that an early answer counts.
            State.WELCOME: lambda: self._c.talk.preface.append(notice("checkin_hello")),
            State.READ_BACK: lambda: self._c.talk.say(_MOMENT),
            State.PAUSED: lambda: self._c.talk.say(*pause_lines(self._c)),
            State.ENDED: self._c.talk.cut,
        }

    def enter(self) -> None:
        """Say what the present state says when it is newly entered."""
        state = self._c.place.state
        if state in self.told:
            self.told[state]()
        else:
            self._c.talk.say(*self.question(self._c.style.length_of(state)))

    def question(self, length: int) -> tuple[ScriptItem, ...]:
        """Return the question of the present state: 0 in full, 1 shorter, 2 with examples."""
        rated, candidate = self._c.asked.rated, self._c.ledger.candidate
        return (question_about(self._c.place.state, rated, candidate, length),)


class CheckinMachine:
    """One number, asked for by a session's question. The same events always give the same effects.

    Args:
        setup: that of the session which the number belongs to.
        baseline: the session's first number, None if there is none.
        hours: how long ago it was.
    """

    def __init__(
        self, setup: Setup, baseline: Rating | None, hours: float, context: Context | None = None
    ) -> None:
        self._c = c = context or Context(setup)
        # Never replayed, so always held as check-ins are now.
        c.place.edition = EDITION
        self._baseline, self._hours = baseline, hours
        self.place, self.talk, self.ledger, self.style = c.place, c.talk, c.ledger, c.style
        self._flow = Flow(c, checkin_machine(), CheckinScenes(c))
        self._ratings = Ratings(c, self._flow, self._much_changed, self._corrected)
        self._answers = Answers(c, self._flow, self._ratings)
        self._talk_commands = TalkCommands(c, self._flow)
        self._said: NumberTaken | None = None
        #: Something unclear was said to the number that was read back; it was read back once more.
        self._unclear = False

    @property
    def state(self) -> State:
        """Where the conversation is."""
        return self.place.state

    @property
    def expects(self) -> frozenset[Expect]:
        """What makes sense as an answer now; a number read back can be objected to."""
        return self.place.expects

    @property
    def ended(self) -> bool:
        """Whether the conversation is over."""
        return self.place.ended

    @property
    def ending(self) -> Ending | None:
        """How it ended, None before the end."""
        return _ENDINGS[self.place.by] if self.ended else None

    @property
    def answer(self) -> NumberTaken | None:
        """The number to keep: None before the end, and after every end but an answer."""
        return self._said if self.ending is Ending.ANSWERED else None

    def step(self, event: Event) -> list[Effect]:
        """Take one event and return its effects; records are left out, for nothing is kept yet."""
        if self.ended:
            return []
        self._take(event)
        self._flow.settle()
        effects = self._c.out.drain()
        for effect in effects:
            if isinstance(effect, Append):
                record = effect.record
                if (
                    isinstance(record, RatingGiven | RatingCorrected)
                    and record.value is not None
                    and record.heard
                ):
                    self._said = NumberTaken(record.value, record.heard)
        return [effect for effect in effects if not isinstance(effect, Append)]

    def twin(self) -> "CheckinMachine":
        """Return a check-in that is where this one is, to be told what may be said."""
        twin = CheckinMachine(self._c.setup, self._baseline, self._hours, self._c.twin())
        twin._said, twin._unclear = self._said, self._unclear
        return twin

    def coming(self, most: int) -> list[Line]:
        """Return the lines that are spoken next, at most ``most``."""
        return self.talk.coming(most)

    def view(self) -> View:
        """Return what a screen shows."""
        return view_of(self._c)

    def _take(self, event: Event) -> None:
        self._flow.take(event)
        match event:
            case Understood(intent=intent, heard=heard) if self.state not in CLOSED:
                if isinstance(intent, CommandSaid):
                    self._obey(intent.command)
                else:
                    self._answered(intent, heard)
                self._talk_commands.last_heard = heard
            case NotUnderstood(heard=heard, clear=clear) if self.state not in CLOSED:
                self._not_understood(heard, clear=clear)

    def _obey(self, command: Command) -> None:
        """Obey what concerns the talk; "stop" ends at once, and nothing is kept."""
        if command in _ENDS:
            self._flow.fire(_ENDS[command])
            return
        if self.state in READ_BACK and command not in _NO_OBJECTION:
            self._doubt_what_was_taken()
            if command not in {Command.HELP, Command.PAUSE}:
                return
        self._obey_about_the_talk(command)

    def _obey_about_the_talk(self, command: Command) -> None:
        if self.state in ASKING and command in {Command.READY, Command.HURTS}:
            # Nobody moves now, so there is nothing to stop; how much it hurts is the question.
            if command is Command.HURTS or self.talk.finished:
                self._flow.ask(0 if command is Command.HURTS else 1)
        elif command is not Command.READY and not self._talk_commands.obey(command, only=_STEERING):
            self._talk_commands.not_here(command)

    def _answered(self, intent: AnswerIntent, heard: Heard) -> None:
        """Take an answer; nothing is kept of what somebody cannot do."""
        if isinstance(intent, CannotSaid):
            self._flow.fire(Trigger.STOP)
        elif self.state in READ_BACK:
            self._to_the_read_back(intent, heard)
        else:
            self._answers.answered(intent, heard)

    def _to_the_read_back(self, intent: AnswerIntent, heard: Heard) -> None:
        """Take what is said to a number read back: a sure yes ends, all else is asked about."""
        sure, last = heard.sureness is Sureness.ACCEPT, self.ledger.last
        match intent:
            case Answer(yes=True) if sure:
                self.talk.cut()
            case RatingSaid(value=value) if sure and value == self.ledger.value(last):
                self.talk.cut()
            case RatingSaid(value=value) | CorrectionSaid(value=float(value)):
                # Another number: a typed one is taken at once, as in a session.
                if heard.mode is InputMode.KEYS and last is not None:
                    self._ratings.correct(last, value, heard)
                else:
                    self._ratings.ask_back(value, heard, last)
            case RatingGuessed(value=value):
                self._ratings.ask_back(value, heard, last)
            case Answer(yes=False) | CorrectionSaid():
                self._flow.fire(Trigger.WRONG)
            case _:
                self._doubt_what_was_taken()

    def _not_understood(self, heard: Heard, *, clear: bool) -> None:
        if self.state not in READ_BACK:
            self._answers.not_understood(heard, clear=clear)
        elif self._unclear or self._said is None or heard.mode is InputMode.KEYS:
            self._doubt_what_was_taken()
        else:
            # An unclear "no", or residual echo: said once more, it can be objected to again.
            self._unclear = True
            self.talk.start([notice("readback", value=number(self._said.value)), _MOMENT])

    def _doubt_what_was_taken(self) -> None:
        if self._said is not None:
            self._ratings.ask_back(self._said.value, self._said.heard, self.ledger.last)

    def _much_changed(self, value: Rating) -> bool:
        """Return whether to ask back: at a big change since the session, and before a flare-up."""
        rules, before = self._c.setup.rules, self._baseline
        big = before is not None and abs(value - before) >= rules.confirm_change.value
        return big or judge_checkin(before, value, self._hours, rules) is CheckinOutcome.FLARE_UP

    def _corrected(self, rating: int, value: Rating, heard: Heard) -> None:
        """Take another number; what was told of the one before is not told again."""
        same = value == self.ledger.value(rating)
        self._unclear = False
        self.place.forget_scripts()
        self.ledger.correct(rating, value, heard)
        self.talk.preface.append(notice("readback" if same else "corrected", value=number(value)))
        self._flow.fire(Trigger.CORRECTED)


#: Commands that leave the rest of what is told unsaid.
_ENOUGH: Final = frozenset({Command.STOP, Command.END, Command.SKIP, Command.NEXT})


class Aloud:
    """Lines told one after the other: only one side talks. The same events always give the same effects."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = tuple(lines)
        self._out = Outbox()
        self._talk = Talk(self._out)
        self._begun = False

    @property
    def state(self) -> State:
        """Where it is, as a session's summary."""
        return State.ENDED if self.ended else State.SUMMARY

    @property
    def expects(self) -> frozenset[Expect]:
        """Nothing but commands."""
        return frozenset()

    @property
    def ended(self) -> bool:
        """Whether everything was told, or is not to be."""
        return self._begun and self._talk.finished

    def step(self, event: Event) -> list[Effect]:
        """Take one event and return its effects."""
        match event:
            case Begin() if not self._begun:
                self._begun = True
                self._out.add(Listen(self.expects))
                self._talk.start(self._lines)
            case CueFinished(cue=cue):
                self._talk.cue_finished(cue)
            case TimerFired(timer=timer):
                self._talk.timer_fired(timer)
            case Understood(intent=CommandSaid(command=command)) if command in _ENOUGH:
                self._talk.cut()
        return self._out.drain()

    def coming(self, most: int) -> list[Line]:
        """Return the lines that are spoken next."""
        return self._talk.coming(most)

    def view(self) -> View:
        """Return what a screen shows."""
        return View(self.state)
