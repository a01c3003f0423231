"""Starting a voice before it is needed, for those voices that have something to start."""

from typing import Protocol, runtime_checkable

from cuewalk.speech_out.api import Voice


@runtime_checkable
class Warms(Protocol):
    """A voice that can get ready in the background."""

    def warm(self) -> None:
        """Start whatever speaks, without waiting for it."""
        ...


def warm(voice: Voice) -> None:
    """Start ``voice`` in the background if it has anything to start.

    Raises:
        VoiceError: if no process can be started.
    """
    if isinstance(voice, Warms):
        voice.warm()
