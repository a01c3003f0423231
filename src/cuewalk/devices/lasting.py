"""A microphone and a speaker that may be unplugged: what is lost is told, looked for, and taken up again.

While one of them is away the other goes on: without a speaker the person is still heard, without a
microphone the voice still tells what happened. The frames go on in time whatever is there, so the session's
clock never stops.
"""

import logging
import time
from typing import Final

import numpy as np

from cuewalk.audio.api import (
    AudioHealth,
    DeviceChange,
    DeviceLostError,
    DeviceName,
    PlayoutState,
)
from cuewalk.devices.device_info import WHATEVER_THERE_IS, DeviceChoice
from cuewalk.devices.live import LiveAudio
from cuewalk.devices.pulse import sound_server
from cuewalk.devices.pulse.default_watch import DefaultWatch
from cuewalk.devices.reopening import Reopener
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES

_log = logging.getLogger(__package__)

#: A device that delivers nothing for so many seconds counts as lost; the person is told within two.
PATIENCE: Final = 1.0
_SECOND: Final = 1000 // FRAME_MS
_MANY_GAPS: Final = 12
#: Seconds; a loop that is away for longer lets any speaker run dry.
_MOMENT: Final = 0.12
_MOST_LATENCY: Final = 0.4
_NO_SOUND: Final[Samples] = np.zeros(FRAME_SAMPLES, np.int16)
_NO_SOUND.flags.writeable = False
_BACK: Final = {
    "microphone": "The microphone works again.",
    "speaker": "The speaker works again.",
}
_NOW: Final = {
    "microphone": 'The system listens through "{}" now, and so does the session.',
    "speaker": 'The system plays through "{}" now, and so does the session.',
}
#: So long after its last sound a line is over (half a second).
_QUIET_FRAMES: Final = 25


class _Starving:
    """Tells when a speaker has gaps again and again, which a larger buffer mends."""

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
        if self._frames % _SECOND:
            return False
        many, self._gaps = gaps - self._gaps > _MANY_GAPS and not self._absent, gaps
        self._absent = False
        return many


class LastingAudio:
    """Implements `AudioIO`; `exchange` never fails, unless it is told not to wait for lost devices.

    Args:
        choice: which devices.
        patience: seconds without sound after which a device counts as lost.
        waits: whether a lost device is looked for; else `exchange` raises `DeviceLostError`.

    Raises:
        DeviceError: if a device is missing, busy, refuses, or delivers nothing at the start.
    """

    def __init__(
        self, choice: DeviceChoice = WHATEVER_THERE_IS, *, patience: float = PATIENCE, waits: bool = True
    ) -> None:
        self._waits = waits
        self._live = LiveAudio(choice, patience=patience)
        self._reopener = Reopener(choice)
        self._changes: list[DeviceChange] = []
        self._due = time.monotonic()
        self._starved = _Starving()
        names: tuple[DeviceName, ...] = ("microphone", "speaker")
        by_default = [name for name in names if sound_server.leads_there(self._live.device(name))]
        self._defaults = DefaultWatch(frozenset(by_default))
        self._defaults.start()
        self._renew_in = 0

    @property
    def name(self) -> str:
        """Both devices by name."""
        return self._live.name

    @property
    def health(self) -> AudioHealth:
        """Counters of lost audio."""
        return self._live.health

    @property
    def state(self) -> PlayoutState:
        """Where the speaker's side stands now."""
        return self._live.state

    def exchange(self, play: Samples | None) -> Samples:
        """Play one frame and return one of the microphone; silence where one is away."""
        self._take_back()
        self._follow(play)
        began = time.monotonic()
        try:
            heard = self._live.exchange(play)
        except DeviceLostError as lost:
            if not self._waits:
                raise
            self._lose(lost)
            return _NO_SOUND
        if self._live.has("microphone"):
            self._due = time.monotonic()
        else:
            self._keep_time()
        if self._live.has("speaker") and self._starved.since_last(
            self._live.health.speaker_underruns.total, began
        ):
            self._give_more_time()
        return heard

    def replace_silence(self, frames: Samples) -> None:
        """Put ``frames`` in place of the newest ones handed over, which were silence."""
        self._live.replace_silence(frames)

    def fade_out(self) -> int:
        """Fade out what waits for the device and return how many frames it was."""
        return self._live.fade_out()

    def changes(self) -> list[DeviceChange]:
        """Return what was lost or came back since the last call."""
        changes, self._changes = self._changes, []
        return changes

    def close(self) -> None:
        """Release both devices; a second call does nothing."""
        self._defaults.close()
        self._reopener.close()
        self._live.close()

    def _follow(self, play: Samples | None) -> None:
        """Tell of a new default device, and begin anew for its room once nothing is being said."""
        for device, name in self._defaults.news():
            self._changes.append(
                DeviceChange(device, lost=False, sentence=_NOW[device].format(name), moved=True)
            )
            self._renew_in = _QUIET_FRAMES
        if self._renew_in:
            self._renew_in = _QUIET_FRAMES if play is not None and play.any() else self._renew_in - 1
            if not self._renew_in:
                _log.info("the system uses another device: the echo path is learned anew")
                self._live.renew()

    def _lose(self, lost: DeviceLostError) -> None:
        _log.warning("the %s is lost", lost.device)
        self._changes.append(DeviceChange(lost.device, lost=True, sentence=str(lost)))
        self._reopener.look_for(lost.device, self._live.device(lost.device), self._live.give_up(lost.device))

    def _take_back(self) -> None:
        if self._reopener.idle:
            return
        for device, stream in self._reopener.found():
            self._live.adopt(stream)
            # One that was only closed while the other was looked for was never missed.
            if self._reopener.was_lost(device):
                self._changes.append(DeviceChange(device, lost=False, sentence=_BACK[device]))
                self._distrust_the_other(device)
        for device in self._reopener.overdue():
            sentence = f"The {device} could not be opened again."
            self._changes.append(DeviceChange(device, lost=True, sentence=sentence))
        for device in self._others_in_the_way():
            self._reopener.look_for(device, self._live.device(device), self._live.give_up(device), lost=False)

    def _give_more_time(self) -> None:
        """Open the speaker anew with a larger buffer: with this one it plays gaps."""
        _log.warning("the speaker runs dry again and again: opened anew with a larger buffer")
        self._reopener.speaker_latency = min(_MOST_LATENCY, 2 * self._reopener.speaker_latency)
        info = self._live.device("speaker")
        self._reopener.look_for("speaker", info, self._live.give_up("speaker"), lost=False)

    def _distrust_the_other(self, back: DeviceName) -> None:
        """Open the speaker anew too: after a restart of the sound server it may be fed in vain."""
        if back == "microphone" and self._live.has("speaker"):
            info = self._live.device("speaker")
            self._reopener.look_for("speaker", info, self._live.give_up("speaker"), lost=False)

    def _others_in_the_way(self) -> list[DeviceName]:
        """Return what has to be closed for a moment: PortAudio makes a new list of devices only then."""
        if not self._reopener.wants_all_closed:
            return []
        names: tuple[DeviceName, ...] = ("microphone", "speaker")
        return [name for name in names if self._live.has(name)]

    def _keep_time(self) -> None:
        self._due = max(self._due + FRAME_MS / 1000, time.monotonic() - 1.0)
        time.sleep(max(0.0, self._due - time.monotonic()))
