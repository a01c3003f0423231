"""What screens, the simulated person, benchmarks and tests are told of a running conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from cuewalk.domain.heard import Heard
from cuewalk.domain.records import Record
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import Millis
from cuewalk.engine.effects import Speak
from cuewalk.engine.events import Event
from cuewalk.engine.session import View
from cuewalk.speech_in.listener import UtteranceHeard

#: Confidence from which a guess that was not accepted is shown. Design: below, it is one of many.
_WORTH_SHOWING: Final = 0.2


def guess_of(heard: Heard) -> str:
    """Return what an utterance that was not understood may have been, "" where that is not worth showing."""
    return heard.text if heard.confidence >= _WORTH_SHOWING else ""


@dataclass(frozen=True, slots=True)
class StepPerformed:
    """One step as it was performed. ``lines`` are the spoken lines with their texts."""

    now: Millis
    event: Event
    lines: tuple[tuple[Speak, str], ...]
    records: tuple[Record, ...]
    view: View


class Frame(NamedTuple):
    """20 ms of sound, each of shape (320,) and int16: played, heard, heard without our own voice.

    ``gate`` is what voice activity was looked for in.
    """

    played: Samples
    microphone: Samples
    cleaned: Samples
    gate: Samples


class Observer:
    """Does nothing; whoever observes overrides what they need. Only what is overridden is called."""

    def stepped(self, step: StepPerformed) -> None:
        """Take in one step."""

    def spoken(self, speak: Speak) -> None:
        """Take in a line that was heard to its end."""

    def ticked(self, now: Millis, view: View, *, quiet: bool) -> None:
        """Take in that one frame has passed; ``quiet``: no line is being spoken."""

    def noticed(self, text: str) -> None:
        """Take in a sentence for the person that belongs to no step."""

    def heard(self, utterance: UtteranceHeard, *, spoiled: bool) -> None:
        """Take in an utterance before it is understood; ``spoiled``: too damaged to learn from."""

    def framed(self, frame: Frame) -> None:
        """Take in one frame of sound."""


def who_takes(method: str, observers: Sequence[Observer]) -> list[Observer]:
    """Return the observers that override this method, in their order."""
    return [each for each in observers if getattr(type(each), method) is not getattr(Observer, method)]
