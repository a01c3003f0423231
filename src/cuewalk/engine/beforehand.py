"""What is settled before the first movement: red flags by name, things that are missing, rest, a note.

The conditions of the table's opening look at it, its actions write the answers down.
"""

import datetime as dt

from cuewalk.domain.content import Equipment, FlagOutcome, RedFlagGroup
from cuewalk.domain.records import (
    EquipmentAnswered,
    FlagAnswered,
    RestPlanned,
    ScreenAnswered,
    SessionStarted,
)
from cuewalk.domain.setup import Edition
from cuewalk.engine.context import Context
from cuewalk.engine.lines import notice


def _asks_before(c: Context) -> bool:
    return c.place.edition >= Edition.ASKS_BEFORE


def write_start(c: Context) -> None:
    """Write down that the session began, and what it is decided by."""
    c.out.record(SessionStarted(setup=c.setup))


def side_unknown(c: Context) -> bool:
    """Return whether the side of the complaint has to be asked for."""
    return c.asked.side is None


def construct_unknown(c: Context) -> bool:
    """Return whether what is to be rated has to be asked for."""
    return c.asked.rated is None


def nothing_rated_yet(c: Context) -> bool:
    """Return whether no baseline has been asked for."""
    return c.ledger.baseline is None


# The safety screen


def screening_due(c: Context) -> bool:
    """Return whether red flags have to be asked for."""
    return c.setup.screening_due and not c.asked.screened and bool(c.setup.red_flags)


def more_red_flags(c: Context) -> bool:
    """Return whether another question of the safety screen follows."""
    return c.asked.flag_at + 1 < len(c.setup.red_flags)


def screen_was_asked_for(c: Context) -> bool:
    """Return whether "something is wrong" called the screen."""
    return c.asked.screen_called


def flags_are_named(c: Context) -> bool:
    """Return whether each flag of a group is asked for after a yes to the group."""
    return _asks_before(c)


def flag_raised(c: Context) -> bool:
    """Return whether a red flag is present: the session ends with its advice, however it is left."""
    return _asks_before(c) and c.ended_how == "red_flag"


def more_flags_to_name(c: Context) -> bool:
    """Return whether another flag of the group is asked for."""
    return c.asked.name_at < len(flag_group(c).flags)


def flag_group(c: Context) -> RedFlagGroup:
    """Return the group of red flags that is being asked for."""
    return c.setup.red_flags[c.asked.flag_at]


def start_screen(c: Context) -> None:
    """Begin the safety screen."""
    c.asked.flag_at, c.asked.screened, c.asked.one_sign = 0, True, False


def call_screen(c: Context) -> None:
    """Begin the safety screen because something is wrong."""
    start_screen(c)
    c.asked.screen_called = True


def next_red_flag(c: Context) -> None:
    """Go to the next question of the screen."""
    c.asked.flag_at += 1


def raise_red_flag(c: Context) -> None:
    """Write the red flag down; the session will end kindly, whichever flag of the group it is."""
    keep_screen_answer(c, present=True)
    c.ended_how, c.asked.name_at = "red_flag", 0


def keep_screen_answer(c: Context, *, present: bool) -> None:
    """Write down the answer to the present question of the screen."""
    group = flag_group(c)
    c.out.record(ScreenAnswered(group=group.id, present=present, outcome=group.outcome if present else None))


def name_flag(c: Context, *, present: bool) -> None:
    """Write down whether it is this flag. Emergency advice does not wait for the flags after it."""
    group = flag_group(c)
    c.out.record(FlagAnswered(group=group.id, flag=group.flags[c.asked.name_at], present=present))
    urgent = present and group.outcome is FlagOutcome.EMERGENCY
    c.asked.name_at = len(group.flags) if urgent else c.asked.name_at + 1


# Things


def thing(c: Context) -> Equipment:
    """Return the thing that is being asked for."""
    return c.setup.equipment[c.asked.thing_at]


def equipment_to_ask(c: Context) -> bool:
    """Return whether there is a thing still to be asked for."""
    return c.asked.thing_at < len(c.setup.equipment)


def nothing_to_do(c: Context) -> bool:
    """Return whether every movement was left out."""
    nothing = c.asked.side is not None and not c.course.plan(c.asked.side, c.asked.missing)
    return nothing and not c.course.under_way


def answer_thing(c: Context, *, present: bool) -> None:
    """Write down whether the thing is there, and say what follows from a no."""
    item = thing(c)
    c.out.record(EquipmentAnswered(item=item.id, present=present))
    c.asked.thing_at += 1
    if present:
        return
    if item.optional:
        c.talk.preface.append(notice("without_optional"))
        return
    c.asked.missing.add(item.id)
    replaced, left_out = c.course.touched_by(item.id, c.asked.missing)
    if replaced:
        c.talk.preface.append(notice("without_instead", name=item.name))
    if left_out:
        names = ", ".join(movement.name for movement in left_out)
        c.talk.preface.append(notice("without_left_out", name=item.name, text=names))


# Rest and note


def still_resting(c: Context) -> bool:
    """Return whether a rest that the person planned is not over."""
    return days_of_rest_left(c) > 0


def days_of_rest_left(c: Context) -> int:
    """Return how many days of the planned rest are left."""
    until, today = c.setup.resting_until, c.setup.today
    return (until - today).days if until and today else 0


def rest_to_offer(c: Context) -> bool:
    """Return whether the programme asks first whether rest is needed."""
    return _asks_before(c) and c.setup.programme.rest_advice is not None and c.setup.today is not None


def days_offered(c: Context) -> int:
    """Return how many days of rest the programme offers."""
    advice = c.setup.programme.rest_advice
    return int(c.setup.rules.number(advice.days_rule).value) if advice else 0


def plan_rest(c: Context) -> None:
    """Write the rest down; the session ends kindly."""
    until = (c.setup.today or dt.date.min) + dt.timedelta(days=days_offered(c))
    c.out.record(RestPlanned(programme=c.setup.programme.id, until=until))
    c.ended_how = "rest"


def rest_on(c: Context) -> None:
    """Keep to the planned rest."""
    c.ended_how = "rest"


def be_gentle(c: Context) -> None:
    """Begin with smaller ranges."""
    c.asked.gently = True


def note_to_ask(c: Context) -> bool:
    """Return whether the programme asks for a note first."""
    return _asks_before(c) and c.setup.programme.before_note is not None


def leave_note_out(c: Context) -> None:
    """Go on without the note."""
    c.talk.preface.append(notice("skipped"))
