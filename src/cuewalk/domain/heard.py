"""How an utterance reached us: kept beside every rating so that a person can check it later."""

from enum import StrEnum

from cuewalk.domain.frozen import Frozen
from cuewalk.domain.input_mode import InputMode
from cuewalk.domain.units import Millis

__all__ = ["Heard", "InputMode", "Sureness"]


class Sureness(StrEnum):
    """What may be done with an utterance that has a meaning."""

    ACCEPT = "accept"
    CONFIRM = "confirm"


class Heard(Frozen):
    """What one recogniser made of one utterance."""

    text: str
    confidence: float
    engine: str
    mode: InputMode = InputMode.VOICE
    sureness: Sureness = Sureness.ACCEPT
    #: Number of the utterance within the session; its clip carries the same number.
    utterance: int | None = None
    #: Session clock at the start and the end of the speech, in milliseconds.
    start: Millis = Millis(0)
    end: Millis = Millis(0)
