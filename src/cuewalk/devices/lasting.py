"""A microphone and a speaker that may be unplugged: what is lost is told, looked for, and taken up again.

While one of them is away the other goes on: without a speaker the person is still heard, without a
microphone the voice still tells what happened. The frames go on in time whatever is there, so the session's
clock never stops.
"""

import logging
import threading
import time
from collections.abc import Collection
from typing import Final

from cuewalk.audio.api import DeviceChange, DeviceLostError, DeviceName
from cuewalk.devices import sound_server
from cuewalk.devices.device_info import WHATEVER_THERE_IS, DeviceChoice
from cuewalk.devices.live import SILENCE, LiveAudio
from cuewalk.devices.reopening import Reopener
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS

_log = logging.getLogger(__package__)

#: Seconds without sound after which a device counts as lost; the person is told within two.
TIMEOUT: Final = 1.0
#: Gaps in one second from which on a speaker starves. Design choice: every fourth block.
_MANY_GAPS: Final = 12
#: Seconds; a loop that is away for longer lets any speaker run dry (the cushion holds 0.16).
_MOMENT: Final = 0.12
#: Seconds of buffer that a starving speaker is given, at most. Design choice: cues start later by it.
_MOST_LATENCY: Final = 0.4
#: Frames without play-out after which a line is over (half a second). Design choice.
_QUIET_FRAMES: Final = 25
#: Seconds between two questions for the default devices; each costs some 10 ms of a core, in another process.
_ASK_EVERY: Final = 3.0
_BOTH: Final[tuple[DeviceName, ...]] = ("microphone", "speaker")
_BACK: Final = {"microphone": "The microphone works again.", "speaker": "The speaker works again."}
_NOW: Final = {
    "microphone": 'The system listens through "{}" now, and so does the session.',
    "speaker": 'The system plays through "{}" now, and so does the session.',
}


class _Starving:
    """Detects repeated underruns that a larger buffer would fix."""

    def __init__(self) -> None:
        self._frames = self._gaps = 0
        self._absent = False
        self._last = time.monotonic()

    def since_last(self, gaps: int, began: float) -> bool:
        """Return whether a second has had many gaps that no absence of ours explains.

        ``began`` is when the exchange began; both it and the time between two may have been long.
        """
        now = time.monotonic()
        self._absent = self._absent or now - self._last > _MOMENT or now - began > _MOMENT
        self._last = now
        self._frames += 1
        if self._frames * FRAME_MS % 1000:
            return False
        many, self._gaps = gaps - self._gaps > _MANY_GAPS and not self._absent, gaps
        self._absent = False
        return many


class DefaultWatch:
    """Asks in a thread of its own whether the system's default became another device, such as a headset.

    PulseAudio and PipeWire move our streams there by themselves (seen with PulseAudio 16): nothing is opened
    again. But the echo path is another, and the person wants to know. Without a sound server PortAudio's list
    is frozen: there nothing is noticed.

    Args:
        devices: for which of the two the default is used.
        every: seconds between two questions.
    """

    def __init__(self, devices: Collection[DeviceName], every: float = _ASK_EVERY) -> None:
        self._devices, self._every = devices, every
        self._news: list[tuple[DeviceName, str]] = []
        self._ended = threading.Event()
        if devices and sound_server.runs():
            threading.Thread(target=self._watch, name="default-watch", daemon=True).start()

    def news(self) -> list[tuple[DeviceName, str]]:
        """Return which default became another one, and its name for the person, once."""
        return [self._news.pop(0) for _ in range(len(self._news))]

    def close(self) -> None:
        """Stop watching."""
        self._ended.set()

    def _watch(self) -> None:
        kinds: dict[DeviceName, str] = {"microphone": "source", "speaker": "sink"}
        before = sound_server.defaults()
        while not self._ended.wait(self._every):
            now = sound_server.defaults()
            for device in self._devices:
                kind = kinds[device]
                # A server that is away has no names; its devices are lost then, which is told elsewhere.
                if now[kind] and before[kind] not in ("", now[kind]):
                    self._news.append((device, sound_server.description(kind, now[kind])))
            before = {kind: name or before[kind] for kind, name in now.items()}


class LastingAudio(LiveAudio):
    """A live device whose `exchange` never fails, unless it is told not to wait for lost devices.

    Args:
        choice: which devices.
        timeout: seconds without sound after which a device counts as lost.
        waits: whether a lost device is looked for; else `exchange` raises `DeviceLostError`.

    Raises:
        DeviceError: if a device is missing, busy, refuses, or delivers nothing at the start.
    """

    def __init__(
        self, choice: DeviceChoice = WHATEVER_THERE_IS, *, timeout: float = TIMEOUT, waits: bool = True
    ) -> None:
        super().__init__(choice, timeout=timeout)
        self._waits = waits
        self._reopener = Reopener(choice)
        self._changes: list[DeviceChange] = []
        self._due = time.monotonic()
        self._starved = _Starving()
        self._defaults = DefaultWatch([d for d in _BOTH if sound_server.leads_there(self.device(d))])
        self._renew_in = 0

    def exchange(self, play: Samples | None) -> Samples:
        """Play one frame and return one of the microphone; silence where one is away."""
        self._take_back()
        self._follow(play)
        began = time.monotonic()
        try:
            heard = super().exchange(play)
        except DeviceLostError as lost:
            if not self._waits:
                raise
            _log.warning("the %s is lost", lost.device)
            self._changes.append(DeviceChange(lost.device, lost=True, sentence=str(lost)))
            self._reopen(lost.device, lost=True)
            return SILENCE
        if self.has("microphone"):
            self._due = time.monotonic()
        else:  # keep the time that the microphone kept
            self._due = max(self._due + FRAME_MS / 1000, time.monotonic() - 1.0)
            time.sleep(max(0.0, self._due - time.monotonic()))
        if self.has("speaker") and self._starved.since_last(self.health.speaker_underruns.total, began):
            _log.warning("the speaker runs dry again and again: opened anew with a larger buffer")
            self._reopener.speaker_latency = min(_MOST_LATENCY, 2 * self._reopener.speaker_latency)
            self._reopen("speaker")
        return heard

    def changes(self) -> list[DeviceChange]:
        """Return what was lost or came back since the last call."""
        changes, self._changes = self._changes, []
        return changes

    def close(self) -> None:
        """Release both devices; a second call does nothing."""
        self._defaults.close()
        self._reopener.close()
        super().close()

    def _follow(self, play: Samples | None) -> None:
        """Tell of a new default device, and begin anew for its room once nothing is being said."""
        for device, name in self._defaults.news():
            sentence = _NOW[device].format(name)
            self._changes.append(DeviceChange(device, lost=False, sentence=sentence, moved=True))
            self._renew_in = _QUIET_FRAMES
        if self._renew_in:
            self._renew_in = _QUIET_FRAMES if play is not None and play.any() else self._renew_in - 1
            if not self._renew_in:
                _log.info("the system uses another device: the echo path is learned anew")
                self.renew()

    def _reopen(self, device: DeviceName, *, lost: bool = False) -> None:
        self._reopener.look_for(device, self.device(device), self.give_up(device), lost=lost)

    def _tell_back(self, device: DeviceName) -> None:
        self._changes.append(DeviceChange(device, lost=False, sentence=_BACK[device]))
        if device == "microphone" and self.has("speaker"):
            self._reopen("speaker")  # after a restart of the sound server it may be fed in vain

    def _take_back(self) -> None:
        if self._reopener.idle:
            return
        for device, stream in self._reopener.found():
            self.adopt(stream)
            # One that was only closed while the other was looked for was never missed.
            if self._reopener.was_lost(device):
                self._tell_back(device)
        for device in self._reopener.overdue():
            sentence = f"The {device} could not be opened again."
            self._changes.append(DeviceChange(device, lost=True, sentence=sentence))
        # PortAudio makes a new list of devices only while no stream is open.
        for device in _BOTH if self._reopener.wants_all_closed else ():
            if self.has(device):
                self._reopen(device)
