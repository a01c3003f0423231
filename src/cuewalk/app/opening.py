"""Opens what a conversation with a person in front of the microphone needs."""

from contextlib import ExitStack

from cuewalk.devices.guards import ducked, kept_awake
from cuewalk.devices.lasting import LastingAudio
from cuewalk.settings import Settings


def open_devices(stack: ExitStack, settings: Settings) -> LastingAudio:
    """Open microphone and speaker for the life of ``stack``, turn other players down, stay awake.

    Raises:
        DeviceError: if the microphone or the speaker does not work.
    """
    audio = LastingAudio(settings.devices)
    stack.callback(audio.close)
    stack.enter_context(ducked(enabled=settings.duck))
    stack.enter_context(kept_awake(enabled=settings.keep_awake))
    return audio
