"""Numbers that are said: taken, asked back, corrected. Nothing is guessed; what is doubtful is asked."""

from collections.abc import Callable
from typing import Protocol

from cuewalk.domain.heard import Heard, InputMode, Sureness
from cuewalk.domain.intents import (
    CorrectionSaid,
    NumberIntent,
    RatingGuessed,
    RatingRangeSaid,
    RatingSaid,
    RatingWithoutNumber,
)
from cuewalk.domain.records import Phase
from cuewalk.domain.setup import Edition, Setup
from cuewalk.domain.units import Rating
from cuewalk.engine.flow import Flow
from cuewalk.engine.ledger import Ledger
from cuewalk.engine.lines import notice, number, prompt
from cuewalk.engine.machine import Place
from cuewalk.engine.states import PHASES, RATING, RESTING, TAKES, TROUBLE, WAITING, Takes, Trigger
from cuewalk.engine.talk import Talk


class Rated(Protocol):
    """What numbers are said to and kept in."""

    setup: Setup
    place: Place
    ledger: Ledger
    talk: Talk


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
        context: Rated,
        flow: Flow,
        also_doubtful: Callable[[float], bool],
        corrected: Callable[[int, float, Heard], None],
    ) -> None:
        self._c, self._flow = context, flow
        self._also_doubtful, self._write_correction = also_doubtful, corrected
        self._candidate_heard: Heard | None = None
        #: The rating that a doubtful correction is about, while it waits for a yes.
        self._correcting: int | None = None

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
            case RatingRangeSaid(low=low, high=high) if place.state in RATING:
                talk.start([prompt("which_rating", low=number(low), high=number(high))])
            case RatingWithoutNumber(hint=hint) if place.state in RATING:
                self._words_for_a_rating(hint, heard)
            case _:
                self._flow.missed()

    def must_not_be_led_on(self) -> bool:
        """Return whether somebody has just said that it hurts, and is asked how much."""
        place = self._c.place
        return PHASES.get(place.state) is Phase.DURING and place.edition >= Edition.ASKS_WHO_HURTS

    def offer(self, value: Rating, heard: Heard, *, doubt: bool = False) -> None:
        """Take a number as the answer to the present question; ask back first where it is doubtful."""
        if doubt or self.doubtful(value, heard):
            self.ask_back(value, heard, None)
        else:
            self._accept(value, heard, confirmed=False)

    def ask_back(self, value: Rating, heard: Heard, correcting: int | None) -> bool:
        """Ask whether it is this number; return False where that cannot be asked."""
        self._c.ledger.candidate, self._candidate_heard, self._correcting = value, heard, correcting
        return self._flow.fire(Trigger.DOUBT)

    def confirmed(self, *, yes: bool) -> None:
        """Take yes or no to the number that was asked back."""
        if yes and self._candidate_heard is not None:
            self._accept(self._c.ledger.candidate, self._candidate_heard, confirmed=True)
            return
        correcting = self._correcting is not None
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
        self._correcting = None
        self._write_correction(rating, value, heard)

    def _said_plainly(self, value: Rating, heard: Heard) -> None:
        match TAKES.get(self._c.place.state):
            case Takes.CONFIRMATION:
                self._reconsider(value, heard)
            case Takes.CORRECTION:
                self._correct_last(value, heard)
            case Takes.ANSWER:
                self.offer(value, heard)
            case _:
                self._flow.missed()

    def _guessed(self, value: Rating, heard: Heard) -> None:
        """Ask whether a number is meant that was said in words that do not say so."""
        state = self._c.place.state
        match TAKES.get(state):
            case Takes.CONFIRMATION:
                self._c.ledger.candidate, self._candidate_heard = value, heard
                self._flow.ask(0)
            case Takes.ANSWER:
                self.offer(value, heard, doubt=True)
            case _ if state in TROUBLE:
                self._flow.missed()
            case _:
                self._correct_last(value, heard, doubt=True)

    def _correction(self, value: Rating | None, heard: Heard) -> None:
        takes = TAKES.get(self._c.place.state)
        if takes is Takes.CONFIRMATION:
            self.confirmed(yes=False) if value is None else self._reconsider(value, heard)
        elif value is not None and takes is Takes.ANSWER:
            # Said while a number is asked for, it answers this question; asked back to be sure of it.
            self.offer(value, heard, doubt=True)
        elif value is not None:
            self._correct_last(value, heard)
        elif not self._flow.fire(Trigger.WRONG):
            self._flow.missed()

    def _correct_last(self, value: Rating, heard: Heard, *, doubt: bool = False) -> None:
        """Correct the last rating; asks back whatever it would ask back as an answer."""
        last = self._c.ledger.last
        if last is None or self._c.place.state in WAITING:
            self._flow.answer_now(notice("not_here"))
        elif not (doubt or self.doubtful(value, heard)):
            self.correct(last, value, heard)
        elif not self.ask_back(value, heard, last):
            self._correcting = None
            self._flow.answer_now(notice("not_here"))

    def _reconsider(self, value: Rating, heard: Heard) -> None:
        """Take a number said instead of yes or no: the same number is a yes."""
        if value == self._c.ledger.candidate and heard.sureness is Sureness.ACCEPT:
            self._accept(value, heard, confirmed=True)
            return
        self._c.ledger.candidate, self._candidate_heard = value, heard
        if self.doubtful(value, heard):
            self._flow.ask(0)
        else:
            self._accept(value, heard, confirmed=False)

    def _accept(self, value: Rating, heard: Heard, *, confirmed: bool) -> None:
        if self._correcting is not None:
            self.correct(self._correcting, value, heard)
        elif phase := self._c.place.phase:
            self._c.ledger.rate(phase, value, heard, confirmed=confirmed)
            self._c.talk.preface.append(notice("readback", value=number(value)))
            self._flow.fire(Trigger.RATED)

    def _words_for_a_rating(self, hint: str, heard: Heard) -> None:
        talk, last = self._c.talk, self._c.ledger.value(self._c.ledger.last)
        answers = TAKES[self._c.place.state] is Takes.ANSWER
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
        place, before = self._c.place, self._flow.unsure
        if before != (place.state, "unsure") or heard.sureness is not Sureness.ACCEPT:
            self._flow.unsure = (place.state, "unsure")
            self._c.talk.start([prompt("rating_unsure")])
            return
        self._flow.unsure = None
        hurts = self.must_not_be_led_on()
        self._flow.fire(Trigger.UNKNOWN)
        if hurts and place.state in RESTING:
            self._flow.fire(Trigger.STOP)
