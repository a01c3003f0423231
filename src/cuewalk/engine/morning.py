"""The check-in by voice: a session's own rating question and nothing else.

What is unsure, high, much changed or would mean a flare-up is asked back, as in a session. A number that was
taken is read back, and a moment passes in which it can be objected to. Nothing is kept here: `answer` is for
the shell to keep once the conversation has ended.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cuewalk.domain.checkin import CheckinOutcome, judge_checkin
from cuewalk.domain.heard import Heard, InputMode, Sureness
from cuewalk.domain.intents import (
    Answer,
    CannotSaid,
    Command,
    CommandSaid,
    CorrectionSaid,
    Expect,
    Intent,
    RatingGuessed,
    RatingSaid,
)
from cuewalk.domain.records import RatingCorrected, RatingGiven
from cuewalk.domain.setup import Setup
from cuewalk.domain.units import Millis
from cuewalk.engine.answers import AnswerIntent
from cuewalk.engine.effects import Append, Effect
from cuewalk.engine.events import Event
from cuewalk.engine.lines import Gap, notice, number
from cuewalk.engine.session import Session
from cuewalk.engine.table import ASKING

#: After a number has been read back; long enough to begin to say "no".
_MOMENT: Final = Gap(Millis(2500), paced=False)
#: The state in which a number that was taken is read back.
_READ_BACK: Final = "introduce"
#: Commands about the manner of the talk: no objection to the number that is read back.
_NO_OBJECTION: Final = frozenset(
    {
        Command.MORE_TIME, Command.LOUDER, Command.QUIETER, Command.TALK_FASTER, Command.TALK_SLOWER,
        Command.LESS_TALK, Command.MORE_TALK, Command.WHAT_DID_YOU_HEAR,
    }
)  # fmt: skip
#: Commands that are obeyed: about the talk, not about a movement.
_COMMANDS: Final = _NO_OBJECTION | {
    Command.PAUSE, Command.RESUME, Command.CARRY_ON, Command.REPEAT, Command.HELP,
}  # fmt: skip


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


_ENDINGS: Final = {
    Command.STOP: Ending.STOPPED,
    Command.END: Ending.STOPPED,
    Command.SKIP: Ending.STOPPED,
    Command.SOMETHING_WRONG: Ending.WORRIED,
    Command.FELL: Ending.WORRIED,
    Command.EMERGENCY: Ending.EMERGENCY,
}


@dataclass(frozen=True, slots=True)
class Said:
    """The number that was taken and the utterance that it was heard in."""

    value: float
    heard: Heard


class Morning(Session):
    """One number, asked for by a session's question. The same events always give the same effects.

    Args:
        setup: that of the session which the number belongs to.
        baseline: the session's first number, None if there is none.
        hours: how long ago it was.
    """

    def __init__(self, setup: Setup, baseline: float | None, hours: float) -> None:
        super().__init__(setup)
        self._baseline, self._hours = baseline, hours
        self.ending: Ending | None = None
        self._said: Said | None = None
        #: The number that was taken last is not the one: another has to come before anything is kept.
        self._denied = False
        #: Something unclear was said to the number that was read back; it was read back once more.
        self._unclear = False

    @property
    def answer(self) -> Said | None:
        """The number to keep: None before the end, and after every end but an answer."""
        return self._said if self.ending is Ending.ANSWERED and not self._denied else None

    @property
    def ended(self) -> bool:
        """Whether the conversation is over."""
        return self.ending is not None

    @property
    def expects(self) -> frozenset[Expect]:
        """What makes sense as an answer now; a number read back can be objected to."""
        return frozenset({Expect.YES_NO, Expect.RATING}) if self.state == _READ_BACK else super().expects

    def step(self, event: Event) -> list[Effect]:
        """Take one event and return its effects; records are left out, for nothing is kept yet."""
        if self.ended:
            return []
        effects = super().step(event)
        for effect in effects:
            if isinstance(effect, Append):
                self._note(effect)
        return [effect for effect in effects if not isinstance(effect, Append)]

    def _note(self, kept: Append) -> None:
        record = kept.record
        if isinstance(record, RatingGiven | RatingCorrected) and record.value is not None and record.heard:
            self._said = Said(record.value, record.heard)

    def fire(self, trigger: str) -> bool:
        """Take the first row that fits; a denied number is never gone back to, but asked for again.

        A pause or a lost device in the middle of that question leads back to where it came from.
        """
        if trigger == "unknown":
            self.end(Ending.UNANSWERED)
            return True
        if trigger == "wrong":
            self._denied = True
        fired = super().fire(trigger)
        if fired and self._denied and self.state == _READ_BACK:
            self.talk.cut()
            self.preface.clear()
            return super().fire("wrong")
        return fired

    def settle(self) -> None:
        """Move on from finished scripts; after the read-back's moment, unless one speaks, it has ended."""
        if self.ended:
            return
        if self.state == _READ_BACK and self.talk.finished:
            if not self._speaking:
                self.end(Ending.ANSWERED)
            return
        super().settle()

    def end(self, ending: Ending) -> None:
        """End the conversation."""
        self.talk.cut()
        self.ending = ending

    # what the states say

    def asks_to_begin(self) -> bool:
        """Return False: nobody has to get into position for one number."""
        return False

    def enter_welcome(self) -> None:
        """Greet with the question, so that an early answer counts."""
        self.preface.append(notice("checkin_hello"))
        self.talk.start([])

    def enter_introduce(self) -> None:
        """Read the number back and wait a moment for a "no"."""
        self._unclear = False
        self.say(_MOMENT)

    def _choose_complaint(self) -> None:
        """Lay no movements out: there are none today."""

    # what is said

    def pause(self, reason: str) -> None:
        """End when no answer came; wait when a device was lost."""
        if reason == "no answer":
            self.end(Ending.UNANSWERED)
        else:
            super().pause(reason)

    def commanded(self, command: Command, heard: Heard) -> None:
        """Obey what concerns the talk; "stop" ends at once, and nothing is kept."""
        if command in _ENDINGS:
            self.end(_ENDINGS[command])
        elif self.state == _READ_BACK and command not in _NO_OBJECTION:
            self._doubt_what_was_taken()
            if command in {Command.HELP, Command.PAUSE}:
                super().commanded(command, heard)
        elif command is Command.READY:
            if self.state in ASKING and self.talk.finished:
                self.talk.start(self.question(1))
        elif command is Command.HURTS and self.state in ASKING:
            # Nobody moves now, so there is nothing to stop; how much it hurts is the question.
            self.talk.start(self.question(0))
        elif command in _COMMANDS:
            super().commanded(command, heard)
        else:
            self.answer_now(notice("not_here"))

    def cannot(self) -> None:
        """End; nothing is kept."""
        self.end(Ending.STOPPED)

    def _understood(self, intent: Intent, heard: Heard) -> None:
        if self.state != _READ_BACK or isinstance(intent, CannotSaid | CommandSaid):
            super()._understood(intent, heard)
        else:
            self._about_the_read_back(intent, heard)
            self.last_heard = heard

    def _about_the_read_back(self, intent: AnswerIntent, heard: Heard) -> None:
        """Take what is said to a number that was read back: a sure yes ends, all else is asked about."""
        sure = heard.sureness is Sureness.ACCEPT
        match intent:
            case Answer(yes=True) if sure:
                self.talk.cut()
            case RatingSaid(value=value) if sure and value == self.ledger.value(self.ledger.last):
                self.talk.cut()
            case RatingSaid(value=value) | CorrectionSaid(value=float(value)):
                self._correct_to(value, heard)
            case RatingGuessed(value=value):
                self._doubt(value, heard)
            case Answer(yes=False) | CorrectionSaid():
                self.fire("wrong")
            case _:
                self._doubt_what_was_taken()

    def _not_understood(self, heard: Heard, *, clear: bool) -> None:
        if self.state != _READ_BACK:
            super()._not_understood(heard, clear=clear)
        elif self._unclear or self._said is None or heard.mode is InputMode.KEYS:
            self._doubt_what_was_taken()
        else:
            # An unclear "no", or what is left of our own voice: said once more, it can be objected to again.
            self._unclear = True
            self.talk.start([notice("readback", value=number(self._said.value)), _MOMENT])

    def _correct_to(self, value: float, heard: Heard) -> None:
        """Take another number: a typed one at once, as a session does."""
        if heard.mode is InputMode.KEYS and self.ledger.last is not None:
            self._write_correction(self.ledger.last, value, heard)
        else:
            self._doubt(value, heard)

    # doubts

    def _doubt_what_was_taken(self) -> None:
        if self._said is not None:
            self._doubt(self._said.value, self._said.heard)

    def _doubt(self, value: float, heard: Heard) -> None:
        """Ask whether it is this number, instead of the one that was read back."""
        self.candidate, self._candidate_heard, self._correcting = value, heard, self.ledger.last
        self.fire("doubt")

    def _doubtful(self, value: float, heard: Heard) -> bool:
        """Return whether to ask: whatever a session asks, a big change since, and before a flare-up."""
        if super()._doubtful(value, heard):
            return True
        if heard.mode is InputMode.KEYS:
            return False
        rules, before = self.setup.rules, self._baseline
        big = before is not None and abs(value - before) >= rules.confirm_change.value
        return big or judge_checkin(before, value, self._hours, rules) is CheckinOutcome.FLARE_UP

    def _write_correction(self, rating: int, value: float, heard: Heard) -> None:
        """Take another number; what was told of the one before is not told again."""
        same = value == self.ledger.value(rating)
        self._correcting, self._denied = None, False
        self._kept.clear()
        self.ledger.correct(rating, value, heard)
        self.preface.append(notice("readback" if same else "corrected", value=number(value)))
        if not self.fire("corrected"):
            self.enter_introduce()
