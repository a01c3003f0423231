"""Everything a session is decided by; stored whole in the journal so that a replay needs nothing else."""

import datetime as dt
from enum import IntEnum
from typing import Final

from pydantic import Field

from cuewalk.domain.content import Equipment, Movement, Programme, RedFlagGroup
from cuewalk.domain.frozen import Frozen
from cuewalk.domain.intents import Construct, Side
from cuewalk.domain.rules import Rules
from cuewalk.domain.units import Millis


class Edition(IntEnum):
    """How a session is held. A journal is replayed as its session was held, so each edition stays."""

    FIRST = 1
    #: Equipment, rest and a note are asked about first, each red flag is named, and the next movement waits
    #: until an irritation has settled.
    ASKS_BEFORE = 2
    #: The session waits for "ready", and for whoever felt unwell, who was asked for red flags before.
    WAITS = 3
    #: Whoever hurts, and cannot do it or cannot tell how much, is asked whether to end.
    ASKS_WHO_HURTS = 4
    #: A retry is judged by the lower of the two numbers before it as they stand now, corrections included.
    JUDGES_CORRECTED = 5
    #: A number that answers a question is no correction, though one was asked back and not answered before.
    FORGETS_CORRECTIONS = 6


#: How a session is held now.
EDITION: Final = Edition.FORGETS_CORRECTIONS


#: The limits of a pace, 1.0 being as written. A choice: slower than 0.4 a beat of two seconds lasts five and
#: is no tempo any more, faster than 2.0 the words do not fit into the beats.
SLOWEST: Final = 0.4
FASTEST: Final = 2.0


class Manner(Frozen):
    """How a person likes one movement: remembered from session to session."""

    pace: float = Field(default=1.0, ge=SLOWEST, le=FASTEST)
    range_level: int | None = None


class Setup(Frozen):
    """The programme, its movements, the rules and what is known of the person at the start."""

    locale: str = "en-US"
    programme: Programme
    #: Those of the programme, and those that stand in where a thing is missing.
    movements: dict[str, Movement]
    rules: Rules
    red_flags: tuple[RedFlagGroup, ...] = ()
    screening_due: bool = True
    first_session: bool = True
    side: Side | None = None
    rated: Construct | None = None
    manners: dict[str, Manner] = Field(default_factory=dict)
    volume: float = Field(default=0.8, ge=0, le=1)
    talk_rate: float = Field(default=1.0, ge=0.5, le=2.0)
    #: Names of the voices that take turns when another one is asked for; the first one speaks.
    voices: tuple[str, ...] = ()
    patience: Millis = Millis(8000)
    #: 0 full prompts, 1 shorter, 2 shortest.
    brevity: int = Field(default=0, ge=0, le=2)
    edition: int = 1
    today: dt.date | None = None
    #: What is asked for before the first movement.
    equipment: tuple[Equipment, ...] = ()
    #: Rest that the person planned for this programme and that is not over.
    resting_until: dt.date | None = None
    #: Begin with ranges one smaller, because a rest is just over.
    gently: bool = False
    #: The sides a movement is done on whatever the complaint's side is, by movement.
    own_sides: dict[str, tuple[Side, ...]] = Field(default_factory=dict)
    #: What the person's own numbers tell of a movement, to be spoken, by movement.
    evidence: dict[str, str] = Field(default_factory=dict)
