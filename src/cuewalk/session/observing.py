"""What screens, the simulated person and tests are told of a running session."""

from dataclasses import dataclass
from typing import Protocol

from cuewalk.domain.records import Record
from cuewalk.engine.effects import Speak
from cuewalk.engine.events import Event
from cuewalk.engine.session import View


@dataclass(frozen=True, slots=True)
class Step:
    """One engine step as it was performed. ``lines`` are the spoken lines with their texts."""

    now: int
    event: Event
    lines: tuple[tuple[Speak, str], ...]
    records: tuple[Record, ...]
    view: View


class Observer(Protocol):
    """Is told of every step and of every line that was spoken to its end."""

    def stepped(self, step: Step) -> None:
        """Take in one step."""
        ...

    def spoken(self, speak: Speak) -> None:
        """Take in a line that was spoken to its end."""
        ...

    def ticked(self, now: int, view: View, *, quiet: bool) -> None:
        """Take in that one frame passed."""
        ...

    def noticed(self, text: str) -> None:
        """Take in a sentence for the person that belongs to no step (a full disk, a voice that failed)."""
        ...


class Silent:
    """An observer that does nothing; a base for those that need only a part."""

    def stepped(self, step: Step) -> None:
        """Do nothing."""

    def spoken(self, speak: Speak) -> None:
        """Do nothing."""

    def ticked(self, now: int, view: View, *, quiet: bool) -> None:
        """Do nothing."""

    def noticed(self, text: str) -> None:
        """Do nothing."""
