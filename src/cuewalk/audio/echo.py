"""Takes our own voice out of the microphone: WebRTC's echo canceller and noise suppression.

The canceller adapts to the room. The play-out reference is delayed by what the device buffers, so that it
comes shortly before its echo. On a simulated room it takes away 35 to 44 dB at 1 % of real time.

Its high-pass also takes out a DC offset, even one of 30 % of full scale within 20 ms (measured); only where
it is not used, a filter of our own is needed.
"""

from collections import deque
from typing import Any, Final, Protocol

import numpy as np

from cuewalk.audio.api import Samples
from cuewalk.audio.dc_block import DcBlocker
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE

#: The reference leads the echo by at least this much: a reference that comes after its echo cancels nothing.
_LEAD_FRAMES: Final = 4
#: WebRTC works on 10 ms.
_STEP: Final = SESSION_RATE // 100


class EchoStage(Protocol):
    """A stage of the pump between microphone and listener."""

    def clean(self, microphone: Samples, played: Samples) -> Samples:
        """Return one frame of microphone without the echo of what was played (frames of 320 samples)."""
        ...


class NoCanceller:
    """Headphones, or a platform without a canceller: the microphone as it is, but for a DC offset."""

    def __init__(self) -> None:
        self._blocker = DcBlocker()

    def clean(self, microphone: Samples, played: Samples) -> Samples:  # noqa: ARG002 - the protocol's shape
        """Return the microphone without its offset."""
        return self._blocker.process(microphone)


class EchoCanceller:
    """WebRTC AEC3 from the ``livekit`` wheel.

    Raises:
        ImportError: if the wheel is not there for this platform.
    """

    def __init__(self, latency_frames: int = 0) -> None:
        # Imported here: it takes a quarter of a second, and sessions without it must not pay.
        from livekit import rtc  # noqa: PLC0415

        self._frame_of = rtc.AudioFrame
        self._module = rtc.AudioProcessingModule(
            echo_cancellation=True, noise_suppression=True, high_pass_filter=True, auto_gain_control=False
        )
        silence = np.zeros(FRAME_SAMPLES, np.int16)
        self._played = deque([silence] * max(0, latency_frames - _LEAD_FRAMES))

    def clean(self, microphone: Samples, played: Samples) -> Samples:
        """Return one frame of microphone without the echo of what was played."""
        self._played.append(played)
        reference = self._played.popleft()
        return np.concatenate(
            [self._step(microphone[at : at + _STEP], reference[at : at + _STEP]) for at in (0, _STEP)]
        )

    def _step(self, microphone: Samples, reference: Samples) -> Samples:
        self._module.process_reverse_stream(self._frame(reference))
        frame = self._frame(microphone)
        self._module.set_stream_delay_ms(0)
        self._module.process_stream(frame)
        return np.frombuffer(bytes(frame.data), dtype=np.int16)

    def _frame(self, samples: Samples) -> Any:  # noqa: ANN401 - the wheel has no types
        return self._frame_of(samples.tobytes(), SESSION_RATE, 1, len(samples))


def build_canceller(latency_frames: int) -> EchoStage:
    """Return the canceller where it is to be had, else none."""
    try:
        return EchoCanceller(latency_frames)
    except ImportError:
        return NoCanceller()
