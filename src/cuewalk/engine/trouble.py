"""Somebody feels unwell, fell, or is in an emergency: nothing of it goes on by itself.

Conditions and actions of the table.
"""

from cuewalk.domain.intents import Command
from cuewalk.domain.records import DistressSaid
from cuewalk.domain.setup import Setup
from cuewalk.engine.context import Context
from cuewalk.engine.lines import notice
from cuewalk.engine.states import ON_A_MOVEMENT, SCREEN, SETTLING, State


def was_moving(c: Context) -> bool:
    """Return whether the trouble came on a movement, between its introduction and its verdict."""
    place = c.place.place_behind(c.place.state)
    return place in ON_A_MOVEMENT or (place in SETTLING and not c.course.settling_first)


def more_after_this(c: Context) -> bool:
    """Return whether another movement than the present one follows."""
    return c.course.more_than_this


def sign_to_ask(c: Context) -> bool:
    """Return whether a warning sign is asked for: after a fall, unless the screen is under way."""
    fell = c.trouble.fell and fall_group(c.setup) is not None
    return fell and c.place.place_behind(State.UNSTEADY) not in SCREEN


def was_unsteady(c: Context) -> bool:
    """Return whether the emergency was heard from somebody who was unsteady: so they are after it."""
    return c.trouble.was_unsteady


def one_sign_asked(c: Context) -> bool:
    """Return whether the present safety question was asked for by itself."""
    return c.asked.one_sign


def fall_group(setup: Setup) -> int | None:
    """Return the index of the red flags that are asked for after a fall."""
    return next((index for index, group in enumerate(setup.red_flags) if group.after_a_fall), None)


def ask_the_sign(c: Context) -> None:
    """Ask for the warning sign that a fall can be of."""
    c.asked.one_sign, c.trouble.fell = True, False
    c.asked.flag_at = fall_group(c.setup) or 0


def note_whether_unsteady(c: Context) -> None:
    """Remember whether the person was unsteady when an emergency was heard."""
    c.trouble.was_unsteady = c.place.unsteady


def leave_movement(c: Context) -> None:
    """Leave the movement out for today, its other side too; the next one asks for its own number."""
    c.ledger.drop_trial("distress")
    c.course.settle_manner()
    c.course.leave_out()
    c.ledger.carried = None
    c.talk.preface.append(notice("left_out_today"))


def deny_emergency(c: Context) -> None:
    """Write down that there was no emergency."""
    keep_distress(c, Command.EMERGENCY, c.place.origin(State.EMERGENCY) or "", denied=True)


def end_in_emergency(c: Context) -> None:
    """End with the emergency noted, so that the safety questions come first next time."""
    c.ended_how = "red_flag"
    c.ledger.drop_trial("distress")


def end_unheard(c: Context) -> None:
    """Say first, to who does not answer, whom to call."""
    c.talk.preface.append(notice("farewell_unheard"))


def keep_distress(c: Context, said: Command, state: str, *, denied: bool = False) -> None:
    """Write down what was said, and in which state."""
    c.trouble.fell = c.trouble.fell or said is Command.FELL
    c.out.record(DistressSaid.model_validate({"about": said.value, "state": state, "denied": denied}))
