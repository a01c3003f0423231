"""Answers to questions: numbers above all. Nothing is guessed; what is doubtful is asked."""

from typing import Final

from cuewalk.domain.heard import Heard, InputMode, Sureness
from cuewalk.domain.intents import (
    Answer,
    CannotSaid,
    ConstructSaid,
    CorrectionSaid,
    DenialSaid,
    RatingGuessed,
    RatingRangeSaid,
    RatingSaid,
    RatingWithoutNumber,
    ReadySaid,
    SideSaid,
)
from cuewalk.domain.records import NoteTaken, Phase, SessionResumed
from cuewalk.domain.setup import Setup
from cuewalk.domain.verdicts import Decision
from cuewalk.engine.conditions import PHASES
from cuewalk.engine.effects import Append
from cuewalk.engine.lines import notice, number, prompt
from cuewalk.engine.scenes import Scenes
from cuewalk.engine.table import (
    ADVICE,
    ASKING,
    MOVING,
    NOTES,
    RATING,
    READY_WAITS,
    SCREEN,
    YES_OR_NO,
)

AnswerIntent = (
    Answer
    | CannotSaid
    | ConstructSaid
    | CorrectionSaid
    | DenialSaid
    | RatingGuessed
    | RatingRangeSaid
    | RatingSaid
    | RatingWithoutNumber
    | ReadySaid
    | SideSaid
)
#: On a movement that is not done yet: who cannot do it goes to the next.
_LEFT_OUT: Final = ("introduce", "rate_before", "perform", "rate_during", "review")
#: Silences after which whoever felt unwell is told goodbye: a reminder each, about five minutes in all.
_SILENCES_BEFORE_FAREWELL = 6


class Answers(Scenes):
    """What an answer does in the present state."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._candidate_heard: Heard | None = None
        #: The rating that a doubtful correction is about, while it waits for a yes.
        self._correcting: int | None = None

    def answered(self, intent: AnswerIntent, heard: Heard) -> None:
        """Take an answer; one that does not belong here is said to be not understood."""
        if isinstance(intent, CorrectionSaid) and self.state in {"unsteady", "emergency", "farewell"}:
            return  # "no, I'm fine" sounds like "no five"
        if isinstance(intent, CannotSaid):
            self.cannot()
            return
        if self.state == "paused" and not self._answers_while_paused(intent, heard):
            return
        match intent:
            case ReadySaid() | DenialSaid():
                self._waited_for(intent, heard)
            case Answer(yes=yes):
                self._yes_or_no(heard, yes=yes)
            case SideSaid() | ConstructSaid():
                self._complaint(intent, heard)
            case _:
                self._about_a_number(intent, heard)

    def cannot(self) -> None:
        """Leave a movement out that the person cannot do; where none is done, ask whether to end."""
        if not self._must_not_be_led_on() and (self.state in _LEFT_OUT or not self.waits_for_ready()):
            if not self.fire("skip"):
                self.answer_now(notice("not_here"))
        elif self.state not in ADVICE and not self.ask_whether_to_end():
            self.answer_now(notice("not_here"))

    def ask_whether_to_end(self) -> bool:
        """Ask "end, or carry on?" where the session would go on or waits for it; return whether it did."""
        if self.state in {"stop_asked", "unsteady"}:
            self.talk.start(self.question(1))
            return True
        here = self.state in {*MOVING, "paused", "baseline", "rate_after"} or self.awaiting_ready
        return (here or self._must_not_be_led_on()) and self.fire("stop")

    def _must_not_be_led_on(self) -> bool:
        """Return whether somebody has just said that it hurts, and is asked how much."""
        return self.state == "rate_during" and self.holds_who_hurts()

    def _about_a_number(
        self,
        intent: CorrectionSaid | RatingGuessed | RatingRangeSaid | RatingSaid | RatingWithoutNumber,
        heard: Heard,
    ) -> None:
        match intent:
            case RatingGuessed(value=value):
                self._guessed(value, heard)
            case RatingSaid(value=value):
                self._rating(value, heard)
            case CorrectionSaid(value=value):
                self._correction(value, heard)
            case RatingRangeSaid(low=low, high=high) if self.state in RATING:
                self.talk.start([prompt("which_rating", low=number(low), high=number(high))])
            case RatingWithoutNumber(hint=hint) if self.state in RATING:
                self._words_for_a_rating(hint, heard)
            case _:
                self.missed()

    def _answers_while_paused(self, intent: AnswerIntent, heard: Heard) -> bool:
        """Go on from a pause because the question behind it was answered; return whether to take the answer.

        What was typed is taken, and so is "ready". A spoken number is asked back, any other spoken answer
        asked for again: it may have been meant for somebody in the room. So is a warning sign in any case.
        """
        if not self.waits_for_ready():
            return True
        behind = self.origin("paused")
        if isinstance(intent, CorrectionSaid) or behind not in {*ASKING, *READY_WAITS}:
            self.answer_now(notice("not_here"))
            return False
        if not self.fire("resume"):
            return False
        self.out.append(Append(SessionResumed()))
        if heard.mode is InputMode.KEYS or isinstance(intent, ReadySaid):
            return behind not in SCREEN
        if isinstance(intent, RatingSaid) and self.state in RATING[:-1]:
            self._offer(intent.value, heard, doubt=True)
        return False

    def _waited_for(self, intent: ReadySaid | DenialSaid, heard: Heard) -> None:
        """Go on where this word was waited for; anywhere else it changes nothing."""
        if isinstance(intent, DenialSaid):
            trigger = "denied" if self.state == "emergency" and not self._advice_cut_short else None
        elif self.state == "unsteady":
            trigger = "steady"
        else:
            trigger = "ready" if self.awaiting_ready or self.state == "welcome" else None
        if trigger is None:
            return
        if self._sure(intent, heard):
            lead_on = self.steady_again if trigger == "steady" else self.fire
            lead_on(trigger)
        elif trigger == "denied":
            self.talk.start(self.denial_asked_back())

    def _complaint(self, said: SideSaid | ConstructSaid, heard: Heard) -> None:
        asked = "ask_side" if isinstance(said, SideSaid) else "ask_construct"
        if self.state != asked or not self._sure(said, heard):
            return
        if isinstance(said, SideSaid):
            self.side = said.side
        else:
            self.rated = said.rated
        self.fire("side" if isinstance(said, SideSaid) else "construct")

    def missed(self) -> None:
        """Ask again: shorter, then with examples, then pause. A missing answer is never filled in."""
        if not (self.state in ASKING or self.awaiting_ready) or not self.talk.finished:
            return
        if self.awaiting_ready or self.state == "unsteady":
            self.talk.start(self.short_question())
            return
        self.misses += 1
        if self.misses < self.setup.rules.misses_before_pause.value:
            self.talk.start(self.question(self.misses))
            return
        if self.state in NOTES:
            self.pause_reason = "no answer"
            self.fire("noted")
        elif not self.fire("unanswered"):
            self.pause("no answer")

    def waited(self) -> None:
        """Take in that nothing was said for long: remind, then pause; who is unsteady is never led on."""
        if not (self.awaiting_ready or self.state == "unsteady"):
            self.missed()
            return
        self.misses += 1
        if self.state == "unsteady" and self.misses >= _SILENCES_BEFORE_FAREWELL:
            self.fire("unanswered")
        elif self.awaiting_ready and self.misses > 1:
            self.pause("no answer")
        else:
            self.talk.start(self.short_question())

    def note(self, heard: Heard) -> None:
        """Keep free words as a note."""
        asked = self.setup.programme.before_note if self.state == "before_note" else None
        self.out.append(Append(NoteTaken(heard=heard, asked=asked)))
        if self.state == "note" and self.held_by_a_note():
            self.pause_reason = "note"
        else:
            self.preface.append(notice("note_kept"))
            self.outlast_devices("note")
        self.fire("noted")

    def _sure(self, answer: object, heard: Heard) -> bool:
        """Return whether to take an answer; an unsure one is taken when it comes twice."""
        twice = self.unsure == (self.state, answer)
        if heard.sureness is Sureness.ACCEPT or twice:
            # The next question of the same state has another meaning: nothing of it has been said yet.
            self.unsure = None
            return True
        self.unsure = (self.state, answer)
        self.missed()
        return False

    def _rating(self, value: float, heard: Heard) -> None:
        if self.state == "confirm_rating":
            self._reconsider(value, heard)
        elif self.state == "correct_rating":
            self._correct_last(value, heard)
        elif self.state in RATING:
            self._offer(value, heard)
        else:
            self.missed()

    def _guessed(self, value: float, heard: Heard) -> None:
        """Ask whether a number is meant that was said in words that do not say so."""
        if self.state == "confirm_rating":
            self.candidate, self._candidate_heard = value, heard
            self.talk.start(self.question(0))
        elif self.state in RATING[:-1]:
            self._offer(value, heard, doubt=True)
        elif self.state in {"unsteady", "emergency", "farewell"}:
            self.missed()
        else:
            self._correct_last(value, heard, doubt=True)

    def _offer(self, value: float, heard: Heard, *, doubt: bool = False) -> None:
        if doubt or self._doubtful(value, heard):
            self.candidate, self._candidate_heard, self._correcting = value, heard, None
            self.fire("doubt")
        else:
            self._accept(value, heard, confirmed=False)

    def _accept(self, value: float, heard: Heard, *, confirmed: bool) -> None:
        if self._correcting is not None:
            self._write_correction(self._correcting, value, heard)
            return
        self.ledger.rate(self.phase(), value, heard, confirmed=confirmed)
        self.preface.append(notice("readback", value=number(value)))
        self.fire("rated")

    def _doubtful(self, value: float, heard: Heard) -> bool:
        """Return whether to ask: when unsure, at a high number, a big change, or before a "not now"."""
        if heard.mode is InputMode.KEYS:
            return False
        rules = self.setup.rules
        before = self.ledger.value(self.ledger.last)
        big = before is not None and abs(value - before) >= rules.confirm_change.value
        unsure = heard.sureness is Sureness.CONFIRM
        return unsure or big or value >= rules.confirm_from.value or self._decides_not_now(value)

    def _decides_not_now(self, value: float) -> bool:
        trial = self.ledger.trial
        answers_it = (
            self.state in PHASES and self.phase() is Phase.AFTER and self.ledger.open_trial is not None
        )
        corrects_it = self.state not in PHASES and trial is not None and trial.after == self.ledger.last
        if trial is None or not (answers_it or corrects_it):
            return False
        return self.ledger.would_decide(trial, value) is Decision.NOT_NOW

    def _reconsider(self, value: float, heard: Heard) -> None:
        """Take a number said instead of yes or no: the same number is a yes."""
        if value == self.candidate and heard.sureness is Sureness.ACCEPT:
            self._accept(value, heard, confirmed=True)
            return
        self.candidate, self._candidate_heard = value, heard
        if self._doubtful(value, heard):
            self.talk.start(self.question(0))
        else:
            self._accept(value, heard, confirmed=False)

    def _words_for_a_rating(self, hint: str, heard: Heard) -> None:
        last = self.ledger.value(self.ledger.last)
        if hint == "same" and last is not None and self.state != "correct_rating":
            self._offer(last, heard, doubt=True)
        elif hint == "unsure" and self.state != "correct_rating":
            self._cannot_tell(heard)
        elif self.waits_for_ready() and self._often_unclear():
            self.pause("no answer")
        elif hint == "beyond":
            self.talk.start([prompt("rating_beyond")])
        else:
            self.talk.start([prompt("need_number", 0 if hint == "part" else 1)])

    def _often_unclear(self) -> bool:
        """Count words without a number as a miss, so that asking for one comes to an end."""
        self.misses += 1
        return self.misses >= self.setup.rules.misses_before_pause.value

    def _cannot_tell(self, heard: Heard) -> None:
        """Offer a guess to who cannot tell; said again, the rating stays blank, never zero.

        Whoever hurts is asked then whether to end, before the rest that would lead on to the next movement.
        """
        if self.unsure == (self.state, "unsure") and heard.sureness is Sureness.ACCEPT:
            self.unsure = None
            hurts = self._must_not_be_led_on()
            self.fire("unknown")
            if hurts and self.state == "rest":
                self.fire("stop")
            return
        self.unsure = (self.state, "unsure")
        self.talk.start([prompt("rating_unsure")])

    def _yes_or_no(self, heard: Heard, *, yes: bool) -> None:
        if self.state not in {"confirm_rating", "confirm_safety", *YES_OR_NO}:
            return
        if self.state in YES_OR_NO and not self.talk.on_last_item:
            return  # a "no" into the introduction answers a question that nobody has heard yet
        if not self._sure(yes, heard):
            return
        if self.state == "confirm_rating":
            self._confirmed(yes=yes)
        else:
            self._note_answer(yes=yes)
            lead_on = self.steady_again if self.one_sign_asked() else self.fire
            lead_on("yes" if yes else "no")

    def _note_answer(self, *, yes: bool) -> None:
        """Write the answer down where it is one to keep."""
        if self.state == "safety" and not yes:
            self.keep_screen_answer(present=False)
            if not (self.more_red_flags() or self._one_sign):
                self.preface.append(notice("safety_done"))
        elif self.state == "each_flag":
            self.name_flag(present=yes)
        elif self.state == "equipment":
            self.answer_thing(present=yes)

    def _confirmed(self, *, yes: bool) -> None:
        if yes and self._candidate_heard is not None:
            self._accept(self.candidate, self._candidate_heard, confirmed=True)
        else:
            correcting = self._correcting is not None
            self.preface.append(notice("asked_again"))
            self.fire("again")
            if correcting:
                self.fire("wrong")

    def _correction(self, value: float | None, heard: Heard) -> None:
        if self.state == "confirm_rating":
            self._confirmed(yes=False) if value is None else self._reconsider(value, heard)
        elif value is not None and self.state in RATING[:-1]:
            # Said while a number is asked for, it answers this question; asked back to be sure of it.
            self._offer(value, heard, doubt=True)
        elif value is None:
            if not self.fire("wrong"):
                self.missed()
        else:
            self._correct_last(value, heard)

    def _correct_last(self, value: float, heard: Heard, *, doubt: bool = False) -> None:
        """Correct the last rating; asks back whatever it would ask back as an answer."""
        last = self.ledger.last
        if last is None or self.state == "paused":
            self.answer_now(notice("not_here"))
        elif not (doubt or self._doubtful(value, heard)):
            self._write_correction(last, value, heard)
        else:
            self.candidate, self._candidate_heard, self._correcting = value, heard, last
            if not self.fire("doubt"):
                self._correcting = None
                self.answer_now(notice("not_here"))

    def _write_correction(self, rating: int, value: float, heard: Heard) -> None:
        self._correcting = None
        self.ledger.correct(rating, value, heard)
        self.preface.append(notice("corrected", value=number(value)))
        if self.fire("corrected"):
            return
        if self.state == "summary":
            self.enter_summary()
            return
        preface, self.preface = self.preface, []
        self.answer_now(*preface)
