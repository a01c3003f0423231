"""Trials of the present movement: when they begin and end, what a number means for them, what comes next.

Conditions and actions of the table. Conditions only look; actions run before the state changes.
"""

from cuewalk.domain.records import MannerKept
from cuewalk.domain.setup import Edition
from cuewalk.domain.verdicts import Zone, must_stop, zone_of
from cuewalk.engine.context import Context
from cuewalk.engine.course import PACE_STEP
from cuewalk.engine.lines import notice
from cuewalk.engine.states import COUNTED, MOVING, NEAR_VERDICT, NOT_BEGUN, State

# Conditions


def before_needed(c: Context) -> bool:
    """Return whether no rating can serve as the rating before."""
    return c.ledger.carried is None


def retry_due(c: Context) -> bool:
    """Return whether the verdict on this station and side asks for a second, gentler try."""
    return c.ledger.pending_retry(c.course.index, c.course.here.side) is not None


def more_to_do(c: Context) -> bool:
    """Return whether another station follows."""
    return c.course.more


def carried_over(c: Context) -> bool:
    """Return whether the last number is too far above the session's first for the next movement."""
    last, first = c.ledger.value(c.ledger.last), c.ledger.value(c.ledger.baseline)
    if c.place.edition < Edition.ASKS_BEFORE or last is None or first is None:
        return False
    return last - first > c.setup.rules.carry_over_within.value


def settling_first(c: Context) -> bool:
    """Return whether the next movement waits until it has settled."""
    return c.course.settling_first


def something_rated(c: Context) -> bool:
    """Return whether there is a rating that could be wrong."""
    return c.ledger.last is not None


def something_judged(c: Context) -> bool:
    """Return whether there is something to sum up."""
    return any(trial.judged for trial in c.ledger.trials)


def movement_must_stop(c: Context) -> bool:
    """Return whether the number said while moving ends this trial (``stop_above``, ``stop_rise``)."""
    return c.place.origin(State.RATE_DURING) in COUNTED and _says_to_stop(c)


def too_much(c: Context) -> bool:
    """Return whether the last number lies in the red zone."""
    value = c.ledger.value(c.ledger.last)
    return value is not None and zone_of(value, c.setup.rules) is Zone.RED


def hurt_must_stop(c: Context) -> bool:
    """Return whether the number said while moving, as it was corrected now, ends this trial."""
    return _hurt_corrected(c) and c.place.corrected_in in COUNTED and _says_to_stop(c)


def hurt_too_much(c: Context) -> bool:
    """Return whether the number said because it hurt, as it was corrected now, lies in the red zone."""
    return _hurt_corrected(c) and too_much(c)


def verdict_changed(c: Context) -> bool:
    """Return whether a correction changed a verdict that is not yet left behind."""
    trial = c.ledger.trial
    return c.place.corrected_in in NEAR_VERDICT and trial is not None and c.ledger.verdict_changed(trial)


def held_by_a_note(c: Context) -> bool:
    """Return whether a pause follows the note: it interrupted what would go on by itself."""
    return c.place.waits_for_ready and c.place.origin(State.NOTE) in MOVING


def waits_for_ready(c: Context) -> bool:
    """Return whether the session waits for "ready", and for whoever is in trouble."""
    return c.place.waits_for_ready


def _says_to_stop(c: Context) -> bool:
    trial, during = c.ledger.open_trial, c.ledger.value(c.ledger.last)
    if trial is None or during is None:
        return False
    return must_stop(c.ledger.before(trial), during, c.setup.rules)


def _hurt_corrected(c: Context) -> bool:
    last = c.ledger.last
    return c.place.waits_for_ready and last is not None and last == c.ledger.during


# Actions


def go_easier(c: Context) -> None:
    """Make the movement slower and smaller, if it was the movement that hurt."""
    if c.place.origin(State.RATE_DURING) not in COUNTED:
        return
    c.course.change_pace(1 / PACE_STEP)
    c.course.change_range(-1)
    keep_manner(c)
    c.talk.preface.append(notice("hurt_go_easier"))
    c.talk.pace = c.course.manner().pace


def keep_manner(c: Context) -> None:
    """Write pace and range of the present movement down."""
    manner, movement = c.course.manner(), c.course.here.movement.id
    c.out.record(MannerKept(movement=movement, pace=manner.pace, range_level=manner.range_level or 0))


def rating_ends_trial(c: Context) -> None:
    """Let the number said while moving serve as the rating after, unless it would make pain a success."""
    if trial := c.ledger.open_trial:
        before, now = c.ledger.before(trial), c.ledger.value(c.ledger.last)
        lower = before is not None and now is not None and now < before
        trial.after = None if lower else c.ledger.last
    c.talk.preface.append(notice("hurt_stop_movement"))


def rating_is_missing(c: Context) -> None:
    """Write down that the person skipped this rating; nothing is guessed."""
    _missing(c, "skipped")


def rating_is_unknown(c: Context) -> None:
    """Write down that this rating is missing because the person cannot tell."""
    _missing(c, "not known")


def _missing(c: Context, reason: str) -> None:
    if phase := c.place.phase:
        c.ledger.rate(phase, None, None, missing=reason)
    c.talk.preface.append(notice("rating_missing"))


def end_early(c: Context) -> None:
    """Close the trial without a verdict: too little was done."""
    _drop(c, "left early")
    c.talk.preface.append(notice("left_early"))


def drop_trial(c: Context) -> None:
    """Close the open trial without a verdict."""
    _drop(c, "skipped")
    c.talk.preface.append(notice("skipped"))


def _drop(c: Context, reason: str) -> None:
    c.ledger.drop_trial(reason)
    c.course.settle_manner()


def next_station(c: Context) -> None:
    """Go to the next movement."""
    c.course.index += 1


def settle_first(c: Context) -> None:
    """Let it settle before the next movement."""
    c.course.settling_first = True


def settle_here(c: Context) -> None:
    """Let it settle before the rating after."""
    c.course.settling_first = False


def rate_anew(c: Context) -> None:
    """Ask for a number before the next movement: the last one no longer holds."""
    c.ledger.carried = None


def go_back(c: Context) -> None:
    """Begin this movement again, or go to the one before when it has not begun yet."""
    begun = c.place.state not in NOT_BEGUN
    _drop(c, "went back")
    c.talk.preface.append(notice("back" if begun or c.course.index > 0 else "no_back"))
    if not begun and c.course.index > 0:
        c.course.index -= 1


def switch_side(c: Context) -> bool:
    """Work the other side, from the start of the movement; return False where that is not possible.

    Only before or while moving: later the ratings of one side would be written to the other.
    """
    if c.place.state not in {*NOT_BEGUN, *COUNTED} or not c.course.switch_side():
        return False
    if c.place.state in COUNTED and (trial := c.ledger.open_trial):
        _drop(c, "switched sides")
        c.ledger.carried = trial.before
    return True


def end_by_person(c: Context) -> None:
    """Note that the person ended the session."""
    c.ended_how = "stopped"
    c.ledger.drop_trial("session stopped")
