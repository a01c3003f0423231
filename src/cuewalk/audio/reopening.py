"""Looks for a device that was lost until it is there again, in a thread of its own.

Closing a dead device and opening one that is not quite there yet can take seconds; the session goes on
meanwhile. First the device is opened as it was known. Where that fails, PortAudio is asked for a new list of
devices, for which every stream has to be closed for a moment: only once another process has seen the device.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from cuewalk.audio import _devices
from cuewalk.audio.api import DeviceName
from cuewalk.audio.capture import Capture
from cuewalk.audio.device_info import WHATEVER_THERE_IS, DeviceChoice, DeviceInfo
from cuewalk.audio.opening import open_microphone, open_speaker
from cuewalk.audio.playout import LATENCY, Playout
from cuewalk.audio.second_look import SecondLook
from cuewalk.domain.errors import DeviceError

#: Between two tries.
_PAUSE: Final = 0.25
#: So long after the last look another one is taken at what our list of devices cannot show. It costs some
#: tenths of a second of one core, and is needed only where a device comes back as another number.
_BLIND_SECONDS: Final = 5.0
_MOMENT: Final = 0.02
_OVERDUE: Final = 1.5

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
    _second_look: SecondLook | None = None
    _look_at: float = 0.0

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
        self._end_second_look()
        for _, side in self.found():
            side.close()

    def _look(self) -> None:
        self._look_at = time.monotonic() + _BLIND_SECONDS
        while not self._closed.is_set():
            self._release()
            with self._lock:
                missing = dict(self._wanted)
                if not missing:
                    self._end_second_look()
                    self._thread = None
                    return
            if self.wants_all_closed or self._seen_elsewhere(missing):
                self.wants_all_closed = _devices.streams_open()
                if self.wants_all_closed:
                    self._closed.wait(_MOMENT)
                    continue
                with suppress(Exception):
                    _devices.rescan()
                continue  # with what was given up for it
            for device, wanted in missing.items():
                with suppress(Exception):  # PortAudio in the midst of a restart raises anything; next round
                    self._try(device, wanted)
            self._closed.wait(_PAUSE)

    def _seen_elsewhere(self, missing: dict[DeviceName, _Wanted]) -> bool:
        """Return whether a new list is wanted: another process could open it, or no stream is in the way."""
        if time.monotonic() < self._look_at:
            return False
        if _devices.streams_open():
            if self._second_look is None:
                device, wanted = next(iter(missing.items()))
                self._second_look = SecondLook(device, wanted.info, self.choice.channel)
            seen = self._second_look.result()
        else:
            seen = True
        if seen is not None:
            self._end_second_look()
            self._look_at = time.monotonic() + _BLIND_SECONDS
        return bool(seen)

    def _end_second_look(self) -> None:
        if self._second_look is not None:
            self._second_look.close()
            self._second_look = None

    def _release(self) -> None:
        for wanted in list(self._wanted.values()):
            if wanted.close is not None:
                close, wanted.close = wanted.close, None
                with suppress(Exception):  # a dead device may refuse even that
                    close()

    def _try(self, device: DeviceName, wanted: _Wanted) -> None:
        try:
            if device == "microphone":
                side: Side = open_microphone(wanted.info, self.choice.channel)
            else:
                # One that was only closed for a moment has not fallen asleep, and its cue goes on meanwhile.
                wake = self.choice.wake_seconds if wanted.lost else 0.0
                side = open_speaker(wanted.info, self.speaker_latency, wake=wake)
        except DeviceError:
            return
        with self._lock:
            del self._wanted[device]
            self._found.append((device, side))
