"""Looks for a device that was lost until it is there again, in a thread of its own.

Closing a dead device and opening one that is not quite there yet can take seconds; the session goes on
meanwhile. First the device is opened as it was known. Where that fails, PortAudio is asked for a new list of
devices, for which every stream has to be closed for a moment, and whoever stands on the mat is not heard for
over a second (1.2 s measured with ALSA). So another process, whose list of devices is its own, looks first
(`SecondLook`); the streams are closed only once it has seen the device and it still does not open here.

``python -P -m cuewalk.devices.reopening microphone|speaker DEVICE CHANNEL`` is that process (``DEVICE``: a
`DeviceInfo` as JSON). It ends with 0 if the device opens and delivers, with `DeviceError.exit_code` if not,
and with another status if it could not look.
"""

import json
import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from typing import Final

from cuewalk.audio.api import DeviceName
from cuewalk.devices import portaudio
from cuewalk.devices.capture import Capture
from cuewalk.devices.device_info import WHATEVER_THERE_IS, DeviceChoice, DeviceInfo, again
from cuewalk.devices.playout import LATENCY, Playout
from cuewalk.domain.errors import DeviceError
from cuewalk.logs import ignoring, kind_of

_log = logging.getLogger(__package__)

#: Seconds that a device that was opened may take for its first block. Design choice: most need far less, and
#: the next try comes soon.
FIRST_BLOCK: Final = 0.8
#: The same where nothing else helps; a sleeping PulseAudio source was seen to need 1.8 s.
SLOW_FIRST_BLOCK: Final = 2.5
#: Seconds in which an opened speaker fills its buffer, and blocks that it has to take after that: one that is
#: stuck fills its buffer at once all the same, then stops.
_FILLING, _ENOUGH_BLOCKS = 0.2, 3
#: Seconds between two tries, and between two questions whether the streams are closed. Design choice.
_PAUSE, _MOMENT = 0.25, 0.02
#: Seconds after a loss, and after the last look, until another process looks at what our list of devices
#: cannot show. Design choice: a look costs some tenths of a second of one core, and is needed only where a
#: device comes back as another number.
_BLIND_SECONDS: Final = 5.0
#: Seconds after which a device that was only closed for the other's sake counts as lost. Design choice.
_OVERDUE: Final = 1.5
#: Seconds that the session's end waits for the thread, which may be stuck in a dead device. Design choice.
_LONGEST_CLOSE: Final = 5.0
#: Seconds after which a look hangs in a dead sound server; it takes 1 to 4 (measured on null sinks).
_LONGEST_LOOK: Final = 15

OpenSide = Capture | Playout


def open_microphone(known: DeviceInfo, channel: int, *, timeout: float = FIRST_BLOCK) -> Capture:
    """Open the microphone of this name. Raises `DeviceError` if it is not there or does not deliver."""
    side = Capture(again(portaudio.query(), known, "input"), channel)
    with ExitStack() as opened:
        opened.callback(side.close)
        side.start()
        side.wait_for_any(timeout)
        opened.pop_all()
    return side


def open_speaker(
    known: DeviceInfo, latency: float = LATENCY, *, wake: float = 0.0, timeout: float = FIRST_BLOCK
) -> Playout:
    """Open the speaker of this name. Raises `DeviceError` if it is not there or takes nothing."""
    side = Playout(again(portaudio.query(), known, "output"), latency, wake=wake)
    with ExitStack() as opened:
        opened.callback(side.close)
        side.start()
        time.sleep(_FILLING)
        filled, until = side.blocks, time.monotonic() + timeout
        while side.blocks < filled + _ENOUGH_BLOCKS:
            if time.monotonic() > until:
                raise DeviceError("The speaker takes no sound.")
            time.sleep(_MOMENT)
        side.wait_awake(timeout)
        opened.pop_all()
    return side


class SecondLook:
    """One look, which begins at once and goes on beside; used by one thread."""

    def __init__(self, device: DeviceName, info: DeviceInfo, channel: int) -> None:
        self._began = time.monotonic()
        self._process: subprocess.Popen[bytes] | None = None
        command = [sys.executable, "-P", "-m", "cuewalk.devices.reopening", device]
        null = subprocess.DEVNULL
        # Whatever keeps it from starting, `result` goes on without it.
        with ignoring(_log, Exception, doing="starting a second look"):
            self._process = subprocess.Popen(
                [*command, json.dumps(asdict(info)), str(channel)],
                stdin=null,
                stdout=null,
                stderr=null,
                start_new_session=True,  # Ctrl-C at the session's terminal is not for it
            )

    def result(self) -> bool | None:
        """Return whether the device is there; None while it is being looked for.

        Where nobody could look it may be there: our own new list has to tell. What crashed or hangs in the
        sound system is not to be done again in the session's own process.
        """
        if self._process is None:
            return True
        status = self._process.poll()
        if status is None and time.monotonic() - self._began > _LONGEST_LOOK:
            self.close()
            return False
        return None if status is None else status >= 0 and status != DeviceError.exit_code

    def close(self) -> None:
        """Look no longer."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@dataclass(slots=True)
class _Wanted:
    """A device that is looked for: ``close`` releases the lost stream, ``look`` is the searching thread's."""

    info: DeviceInfo
    close: Callable[[], None] | None
    lost: bool
    since: float = field(default_factory=time.monotonic)
    look: SecondLook | None = None

    @property
    def overlooked(self) -> bool:
        """Whether it is away for so long that it may be there and need more than another quick try."""
        return time.monotonic() - self.since > _BLIND_SECONDS

    @property
    def timeout(self) -> float:
        """Seconds that it may take for its first block; one that was closed for the other's sake is there."""
        return SLOW_FIRST_BLOCK if self.overlooked or not self.lost else FIRST_BLOCK

    def end_look(self) -> None:
        """Look no longer."""
        if self.look is not None:
            self.look.close()
            self.look = None


@dataclass(slots=True)
class Reopener:
    """Finds devices again. Used by the loop's thread; one thread of its own works while any is missing."""

    choice: DeviceChoice = WHATEVER_THERE_IS
    _wanted: dict[DeviceName, _Wanted] = field(default_factory=dict)
    _found: list[tuple[DeviceName, OpenSide]] = field(default_factory=list)
    _lost: set[DeviceName] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None
    _closed: threading.Event = field(default_factory=threading.Event)
    #: Seconds that a speaker that is opened is to buffer.
    speaker_latency: float = LATENCY
    #: Whether every other stream has to be given up too, for a new list of devices.
    wants_all_closed: bool = False
    _looked_at: float = -_BLIND_SECONDS

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

    def found(self) -> list[tuple[DeviceName, OpenSide]]:
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
            closed = [device for device, wanted in self._wanted.items() if not wanted.lost]
            late = [each for each in closed if time.monotonic() - self._wanted[each].since > _OVERDUE]
            for device in late:
                self._wanted[device].lost = True
                self._lost.add(device)
        return late

    def close(self) -> None:
        """Stop looking, and release what was found."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join(timeout=_LONGEST_CLOSE)
        self._close_found()

    def _look(self) -> None:
        while True:
            self._release()
            with self._lock:
                missing = dict(self._wanted)
                if not missing:
                    self._thread = None
            if self._closed.is_set():
                for wanted in missing.values():
                    wanted.end_look()
                self._close_found()
                return
            if not missing:
                return
            self._round(missing)
            self._closed.wait(_MOMENT if self.wants_all_closed and portaudio.streams_open() else _PAUSE)

    def _round(self, missing: dict[DeviceName, _Wanted]) -> None:
        """Make a new list if no stream is in the way, then try every device once."""
        due = self.wants_all_closed or any(self._look_is_due(wanted) for wanted in missing.values())
        if due and not portaudio.streams_open():
            self._rescan()
        if self.wants_all_closed:
            return
        seen = {device for device, wanted in missing.items() if self._seen_elsewhere(device, wanted)}
        # What was only closed for the other's sake goes first: it is there, and missed.
        for device, wanted in sorted(missing.items(), key=lambda item: item[1].lost):
            if self._closed.is_set():
                return
            # PortAudio in the midst of a restart raises anything; the next round tries again.
            with ignoring(_log, Exception, doing="opening a device again"):
                self._try(device, wanted)
        self.wants_all_closed = not seen.isdisjoint(self._wanted)

    def _rescan(self) -> None:
        self._looked_at = time.monotonic()
        self.wants_all_closed = True  # until PortAudio has started again
        with ignoring(_log, Exception, doing="asking for a new list of devices"):
            portaudio.rescan()
            self.wants_all_closed = False

    def _look_is_due(self, wanted: _Wanted) -> bool:
        return wanted.overlooked and time.monotonic() - self._looked_at > _BLIND_SECONDS

    def _seen_elsewhere(self, device: DeviceName, wanted: _Wanted) -> bool:
        """Return whether another process, which goes on beside, has just been able to open the device."""
        if wanted.look is None:
            if not self._look_is_due(wanted):
                return False
            wanted.look = SecondLook(device, wanted.info, self.choice.channel)
        seen = wanted.look.result()
        if seen is not None:
            wanted.end_look()
            self._looked_at = time.monotonic()
        return bool(seen)

    def _close_found(self) -> None:
        for _, side in self.found():
            with ignoring(_log, Exception, doing="closing a device that came too late"):
                side.close()

    def _release(self) -> None:
        for wanted in list(self._wanted.values()):
            if wanted.close is not None:
                close, wanted.close = wanted.close, None
                with ignoring(_log, Exception, doing="closing a dead device"):
                    close()

    def _try(self, device: DeviceName, wanted: _Wanted) -> None:
        try:
            if device == "microphone":
                side: OpenSide = open_microphone(wanted.info, self.choice.channel, timeout=wanted.timeout)
            else:
                # One that was only closed for a moment has not fallen asleep, and its cue goes on meanwhile.
                wake = self.choice.wake_seconds if wanted.lost else 0.0
                side = open_speaker(wanted.info, self.speaker_latency, wake=wake, timeout=wanted.timeout)
        except DeviceError as error:
            _log.debug("the %s does not open yet: %s", device, kind_of(error))
            return
        wanted.end_look()
        _log.info("the %s is open again after %.1f s", device, time.monotonic() - wanted.since)
        with self._lock:
            del self._wanted[device]
            self._found.append((device, side))


def main(device: str, info: str, channel: str) -> None:
    """Open the device and let it go again, or exit with the status of `DeviceError`."""
    if hasattr(signal, "alarm"):
        signal.alarm(2 * _LONGEST_LOOK)  # should nobody be there any more to end it
    known = DeviceInfo(**json.loads(info))
    try:
        if device == "microphone":
            open_microphone(known, int(channel), timeout=SLOW_FIRST_BLOCK).close()
        else:
            open_speaker(known, timeout=SLOW_FIRST_BLOCK).close()
    except DeviceError as error:
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main(*sys.argv[1:])
