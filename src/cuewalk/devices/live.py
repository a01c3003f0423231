"""The live device: a microphone and a speaker through PortAudio, each at its own rate, in lockstep.

PortAudio's callbacks only copy between the device and a ring (`capture`, `playout`). Everything else happens
in `LiveAudio.exchange` on the loop's thread.
"""

import logging
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

import numpy as np

from cuewalk.audio.api import AudioHealth, DeviceChange, DeviceName, LostAudio, PlayoutState
from cuewalk.devices.capture import Capture
from cuewalk.devices.device_info import WHATEVER_THERE_IS, DeviceChoice, DeviceInfo
from cuewalk.devices.playout import CUSHION_MS, Playout
from cuewalk.devices.portaudio import find_device
from cuewalk.domain.errors import BugError
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES

_log = logging.getLogger(__package__)

#: Seconds without sound after which a device counts as lost. Design choice: a cue may wait so long.
TIMEOUT: Final = 2.0
#: Seconds that the first block may take: a sleeping PulseAudio source was seen to need 1.8.
_START_TIMEOUT: Final = 6.0
#: Seconds of absence in which nothing was captured, from which on the machine slept or the process stood
#: still. Less is the device's own buffer (0.1 s) and late blocks; no captured sound may be dropped for those.
_UNEXPLAINED: Final = 0.6
#: Frames left over from which on the speaker must have run dry, so that they are taken without play-out.
_DRY: Final = CUSHION_MS // FRAME_MS
#: Frames that a loop which keeps up leaves in the ring, at most: a device's block may hold two.
_KEPT_UP: Final = 2

SILENCE: Final[Samples] = np.zeros(FRAME_SAMPLES, np.int16)
SILENCE.flags.writeable = False


def _clock() -> float:
    """Return seconds that go on while the machine sleeps, where the system counts them; never the wall's."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class LiveAudio:
    """A microphone and a speaker; implements `AudioIO`.

    One of them may be given up and taken back later (see `lasting`); the other goes on meanwhile.

    Args:
        choice: which devices.
        timeout: seconds without sound after which a device counts as lost.

    Raises:
        DeviceError: if a device is missing, busy, refuses, or delivers nothing.
    """

    def __init__(self, choice: DeviceChoice = WHATEVER_THERE_IS, *, timeout: float = TIMEOUT) -> None:
        self._infos: dict[DeviceName, DeviceInfo] = {
            "microphone": find_device(choice.microphone, "input"),
            "speaker": find_device(choice.speaker, "output"),
        }
        self._health = AudioHealth()
        #: What was lost on streams that are closed.
        self._lost_before = (LostAudio(), LostAudio(), LostAudio())
        self._latency_frames = self._epoch = 0
        self._timeout, self._last = timeout, _clock()
        self._begun = self._catching_up = self._closed = False
        self._capture: Capture | None = None
        self._playout: Playout | None = None
        with ExitStack() as opened:
            capture = Capture(self._infos["microphone"], choice.channel)
            opened.callback(capture.close)
            playout = Playout(self._infos["speaker"], wake=choice.wake_seconds)
            opened.callback(playout.close)
            playout.start()
            capture.start()
            capture.wait_for_any(_START_TIMEOUT)
            opened.pop_all()
        self.adopt(capture)
        self.adopt(playout)

    @property
    def name(self) -> str:
        """Both devices by name."""
        microphone, speaker = (self._infos[device].name for device in ("microphone", "speaker"))
        return microphone if microphone == speaker else f"{microphone} / {speaker}"

    @property
    def health(self) -> AudioHealth:
        """Counters of lost audio; ``notes`` tells of clock corrections and odd microphones."""
        health, (capture, playout) = self._health, (self._capture, self._playout)
        health.microphone_overruns, health.speaker_underruns, health.speaker_overruns = self._lost()
        health.notes = []
        if playout is not None and playout.corrections:
            health.notes.append(
                f"{playout.corrections} frames of silence dropped or repeated: the clocks differ"
            )
        if capture is not None and capture.cancelled:
            health.notes.append("the microphone's channels cancel each other: one of them is used alone")
        return health

    @property
    def state(self) -> PlayoutState:
        """Where the speaker's side stands now."""
        playout = self._playout
        if playout is None or self._closed:
            return PlayoutState(self._latency_frames, epoch=self._epoch)
        waiting = playout.waiting_frames if self._begun else 0
        return PlayoutState(self._latency_frames, waiting, playout.slipped, self._epoch, self._overdue())

    def exchange(self, play: Samples | None) -> Samples:
        """Queue one frame for the speaker and return the next one of the microphone, waiting for it.

        Raises:
            DeviceLostError: if the microphone or the speaker does not deliver for ``timeout`` seconds.
        """
        if self._closed or (play is not None and play.shape != (FRAME_SAMPLES,)):
            raise BugError("exchange on a closed device or with a part of a frame")
        self._notice_absence()
        self._begin()
        if self._playout is not None:
            self._put(self._playout, play)
        heard = self._capture.frame(self._timeout) if self._capture is not None else SILENCE
        if self._playout is not None:
            self._playout.check(self._timeout)
        self._health.frames += 1
        self._last = _clock()
        return heard

    def replace_silence(self, frames: Samples) -> None:
        """Put ``frames`` in place of the newest ones handed over, which were silence."""
        if self._playout is not None:
            self._playout.replace_silence(frames)

    def fade_out(self) -> int:
        """Fade out what waits for the device and return how many frames it was; it has some 80 ms already."""
        waiting = self.state.waiting_frames
        if waiting and self._playout is not None:
            self._playout.fade_out(waiting)
        return waiting

    def changes(self) -> list[DeviceChange]:
        """Return nothing: a device that is lost ends `exchange` with an error."""
        return []

    def has(self, device: DeviceName) -> bool:
        """Return whether the device is open."""
        return (self._capture if device == "microphone" else self._playout) is not None

    def device(self, device: DeviceName) -> DeviceInfo:
        """Return what is known of the device in use."""
        return self._infos[device]

    def give_up(self, device: DeviceName) -> Callable[[], None]:
        """Go on without a device and return what closes it, which may take a while if it is dead."""
        self._lost_before = self._lost()
        side: Capture | Playout | None
        if device == "microphone":
            side, self._capture = self._capture, None
        else:
            side, self._playout = self._playout, None
        return side.close if side is not None else lambda: None

    def adopt(self, side: Capture | Playout) -> None:
        """Go on with an open and started stream; the clocks of the two sides are aligned anew."""
        _log.info("%s opened: %s", type(side).__name__.lower(), side)
        if isinstance(side, Capture):
            self._capture = side
        else:
            self._playout = side
            self._latency_frames = side.latency_frames
        self._begin_anew()

    def renew(self) -> None:
        """Let who listens begin anew: the same streams lead to another device, in another room."""
        self._epoch += 1

    def close(self) -> None:
        """Release both devices; a second call does nothing."""
        if not self._closed:
            _log.info("closed after %d frames; lost: %s", self._health.frames, self.health.told)
        self._closed = True
        for device in ("microphone", "speaker"):
            self.give_up(device)()

    def _lost(self) -> tuple[LostAudio, LostAudio, LostAudio]:
        """Return the microphone's overruns, the speaker's underruns and its overruns."""
        capture, playout, (overruns, underruns, too_early) = self._capture, self._playout, self._lost_before
        if capture is not None:
            overruns += capture.overruns
        if playout is not None:
            underruns, too_early = underruns + playout.underruns, too_early + playout.overruns
        return overruns, underruns, too_early

    def _overdue(self) -> int:
        """Return the frames to be taken without play-out: the loop was away until the speaker ran dry."""
        left_over = self._capture.waiting_frames if self._capture is not None and self._begun else 0
        return left_over if left_over > (_KEPT_UP if self._catching_up else _DRY) else 0

    def _put(self, playout: Playout, play: Samples | None) -> None:
        if play is None:
            if not self._catching_up:
                _log.warning("the loop was away until the speaker ran dry: %d frames waited", self._overdue())
            self._catching_up = True
            playout.skip()
            return
        if self._catching_up:
            self._catching_up = False
            playout.refill()
        playout.put(play)

    def _notice_absence(self) -> None:
        """Begin anew after an absence in which nothing was captured: the machine slept or stood still.

        What was captured while the loop was merely away is heard.
        """
        captured = self._capture.waiting_frames * FRAME_MS / 1000 if self._capture is not None else 0.0
        if self._begun and _clock() - self._last - captured > _UNEXPLAINED:
            _log.warning("nothing was captured for %.1f s: sound begins anew", _clock() - self._last)
            self._begin_anew()

    def _begin_anew(self) -> None:
        self._begun = self._catching_up = False
        self._epoch += 1

    def _begin(self) -> None:
        """Start the clock with the first exchange, not while models were still being loaded."""
        if self._begun:
            return
        if self._playout is not None:
            self._playout.wait_awake(_START_TIMEOUT)  # mostly over: recognisers were loaded meanwhile
        if self._capture is not None:
            self._capture.forget()
        if self._playout is not None:
            self._playout.begin()
        self._begun = True
