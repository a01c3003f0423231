"""The live device: a microphone and a speaker through PortAudio, each at its own rate, in lockstep.

PortAudio's callbacks only copy between the device and a ring (`capture`, `playout`). Everything else happens
in `LiveAudio.exchange` on the pump's thread.
"""

from contextlib import ExitStack
from typing import Final

from cuewalk.audio.api import AudioHealth, Samples
from cuewalk.audio.capture import Capture
from cuewalk.audio.devices import find_device
from cuewalk.audio.playout import Playout
from cuewalk.domain.errors import BugError
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES

#: A device that delivers nothing for so many seconds counts as lost.
PATIENCE: Final = 2.0
#: The first block may take longer: a sleeping PulseAudio source was seen to need 1.8 s.
_START_PATIENCE: Final = 6.0


class LiveAudio:
    """A microphone and a speaker; implements `AudioIO`.

    Args:
        input_name: the microphone's name or a part of it, None for the system's default.
        output_name: likewise for the speaker.
        patience: seconds without sound after which a device counts as lost.

    Raises:
        DeviceError: if a device is missing, busy, refuses, or delivers nothing.
    """

    def __init__(
        self, input_name: str | None = None, output_name: str | None = None, *, patience: float = PATIENCE
    ) -> None:
        microphone, speaker = find_device(input_name, "input"), find_device(output_name, "output")
        self._names = microphone.name, speaker.name
        self._health = AudioHealth()
        self._patience = patience
        self._begun = False
        with ExitStack() as opened:
            self._capture = Capture(microphone)
            opened.callback(self._capture.close)
            self._playout = Playout(speaker)
            opened.callback(self._playout.close)
            self._playout.start()
            self._capture.start()
            self._capture.wait_for_any(_START_PATIENCE)
            self._devices = opened.pop_all()
        self._closed = False

    @property
    def name(self) -> str:
        """Both devices by name."""
        microphone, speaker = self._names
        return microphone if microphone == speaker else f"{microphone} / {speaker}"

    @property
    def health(self) -> AudioHealth:
        """Counters of lost audio; ``notes`` tells of clock corrections and odd microphones."""
        self._health.overflows = self._capture.overflows + self._playout.overflows
        self._health.underflows = self._playout.underflows
        self._health.notes = list(self._notes())
        return self._health

    @property
    def output_latency_frames(self) -> int:
        """Frames between handing play-out over and its being heard."""
        return self._playout.latency_frames

    @property
    def input_latency_ms(self) -> int:
        """Milliseconds from the air until `exchange` can return the sound, as the device states it."""
        return round(self._capture.latency * 1000) + FRAME_MS

    def exchange(self, play: Samples) -> Samples:
        """Queue one frame for the speaker and return the next one of the microphone, waiting for it.

        Raises:
            DeviceLostError: if the microphone or the speaker does not deliver for ``patience`` seconds.
        """
        if self._closed or play.shape != (FRAME_SAMPLES,):
            raise BugError(f"exchange on a closed device or with a frame of shape {play.shape}")
        if not self._begun:
            # The clock starts with the first exchange, not while models were still being loaded.
            self._capture.forget()
            self._playout.begin()
            self._begun = True
        self._playout.put(play)
        heard = self._capture.frame(self._patience)
        self._playout.check(self._patience)
        self._health.frames += 1
        return heard

    def silence(self) -> None:
        """Drop what is queued for the speaker; what the device itself has already taken is still heard."""
        if self._begun and not self._closed:
            self._playout.begin()

    def close(self) -> None:
        """Release both devices; a second call does nothing."""
        self._closed = True
        self._devices.close()

    def _notes(self) -> list[str]:
        notes = []
        if self._playout.corrections:
            notes.append(
                f"{self._playout.corrections} frames of silence dropped or repeated: the clocks differ"
            )
        if self._capture.cancelled:
            notes.append("the microphone's channels cancel each other: one of them is used alone")
        return notes
