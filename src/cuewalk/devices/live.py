"""The live device: a microphone and a speaker through PortAudio, each at its own rate, in lockstep.

PortAudio's callbacks only copy between the device and a ring (`capture`, `playout`). Everything else happens
in `LiveAudio.exchange` on the pump's thread.
"""

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

import numpy as np

from cuewalk.audio.api import AudioHealth, DeviceChange, DeviceName
from cuewalk.devices.capture import Capture
from cuewalk.devices.device_info import WHATEVER_THERE_IS, DeviceChoice, DeviceInfo
from cuewalk.devices.listing import find_device
from cuewalk.devices.playout import Playout
from cuewalk.domain.errors import BugError
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES

#: A device that delivers nothing for so many seconds counts as lost.
PATIENCE: Final = 2.0
#: The first block may take longer: a sleeping PulseAudio source was seen to need 1.8 s.
_START_PATIENCE: Final = 6.0

#: Longer than any decode or write, shorter than the rings hold.
_ABSENCE: Final = 0.8

_SILENCE: Final[Samples] = np.zeros(FRAME_SAMPLES, np.int16)
_SILENCE.flags.writeable = False


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
        patience: seconds without sound after which a device counts as lost.

    Raises:
        DeviceError: if a device is missing, busy, refuses, or delivers nothing.
    """

    def __init__(self, choice: DeviceChoice = WHATEVER_THERE_IS, *, patience: float = PATIENCE) -> None:
        self._infos: dict[DeviceName, DeviceInfo] = {
            "microphone": find_device(choice.microphone, "input"),
            "speaker": find_device(choice.speaker, "output"),
        }
        self._health = AudioHealth()
        self._lost_before = AudioHealth()
        self._latency_frames = 0
        self._patience = patience
        self._begun = False
        self._epoch = 0
        self._last = _clock()
        self._closed = False
        self._capture: Capture | None = None
        self._playout: Playout | None = None
        with ExitStack() as opened:
            capture = Capture(self._infos["microphone"], choice.channel)
            opened.callback(capture.close)
            playout = Playout(self._infos["speaker"], wake=choice.wake_seconds)
            opened.callback(playout.close)
            playout.start()
            capture.start()
            capture.wait_for_any(_START_PATIENCE)
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
        before, capture, playout = self._lost_before, self._capture, self._playout
        self._health.overflows = before.overflows + sum(side.overflows for side in (capture, playout) if side)
        self._health.underflows = before.underflows + (playout.underflows if playout else 0)
        self._health.notes = list(self._notes())
        return self._health

    @property
    def output_latency_frames(self) -> int:
        """Frames between handing play-out over and its being heard."""
        return self._latency_frames

    @property
    def input_latency_ms(self) -> int:
        """Milliseconds from the air until `exchange` can return the sound, as the device states it."""
        return round(self._capture.latency * 1000) + FRAME_MS if self._capture else FRAME_MS

    def exchange(self, play: Samples) -> Samples:
        """Queue one frame for the speaker and return the next one of the microphone, waiting for it.

        Raises:
            DeviceLostError: if the microphone or the speaker does not deliver for ``patience`` seconds.
        """
        if self._closed or play.shape != (FRAME_SAMPLES,):
            raise BugError(f"exchange on a closed device or with a frame of shape {play.shape}")
        self._notice_absence()
        self._begin()
        if self._playout is not None:
            self._playout.put(play)
        heard = self._capture.frame(self._patience) if self._capture is not None else _SILENCE
        if self._playout is not None:
            self._playout.check(self._patience)
        self._health.frames += 1
        self._last = _clock()
        return heard

    @property
    def waiting_frames(self) -> int:
        """The newest frames handed over that the device has not taken yet."""
        here = self._begun and not self._closed
        return self._playout.waiting_frames if self._playout is not None and here else 0

    @property
    def epoch(self) -> int:
        """Grows when sound begins anew: a device was adopted, or the pump was away for long."""
        return self._epoch

    @property
    def put_in(self) -> int:
        """Samples of silence that came between what was handed over, minus those left out, so far."""
        return self._playout.put_in if self._playout is not None else 0

    def hurry(self, frames: Samples) -> None:
        """Put ``frames`` in place of the newest ones handed over, which were silence."""
        if self._playout is not None:
            self._playout.hurry(frames)

    def silence(self) -> int:
        """Fade out what waits for the device and return how many frames it was; it has some 80 ms already."""
        waiting = self.waiting_frames
        if waiting and self._playout is not None:
            self._playout.silence(waiting)
        return waiting

    def changes(self) -> list[DeviceChange]:
        """Nothing: a device that is lost ends `exchange` with an error."""
        return []

    def has(self, device: DeviceName) -> bool:
        """Return whether the device is open."""
        return (self._capture if device == "microphone" else self._playout) is not None

    def device(self, device: DeviceName) -> DeviceInfo:
        """Return what is known of the device in use."""
        return self._infos[device]

    def give_up(self, device: DeviceName) -> Callable[[], None]:
        """Go on without a device and return what closes it, which may take a while if it is dead."""
        self._lost_before = AudioHealth(self.health.overflows, self.health.underflows)
        side: Capture | Playout | None
        if device == "microphone":
            side, self._capture = self._capture, None
        else:
            side, self._playout = self._playout, None
        return side.close if side is not None else lambda: None

    def adopt(self, side: Capture | Playout) -> None:
        """Go on with an open and started stream; the clocks of the two sides are aligned anew."""
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
        self._closed = True
        for device in ("microphone", "speaker"):
            self.give_up(device)()

    def _notice_absence(self) -> None:
        """After a long absence (suspend, a stopped process) what was captured is no answer to us."""
        if self._begun and _clock() - self._last > _ABSENCE:
            self._begin_anew()

    def _begin_anew(self) -> None:
        self._begun = False
        self._epoch += 1

    def _begin(self) -> None:
        """Start the clock with the first exchange, not while models were still being loaded."""
        if self._begun:
            return
        if self._playout is not None:
            self._playout.wait_awake(_START_PATIENCE)  # mostly over: recognisers were loaded meanwhile
        if self._capture is not None:
            self._capture.forget()
        if self._playout is not None:
            self._playout.begin()
        self._begun = True

    def _notes(self) -> list[str]:
        notes = []
        if self._playout is not None and self._playout.corrections:
            notes.append(
                f"{self._playout.corrections} frames of silence dropped or repeated: the clocks differ"
            )
        if self._capture is not None and self._capture.cancelled:
            notes.append("the microphone's channels cancel each other: one of them is used alone")
        return notes
