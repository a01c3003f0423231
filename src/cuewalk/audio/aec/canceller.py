"""Takes our own voice out of the microphone.

Two cancellers work in turn. Our own adaptive filter subtracts the echo and leaves the person's words alone:
what it gives is for the recognisers. WebRTC's canceller and noise suppression come after it and silence what
is left, but also half of what a person says over our voice (measured, see docs/live.md): what it gives only
decides when somebody speaks. The play-out reference is delayed by what the device buffers, so that it comes
shortly before its echo.
"""

import math
from enum import StrEnum
from typing import Any, Final, Protocol

import numpy as np

from cuewalk.audio.aec.adaptive_filter import AdaptiveFilter
from cuewalk.audio.aec.alignment import AUDIBLE, Alignment
from cuewalk.audio.aec.dc_block import DcBlocker
from cuewalk.domain.sound import Samples, as_samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES, SESSION_RATE

#: WebRTC works on 10 ms.
_STEP: Final = SESSION_RATE // 100
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

    @property
    def gate(self) -> Samples | None:
        """The last frame with nothing left but speech, to find out whether anybody speaks; None: the same."""
        ...

    def hurry(self, frames: Samples) -> None:
        """Take in that ``frames`` were put in place of the newest ones played."""
        ...

    def silence(self, frames: int) -> None:
        """Take in that so many of the newest frames were faded out."""
        ...

    def jumped(self, samples: int) -> None:
        """Take in that so many samples of silence were put in between (less than 0: left out)."""
        ...


class NoCanceller:
    """Headphones: the microphone as it is, but for a DC offset."""

    mode = EchoMode.HEADPHONES
    gate = None

    def __init__(self) -> None:
        self._blocker = DcBlocker()

    def clean(self, microphone: Samples, played: Samples) -> Samples:  # noqa: ARG002 - the protocol's shape
        """Return the microphone without its offset."""
        return self._blocker.process(microphone)

    def hurry(self, frames: Samples) -> None:
        """Do nothing."""

    def silence(self, frames: int) -> None:
        """Do nothing."""

    def jumped(self, samples: int) -> None:
        """Do nothing."""


class HalfDuplex:
    """Where there is no canceller for the platform: deaf while our own voice is heard.

    The voice has to leave gaps in which it can be interrupted.
    """

    mode = EchoMode.HALF_DUPLEX
    gate = None

    def __init__(self, latency_frames: int = 0) -> None:
        self._blocker = DcBlocker()
        self._latency = latency_frames
        #: Samples by which what is played comes later than the latency says.
        self._waiting = 0
        self._deaf_for = 0

    def clean(self, microphone: Samples, played: Samples) -> Samples:
        """Return the microphone, or silence while what was played can be heard in it."""
        heard = self._blocker.process(microphone)
        if np.abs(played).max() > AUDIBLE:
            later = math.ceil(max(0, self._waiting) / FRAME_SAMPLES)
            self._deaf_for = self._latency + later + _RING_OUT_FRAMES
        elif self._deaf_for:
            self._deaf_for -= 1
        return np.zeros_like(heard) if self._deaf_for else heard

    def hurry(self, frames: Samples) -> None:
        """Do nothing: it is deaf for the whole latency anyway."""

    def silence(self, frames: int) -> None:
        """Hear again as much sooner."""
        self._deaf_for = max(0, self._deaf_for - frames)

    def jumped(self, samples: int) -> None:
        """Be deaf for as much longer, or shorter: what was handed over before is heard later, or sooner."""
        self._waiting += samples
        self._deaf_for = max(0, self._deaf_for + math.ceil(samples / FRAME_SAMPLES)) if self._deaf_for else 0


class EchoCanceller:
    """Our adaptive filter, and WebRTC AEC3 with noise suppression from the ``livekit`` wheel behind it.

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
        self._module.set_stream_delay_ms(0)  # once: it stays, and each call costs as much as half a step
        self._blocker = DcBlocker()
        self._filter = AdaptiveFilter()
        self._alignment = Alignment(self._filter, latency_frames)
        self.gate: Samples | None = None

    def clean(self, microphone: Samples, played: Samples) -> Samples:
        """Return one frame of microphone without the echo of what was played."""
        heard, reference = self._blocker.process(microphone), self._alignment.reference(played)
        rest = self._filter.clean(heard, reference)
        self._alignment.look(heard, rest, reference)
        cleaned, expected = (as_samples(sound) for sound in (rest, reference))
        self.gate = np.concatenate(
            [self._step(cleaned[at : at + _STEP], expected[at : at + _STEP]) for at in (0, _STEP)]
        )
        return cleaned

    def hurry(self, frames: Samples) -> None:
        """Expect the echo of ``frames`` in place of the newest ones played."""
        self._alignment.replace(frames)

    def silence(self, frames: int) -> None:
        """Expect no echo of the newest frames."""
        self._alignment.replace(np.zeros(frames * FRAME_SAMPLES, np.int16))

    def jumped(self, samples: int) -> None:
        """Expect the echo so many samples later, from what is played now on."""
        self._alignment.jumped(samples)

    def _step(self, microphone: Samples, reference: Samples) -> Samples:
        self._module.process_reverse_stream(self._frame(reference))
        frame = self._frame(microphone)
        self._module.process_stream(frame)
        return np.frombuffer(bytes(frame.data), dtype=np.int16)

    def _frame(self, samples: Samples) -> Any:  # noqa: ANN401 - the wheel has no types
        return self._frame_of(samples.tobytes(), SESSION_RATE, 1, len(samples))


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
