"""Everything a session is decided by; stored whole in the journal so that a replay needs nothing else."""

from pydantic import Field

from cuewalk.domain.content import Movement, Programme, RedFlagGroup
from cuewalk.domain.frozen import Frozen
from cuewalk.domain.intents import Construct, Side
from cuewalk.domain.rules import Rules
from cuewalk.domain.units import Millis


class Manner(Frozen):
    """How a person likes one movement: remembered from session to session."""

    pace: float = Field(default=1.0, ge=0.4, le=2.0)
    range_level: int | None = None


class Setup(Frozen):
    """The programme, its movements, the rules and what is known of the person at the start."""

    locale: str = "en-US"
    programme: Programme
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
