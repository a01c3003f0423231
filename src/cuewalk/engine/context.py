"""What a session is made of. Conditions, actions and scenes are functions of it, of the parts they need."""

import copy
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Literal

from cuewalk.domain.intents import Construct, Side
from cuewalk.domain.setup import Setup
from cuewalk.domain.units import Millis
from cuewalk.engine.course import Course
from cuewalk.engine.effects import Outbox
from cuewalk.engine.ledger import Ledger
from cuewalk.engine.machine import Place
from cuewalk.engine.states import State
from cuewalk.engine.talk import Talk

#: As `cuewalk.domain.records.SessionEnded` has it.
EndedHow = Literal["completed", "stopped", "red_flag", "abandoned", "rest", "nothing_to_do"]
#: After this many askings of one question its prompt is said in the shorter form. A choice.
_FAMILIAR: Final = 2


@dataclass(slots=True)
class Style:
    """How the session talks: volume 0-1, rate 1.0 the voice's own, brevity 0-2, patience for an answer."""

    volume: float
    talk_rate: float
    #: The first one speaks.
    voices: tuple[str, ...]
    brevity: int
    patience: Millis
    #: The coaching cue that comes next.
    coaching_at: int = 0
    #: How often each question was asked.
    asked: Counter[State] = field(default_factory=Counter)

    def length_of(self, question: State) -> int:
        """Return how long a question is asked this time: 0 in full, 1 shorter."""
        self.asked[question] += 1
        return int(self.brevity > 0 or self.asked[question] > _FAMILIAR)


@dataclass(slots=True)
class Asked:
    """How far the questions before the first movement are, and what they were answered with."""

    side: Side | None
    rated: Construct | None
    #: Begin with smaller ranges.
    gently: bool
    screened: bool = False
    #: "Something is wrong" called the screen (before `Edition.WAITS`).
    screen_called: bool = False
    #: Only the present group of red flags is asked for, after a fall.
    one_sign: bool = False
    #: The group of red flags that is being asked for, and the flag in it.
    flag_at: int = 0
    name_at: int = 0
    thing_at: int = 0
    missing: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Trouble:
    """What is known of a person who is or was in trouble."""

    #: They fell, and the sign that a fall can be of has not been asked for.
    fell: bool = False
    #: An emergency was heard from somebody who was unsteady.
    was_unsteady: bool = False
    #: "Stop" was said into advice: whom to call or to see is said once more, and nothing after that.
    advice_cut_short: bool = False


class Context:
    """All parts of one session; each is changed by its own methods and by the functions that name it."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.out = Outbox()
        self.place = Place(setup.edition)
        self.talk = Talk(self.out)
        self.course = Course(setup)
        self.ledger = Ledger(self.out, self.place, setup.rules)
        self.style = Style(setup.volume, setup.talk_rate, setup.voices, setup.brevity, setup.patience)
        self.asked = Asked(setup.side, setup.rated, setup.gently)
        self.trouble = Trouble()
        self.ended_how: EndedHow = "completed"
        #: What the last pause is, or was, for.
        self.pause_reason = "asked"
        #: The person is speaking: patience does not run out meanwhile.
        self.speaking = False
        #: How often the present question was not answered.
        self.misses = 0
        #: The last answer that was not sure, and its state; said again it is taken, if nothing came between.
        self.unsure: tuple[State, object] | None = None
        #: Microphone, speaker, while they are lost.
        self.devices_gone: set[str] = set()

    def twin(self) -> "Context":
        """Return a copy that changes by itself; the set-up, which never changes, is shared."""
        return copy.deepcopy(self, {id(self.setup): self.setup})
