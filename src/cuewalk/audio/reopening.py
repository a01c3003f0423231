"""Looks for a device that was lost until it is there again, in a thread of its own.

Closing a dead device and opening one that is not quite there yet can take seconds; the session goes on
meanwhile. First the device is opened as it was known; where that fails, PortAudio is asked for a new list of
devices, for which every stream has to be closed for a moment.
"""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Final

from cuewalk.audio import _devices
from cuewalk.audio.api import DeviceName
from cuewalk.audio.capture import Capture
from cuewalk.audio.device_info import WHATEVER_THERE_IS, DeviceChoice, DeviceInfo, again
from cuewalk.audio.playout import LATENCY, Playout
from cuewalk.domain.errors import DeviceError

#: Between two tries.
_PAUSE: Final = 0.25
#: How long a device that was opened may take for its first block.
_FIRST_BLOCK: Final = 0.8
#: So often a new list of devices is made. It interrupts the other device for a moment, and is needed only
#: where a device comes back as another number.
_BLIND_SECONDS: Final = 5.0
_MOMENT: Final = 0.02
_OVERDUE: Final = 1.5
#: How long a speaker that was opened is given to fill its buffer, in seconds, and what it has to take after.
_FILLING: Final = 0.2
_ENOUGH_BLOCKS: Final = 3

Side = Capture | Playout


@dataclass(slots=True)
class _Wanted:
    """A device that is looked for; ``close`` releases what is left of it."""

    info: DeviceInfo
    close: Callable[[], None] | None
    lost: bool
    since: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class Reopener:
    """Finds devices again. Used by the pump's thread; one thread of its own works while any is missing."""

    choice: DeviceChoice = WHATEVER_THERE_IS
    _wanted: dict[DeviceName, _Wanted] = field(default_factory=dict)
    _found: list[tuple[DeviceName, Side]] = field(default_factory=list)
    _lost: set[DeviceName] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None
    _closed: threading.Event = field(default_factory=threading.Event)
    #: What a speaker that is opened is to buffer, in seconds.
    speaker_latency: float = LATENCY
    #: Whether every other stream has to be given up too, for a new list of devices.
    wants_all_closed: bool = False

    @property
    def idle(self) -> bool:
        """Whether nothing is being looked for or waits to be taken."""
        return not self._wanted and not self._found

    def look_for(
        self, device: DeviceName, info: DeviceInfo, close: Callable[[], None], *, lost: bool = True
    ) -> None:
        """Begin to look for a device; ``lost`` is False for one that was only closed for the other's sake."""
        with self._lock:
            self._wanted[device] = _Wanted(info, close, lost)
            if lost:
                self._lost.add(device)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look, name="device-reopener", daemon=True)
                self._thread.start()

    def found(self) -> list[tuple[DeviceName, Side]]:
        """Return the open streams of devices that are there again, once."""
        with self._lock:
            found, self._found = self._found, []
        return found

    def was_lost(self, device: DeviceName) -> bool:
        """Return whether the person was told that it is lost, once."""
        lost = device in self._lost
        self._lost.discard(device)
        return lost

    def overdue(self) -> list[DeviceName]:
        """Return devices that were only closed for a moment and do not come back, once: they are lost too."""
        with self._lock:
            late = [
                device
                for device, wanted in self._wanted.items()
                if not wanted.lost and time.monotonic() - wanted.since > _OVERDUE
            ]
            for device in late:
                self._wanted[device].lost = True
                self._lost.add(device)
        return late

    def close(self) -> None:
        """Stop looking, and release what was found."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
        for _, side in self.found():
            side.close()

    def _look(self) -> None:
        blind_until = time.monotonic() + _BLIND_SECONDS
        while not self._closed.is_set():
            self._release()
            with self._lock:
                missing = dict(self._wanted)
                if not missing:
                    self._thread = None
                    return
            if time.monotonic() > blind_until:
                self.wants_all_closed = _devices.streams_open()
                if self.wants_all_closed:
                    self._closed.wait(_MOMENT)
                    continue
                with suppress(Exception):
                    _devices.rescan()
                blind_until = time.monotonic() + _BLIND_SECONDS
                continue  # with what was given up for it
            for device, wanted in missing.items():
                with suppress(Exception):  # PortAudio in the midst of a restart raises anything; next round
                    self._try(device, wanted)
            self._closed.wait(_PAUSE)

    def _release(self) -> None:
        for wanted in list(self._wanted.values()):
            if wanted.close is not None:
                close, wanted.close = wanted.close, None
                with suppress(Exception):  # a dead device may refuse even that
                    close()

    def _try(self, device: DeviceName, wanted: _Wanted) -> None:
        try:
            if device == "microphone":
                side: Side = _open_microphone(wanted.info, self.choice.channel)
            else:
                # One that was only closed for a moment has not fallen asleep, and its cue goes on meanwhile.
                wake = self.choice.wake_seconds if wanted.lost else 0.0
                side = _open_speaker(wanted.info, self.speaker_latency, wake)
        except DeviceError:
            return
        with self._lock:
            del self._wanted[device]
            self._found.append((device, side))


def _open_microphone(known: DeviceInfo, channel: int) -> Capture:
    """Open the microphone of this name. Raises `DeviceError` if it is not there or does not deliver."""
    side = Capture(again(_devices.query(), known, "input"), channel)
    with ExitStack() as opened:
        opened.callback(side.close)
        side.start()
        side.wait_for_any(_FIRST_BLOCK)
        opened.pop_all()
    return side


def _open_speaker(known: DeviceInfo, latency: float, wake: float) -> Playout:
    """Open the speaker of this name. Raises `DeviceError` if it is not there or takes nothing."""
    side = Playout(again(_devices.query(), known, "output"), latency, wake=wake)
    with ExitStack() as opened:
        opened.callback(side.close)
        side.start()
        _wait_for_blocks(side)
        side.wait_awake(_FIRST_BLOCK)
        opened.pop_all()
    return side


def _wait_for_blocks(side: Playout) -> None:
    """Wait until the device plays. One that is stuck fills its buffer at once all the same, then stops."""
    time.sleep(_FILLING)
    filled, until = side.blocks, time.monotonic() + _FIRST_BLOCK
    while side.blocks < filled + _ENOUGH_BLOCKS:
        if time.monotonic() > until:
            raise DeviceError("The speaker takes no sound.")
        time.sleep(_MOMENT)
