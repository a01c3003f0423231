"""What an answer does in the present state; one that does not belong there is said to be not understood.

`Ratings` takes numbers, asks them back and corrects them; `Answers` takes everything else. Nothing is
guessed: what is doubtful is asked.
"""

from collections.abc import Callable, Mapping
from typing import Final

from cuewalk.domain.heard import Heard, Sureness
from cuewalk.domain.input_mode import InputMode
from cuewalk.domain.intents import (
    Answer,
    AnswerIntent,
    CannotSaid,
    ConstructSaid,
    CorrectionSaid,
    DenialSaid,
    Expect,
    NumberIntent,
    RatingGuessed,
    RatingRangeSaid,
    RatingSaid,
    RatingWithoutNumber,
    ReadySaid,
    SideSaid,
)
from cuewalk.domain.records import NoteTaken, RatingPhase
from cuewalk.domain.setup import Edition
from cuewalk.domain.units import Rating
from cuewalk.engine import states
from cuewalk.engine.beforehand import answer_thing, keep_screen_answer, more_red_flags, name_flag
from cuewalk.engine.context import Context
from cuewalk.engine.flow import Flow
from cuewalk.engine.lines import notice, number, prompt
from cuewalk.engine.movement import held_by_a_note
from cuewalk.engine.scenes import DENIAL_ASKED_BACK
from cuewalk.engine.states import NumberRole, State, Trigger


class Ratings:
    """What a number does in the present state.

    Args:
        context: where it is written down.
        flow: fires what follows.
        also_doubtful: whether to ask back a spoken number for another reason than how it was heard, its size
            and its change.
        corrected: writes a correction down and goes on from it.
    """

    def __init__(
        self,
        context: Context,
        flow: Flow,
        also_doubtful: Callable[[float], bool],
        corrected: Callable[[int, float, Heard], None],
    ) -> None:
        self._c, self._flow = context, flow
        self._also_doubtful, self._write_correction = also_doubtful, corrected

    def said(self, intent: NumberIntent, heard: Heard) -> None:
        """Take what was said about a number."""
        place, talk = self._c.place, self._c.talk
        match intent:
            case RatingGuessed(value=value):
                self._guessed(value, heard)
            case RatingSaid(value=value):
                self._said_plainly(value, heard)
            case CorrectionSaid(value=value):
                self._correction(value, heard)
            case RatingRangeSaid(low=low, high=high) if place.state in states.RATING:
                talk.start([prompt("which_rating", low=number(low), high=number(high))])
            case RatingWithoutNumber(hint=hint) if place.state in states.RATING:
                self._words_for_a_rating(hint, heard)
            case _:
                self._flow.missed()

    def must_not_be_led_on(self) -> bool:
        """Return whether somebody has just said that it hurts, and is asked how much."""
        place = self._c.place
        return (
            states.PHASES.get(place.state) is RatingPhase.DURING and place.edition >= Edition.ASKS_WHO_HURTS
        )

    def offer(self, value: Rating, heard: Heard, *, doubt: bool = False) -> None:
        """Take a number as the answer to the present question; ask back first where it is doubtful."""
        if doubt or self.doubtful(value, heard):
            self.ask_back(value, heard, None)
            return
        if self._c.place.edition >= Edition.FORGETS_CORRECTIONS:
            self._c.ledger.correcting = None
        self._accept(value, heard, confirmed=False)

    def ask_back(self, value: Rating, heard: Heard, correcting: int | None) -> bool:
        """Ask whether it is this number; return False where that cannot be asked."""
        ledger = self._c.ledger
        ledger.candidate, ledger.candidate_heard, ledger.correcting = value, heard, correcting
        return self._flow.fire(Trigger.DOUBT)

    def confirmed(self, *, yes: bool) -> None:
        """Take yes or no to the number that was asked back."""
        if yes and self._c.ledger.candidate_heard is not None:
            self._accept(self._c.ledger.candidate, self._c.ledger.candidate_heard, confirmed=True)
            return
        correcting = self._c.ledger.correcting is not None
        self._c.talk.preface.append(notice("asked_again"))
        self._flow.fire(Trigger.AGAIN)
        if correcting:
            self._flow.fire(Trigger.WRONG)

    def doubtful(self, value: Rating, heard: Heard) -> bool:
        """Return whether to ask back: when unsure, at a high number, a big change, and before a "not now"."""
        if heard.mode is InputMode.KEYS:
            return False
        rules, before = self._c.setup.rules, self._c.ledger.value(self._c.ledger.last)
        big = before is not None and abs(value - before) >= rules.confirm_change.value
        unsure = heard.sureness is Sureness.CONFIRM
        return unsure or big or value >= rules.confirm_from.value or self._also_doubtful(value)

    def correct(self, rating: int, value: Rating, heard: Heard) -> None:
        """Give a rating another value, without asking back."""
        self._c.ledger.correcting = None
        self._write_correction(rating, value, heard)

    def _said_plainly(self, value: Rating, heard: Heard) -> None:
        match states.TAKES.get(self._c.place.state):
            case NumberRole.CONFIRMATION:
                self._reconsider(value, heard)
            case NumberRole.CORRECTION:
                self._correct_last(value, heard)
            case NumberRole.ANSWER:
                self.offer(value, heard)
            case _:
                self._flow.missed()

    def _guessed(self, value: Rating, heard: Heard) -> None:
        """Ask whether a number is meant that was said in words that do not say so."""
        state = self._c.place.state
        match states.TAKES.get(state):
            case NumberRole.CONFIRMATION:
                self._c.ledger.candidate, self._c.ledger.candidate_heard = value, heard
                self._flow.ask(0)
            case NumberRole.ANSWER:
                self.offer(value, heard, doubt=True)
            case _ if state in states.TROUBLE:
                self._flow.missed()
            case _:
                self._correct_last(value, heard, doubt=True)

    def _correction(self, value: Rating | None, heard: Heard) -> None:
        takes = states.TAKES.get(self._c.place.state)
        if takes is NumberRole.CONFIRMATION:
            self.confirmed(yes=False) if value is None else self._reconsider(value, heard)
        elif value is not None and takes is NumberRole.ANSWER:
            # Said while a number is asked for, it answers this question; asked back to be sure of it.
            self.offer(value, heard, doubt=True)
        elif value is not None:
            self._correct_last(value, heard)
        elif not self._flow.fire(Trigger.WRONG):
            self._flow.missed()

    def _correct_last(self, value: Rating, heard: Heard, *, doubt: bool = False) -> None:
        """Correct the last rating; asks back whatever it would ask back as an answer."""
        last = self._c.ledger.last
        if last is None or self._c.place.state in states.WAITING:
            self._flow.answer_now(notice("not_here"))
        elif not (doubt or self.doubtful(value, heard)):
            self.correct(last, value, heard)
        elif not self.ask_back(value, heard, last):
            self._c.ledger.correcting = None
            self._flow.answer_now(notice("not_here"))

    def _reconsider(self, value: Rating, heard: Heard) -> None:
        """Take a number said instead of yes or no: the same number is a yes."""
        if value == self._c.ledger.candidate and heard.sureness is Sureness.ACCEPT:
            self._accept(value, heard, confirmed=True)
            return
        self._c.ledger.candidate, self._c.ledger.candidate_heard = value, heard
        if self.doubtful(value, heard):
            self._flow.ask(0)
        else:
            self._accept(value, heard, confirmed=False)

    def _accept(self, value: Rating, heard: Heard, *, confirmed: bool) -> None:
        if self._c.ledger.correcting is not None:
            self.correct(self._c.ledger.correcting, value, heard)
        elif phase := self._c.place.phase:
            self._c.ledger.rate(phase, value, heard, confirmed=confirmed)
            self._c.talk.preface.append(notice("readback", value=number(value)))
            self._flow.fire(Trigger.RATED)

    def _words_for_a_rating(self, hint: str, heard: Heard) -> None:
        talk, last = self._c.talk, self._c.ledger.value(self._c.ledger.last)
        answers = states.TAKES[self._c.place.state] is NumberRole.ANSWER
        if hint == "same" and last is not None and answers:
            self.offer(last, heard, doubt=True)
        elif hint == "unsure" and answers:
            self._cannot_tell(heard)
        elif self._c.place.waits_for_ready and self._flow.often_missed():
            self._flow.give_up()
        elif hint == "beyond":
            talk.start([prompt("rating_beyond")])
        else:
            talk.start([prompt("need_number", 0 if hint == "part" else 1)])

    def _cannot_tell(self, heard: Heard) -> None:
        """Offer a guess to who cannot tell; said again, the rating stays blank, never zero.

        Whoever hurts is asked then whether to end, before the rest that would lead on to the next movement.
        """
        place, before = self._c.place, self._c.unsure
        if before != (place.state, "unsure") or heard.sureness is not Sureness.ACCEPT:
            self._c.unsure = (place.state, "unsure")
            self._c.talk.start([prompt("rating_unsure")])
            return
        self._c.unsure = None
        hurts = self.must_not_be_led_on()
        self._flow.fire(Trigger.UNKNOWN)
        if hurts and place.state in states.RESTING:
            self._flow.fire(Trigger.STOP)


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
        if heard.sureness is Sureness.ACCEPT or self._c.unsure == here:
            # The next question of the same state has another meaning: nothing of it has been said yet.
            self._c.unsure = None
            return True
        self._c.unsure = here
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
        if states.TAKES.get(state) is NumberRole.CONFIRMATION:
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
