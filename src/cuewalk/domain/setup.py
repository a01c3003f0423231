"""Everything a session is decided by; stored whole in the journal so that a replay needs nothing else."""

import datetime as dt
from typing import Final

from pydantic import Field

from cuewalk.domain.content import Equipment, Movement, Programme, RedFlagGroup
from cuewalk.domain.frozen import Frozen
from cuewalk.domain.intents import Construct, Side
from cuewalk.domain.rules import Rules
from cuewalk.domain.units import Millis

#: How a session is held now. Sessions of an older edition are replayed as they were held: 1 knew neither
#: equipment, notes and rest before a programme, nor waiting between movements, nor naming each red flag;
#: 2 did not wait for "ready", and asked the safety questions where a person felt unwell; 3 led on
#: who hurt and could not do it, or not tell how much.
EDITION: Final = 4


class Manner(Frozen):
    """How a person likes one movement: remembered from session to session."""

    pace: float = Field(default=1.0, ge=0.4, le=2.0)
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
