"""What is settled before the first movement: red flags by name, things that are missing, rest, a note."""

import datetime as dt

from cuewalk.domain.content import Equipment, FlagOutcome
from cuewalk.domain.records import EquipmentAnswered, FlagAnswered, RestPlanned, ScreenAnswered
from cuewalk.domain.setup import Setup
from cuewalk.engine.core import Core
from cuewalk.engine.effects import Append
from cuewalk.engine.lines import notice

#: Since this edition each red flag is named, and things, notes and rest are asked about.
_NAMED_FLAGS_EDITION = 2


class Beforehand(Core):
    """The conditions and actions of the table's opening."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.screened = False
        self.screen_called = False
        self.flag_at = 0
        #: The flag of the present group that is being asked for.
        self.name_at = 0
        self.thing_at = 0
        self.missing: set[str] = set()
        self.gently = setup.gently

    @property
    def _present_edition(self) -> bool:
        return self.edition >= _NAMED_FLAGS_EDITION

    # the safety screen

    def screening_due(self) -> bool:
        """Return whether red flags have to be asked for."""
        return self.setup.screening_due and not self.screened and bool(self.setup.red_flags)

    def more_red_flags(self) -> bool:
        """Return whether another question of the safety screen follows."""
        return self.flag_at + 1 < len(self.setup.red_flags)

    def screen_was_asked_for(self) -> bool:
        """Return whether "something is wrong" called the screen."""
        return self.screen_called

    def flags_are_named(self) -> bool:
        """Return whether each flag of a group is asked for after a yes to the group."""
        return self._present_edition

    def flag_raised(self) -> bool:
        """Return whether a red flag is present: the session ends with its advice, however it is left."""
        return self._present_edition and self.ended_how == "red_flag"

    def more_flags_to_name(self) -> bool:
        """Return whether another flag of the group is asked for."""
        return self.name_at < len(self.setup.red_flags[self.flag_at].flags)

    def start_screen(self) -> None:
        """Begin the safety screen."""
        self.flag_at, self.screened = 0, True

    def call_screen(self) -> None:
        """Begin the safety screen because something is wrong."""
        self.start_screen()
        self.screen_called = True

    def next_red_flag(self) -> None:
        """Go to the next question of the screen."""
        self.flag_at += 1

    def raise_red_flag(self) -> None:
        """Write the red flag down; the session will end kindly, whichever flag of the group it is."""
        self.keep_screen_answer(present=True)
        self.ended_how, self.name_at = "red_flag", 0

    def keep_screen_answer(self, *, present: bool) -> None:
        """Write down the answer to the present question of the screen."""
        group = self.setup.red_flags[self.flag_at]
        outcome = group.outcome if present else None
        self.out.append(Append(ScreenAnswered(group=group.id, present=present, outcome=outcome)))

    def name_flag(self, *, present: bool) -> None:
        """Write down whether it is this flag. Emergency advice does not wait for the flags after it."""
        group = self.setup.red_flags[self.flag_at]
        flag = group.flags[self.name_at]
        self.out.append(Append(FlagAnswered(group=group.id, flag=flag, present=present)))
        urgent = present and group.outcome is FlagOutcome.EMERGENCY
        self.name_at = len(group.flags) if urgent else self.name_at + 1

    # things

    @property
    def thing(self) -> Equipment:
        """The thing that is being asked for."""
        return self.setup.equipment[self.thing_at]

    def equipment_to_ask(self) -> bool:
        """Return whether there is a thing still to be asked for."""
        return self.thing_at < len(self.setup.equipment)

    def nothing_to_do(self) -> bool:
        """Return whether every movement was left out."""
        nothing = self.side is not None and not self.course.plan(self.side, self.missing)
        return nothing and not self.course.under_way

    def answer_thing(self, *, present: bool) -> None:
        """Write down whether the thing is there, and say what follows from a no."""
        thing = self.thing
        self.out.append(Append(EquipmentAnswered(item=thing.id, present=present)))
        self.thing_at += 1
        if present:
            return
        if thing.optional:
            self.preface.append(notice("without_optional"))
            return
        self.missing.add(thing.id)
        replaced, left_out = self.course.touched_by(thing.id, self.missing)
        if replaced:
            self.preface.append(notice("without_instead", name=thing.name))
        if left_out:
            names = ", ".join(movement.name for movement in left_out)
            self.preface.append(notice("without_left_out", name=thing.name, text=names))

    # rest and note

    def still_resting(self) -> bool:
        """Return whether a rest that the person planned is not over."""
        return self.days_of_rest_left() > 0

    def days_of_rest_left(self) -> int:
        """Return how many days of the planned rest are left."""
        until, today = self.setup.resting_until, self.setup.today
        return (until - today).days if until and today else 0

    def rest_to_offer(self) -> bool:
        """Return whether the programme asks first whether rest is needed."""
        known = self.setup.programme.rest_advice is not None and self.setup.today is not None
        return self._present_edition and known

    def days_offered(self) -> int:
        """Return how many days of rest the programme offers."""
        advice = self.setup.programme.rest_advice
        return int(getattr(self.setup.rules, advice.days_rule.value).value) if advice else 0

    def plan_rest(self) -> None:
        """Write the rest down; the session ends kindly."""
        until = (self.setup.today or dt.date.min) + dt.timedelta(days=self.days_offered())
        self.out.append(Append(RestPlanned(programme=self.setup.programme.id, until=until)))
        self.ended_how = "rest"

    def rest_on(self) -> None:
        """Keep to the planned rest."""
        self.ended_how = "rest"

    def be_gentle(self) -> None:
        """Begin with smaller ranges."""
        self.gently = True

    def note_to_ask(self) -> bool:
        """Return whether the programme asks for a note first."""
        return self._present_edition and self.setup.programme.before_note is not None

    def leave_note_out(self) -> None:
        """Go on without the note."""
        self.preface.append(notice("skipped"))
