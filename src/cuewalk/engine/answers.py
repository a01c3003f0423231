"""What an answer does in the present state; one that does not belong there is said to be not understood."""

from collections.abc import Callable, Mapping
from typing import Final

from cuewalk.domain.heard import Heard, InputMode, Sureness
from cuewalk.domain.intents import (
    Answer,
    AnswerIntent,
    CannotSaid,
    ConstructSaid,
    CorrectionSaid,
    DenialSaid,
    Expect,
    RatingSaid,
    ReadySaid,
    SideSaid,
)
from cuewalk.domain.records import NoteTaken
from cuewalk.engine import states
from cuewalk.engine.beforehand import answer_thing, keep_screen_answer, more_red_flags, name_flag
from cuewalk.engine.context import Context
from cuewalk.engine.flow import Flow
from cuewalk.engine.lines import notice
from cuewalk.engine.movement import held_by_a_note
from cuewalk.engine.ratings import Ratings
from cuewalk.engine.scenes import DENIAL_ASKED_BACK
from cuewalk.engine.states import State, Takes, Trigger


class Answers:
    """Takes answers; numbers go to `Ratings`."""

    def __init__(self, context: Context, flow: Flow, ratings: Ratings) -> None:
        self._c, self._flow, self._ratings = context, flow, ratings
        #: Answers that are written down, by the question.
        self._kept: Final[Mapping[State, Callable[[bool], None]]] = {
            State.SAFETY: self._sign_present,
            State.EACH_FLAG: lambda yes: name_flag(self._c, present=yes),
            State.EQUIPMENT: lambda yes: answer_thing(self._c, present=yes),
        }

    def answered(self, intent: AnswerIntent, heard: Heard) -> None:
        """Take an answer."""
        state = self._c.place.state
        if isinstance(intent, CorrectionSaid) and state in states.TROUBLE:
            return
        if isinstance(intent, CannotSaid):
            self.cannot()
            return
        if state in states.WAITING and not self._answers_while_paused(intent, heard):
            return
        match intent:
            case ReadySaid() | DenialSaid():
                self._waited_for(intent, heard)
            case Answer(yes=yes):
                self._yes_or_no(heard, yes=yes)
            case SideSaid() | ConstructSaid():
                self._complaint(intent, heard)
            case _:
                self._ratings.said(intent, heard)

    def cannot(self) -> None:
        """Leave a movement out that the person cannot do; where none is done, ask whether to end."""
        place = self._c.place
        if not self._ratings.must_not_be_led_on() and (
            place.state in states.NOT_DONE or not place.waits_for_ready
        ):
            done = self._flow.fire(Trigger.SKIP)
        else:
            done = place.state in states.ADVICE or self.ask_whether_to_end()
        if not done:
            self._flow.answer_now(notice("not_here"))

    def ask_whether_to_end(self) -> bool:
        """Ask "end, or carry on?" where the session would go on or waits for it; return whether it did."""
        place = self._c.place
        if place.state in states.WHETHER_TO_END:
            self._flow.ask()
            return True
        here = place.state in states.MAY_BE_THE_END or place.awaiting_ready
        return (here or self._ratings.must_not_be_led_on()) and self._flow.fire(Trigger.STOP)

    def note(self, heard: Heard) -> None:
        """Keep free words as a note."""
        programme = self._c.setup.programme
        interrupts = self._c.place.state in states.INTERRUPTING
        self._c.out.record(NoteTaken(heard=heard, asked=None if interrupts else programme.before_note))
        if interrupts and held_by_a_note(self._c):
            self._c.pause_reason = "note"
        else:
            self._c.talk.preface.append(notice("note_kept"))
            self._flow.outlast_devices("note")
        self._flow.fire(Trigger.NOTED)

    def not_understood(self, heard: Heard, *, clear: bool) -> None:
        """Ask again where an answer is waited for; elsewhere say so, if it was clear speech or was typed."""
        place = self._c.place
        if place.state in states.NOTES:
            self.note(heard)
        elif place.asks:
            if clear or not place.awaiting_ready:  # somebody may talk while they fetch a chair
                self._flow.missed()
        elif clear and place.state not in states.TOLD_WHOLE:
            self._unclear(typed=heard.mode is InputMode.KEYS)

    def _unclear(self, *, typed: bool) -> None:
        # No list of words holds all that somebody in trouble may write.
        if not (typed and self._c.place.waits_for_ready and self._flow.hold("not understood")):
            self._flow.answer_now(notice("not_understood" if typed else "not_caught"))

    def steady_again(self, trigger: Trigger) -> bool:
        """Go on with who is steady again; a stop or a wrong number from before is asked about first."""
        place = self._c.place
        still_open = [
            states.ASKED_AGAIN[state] for state in place.behind(place.state) if state in states.ASKED_AGAIN
        ]
        if not self._flow.fire(trigger):
            return False
        if place.state in states.RESTING:
            for asks in reversed(still_open):
                self._flow.fire(asks)
        return True

    def ready(self) -> bool:
        """Return whether "ready" leads on from here."""
        place = self._c.place
        early = Expect.READY in place.expects and place.state not in {*states.READY_WAITS, *states.WAITING}
        return place.awaiting_ready or early

    def _answers_while_paused(self, intent: AnswerIntent, heard: Heard) -> bool:
        """Go on from a pause because the question behind it was answered; return whether to take the answer.

        What was typed is taken, and so is "ready". A spoken number is asked back, any other spoken answer
        asked for again: it may have been meant for somebody in the room. So is a warning sign in any case.
        """
        place = self._c.place
        if not place.waits_for_ready:
            return True
        behind = place.behind_pause
        if isinstance(intent, CorrectionSaid) or not place.asks_behind_pause:
            self._flow.answer_now(notice("not_here"))
            return False
        if not self._flow.resume():
            return False
        if heard.mode is InputMode.KEYS or isinstance(intent, ReadySaid):
            return behind not in states.SCREEN
        if isinstance(intent, RatingSaid) and place.state in states.PHASES:
            self._ratings.offer(intent.value, heard, doubt=True)
        return False

    def _waited_for(self, intent: ReadySaid | DenialSaid, heard: Heard) -> None:
        """Go on where this word was waited for; anywhere else it changes nothing."""
        place, trigger = self._c.place, None
        if isinstance(intent, DenialSaid):
            denies = Expect.DENIAL in place.expects and not self._c.trouble.advice_cut_short
            trigger = Trigger.DENIED if denies else None
        elif place.unsteady:
            trigger = Trigger.STEADY
        elif self.ready():
            trigger = Trigger.READY
        if trigger is None:
            return
        if self._sure(intent, heard):
            lead_on = self.steady_again if trigger is Trigger.STEADY else self._flow.fire
            lead_on(trigger)
        elif trigger is Trigger.DENIED:
            self._c.talk.start(DENIAL_ASKED_BACK)

    def _complaint(self, said: SideSaid | ConstructSaid, heard: Heard) -> None:
        asked = Expect.SIDE if isinstance(said, SideSaid) else Expect.CONSTRUCT
        if asked not in self._c.place.expects or not self._sure(said, heard):
            return
        if isinstance(said, SideSaid):
            self._c.asked.side = said.side
            self._flow.fire(Trigger.SIDE)
        else:
            self._c.asked.rated = said.rated
            self._flow.fire(Trigger.CONSTRUCT)

    def _sure(self, answer: object, heard: Heard) -> bool:
        """Return whether to take an answer; an unsure one is taken when it comes twice."""
        here = (self._c.place.state, answer)
        if heard.sureness is Sureness.ACCEPT or self._flow.unsure == here:
            # The next question of the same state has another meaning: nothing of it has been said yet.
            self._flow.unsure = None
            return True
        self._flow.unsure = here
        self._flow.missed()
        return False

    def _yes_or_no(self, heard: Heard, *, yes: bool) -> None:
        state = self._c.place.state
        if Expect.YES_NO not in self._c.place.expects:
            return
        if state in states.HEARD_OUT and not self._c.talk.on_last_item:
            return  # a "no" into the introduction answers a question that nobody has heard yet
        if not self._sure(yes, heard):
            return
        if states.TAKES.get(state) is Takes.CONFIRMATION:
            self._ratings.confirmed(yes=yes)
            return
        if state in self._kept:
            self._kept[state](yes)
        lead_on = self.steady_again if self._c.asked.one_sign else self._flow.fire
        lead_on(Trigger.YES if yes else Trigger.NO)

    def _sign_present(self, yes: bool) -> None:  # noqa: FBT001 - an answer
        """Write down that no sign of a group is present; a yes is asked back first."""
        if yes:
            return
        keep_screen_answer(self._c, present=False)
        if not (more_red_flags(self._c) or self._c.asked.one_sign):
            self._c.talk.preface.append(notice("safety_done"))
