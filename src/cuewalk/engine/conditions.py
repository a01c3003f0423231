"""The conditions and actions that the state table names: conditions only look, actions run first."""

from abc import abstractmethod
from typing import Final

from cuewalk.domain.intents import Command
from cuewalk.domain.records import DistressSaid, MannerKept, Phase
from cuewalk.domain.setup import Manner, Setup
from cuewalk.domain.verdicts import Zone, must_stop, zone_of
from cuewalk.engine.beforehand import Beforehand
from cuewalk.engine.course import PACE_STEP
from cuewalk.engine.effects import Append
from cuewalk.engine.ledger import Trial
from cuewalk.engine.lines import notice
from cuewalk.engine.table import MOVING, ON_A_MOVEMENT

PHASES: Final = {
    "baseline": Phase.BASELINE,
    "rate_before": Phase.BEFORE,
    "rate_during": Phase.DURING,
    "rate_after": Phase.AFTER,
}


#: States that are asked from another one, whose place counts.
_ASKED_FROM: Final = ("confirm_rating", "rate_during", "correct_rating", "stop_asked")
#: What a person began and nobody has answered, with what asks about it again.
_ASKED_AGAIN: Final = {"stop_asked": "stop", "correct_rating": "wrong"}


class Conditions(Beforehand):
    """What the table asks and does."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        #: Whether it is the next movement that waits until it has settled, not the rating after.
        self._settling_first = False
        #: The person fell, and the sign that a fall can be of has not been asked for.
        self._fell = False
        #: An emergency was heard from somebody who was unsteady.
        self._unsteady_before = False
        #: The red flags of only one group are asked for, after a fall.
        self._one_sign = False

    def phase(self) -> Phase:
        """Return the moment that a rating given in the present state belongs to."""
        asked_in = self.origin("confirm_rating") if self.state == "confirm_rating" else self.state
        return PHASES[asked_in or "baseline"]

    # conditions

    def side_unknown(self) -> bool:
        """Return whether the side of the complaint has to be asked for."""
        return self.side is None

    def construct_unknown(self) -> bool:
        """Return whether the construct has to be asked for."""
        return self.rated is None

    def nothing_rated_yet(self) -> bool:
        """Return whether no baseline has been asked for."""
        return self.ledger.baseline is None

    def before_needed(self) -> bool:
        """Return whether no rating can serve as the rating before."""
        return self.ledger.carried is None

    def retry_due(self) -> bool:
        """Return whether the verdict asks for a second, gentler try."""
        return self.pending_retry() is not None

    def pending_retry(self) -> Trial | None:
        """Return the trial at this station, on this side, whose verdict asks for a second try."""
        here = self.course.here
        return self.ledger.pending_retry(self.course.index, here.side)

    def more_to_do(self) -> bool:
        """Return whether another station follows."""
        return self.course.more

    def carried_over(self) -> bool:
        """Return whether the last number is too far above the session's first for the next movement."""
        last, first = self.ledger.value(self.ledger.last), self.ledger.value(self.ledger.baseline)
        if not self._present_edition or last is None or first is None:
            return False
        return last - first > self.setup.rules.carry_over_within.value

    def settling_first(self) -> bool:
        """Return whether the next movement waits until it has settled."""
        return self._settling_first

    def something_rated(self) -> bool:
        """Return whether there is a rating that could be wrong."""
        return self.ledger.last is not None

    def something_judged(self) -> bool:
        """Return whether there is something to sum up."""
        return any(trial.judged for trial in self.ledger.trials)

    def movement_must_stop(self) -> bool:
        """Return whether the number said while moving ends this trial (``stop_above``, ``stop_rise``)."""
        return self.entered_from("rate_during", "perform") and self._says_to_stop()

    def _says_to_stop(self) -> bool:
        trial, during = self.ledger.open_trial, self.ledger.value(self.ledger.last)
        if trial is None or during is None:
            return False
        return must_stop(self.ledger.value(trial.before), during, self.setup.rules)

    def too_much(self) -> bool:
        """Return whether the last number lies in the red zone."""
        value = self.ledger.value(self.ledger.last)
        return value is not None and zone_of(value, self.setup.rules) is Zone.RED

    def hurt_must_stop(self) -> bool:
        """Return whether the number said while moving, as it was corrected now, ends this trial."""
        return self._hurt_corrected() and self._corrected_in() == "perform" and self._says_to_stop()

    def hurt_too_much(self) -> bool:
        """Return whether the number said because it hurt, as it was corrected now, lies in the red zone."""
        return self._hurt_corrected() and self.too_much()

    def _hurt_corrected(self) -> bool:
        last = self.ledger.last
        return self.waits_for_ready() and last is not None and last == self.ledger.during

    def _corrected_in(self) -> str | None:
        """Return the state in which a number is being corrected."""
        asking = self.state in {"correct_rating", "confirm_rating"}
        return self.origin(self.state) if asking else self.state

    def verdict_changed(self) -> bool:
        """Return whether a correction changed a verdict that is not yet left behind."""
        here, trial = self._corrected_in(), self.ledger.trial
        near = here in {"verdict", "review", "rest", "settle", "introduce"}
        return near and trial is not None and trial.closed and self.ledger.verdict_changed(trial)

    def held_by_a_note(self) -> bool:
        """Return whether a pause follows the note: it interrupted what would go on by itself."""
        return self.waits_for_ready() and self.origin("note") in MOVING

    # distress

    def place_behind(self, interrupting: str) -> str:
        """Return the state that an interruption goes back to, questions of a movement seen through."""
        place = self.origin(interrupting) or "idle"
        while place in _ASKED_FROM and self.origin(place):
            place = self.origin(place) or place
        return place

    def was_moving(self) -> bool:
        """Return whether the trouble came on a movement, between its introduction and its verdict."""
        place = self.place_behind(self.state)
        return place in ON_A_MOVEMENT or (place == "settle" and not self._settling_first)

    def more_after_this(self) -> bool:
        """Return whether another movement than the present one follows."""
        return self.course.more_than_this

    def sign_to_ask(self) -> bool:
        """Return whether a warning sign is asked for: after a fall, unless the screen is under way."""
        fell = self._fell and self._fall_group() is not None
        return fell and self.place_behind("unsteady") not in {"safety", "confirm_safety", "each_flag"}

    def was_unsteady(self) -> bool:
        """Return whether the emergency was heard from somebody who was unsteady: so they are after it."""
        return self._unsteady_before

    def one_sign_asked(self) -> bool:
        """Return whether the present safety question was asked for by itself."""
        return self._one_sign

    def _fall_group(self) -> int | None:
        groups = enumerate(self.setup.red_flags)
        return next((index for index, group in groups if group.after_a_fall), None)

    def steady_again(self, trigger: str) -> bool:
        """Go on with who is steady again; a stop or a wrong number from before is asked about first."""
        still_open = [_ASKED_AGAIN[place] for place in self.behind(self.state) if place in _ASKED_AGAIN]
        if not self.fire(trigger):
            return False
        if self.state == "rest":
            for asks in reversed(still_open):
                self.fire(asks)
        return True

    # actions

    def ask_the_sign(self) -> None:
        """Ask for the warning sign that a fall can be of."""
        self._one_sign, self._fell, self.flag_at = True, False, self._fall_group() or 0

    def note_whether_unsteady(self) -> None:
        """Remember whether the person was unsteady when an emergency was heard."""
        self._unsteady_before = self.state == "unsteady"

    def start_screen(self) -> None:
        """Begin the safety screen."""
        super().start_screen()
        self._one_sign = False

    def leave_movement(self) -> None:
        """Leave the movement out for today, its other side too; the next one asks for its own number."""
        self.ledger.drop_trial("distress")
        self.forget_gentler()
        self.course.leave_out()
        self.ledger.carried = None
        self.preface.append(notice("left_out_today"))

    def deny_emergency(self) -> None:
        """Write down that there was no emergency."""
        self._keep_distress(Command.EMERGENCY, self.origin("emergency") or "", denied=True)

    def end_in_emergency(self) -> None:
        """End with the emergency noted, so that the safety questions come first next time."""
        self.ended_how = "red_flag"
        self.ledger.drop_trial("distress")

    def end_unheard(self) -> None:
        """Say first, to who does not answer, whom to call."""
        self.preface.append(notice("farewell_unheard"))

    def _keep_distress(self, said: Command, state: str, *, denied: bool = False) -> None:
        self._fell = self._fell or said is Command.FELL
        record = DistressSaid.model_validate({"about": said.value, "state": state, "denied": denied})
        self.out.append(Append(record))

    def go_easier(self) -> None:
        """Make the movement slower and smaller, if it was the movement that hurt."""
        if not self.entered_from("rate_during", "perform"):
            return
        self.course.change_pace(1 / PACE_STEP)
        self.course.change_range(-1)
        self.keep_manner()
        self.preface.append(notice("hurt_go_easier"))
        self.talk.pace = self.course.manner().pace

    def keep_manner(self) -> None:
        """Write pace and range of the present movement down."""
        manner: Manner = self.course.manner()
        self.out.append(
            Append(
                MannerKept(
                    movement=self.course.here.movement.id,
                    pace=manner.pace,
                    range_level=manner.range_level or 0,
                )
            )
        )

    def rating_ends_trial(self) -> None:
        """Let the number said while moving serve as the rating after, unless it would make pain a success."""
        if trial := self.ledger.open_trial:
            before, now = self.ledger.value(trial.before), self.ledger.value(self.ledger.last)
            lower = before is not None and now is not None and now < before
            trial.after = None if lower else self.ledger.last
        self.preface.append(notice("hurt_stop_movement"))

    def rating_is_missing(self) -> None:
        """Write down that this rating is missing; nothing is guessed."""
        self.ledger.rate(self.phase(), None, None, missing="skipped")
        self.preface.append(notice("rating_missing"))

    def end_early(self) -> None:
        """Close the trial without a verdict: too little was done."""
        self.ledger.drop_trial("left early")
        self.forget_gentler()
        self.preface.append(notice("left_early"))

    def rating_is_unknown(self) -> None:
        """Write down that this rating is missing because the person cannot tell."""
        self.ledger.rate(self.phase(), None, None, missing="not known")
        self.preface.append(notice("rating_missing"))

    def drop_trial(self) -> None:
        """Close the open trial without a verdict."""
        self.ledger.drop_trial("skipped")
        self.forget_gentler()
        self.preface.append(notice("skipped"))

    @abstractmethod
    def forget_gentler(self) -> None:
        """Go back to the person's own manner after a retry that was not finished (scenes know it)."""

    def next_station(self) -> None:
        """Go to the next movement."""
        self.course.index += 1

    def settle_first(self) -> None:
        """Let it settle before the next movement."""
        self._settling_first = True

    def settle_here(self) -> None:
        """Let it settle before the rating after."""
        self._settling_first = False

    def rate_anew(self) -> None:
        """Ask for a number before the next movement: the last one no longer holds."""
        self.ledger.carried = None

    def go_back(self) -> None:
        """Begin this movement again, or go to the one before when it has not begun yet."""
        begun = self.state not in {"introduce", "rate_before"}
        self.ledger.drop_trial("went back")
        self.forget_gentler()
        if begun or self.course.index > 0:
            self.preface.append(notice("back"))
        else:
            self.preface.append(notice("no_back"))
        if not begun and self.course.index > 0:
            self.course.index -= 1

    def end_by_person(self) -> None:
        """Note that the person ended the session."""
        self.ended_how = "stopped"
        self.ledger.drop_trial("session stopped")
