"""A small programme and a driver that plays the world to an engine: voices end, timers fire in order."""

import datetime as dt
import heapq
from dataclasses import dataclass, field

from cuewalk.domain.content import (
    Claim,
    DaysRule,
    Dose,
    Equipment,
    Fault,
    FlagOutcome,
    Item,
    Movement,
    Need,
    Programme,
    RangeLevel,
    RedFlagGroup,
    RepPhase,
    RestAdvice,
    Sides,
)
from cuewalk.domain.heard import Heard, Sureness
from cuewalk.domain.intents import (
    Answer,
    Command,
    CommandSaid,
    Construct,
    CorrectionSaid,
    Intent,
    RatingSaid,
    ReadySaid,
    Side,
)
from cuewalk.domain.prompts import PROMPT_SLOTS
from cuewalk.domain.records import Record
from cuewalk.domain.rules import Number, Rules
from cuewalk.domain.setup import EDITION, Setup
from cuewalk.engine.effects import Append, CancelTimer, Effect, Finish, Speak, StartTimer, StopSpeaking
from cuewalk.engine.events import Begin, CueFinished, Event, TimerFired, Understood
from cuewalk.engine.session import Session

CUE_MS = 1500

_RULES = {
    "clear_improvement": 2, "small_improvement": 1, "floor": 0, "zone_green_max": 2, "zone_amber_max": 5,
    "stop_above": 5, "stop_rise": 2, "retries": 1, "retry_pace": 0.7, "settle_ms": 60000,
    "carry_over_within": 1,
    "confirm_from": 6, "confirm_change": 4, "patience_ms": 8000, "misses_before_pause": 3,
    "confirmed_sessions": 2, "confirmed_window": 3, "retest_days": 7, "clip_days": 30, "screening_days": 30,
}  # fmt: skip


def sample_rules() -> Rules:
    """Return the design's rules."""
    numbers = {name: Number(value=value, basis="design") for name, value in _RULES.items()}
    return Rules.model_validate({"version": "test", **numbers})


def sample_movement(ident: str, sides: Sides = Sides.AFFECTED, dose: Dose | None = None) -> Movement:
    """Return a movement with three repetitions of two phases."""
    return Movement(
        id=ident,
        name=f"Movement {ident}",
        joints=("hip",),
        sides=sides,
        start="Stand tall.",
        steps=("Lift the foot.", "Lower it."),
        phases=(RepPhase(say="Up.", seconds=2), RepPhase(say="Down.", seconds=2)),
        dose=dose or Dose(reps=3),
        ranges=tuple(RangeLevel(name=n, cue=f"Go {n}.") for n in ("tiny", "small", "middle")),
        coaching=("Soft knees.",),
        faults=tuple(Fault(fault=f"Fault {i}.", correction="Do less.") for i in range(3)),
        easier="Hold a chair.",
        avoid_when=("It is hot.",),
        note=Claim(claim="It may help.", counter="It may not.", source="test"),
    )


def sample_setup(movements: int = 3, **changes: object) -> Setup:
    """Return a set-up with as many movements, ready to rate."""
    drills = {f"m{i}": sample_movement(f"m{i}") for i in range(1, movements + 1)}
    programme = Programme(
        id="sample",
        name="Sample",
        about="A sample.",
        source="test",
        items=tuple(Item(movement=ident) for ident in drills),
    )
    flags = (
        RedFlagGroup(
            id="now", outcome=FlagOutcome.EMERGENCY, ask="Chest pain, yes or no?", flags=("chest pain",)
        ),
        RedFlagGroup(
            id="soon", outcome=FlagOutcome.PROFESSIONAL, ask="Locked knee, yes or no?", flags=("lock",)
        ),
    )
    settings = {"screening_due": False, "side": Side.LEFT, "rated": Construct.PAIN, **changes}
    return Setup.model_validate(
        {"programme": programme, "movements": drills, "rules": sample_rules(), "red_flags": flags, **settings}
    )


def full_setup(movements: int = 3, **changes: object) -> Setup:
    """Return a set-up of the present edition in which everything is asked before the first movement.

    The first movement needs a thing and has a stand-in, the second needs one and has none; a third thing
    only helps.
    """
    setup = sample_setup(movements, side=None, rated=None, screening_due=True)
    needs = {
        "m1": (Need(item="roller", instead="other"), Need(item="balloon")),
        "m2": (Need(item="bed"),),
    }
    drills = {
        ident: drill.model_copy(update={"needs": needs.get(ident, ())})
        for ident, drill in [*setup.movements.items(), ("other", sample_movement("other", Sides.EACH))]
    }
    things = [("roller", False), ("balloon", True), ("bed", False)]
    advice = RestAdvice(days_rule=DaysRule.OVERUSE_REST, ask="Sore, yes or no?", say="Rest {days} days.")
    return setup.model_copy(
        update={
            "edition": EDITION,
            "today": dt.date(2026, 11, 21),
            "movements": drills,
            "programme": setup.programme.model_copy(
                update={"rest_advice": advice, "before_note": "Which shoes?"}
            ),
            "equipment": tuple(
                Equipment(id=i, name=f"a {i}", ask=f"A {i}, yes or no?", optional=o) for i, o in things
            ),
            **changes,
        }
    )


def heard(text: str = "four", *, sure: bool = True) -> Heard:
    """Return an utterance."""
    sureness = Sureness.ACCEPT if sure else Sureness.CONFIRM
    return Heard(text=text, confidence=0.9, engine="test", sureness=sureness, utterance=1)


@dataclass
class World:
    """Drives a session: speech lasts `CUE_MS`, timers fire on time, the person answers when told to."""

    session: Session
    now: int = 0
    spoken: list[Speak] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    over: bool = False
    _queue: list[tuple[int, int, Event]] = field(default_factory=list)
    _order: int = 0

    def tell(self, event: Event) -> list[Effect]:
        """Give one event to the session and perform its effects."""
        self.events.append(event)
        effects = self.session.step(event)
        self.effects += effects
        for effect in effects:
            self._perform(effect)
        return effects

    def begin(self) -> "World":
        """Start the session."""
        self.tell(Begin())
        return self

    def run_until(self, *states: str, limit: int = 3000) -> "World":
        """Let time pass until the session is in one of the states."""
        for _ in range(limit):
            if self.session.state in states:
                return self
            if self.session.place.awaiting_ready and self.session.talk.finished:
                self.ready()
            else:
                self.pass_time()
        raise AssertionError(f"never reached {states}, stuck in {self.session.state}")

    def pass_time(self) -> None:
        """Let the next thing happen."""
        assert self._queue, f"nothing is going to happen in {self.session.state}"
        self.now, _, event = heapq.heappop(self._queue)
        self.tell(event)

    def run_until_quiet(self) -> "World":
        """Let the present prompt be spoken to its end."""
        while not self.session.talk.finished:
            self.pass_time()
        return self

    def hear(self, intent: Intent, text: str = "", *, sure: bool = True) -> "World":
        """Say something to the session."""
        self.tell(Understood(intent=intent, heard=heard(text, sure=sure)))
        return self

    def rate(self, value: float, *, sure: bool = True) -> "World":
        """Say a number."""
        return self.hear(RatingSaid(value=value), str(value), sure=sure)

    def correct(self, value: float) -> "World":
        """Say "no, <number>"."""
        return self.hear(CorrectionSaid(value=value), f"no {value}")

    def command(self, command: Command) -> "World":
        """Say a command."""
        return self.hear(CommandSaid(command=command), command.value)

    def ready(self) -> "World":
        """Say the word that is waited for: "ready", or that one is steady."""
        return self.hear(ReadySaid(), "ready")

    def yes(self, *, yes: bool = True) -> "World":
        """Say yes or no."""
        return self.hear(Answer(yes=yes), "yes" if yes else "no")

    @property
    def records(self) -> list[Record]:
        """Everything kept so far."""
        return [effect.record for effect in self.effects if isinstance(effect, Append)]

    @property
    def speaking(self) -> bool:
        """Whether a line is being spoken."""
        return any(isinstance(event, CueFinished) for _, _, event in self._queue)

    def said(self) -> list[str]:
        """Return the prompts spoken so far, literal ones by their text."""
        return [s.slots["text"] if s.prompt == "literal" else s.prompt for s in self.spoken]

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Speak(cue=cue):
                needed = {slot for slot in PROMPT_SLOTS.get(effect.prompt, "").split() if slot[-1] != "?"}
                assert needed <= {*effect.slots}, f"{effect.prompt} without {needed - {*effect.slots}}"
                self.spoken.append(effect)
                self._later(CUE_MS, CueFinished(cue=cue))
            case StopSpeaking():
                self._queue = [item for item in self._queue if not isinstance(item[2], CueFinished)]
                heapq.heapify(self._queue)
            case StartTimer(timer=timer, after=after):
                self._later(after, TimerFired(timer=timer))
            case CancelTimer(timer=timer):
                self._queue = [item for item in self._queue if item[2] != TimerFired(timer=timer)]
                heapq.heapify(self._queue)
            case Finish():
                self.over = True

    def _later(self, after: int, event: Event) -> None:
        self._order += 1
        heapq.heappush(self._queue, (self.now + after, self._order, event))


def started(movements: int = 3, **changes: object) -> World:
    """Return a world whose session has begun."""
    return World(Session(sample_setup(movements, **changes))).begin()
