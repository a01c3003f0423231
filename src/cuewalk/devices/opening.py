"""Opens a device again that was in use, and sees to it that it delivers."""

import time
from contextlib import ExitStack
from typing import Final

from cuewalk.devices import portaudio
from cuewalk.devices.capture import Capture
from cuewalk.devices.device_info import DeviceInfo, again
from cuewalk.devices.playout import LATENCY, Playout
from cuewalk.domain.errors import DeviceError

#: How long a device that was opened may take for its first block, in seconds.
FIRST_BLOCK: Final = 0.8
#: The same where nothing else helps; a sleeping PulseAudio source was seen to need 1.8.
SLOW_FIRST_BLOCK: Final = 2.5
_MOMENT: Final = 0.02
#: How long a speaker that was opened is given to fill its buffer, in seconds, and what it has to take after.
_FILLING: Final = 0.2
_ENOUGH_BLOCKS: Final = 3


def open_microphone(known: DeviceInfo, channel: int, *, patience: float = FIRST_BLOCK) -> Capture:
    """Open the microphone of this name. Raises `DeviceError` if it is not there or does not deliver."""
    side = Capture(again(portaudio.query(), known, "input"), channel)
    with ExitStack() as opened:
        opened.callback(side.close)
        side.start()
        side.wait_for_any(patience)
        opened.pop_all()
    return side


def open_speaker(
    known: DeviceInfo, latency: float = LATENCY, *, wake: float = 0.0, patience: float = FIRST_BLOCK
) -> Playout:
    """Open the speaker of this name. Raises `DeviceError` if it is not there or takes nothing."""
    side = Playout(again(portaudio.query(), known, "output"), latency, wake=wake)
    with ExitStack() as opened:
        opened.callback(side.close)
        side.start()
        _wait_for_blocks(side, patience)
        side.wait_awake(patience)
        opened.pop_all()
    return side


def _wait_for_blocks(side: Playout, patience: float) -> None:
    """Wait until the device plays. One that is stuck fills its buffer at once all the same, then stops."""
    time.sleep(_FILLING)
    filled, until = side.blocks, time.monotonic() + patience
    while side.blocks < filled + _ENOUGH_BLOCKS:
        if time.monotonic() > until:
            raise DeviceError("The speaker takes no sound.")
        time.sleep(_MOMENT)
