"""The rows of a state table and the machine that walks them: the one place that knows `transitions`."""

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from functools import partial
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from transitions import Machine as Transitions

from cuewalk.domain.intents import Expect
from cuewalk.domain.records import RatingPhase
from cuewalk.domain.setup import Edition
from cuewalk.engine import states
from cuewalk.engine.lines import ScriptItem
from cuewalk.engine.states import NumberRole, State, Trigger

#: The items of a script and the index of the one that was being spoken.
Kept = tuple[list[ScriptItem], int]


class History(Enum):
    """A destination that depends on where the person was."""

    RETURN = "(where it was)"


RETURN: Final = History.RETURN


class Place:
    """Where a session is, from where each interrupting state was entered, and how far the script there was.

    Attributes:
        state: moved by `Machine`.
        edition: how the session is held; later where it was taken up since.
        by: the trigger of the last change.
        returning: whether that change led back to where the person was.
    """

    def __init__(self, edition: int) -> None:
        self.state = State.IDLE
        self.edition = edition
        self.by = Trigger.BEGIN
        self.returning = False
        self._came_from: dict[State, State] = {}
        self._kept: dict[State, Kept] = {}

    @property
    def ended(self) -> bool:
        """Whether nothing follows any more."""
        return self.state in states.OVER

    @property
    def waits_for_ready(self) -> bool:
        """Whether the session waits where it asks for "ready", and after distress."""
        return self.edition >= Edition.WAITS

    @property
    def awaiting_ready(self) -> bool:
        """Whether "ready" is being waited for."""
        return self.state in states.READY_WAITS and self.waits_for_ready

    @property
    def unsteady(self) -> bool:
        """Whether somebody who felt unwell or fell is waited for."""
        return Expect.STEADY in states.EXPECTS.get(self.state, ())

    @property
    def asks(self) -> bool:
        """Whether an answer or "ready" is being waited for."""
        return self.state in states.ASKING or self.awaiting_ready

    @property
    def behind_pause(self) -> State | None:
        """The state that a pause interrupts, None where the session is not paused."""
        return self.origin() if self.state in states.WAITING else None

    @property
    def asks_behind_pause(self) -> bool:
        """Whether the session is paused in a question, or where "ready" is waited for."""
        return self.behind_pause in {*states.ASKING, *states.READY_WAITS}

    @property
    def expects(self) -> frozenset[Expect]:
        """What makes sense as an answer now; while paused, also what answers the question behind."""
        here, behind = states.EXPECTS.get(self.state, frozenset()), self.behind_pause
        if behind is None or not self.waits_for_ready:
            return here
        return here | states.EXPECTS.get(behind, frozenset()) - {Expect.NOTE}

    @property
    def phase(self) -> RatingPhase | None:
        """The moment that a number given now belongs to, None where it answers no question for one."""
        asked_in = self.origin() if states.TAKES.get(self.state) is NumberRole.CONFIRMATION else self.state
        return states.PHASES.get(asked_in) if asked_in else None

    @property
    def corrected_in(self) -> State | None:
        """The state in which a number is being corrected, seen through the questions about it."""
        asking = states.TAKES.get(self.state) in {NumberRole.CORRECTION, NumberRole.CONFIRMATION}
        return self.origin() if asking else self.state

    def origin(self, interrupting: State | None = None) -> State | None:
        """Return the state that an interrupting one (the present one) was entered from."""
        return self._came_from.get(interrupting or self.state)

    def entered_from(self, interrupting: State, origin: State) -> bool:
        """Return whether an interrupting state was entered from ``origin``."""
        return self._came_from.get(interrupting) == origin

    def behind(self, state: State) -> list[State]:
        """Return what lies behind a state, the nearest first: all that is still open, then a place."""
        places: list[State] = []
        while state in states.INTERRUPTING and (place := self._came_from.get(state)) and place not in places:
            places.append(place)
            state = place
        return places

    def place_behind(self, interrupting: State) -> State:
        """Return the state that an interruption goes back to, questions of a movement seen through."""
        place = self.origin(interrupting) or State.IDLE
        while place in states.ASKED_FROM and (behind := self.origin(place)):
            place = behind
        return place

    def remember(self, source: State, script: Kept) -> None:
        """Note from where the present state was entered and the script there, if it interrupts."""
        if self.returning or self.state not in states.INTERRUPTING or states.same_place(source, self.state):
            return
        place, through = source, states.seen_through(self.state, self.by, self.edition)
        while place in through and place in self._came_from:
            place = self._came_from[place]
        # What lies behind the place has the present state in it no more: it comes over all of that now.
        for over in [place, *self.behind(place)]:
            if self._came_from.get(over) == self.state:
                self._came_from[over] = self._came_from[self.state]
        self._came_from[self.state] = place
        if place == source:
            self._kept[source] = script

    def take_script(self) -> Kept | None:
        """Return the script that was interrupted where the session has just returned to, once."""
        return self._kept.pop(self.state, None) if self.returning else None

    def forget_scripts(self) -> None:
        """Forget what was interrupted: what is told there now is another thing."""
        self._kept.clear()


class HasPlace(Protocol):
    """What a machine moves."""

    place: Place


C = TypeVar("C", bound=HasPlace)


class Row(NamedTuple, Generic[C]):
    """One transition: from any of ``sources`` to ``dest`` if every condition in ``when`` holds.

    ``do`` are actions that run before the state changes. ``origin``, set where `RETURN` is written out, asks
    besides that the (interrupting) source was entered from this state.
    """

    trigger: Trigger
    sources: tuple[State, ...]
    dest: State | History
    when: tuple[Callable[[C], bool], ...] = ()
    do: tuple[Callable[[C], None], ...] = ()
    origin: State | None = None


def expanded(table: Sequence[Row[C]]) -> Iterator[Row[C]]:
    """Yield a table with `RETURN` written out; a confirmed rating leads where its question leads."""
    for row in table:
        if row.dest is not RETURN:
            yield row
            continue
        for source in row.sources:
            for origin in _origins(table, source):
                yield _returning(row, origin)._replace(sources=(source,), origin=origin)
    for row in table:
        if row.trigger is Trigger.RATED:
            yield from (each for origin in row.sources for each in _confirmed(table, row, origin))


def _confirmed(table: Sequence[Row[C]], row: Row[C], origin: State) -> Iterator[Row[C]]:
    """Yield the rows by which a confirmed rating leads where its question would have led."""
    from_confirm = row._replace(sources=(State.CONFIRM_RATING,), origin=origin)
    if row.dest is not RETURN:
        yield from_confirm
        return
    for dest in _origins(table, origin):
        asked_in = partial(_entered_from, origin, dest)
        yield _returning(from_confirm, dest)._replace(when=(*row.when, asked_in))


def _returning(row: Row[C], dest: State) -> Row[C]:
    return row._replace(dest=dest, do=(*row.do, _mark_return))


def _mark_return(context: HasPlace) -> None:
    context.place.returning = True


def _entered_from(interrupting: State, origin: State, context: HasPlace) -> bool:
    return context.place.entered_from(interrupting, origin)


def _origins(table: Sequence[Row[C]], source: State) -> tuple[State, ...]:
    """Return the states that ``source`` can lead back to: entered from them, or from what came over them."""
    found, pending = set[State](), [source]
    while pending:
        entered = pending.pop()
        new = {s for row in table if row.dest == entered for s in row.sources} - found
        found |= new
        pending += new & {*states.INTERRUPTING}
    through = states.SEEN_THROUGH[source] & {*states.OVERLAYS}
    return tuple(s for s in State if s in found and s != source and s not in through)


class Machine(Generic[C]):
    """Walks one table. It holds no state of a session and is built once: building takes about 40 ms."""

    def __init__(self, table: Sequence[Row[C]]) -> None:
        self._machine = Transitions(
            model=None,
            states=[*states.STATES, State.READ_BACK],
            initial=State.IDLE,
            auto_transitions=False,
            ignore_invalid_triggers=True,
        )
        for row in expanded(table):
            for source in row.sources:
                origin = (partial(_entered_from, source, row.origin),) if row.origin else ()
                self._machine.add_transition(
                    row.trigger, source, row.dest, conditions=[*row.when, *origin], before=[*row.do]
                )

    def move(self, trigger: Trigger, context: C) -> bool:
        """Take the first row that fits and move the context's place; return False where none does."""
        place = context.place
        place.returning = False
        event = self._machine.events.get(trigger)
        # Asked first, for `transitions` writes a warning where there is no row.
        if event is None or place.state.name not in event.transitions or not event.trigger(place, context):
            return False
        place.by = trigger
        return True
