"""The speaker's side of the live device: 20 ms frames of 16 kHz mono in, blocks of the device out."""

import math
import time
from typing import Final

import numpy as np

from cuewalk.audio import _devices
from cuewalk.audio.api import DeviceLostError, Samples
from cuewalk.audio.device_info import DeviceInfo
from cuewalk.audio.levelling import Levelling
from cuewalk.audio.mono import spread
from cuewalk.audio.resample import Resampler
from cuewalk.audio.ring import Ring
from cuewalk.domain.units import FRAME_MS, SESSION_RATE

#: What the device buffers for us. `silence` cannot take it back, but with 60 or 100 ms an 80 ms hold of
#: Python's global lock (see `capture`) starved PulseAudio, which then took seconds to recover (measured).
LATENCY: Final = 0.15
#: Silence put before the first frame: 100 ms for which the pump may be away (a decode), and 60 ms because the
#: device asks for three blocks at once at this latency.
CUSHION_MS: Final = 160
#: What the ring holds: all frames of a pump that was away for as long as the microphone's ring holds.
_RING_SECONDS: Final = 4


class Playout:
    """An open output stream, one ring, and the conversion on the pump's thread.

    Raises:
        DeviceError: if the device does not open.
    """

    def __init__(self, device: DeviceInfo) -> None:
        self._device = device
        self._channels = _devices.channels_of(device, "output")
        self._per_ms = device.default_rate * self._channels / 1000
        self._ring = Ring(device.default_rate * self._channels * _RING_SECONDS)
        self._resampler = Resampler(SESSION_RATE, device.default_rate)
        self._levelling = Levelling(CUSHION_MS)
        self._playing = False
        self._gaps = 0
        self._blocks = 0
        self._seen = (-1, 0.0)
        self._stream = _devices.open_stream(
            device,
            "output",
            blocksize=device.default_rate * FRAME_MS // 1000,
            latency=LATENCY,
            on_block=self._on_block,
        )

    @property
    def underflows(self) -> int:
        """How many blocks had a gap in them, because the pump or the device was late."""
        return self._gaps

    @property
    def corrections(self) -> int:
        """Frames of silence dropped or repeated because the speaker's clock and the microphone's differ."""
        return self._levelling.corrections

    @property
    def overflows(self) -> int:
        """Frames that our ring had no room for."""
        return math.ceil(self._ring.dropped / (self._per_ms * FRAME_MS))

    @property
    def latency_frames(self) -> int:
        """Frames from `put` until the sound leaves the speaker, rounded up."""
        return math.ceil((CUSHION_MS + self._stream.latency * 1000) / FRAME_MS)

    def start(self) -> None:
        """Start the stream; silence is played until `begin`. Raises `DeviceError` if the device refuses."""
        _devices.start_stream(self._stream, self._device, "output")

    def begin(self) -> None:
        """Put the cushion before the first frame, dropping whatever was there."""
        self._ring.cut()
        self._resampler.reset()
        self._ring.write(np.zeros(round(CUSHION_MS * self._per_ms), np.int16))
        self._levelling.restart()
        self._playing = True

    def put(self, frame: Samples) -> None:
        """Queue one frame, or two or none of it where silence lets us mend the level."""
        times = self._levelling.times(self._ring.level / self._per_ms, silent=not frame.any())
        for _ in range(times):
            self._ring.write(spread(self._resampler.process(frame), self._channels))

    def check(self, patience: float) -> None:
        """Raise `DeviceLostError` if the device has asked for nothing during ``patience`` seconds."""
        now = time.monotonic()
        blocks, since = self._seen
        if blocks != self._blocks:
            self._seen = (self._blocks, now)
        elif now - since > patience:
            raise DeviceLostError("speaker", self._device.name)

    def close(self) -> None:
        """Release the device; what is queued is not played."""
        _devices.close_stream(self._stream)

    def _on_block(self, block: Samples, status: _devices.Flags) -> None:
        # PortAudio's thread: copy and count.
        out = block.reshape(-1)
        got = self._ring.read_into(out)
        out[got:] = 0
        self._blocks += 1
        if self._playing and (got < len(out) or status.output_underflow):
            self._gaps += 1
