"""What the session needs of a voice."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from cuewalk.domain.errors import VoiceError
from cuewalk.domain.sound import Samples


@dataclass(frozen=True, slots=True)
class VoiceSpec:
    """Which engine and voice speak. ``voice`` is the engine's own name for it, "" for its default."""

    engine: str
    voice: str = ""
    version: str = ""


class Piece(NamedTuple):
    """A part of a line that is spoken without a stop, and its sound with the pause after it."""

    text: str
    samples: Samples


class Voice(Protocol):
    """Turns one line of text into audio."""

    @property
    def spec(self) -> VoiceSpec:
        """The engine, voice and version; part of the cache key."""

    def render(self, text: str, rate: float = 1.0) -> Samples:
        """Return ``text`` spoken, 16 kHz mono int16, leading and trailing silence trimmed.

        Args:
            text: one line.
            rate: 1.0 is the voice's normal speed, 0.5-2.0.

        Raises:
            VoiceError: if the engine is missing, dies, or returns nothing.
        """

    def close(self) -> None:
        """End the engine's process; a second call does nothing."""


def warm(voice: Voice) -> None:
    """Start ``voice`` in the background if it has a method ``warm``, without waiting for it.

    Raises:
        VoiceError: if no process can be started.
    """
    if (start := getattr(voice, "warm", None)) is not None:
        start()


def closed() -> VoiceError:
    """Return what a voice raises after it was closed."""
    return VoiceError("This voice has been closed.", remedy="Start a new session to hear it again.")
