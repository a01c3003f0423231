"""The state table of a session, as data. The diagram in ``docs/architecture.md`` is drawn from it.

How to read it
==============

A session is always in one `State`. Something happens (an answer, a command, the end of a script), the
engine makes a `Trigger` of it and *fires* it: the rows of `TABLE` with that trigger and state are tried in
order, and the first one whose conditions (``when``) all hold is taken. Its actions (``do``) run, the state
changes, the voice falls silent, and the new state says what it has to say (`cuewalk.engine.scenes`). No row
fits: nothing changes, and whoever fired says so to the person. Conditions only look; all that a row writes
is in its actions.

There are four kinds of states:

- *telling* ones (`TELLING`) run a script of lines and silences, and fire ``DONE`` at its end;
- *asking* ones (`ASKING`) speak their question and then wait, ask again shorter, then with examples, then
  fire ``UNANSWERED`` or pause. `SETTLE`, which tells, waits for "ready" like a question;
- the *waiting* one (`PAUSED`) waits for nothing but a word;
- `IDLE` and `ENDED`, before and after all.

Coming back
-----------

Some states interrupt others (`INTERRUPTING`): a pause, a note, "it hurts", a number to be confirmed. A
`Place` remembers for each of them what it *came from*, and how far the script there had been told. A row
whose destination is `RETURN` leads back there: a history state, in the words of state charts. Back in a
telling state the script goes on with the line that was interrupted; a question is asked once more, shorter.

An interruption can interrupt another one. By default each leads back to the one before, so that all of them
are answered in turn. But some put an end to what they interrupt, and are *seen through* (`SEEN_THROUGH`): a
"stop" said in a pause leads back to what the pause was over, for "carry on" answers both. The states that
only lie over another one in this way are the *overlays* (`OVERLAYS`).

`confirm_rating` is asked from several questions. Confirmed, the number leads where its question would have
led: the rows of ``RATED`` are copied for it (`cuewalk.engine.machine.expanded`), each on condition of its
origin.

What was just decided is told first: the *preface* (`Talk.preface`) is a list of lines that the next script
begins with ("Four." after a rating, "Resuming." after a pause), whichever state that script belongs to.

Editions
--------

A journal is replayed by telling its events to a new engine, so a change of the rules must not change what
old events lead to. Rows and conditions that came later hold from an `Edition` on; the set-up in the journal
says which one a session was held by. Rows without such a condition cannot be changed, only overtaken by
earlier ones.

An example
----------

Ann moves (`perform`) and says "stop": ``STOP`` fits the row from nearly anywhere to `stop_asked`, which
remembers `perform` and its script. The question "end, or carry on?" is spoken. She says "it was a six, not
a five" instead: she corrects the number she gave before, which has to be asked back. ``DOUBT`` has no row
from `stop_asked`, so she hears that this cannot be done here, and the question again. She says "carry on":
``CARRY_ON`` leads from `stop_asked` to `RETURN`, which is `perform`, and the script goes on with the
repetition that was interrupted, "Carrying on" first. Now the correction works: ``DOUBT`` leads to
`confirm_rating`, her "yes" writes the six down and fires ``CORRECTED``. Had the five been a number said
because it hurt, six would be too much: the row with `hurt_must_stop` ends the trial. As it is, the last
``CORRECTED`` row fits, and `RETURN` leads to `perform` again.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

from cuewalk.engine import beforehand as before
from cuewalk.engine import movement as move
from cuewalk.engine import trouble
from cuewalk.engine.context import Context
from cuewalk.engine.machine import RETURN, History, Machine, Row
from cuewalk.engine.states import (
    CORRECTABLE,
    MOVING,
    NOT_DONE,
    NOTES,
    ON_A_MOVEMENT,
    PHASES,
    SCREEN,
    STATES,
    State,
    Trigger,
)

_Sources = State | Iterable[State]
_Conditions = tuple[Callable[[Context], bool], ...]
_Actions = tuple[Callable[[Context], None], ...]

_S, _T = State, Trigger
#: Where a person can be in trouble: everywhere.
_ANYWHERE: Final = tuple(s for s in STATES if s not in {_S.IDLE, _S.EMERGENCY, _S.ENDED})
_ALIVE: Final = tuple(s for s in _ANYWHERE if s not in {_S.ADVISED, _S.PUT_OFF, _S.FAREWELL})
#: States that sessions before `Edition.WAITS` had, but for the last questions of the screen.
_BEFORE_EDITION_3: Final = tuple(
    s for s in _ALIVE if s not in {*SCREEN[1:], _S.READY_FIRST, _S.READY, _S.UNSTEADY}
)
_HELD: Final = (_S.PAUSED, _S.STOP_ASKED)
_ABOUT_A_NUMBER: Final = (_S.CORRECT_RATING, _S.CONFIRM_RATING)


def _row(
    trigger: Trigger, sources: _Sources, dest: State | History, when: _Conditions = (), do: _Actions = ()
) -> Row[Context]:
    return Row(trigger, (sources,) if isinstance(sources, State) else tuple(sources), dest, when, do)


#: What is asked before the first movement, in this order, each where its condition holds.
_BEFORE: Final[tuple[tuple[State, Callable[[Context], bool]], ...]] = (
    (_S.GO_ANYWAY, before.still_resting),
    (_S.REST_OFFER, before.rest_to_offer),
    (_S.ASK_SIDE, before.side_unknown),
    (_S.ASK_CONSTRUCT, before.construct_unknown),
    (_S.EQUIPMENT, before.equipment_to_ask),
    (_S.PUT_OFF, before.nothing_to_do),
    (_S.BEFORE_NOTE, before.note_to_ask),
    (_S.BASELINE, before.nothing_rated_yet),
)


def _opening(
    trigger: Trigger, sources: _Sources, *, after: State | None = None, do: _Actions = ()
) -> tuple[Row[Context], ...]:
    """Return the rows from ``sources`` to whatever of `_BEFORE` comes next (``after`` a state of it)."""
    states = [state for state, _ in _BEFORE]
    rest = _BEFORE[states.index(after) + 1 if after else 0 :]
    return (
        *(_row(trigger, sources, state, (when,), do) for state, when in rest),
        _row(trigger, sources, _S.INTRODUCE, do=do),
    )


def _onward(trigger: Trigger, sources: _Sources, do: _Actions = ()) -> tuple[Row[Context], ...]:
    return _row(trigger, sources, _S.REST, (move.more_to_do,), do), _row(trigger, sources, _S.SUMMARY, do=do)


def _after_distress(trigger: Trigger, source: State, when: _Conditions = ()) -> tuple[Row[Context], ...]:
    """Return the rows by which a person who is steady again goes on: never with the same movement."""
    moving = (*when, trouble.was_moving)
    return (
        _row(trigger, source, _S.REST, (*moving, trouble.more_after_this), (trouble.leave_movement,)),
        _row(trigger, source, _S.SUMMARY, moving, (trouble.leave_movement,)),
        _row(trigger, source, RETURN, when),
    )


_GREETED: Final = (_S.WELCOME, _S.READY_FIRST)
_OPENING: Final = (
    _row(_T.BEGIN, _S.IDLE, _S.WELCOME, do=(before.write_start,)),
    _row(_T.DONE, _S.WELCOME, _S.READY_FIRST, (move.waits_for_ready,)),
    _row(_T.DONE, _S.WELCOME, _S.SAFETY, (before.screening_due,), (before.start_screen,)),
    *_opening(_T.DONE, _S.WELCOME),
    _row(_T.READY, _GREETED, _S.SAFETY, (before.screening_due,), (before.start_screen,)),
    *_opening(_T.READY, _GREETED),
    *_after_distress(_T.NO, _S.SAFETY, (trouble.one_sign_asked,)),
    _row(_T.NO, _S.SAFETY, _S.SAFETY, (before.more_red_flags,), (before.next_red_flag,)),
    _row(_T.NO, _S.SAFETY, RETURN, (before.screen_was_asked_for,)),
    *_opening(_T.NO, _S.SAFETY),
    _row(_T.YES, _S.SAFETY, _S.CONFIRM_SAFETY),
    _row(_T.YES, _S.CONFIRM_SAFETY, _S.EACH_FLAG, (before.flags_are_named,), (before.raise_red_flag,)),
    _row(_T.YES, _S.CONFIRM_SAFETY, _S.ADVISED, do=(before.raise_red_flag,)),
    _row(_T.NO, _S.CONFIRM_SAFETY, _S.SAFETY),
    _row(_T.YES, _S.EACH_FLAG, _S.EACH_FLAG, (before.more_flags_to_name,)),
    _row(_T.YES, _S.EACH_FLAG, _S.ADVISED),
    _row(_T.NO, _S.EACH_FLAG, _S.EACH_FLAG, (before.more_flags_to_name,)),
    _row(_T.NO, _S.EACH_FLAG, _S.ADVISED),
    _row(_T.UNANSWERED, _S.EACH_FLAG, _S.ADVISED),
    _row(_T.UNANSWERED, _S.CONFIRM_SAFETY, _S.ADVISED, do=(before.raise_red_flag,)),
    _row(_T.DONE, _S.ADVISED, _S.ENDED),
    *_opening(_T.YES, _S.GO_ANYWAY, after=_S.REST_OFFER, do=(before.be_gentle,)),
    _row(_T.NO, _S.GO_ANYWAY, _S.PUT_OFF, do=(before.rest_on,)),
    _row(_T.YES, _S.REST_OFFER, _S.REST_DAYS),
    *_opening(_T.NO, _S.REST_OFFER, after=_S.REST_OFFER),
    _row(_T.YES, _S.REST_DAYS, _S.PUT_OFF, do=(before.plan_rest,)),
    *_opening(_T.NO, _S.REST_DAYS, after=_S.REST_OFFER, do=(before.be_gentle,)),
    _row(_T.DONE, _S.PUT_OFF, _S.ENDED),
    *_opening(_T.SIDE, _S.ASK_SIDE, after=_S.ASK_SIDE),
    *_opening(_T.CONSTRUCT, _S.ASK_CONSTRUCT, after=_S.ASK_CONSTRUCT),
    _row(_T.YES, _S.EQUIPMENT, _S.EQUIPMENT, (before.equipment_to_ask,)),
    *_opening(_T.YES, _S.EQUIPMENT, after=_S.EQUIPMENT),
    _row(_T.NO, _S.EQUIPMENT, _S.EQUIPMENT, (before.equipment_to_ask,)),
    *_opening(_T.NO, _S.EQUIPMENT, after=_S.EQUIPMENT),
    *_opening(_T.NOTED, _S.BEFORE_NOTE, after=_S.BEFORE_NOTE),
    *_opening(_T.SKIP, _S.BEFORE_NOTE, after=_S.BEFORE_NOTE, do=(before.leave_note_out,)),
)

_MOVEMENT: Final = (
    _row(_T.RATED, _S.BASELINE, _S.INTRODUCE),
    _row(_T.RATED, _S.RATE_BEFORE, _S.PERFORM),
    _row(_T.RATED, _S.RATE_AFTER, _S.VERDICT),
    _row(_T.RATED, _S.RATE_DURING, _S.VERDICT, (move.movement_must_stop,), (move.rating_ends_trial,)),
    _row(_T.RATED, _S.RATE_DURING, _S.STOP_ASKED, (move.too_much,)),
    _row(_T.RATED, _S.RATE_DURING, RETURN, do=(move.go_easier,)),
    _row(_T.DOUBT, PHASES, _S.CONFIRM_RATING),
    _row(_T.DOUBT, (*CORRECTABLE, _S.CORRECT_RATING), _S.CONFIRM_RATING),
    _row(_T.AGAIN, _S.CONFIRM_RATING, RETURN),
    _row(_T.DONE, _S.INTRODUCE, _S.RATE_BEFORE, (move.before_needed,)),
    _row(_T.DONE, _S.INTRODUCE, _S.PERFORM),
    _row(_T.DONE, _S.PERFORM, _S.RATE_AFTER),
    _row(_T.DONE, _S.VERDICT, _S.REVIEW, (move.retry_due,)),
    *_onward(_T.DONE, _S.VERDICT),
    _row(_T.DONE, _S.REVIEW, _S.PERFORM),
    _row(_T.DONE, _S.REST, _S.SETTLE, (move.carried_over,), (move.settle_first,)),
    _row(_T.DONE, _S.REST, _S.INTRODUCE, do=(move.next_station,)),
    _row(_T.WAIT, _S.RATE_AFTER, _S.SETTLE, do=(move.settle_here,)),
    _row(_T.WAIT, MOVING, _S.PAUSED, (move.waits_for_ready,)),
    _row(_T.DONE, _S.SETTLE, _S.INTRODUCE, (move.settling_first,), (move.next_station, move.rate_anew)),
    _row(_T.DONE, _S.SETTLE, _S.RATE_AFTER),
    _row(_T.READY, _S.SETTLE, _S.INTRODUCE, (move.settling_first,), (move.next_station, move.rate_anew)),
    _row(_T.READY, _S.SETTLE, _S.RATE_AFTER),
    _row(_T.READY, _S.READY, RETURN),
    # A session that was cut off waits for "ready" before it goes on; questions wait by themselves.
    _row(_T.TAKE_UP, (*MOVING, _S.PAUSED), _S.READY),
    _row(_T.UNKNOWN, _S.BASELINE, _S.INTRODUCE, do=(move.rating_is_unknown,)),
    _row(_T.UNKNOWN, _S.RATE_BEFORE, _S.PERFORM, do=(move.rating_is_unknown,)),
    _row(_T.UNKNOWN, _S.RATE_AFTER, _S.VERDICT, do=(move.rating_is_unknown,)),
    *_onward(_T.UNKNOWN, _S.RATE_DURING, (move.rating_is_unknown, move.drop_trial)),
    _row(_T.DONE, _S.SUMMARY, _S.ENDED),
)

_STEERING: Final = (
    _row(_T.SKIP, _S.BASELINE, _S.INTRODUCE, do=(move.rating_is_missing,)),
    _row(_T.SKIP, _S.RATE_AFTER, _S.VERDICT, do=(move.rating_is_missing,)),
    *_onward(_T.SKIP, (*NOT_DONE, _S.VERDICT), (move.drop_trial,)),
    *_onward(_T.LEFT_EARLY, _S.PERFORM, (move.end_early,)),
    _row(_T.SKIP, _S.REST, _S.SETTLE, (move.carried_over,), (move.settle_first,)),
    _row(_T.SKIP, _S.REST, _S.INTRODUCE, do=(move.next_station,)),
    _row(_T.SKIP, _S.SETTLE, _S.INTRODUCE, (move.settling_first,), (move.next_station, move.rate_anew)),
    _row(_T.SKIP, _S.SETTLE, _S.RATE_AFTER),
    _row(_T.SKIP, _S.SUMMARY, _S.ENDED),
    _row(_T.BACK, (*ON_A_MOVEMENT, _S.REST, _S.SETTLE), _S.INTRODUCE, do=(move.go_back,)),
    # What hurt more than was written down at first is no less too much.
    *(
        _row(_T.CORRECTED, (*CORRECTABLE, *_ABOUT_A_NUMBER), dest, (when,), do)
        for dest, when, do in (
            (_S.VERDICT, move.hurt_must_stop, (move.rating_ends_trial,)),
            (_S.STOP_ASKED, move.hurt_too_much, ()),
            (_S.VERDICT, move.verdict_changed, ()),
        )
    ),
    _row(_T.CORRECTED, _ABOUT_A_NUMBER, RETURN),
    _row(_T.WRONG, CORRECTABLE, _S.CORRECT_RATING, (move.something_rated,)),
)

#: Nothing of this goes on by itself: the person says that they are steady, or the session ends.
_DISTRESS: Final = (
    _row(_T.UNWELL, [s for s in _ANYWHERE if s != _S.UNSTEADY], _S.UNSTEADY, (move.waits_for_ready,)),
    _row(_T.EMERGENCY, _ANYWHERE, _S.EMERGENCY, (move.waits_for_ready,), (trouble.note_whether_unsteady,)),
    _row(_T.STEADY, _S.UNSTEADY, _S.SAFETY, (trouble.sign_to_ask,), (trouble.ask_the_sign,)),
    *_after_distress(_T.STEADY, _S.UNSTEADY),
    # Whoever has said yes to a red flag hears its advice.
    _row(_T.UNANSWERED, _S.UNSTEADY, _S.ADVISED, (before.flag_raised,), (trouble.end_unheard,)),
    *(_row(trigger, _S.UNSTEADY, _S.ADVISED, (before.flag_raised,)) for trigger in (_T.STOP, _T.END)),
    _row(_T.UNANSWERED, _S.UNSTEADY, _S.FAREWELL),
    _row(_T.STOP, _S.UNSTEADY, _S.FAREWELL, do=(move.end_by_person,)),
    _row(_T.END, _S.UNSTEADY, _S.FAREWELL, do=(move.end_by_person,)),
    _row(_T.DENIED, _S.EMERGENCY, _S.UNSTEADY, (trouble.was_unsteady,), (trouble.deny_emergency,)),
    _row(_T.DENIED, _S.EMERGENCY, _S.READY, do=(trouble.deny_emergency,)),
    _row(_T.DONE, _S.EMERGENCY, _S.ENDED, do=(trouble.end_in_emergency,)),
    _row(_T.STOP, _S.EMERGENCY, _S.ENDED, do=(trouble.end_in_emergency,)),
    _row(_T.DONE, _S.FAREWELL, _S.ENDED),
    _row(_T.STOP, _S.FAREWELL, _S.ENDED),
)

_INTERRUPTIONS: Final = (
    _row(_T.HURTS, CORRECTABLE, _S.RATE_DURING),
    # Nobody who is unsteady is paused: a pause is gone on from by a word, or by a microphone that comes back.
    _row(_T.PAUSE, [s for s in _ALIVE if s not in {_S.PAUSED, _S.UNSTEADY}], _S.PAUSED),
    _row(_T.RESUME, _HELD, RETURN),
    # Whoever has said yes to a red flag hears the advice before the end.
    _row(_T.STOP, _S.EACH_FLAG, _S.ADVISED),
    _row(_T.STOP, _S.CONFIRM_SAFETY, _S.ADVISED, do=(before.raise_red_flag,)),
    _row(
        _T.STOP,
        [s for s in _ALIVE if s not in {_S.STOP_ASKED, _S.SUMMARY, _S.EACH_FLAG, _S.UNSTEADY}],
        _S.STOP_ASKED,
    ),
    _row(_T.STOP, _S.STOP_ASKED, _S.ADVISED, (before.flag_raised,)),
    _row(_T.STOP, _S.STOP_ASKED, _S.ENDED, do=(move.end_by_person,)),
    _row(_T.STOP, (_S.SUMMARY, _S.ADVISED, _S.PUT_OFF), _S.ENDED),
    _row(_T.CARRY_ON, _HELD, RETURN),
    _row(_T.END, _HELD, _S.ADVISED, (before.flag_raised,)),
    _row(_T.END, _HELD, _S.SUMMARY, (move.something_judged,), (move.end_by_person,)),
    _row(_T.END, _HELD, _S.ENDED, do=(move.end_by_person,)),
    _row(
        _T.NOTE,
        [s for s in _ALIVE if s not in {*NOTES, *SCREEN, _S.UNSTEADY, _S.READY_FIRST, _S.READY}],
        _S.NOTE,
    ),
    # A note may tell of trouble that nobody understands.
    _row(_T.NOTED, _S.NOTE, _S.PAUSED, (move.held_by_a_note,)),
    _row(_T.NOTED, _S.NOTE, RETURN),
    # As it was before `Edition.WAITS`.
    _row(_T.WRONG_BODY, _HELD, _S.ADVISED, (before.flag_raised,)),
    _row(_T.WRONG_BODY, _BEFORE_EDITION_3, _S.SAFETY, do=(before.call_screen,)),
)

TABLE: Final = (*_OPENING, *_MOVEMENT, *_STEERING, *_DISTRESS, *_INTERRUPTIONS)


@cache
def session_machine() -> Machine[Context]:
    """Return the machine of all sessions, built on first use."""
    return Machine(TABLE)
