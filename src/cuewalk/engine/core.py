"""The heart of a session: its state, its move from state to state, and the memory of where it was."""

from abc import ABC, abstractmethod

from transitions import Machine

from cuewalk.domain.intents import Construct, Expect, Side
from cuewalk.domain.setup import Setup
from cuewalk.domain.units import Millis
from cuewalk.engine.course import Course
from cuewalk.engine.effects import Effect, Listen
from cuewalk.engine.ledger import Ledger
from cuewalk.engine.lines import Item
from cuewalk.engine.machine import Place, build_machine
from cuewalk.engine.table import ASKING, EXPECTS, INTERRUPTING, OVERLAYS, READY_WAITS, SEEN_THROUGH, WAITING
from cuewalk.engine.talk import Talk

#: More scripts than this cannot end within one event; a longer chain would be a mistake in the table.
_LONGEST_CHAIN = 20
#: Since this edition a session waits for "ready", and for whoever felt unwell.
READY_EDITION = 3
#: Since this edition whoever hurts, and cannot do it or cannot tell how much, is asked whether to end.
_HURT_EDITION = 4
#: One reminder of "ready" is said after this long: a chair is fetched and a floor reached in less.
REMINDED_AFTER = Millis(45_000)
#: The session pauses this much later, two minutes in all.
PAUSED_AFTER = Millis(75_000)


class Core(ABC):
    """State, voice, course and ledger of one session, and how it changes state."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        #: How this session is held: that of its set-up, or later where it was taken up since.
        self.edition = setup.edition
        self.out: list[Effect] = []
        self.talk = Talk(self.out)
        self.course = Course(setup)
        self.ledger = Ledger(self.out, setup.rules)
        self.side: Side | None = setup.side
        self.rated: Construct | None = setup.rated
        self.brevity = setup.brevity
        self.patience = setup.patience
        self.misses = 0
        #: The last answer that was not sure; the same answer again is taken, if nothing came between.
        self.unsure: tuple[str, object] | None = None
        self.ended_how = "completed"
        self.pause_reason = "asked"
        #: Lines to be said at the start of the next script (a read-back, "Resuming").
        self.preface: list[Item] = []
        self._returning = False
        #: The trigger of the change under way.
        self._by = ""
        self._came_from: dict[str, str] = {}
        self._kept: dict[str, tuple[list[Item], int]] = {}
        self._place = Place()
        self._machine: Machine = build_machine(self._place, self)

    @property
    def state(self) -> str:
        """The state's name in the table."""
        return self._place.state

    def fire(self, trigger: str) -> bool:
        """Take the first row of the table that fits; return False where none does."""
        source, script = self.state, (self.talk.items, self.talk.at)
        self._returning, self._by = False, trigger
        if not self._machine.events[trigger].trigger(self._place):
            return False
        if not self._returning:
            self._remember(source, script)
        self.talk.hush()
        self.misses = 0
        if self.waits_for_ready():
            self.unsure = None
        self.out.append(Listen(self.expects))
        self._enter()
        return True

    @property
    def expects(self) -> frozenset[Expect]:
        """What makes sense as an answer now; while paused, also what answers the question behind."""
        here = EXPECTS.get(self.state, frozenset())
        behind = self.origin("paused") if self.state == "paused" and self.waits_for_ready() else None
        return here | EXPECTS.get(behind, frozenset()) - {Expect.NOTE} if behind else here

    def waits_for_ready(self) -> bool:
        """Return whether the session waits where it asks for "ready", and after distress (edition 3)."""
        return self.edition >= READY_EDITION

    def holds_who_hurts(self) -> bool:
        """Return whether silence leads nobody on who hurts and cannot tell how much (edition 4)."""
        return self.edition >= _HURT_EDITION

    def asks_to_begin(self) -> bool:
        """Return whether the first question waits for "ready" after the welcome."""
        return self.waits_for_ready()

    @property
    def awaiting_ready(self) -> bool:
        """Whether "ready" is being waited for."""
        return self.state in READY_WAITS and self.waits_for_ready()

    def mark_return(self) -> None:
        """Note that the row being taken leads back to where the person was."""
        self._returning = True

    def entered_from(self, interrupting: str, origin: str) -> bool:
        """Return whether an interrupting state was entered from ``origin``."""
        return self._came_from.get(interrupting) == origin

    def origin(self, interrupting: str) -> str | None:
        """Return the state an interrupting one was entered from."""
        return self._came_from.get(interrupting)

    def say(self, *items: Item) -> None:
        """Start a script, the preface first."""
        preface, self.preface = self.preface, []
        self.talk.start([*preface, *items])

    def answer_now(self, *lines: Item) -> None:
        """Say something in between, and then go on with the script; a question is asked again, shorter."""
        again = self.short_question() if self.state in ASKING and self.talk.finished else ()
        self.talk.interject([*lines, *again])

    def short_question(self) -> tuple[Item, ...]:
        """Return the question of the present state in its shorter form."""
        return self.question(1)

    @abstractmethod
    def question(self, length: int) -> tuple[Item, ...]:
        """Return the question of the present state in the given length (scenes know them)."""

    @abstractmethod
    def enter_fresh(self) -> None:
        """Say what a state says when it is newly entered (scenes know it)."""

    def settle(self) -> None:
        """Move on from finished scripts, or start waiting for the answer."""
        for _ in range(_LONGEST_CHAIN):
            if not self.talk.finished or self.state in {"idle", "ended", *WAITING}:
                return
            if self.state in ASKING or self.awaiting_ready:
                self.wait_for_answer()
                return
            self.fire("done")

    def wait_for_answer(self) -> None:
        """Start the clock of patience; whoever gets into position or sits down needs longer."""
        if self.state == "unsteady" or (self.awaiting_ready and self.misses == 0):
            self.talk.be_patient(REMINDED_AFTER)
        else:
            self.talk.be_patient(PAUSED_AFTER if self.awaiting_ready else self.patience)

    def _remember(self, source: str, script: tuple[list[Item], int]) -> None:
        same_place = {source, self.state} <= {"safety", "confirm_safety"} or source == self.state
        if self.state not in INTERRUPTING or same_place:
            return
        place = self._seen_through(source)
        self._lift(self.state, place)
        self._came_from[self.state] = place
        if place == source:
            self._kept[source] = script

    def _seen_through(self, source: str) -> str:
        """Return the state behind an interruption: carrying on leads there, not to what is settled by it.

        A number asked for because it hurt has been answered when it leads to "end or carry on?", and a note
        has been taken when a pause follows it.
        """
        through = {*(SEEN_THROUGH[self.state] if self.waits_for_ready() else OVERLAYS), self.state}
        if self.state == "stop_asked" and self._by in {"rated", "corrected"}:
            through |= {"confirm_rating", "rate_during", "correct_rating"}
        if self.state == "paused" and self._by == "noted":
            through |= {"note"}
        while source in through and source in self._came_from:
            source = self._came_from[source]
        return source

    def behind(self, state: str) -> list[str]:
        """Return what lies behind a state, the nearest first: all that is still open, then a place."""
        places: list[str] = []
        while state in INTERRUPTING and (place := self._came_from.get(state)) and place not in places:
            places.append(place)
            state = place
        return places

    def _lift(self, state: str, place: str) -> None:
        """Take ``state`` out of what lies behind ``place``, for it comes over all of that now."""
        for over in [place, *self.behind(place)]:
            if self._came_from.get(over) == state:
                self._came_from[over] = self._came_from[state]

    def _enter(self) -> None:
        script = self._kept.pop(self.state, None) if self._returning else None
        asked = script is not None and script[1] >= len(script[0]) and self.awaiting_ready
        if self._returning and (asked or self.state in {*ASKING, *WAITING}):
            self.say(*self.short_question())
        elif script is not None:
            preface, self.preface = self.preface, []
            self.talk.start([*script[0][: script[1]], *preface, *script[0][script[1] :]], at=script[1])
        else:
            self.enter_fresh()
