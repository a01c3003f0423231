"""Takes our own voice out of the microphone.

Two cancellers work in turn. Our own adaptive filter subtracts the echo and leaves the person's words alone:
what it gives is for the recognisers. WebRTC's canceller and noise suppression come after it and silence what
is left, but also half of what a person says over our voice (measured, see docs/live.md): what it gives only
decides when somebody speaks. The play-out reference is delayed by what the device buffers, so that it comes
shortly before its echo.
"""

from collections import deque
from enum import StrEnum
from typing import Any, Final, Protocol

import numpy as np

from cuewalk.audio.adaptive_filter import AdaptiveFilter
from cuewalk.audio.api import Samples
from cuewalk.audio.dc_block import DcBlocker
from cuewalk.audio.drift import REACH_FRAMES, Drift
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES, SESSION_RATE

#: The reference leads the echo by at least this much: a reference that comes after its echo cancels nothing.
_LEAD_FRAMES: Final = 3
#: WebRTC works on 10 ms.
_STEP: Final = SESSION_RATE // 100
#: Samples by which an echo may have drifted before the reference is moved after it.
_FAR: Final = 480
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

    def jumped(self, frames: int) -> None:
        """Take in that so many frames of silence were put in between (less than 0: left out)."""
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

    def jumped(self, frames: int) -> None:
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

    def jumped(self, frames: int) -> None:
        """Do nothing."""


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
        self._blocker = DcBlocker()
        self._filter = AdaptiveFilter()
        ahead = max(0, latency_frames - _LEAD_FRAMES)
        reach = min(REACH_FRAMES, ahead)
        self._reach, self._drift = reach, Drift(reach)
        silence = np.zeros(FRAME_SAMPLES, np.int16)
        #: What was played and is not heard yet.
        self._played = deque([silence] * (ahead - reach))
        self._latency = latency_frames
        #: (frames until it is heard, samples) of each jump of the speaker's queue.
        self._jumps: deque[list[int]] = deque()
        self.gate: Samples | None = None

    def clean(self, microphone: Samples, played: Samples) -> Samples:
        """Return one frame of microphone without the echo of what was played."""
        self._played.append(played)
        self._jump_when_heard()
        self._stay_within_reach(played)
        reference = self._drift.reference.read(self._played.popleft())
        rest = self._filter.clean(self._blocker.process(microphone), reference)
        response = self._filter.response if self._drift.due else None
        self._drift.look(response, heard=bool(np.abs(reference).max() > _AUDIBLE))
        self._filter.steady = self._drift.settled
        cleaned, expected = (
            np.clip(np.rint(sound), -32768, 32767).astype(np.int16) for sound in (rest, reference)
        )
        self.gate = np.concatenate(
            [self._step(cleaned[at : at + _STEP], expected[at : at + _STEP]) for at in (0, _STEP)]
        )
        return cleaned

    def hurry(self, frames: Samples) -> None:
        """Expect the echo of ``frames`` in place of the newest ones played."""
        for back, frame in enumerate(frames.reshape(-1, FRAME_SAMPLES)[::-1], start=1):
            if back <= len(self._played):
                self._played[-back] = frame
            else:
                self._drift.reference.replace(back - len(self._played), frame)

    def silence(self, frames: int) -> None:
        """Expect no echo of the newest frames."""
        self.hurry(np.zeros(frames * FRAME_SAMPLES, np.int16))

    def jumped(self, frames: int) -> None:
        """Expect the echo so many frames later, from what is played now on."""
        self._jumps.append([self._latency, frames * FRAME_SAMPLES])

    def _jump_when_heard(self) -> None:
        for jump in self._jumps:
            jump[0] -= 1
        while self._jumps and self._jumps[0][0] <= 0:
            self._drift.reference.jumped(self._jumps.popleft()[1])

    def _stay_within_reach(self, played: Samples) -> None:
        """Move the reference by a whole frame, in silence, when drift has led it far from its middle."""
        reference = self._drift.reference
        if self._reach < REACH_FRAMES or played.any() or not reference.silent:
            return
        if reference.offset > _FAR:
            self._played.appendleft(np.zeros(FRAME_SAMPLES, np.int16))
            reference.jumped(-FRAME_SAMPLES)
        elif reference.offset < -_FAR and len(self._played) > 1:
            self._played.popleft()
            reference.jumped(FRAME_SAMPLES)

    def _step(self, microphone: Samples, reference: Samples) -> Samples:
        self._module.process_reverse_stream(self._frame(reference))
        frame = self._frame(microphone)
        self._module.set_stream_delay_ms(0)
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


def build_canceller(latency_frames: int) -> EchoStage:
    """Return the canceller where it is to be had, else half-duplex."""
    return build_echo_stage(None, latency_frames)
