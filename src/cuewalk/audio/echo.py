"""Takes our own voice out of the microphone: WebRTC's echo canceller and noise suppression.

The canceller adapts to the room. The play-out reference is delayed by what the device buffers, so that it
comes shortly before its echo. On a simulated room it takes away 35 to 44 dB at 1 % of real time.

Its high-pass also takes out a DC offset, even one of 30 % of full scale within 20 ms (measured); only where
it is not used, a filter of our own is needed.
"""

from collections import deque
from enum import StrEnum
from typing import Any, Final, Protocol

import numpy as np

from cuewalk.audio.api import Samples
from cuewalk.audio.dc_block import DcBlocker
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES, SESSION_RATE

#: The reference leads the echo by at least this much: a reference that comes after its echo cancels nothing.
_LEAD_FRAMES: Final = 4
#: WebRTC works on 10 ms.
_STEP: Final = SESSION_RATE // 100
#: Louder than this is our voice and not the end of its fading away (-60 dBFS).
_AUDIBLE: Final = 33
#: How long a room still sounds after our voice, where nothing takes the echo out.
_RING_OUT_FRAMES: Final = 300 // FRAME_MS


class EchoMode(StrEnum):
    """What is done about our own voice in the microphone."""

    CANCEL = "cancel"
    HEADPHONES = "headphones"
    HALF_DUPLEX = "half-duplex"


class EchoStage(Protocol):
    """A stage of the pump between microphone and listener."""

    @property
    def mode(self) -> EchoMode:
        """What it does about our voice."""
        ...

    def clean(self, microphone: Samples, played: Samples) -> Samples:
        """Return one frame of microphone without the echo of what was played (frames of 320 samples)."""
        ...

    def hurry(self, frames: Samples) -> None:
        """Take in that ``frames`` were put in place of the newest ones played."""
        ...

    def silence(self, frames: int) -> None:
        """Take in that so many of the newest frames were faded out."""
        ...


class NoCanceller:
    """Headphones: the microphone as it is, but for a DC offset."""

    mode = EchoMode.HEADPHONES

    def __init__(self) -> None:
        self._blocker = DcBlocker()

    def clean(self, microphone: Samples, played: Samples) -> Samples:  # noqa: ARG002 - the protocol's shape
        """Return the microphone without its offset."""
        return self._blocker.process(microphone)

    def hurry(self, frames: Samples) -> None:
        """Do nothing."""

    def silence(self, frames: int) -> None:
        """Do nothing."""


class HalfDuplex:
    """Where there is no canceller for the platform: deaf while our own voice is heard.

    The voice has to leave gaps in which it can be interrupted.
    """

    mode = EchoMode.HALF_DUPLEX

    def __init__(self, latency_frames: int = 0) -> None:
        self._blocker = DcBlocker()
        self._latency = latency_frames
        self._deaf_for = 0

    def clean(self, microphone: Samples, played: Samples) -> Samples:
        """Return the microphone, or silence while what was played can be heard in it."""
        heard = self._blocker.process(microphone)
        if np.abs(played).max() > _AUDIBLE:
            self._deaf_for = self._latency + _RING_OUT_FRAMES
        elif self._deaf_for:
            self._deaf_for -= 1
        return np.zeros_like(heard) if self._deaf_for else heard

    def hurry(self, frames: Samples) -> None:
        """Do nothing: it is deaf for the whole latency anyway."""

    def silence(self, frames: int) -> None:
        """Hear again as much sooner."""
        self._deaf_for = max(0, self._deaf_for - frames)


class EchoCanceller:
    """WebRTC AEC3 from the ``livekit`` wheel.

    Raises:
        ImportError: if the wheel is not there for this platform.
    """

    mode = EchoMode.CANCEL

    def __init__(self, latency_frames: int = 0) -> None:
        # Imported here: it takes a quarter of a second, and sessions without it must not pay.
        from livekit import rtc  # noqa: PLC0415

        self._frame_of = rtc.AudioFrame
        self._module = rtc.AudioProcessingModule(
            echo_cancellation=True, noise_suppression=True, high_pass_filter=True, auto_gain_control=False
        )
        silence = np.zeros(FRAME_SAMPLES, np.int16)
        #: What was played and is not heard yet.
        self._played = deque([silence] * max(0, latency_frames - _LEAD_FRAMES))

    def clean(self, microphone: Samples, played: Samples) -> Samples:
        """Return one frame of microphone without the echo of what was played."""
        self._played.append(played)
        reference = self._played.popleft()
        return np.concatenate(
            [self._step(microphone[at : at + _STEP], reference[at : at + _STEP]) for at in (0, _STEP)]
        )

    def hurry(self, frames: Samples) -> None:
        """Expect the echo of ``frames`` in place of the newest ones played."""
        for back, frame in enumerate(frames.reshape(-1, FRAME_SAMPLES)[::-1], start=1):
            if back <= len(self._played):
                self._played[-back] = frame

    def silence(self, frames: int) -> None:
        """Expect no echo of the newest frames."""
        self.hurry(np.zeros(frames * FRAME_SAMPLES, np.int16))

    def _step(self, microphone: Samples, reference: Samples) -> Samples:
        self._module.process_reverse_stream(self._frame(reference))
        frame = self._frame(microphone)
        self._module.set_stream_delay_ms(0)
        self._module.process_stream(frame)
        return np.frombuffer(bytes(frame.data), dtype=np.int16)

    def _frame(self, samples: Samples) -> Any:  # noqa: ANN401 - the wheel has no types
        return self._frame_of(samples.tobytes(), SESSION_RATE, 1, len(samples))


def can_cancel() -> bool:
    """Return whether there is a canceller for this platform."""
    try:
        EchoCanceller()
    except (ImportError, OSError):
        return False
    return True


def build_echo_stage(mode: EchoMode | None, latency_frames: int) -> EchoStage:
    """Return the stage for a mode; for None the canceller where it is to be had, else half-duplex."""
    if mode is EchoMode.HEADPHONES:
        return NoCanceller()
    if mode is not EchoMode.HALF_DUPLEX:
        try:
            return EchoCanceller(latency_frames)
        except (ImportError, OSError):
            # Without a canceller a person with open speakers would be answered by themselves.
            return HalfDuplex(latency_frames)
    return HalfDuplex(latency_frames)


def build_canceller(latency_frames: int) -> EchoStage:
    """Return the canceller where it is to be had, else half-duplex."""
    return build_echo_stage(None, latency_frames)
