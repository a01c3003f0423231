"""The microphone's side of the live device: blocks of the device in, 20 ms frames of 16 kHz mono out."""

import threading
import time
from typing import Final

import numpy as np

from cuewalk.audio.api import DeviceLostError, LostAudio
from cuewalk.audio.mono import MonoMixer
from cuewalk.audio.resample import Resampler
from cuewalk.audio.ring import Ring
from cuewalk.devices import portaudio, sound_server
from cuewalk.devices.device_info import DeviceInfo, listening
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES, SESSION_RATE

#: Seconds that the device buffers for us. The callback needs Python's global lock, which a decode inside the
#: process kept for 80 ms (measured with PocketSphinx, 3 s of speech); less than this would lose speech.
LATENCY: Final = 0.1
#: Seconds that the ring holds (2 MB at most). Decodes and writes hold the loop up for less than one; a slow
#: disk may for several. A loop that is away for longer loses the newest audio, counted.
_RING_SECONDS: Final = 10
#: Seconds between two questions whether a silent stream still runs. Design choice.
_ASK_EVERY: Final = 0.25


class Capture:
    """An open input stream, one ring, and the conversion on the loop's thread.

    Args:
        device: which.
        channel: the channel that is listened to, from 1; 0: see `listening`.

    Raises:
        DeviceError: if the device does not open.
    """

    def __init__(self, device: DeviceInfo, channel: int = 0) -> None:
        self._device = device
        how = listening(device, channel, sound_server.channels_behind(device))
        self._stream, (channels, rate) = portaudio.open_stream(
            device, "input", how.formats, latency=LATENCY, on_block=self._on_block
        )
        self._block, self._channels = rate * FRAME_MS // 1000 * channels, channels
        self._ring = Ring(rate * channels * _RING_SECONDS)
        # Where only one channel was to be had there is nothing to choose.
        self._mixer = MonoMixer(channels, how.only if channels > 1 else None)
        self._resampler = Resampler(rate, SESSION_RATE)
        self._ready = np.zeros(0, np.int16)
        self._device_overruns = 0
        # A lock as a binary semaphore: held = nothing new. The callback must not wait, and threading.Event,
        # Condition and Semaphore take a lock inside set(), notify() and release() that the waiting thread may
        # hold. Releasing a bare lock never waits, and only the callback releases it, so nothing can happen
        # between its look at locked() and the release.
        self._news = threading.Lock()
        self._news.acquire()

    def __str__(self) -> str:
        rate = self._block // self._channels * 1000 // FRAME_MS
        return f"{rate} Hz, {self._channels} channels, {self.latency:.3f} s"

    @property
    def overruns(self) -> LostAudio:
        """What the device lost before we got it (blocks), and what our ring had no room for (frames)."""
        return LostAudio(self._device_overruns, -(-self._ring.dropped // self._block))

    @property
    def waiting_frames(self) -> int:
        """Frames that were captured and not taken yet."""
        return self._ring.level // self._block

    @property
    def cancelled(self) -> bool:
        """Whether the channels were found to cancel each other, so that one of them is used alone."""
        return self._mixer.cancelled

    @property
    def latency(self) -> float:
        """Seconds from the air to our ring, as the device states it."""
        return self._stream.latency

    def start(self) -> None:
        """Start the stream. Raises `DeviceError` if the device refuses."""
        portaudio.start_stream(self._stream, self._device, "input")

    def forget(self) -> None:
        """Drop what has been captured so far: the session's clock starts now."""
        self._ring.skip()
        self._resampler.reset()
        self._ready = self._ready[:0]

    def frame(self, timeout: float) -> Samples:
        """Return the next frame, waiting up to ``timeout`` seconds for it.

        Raises:
            DeviceLostError: if it does not come.
        """
        deadline = time.monotonic() + timeout
        while len(self._ready) < FRAME_SAMPLES:
            whole = self._ring.read(self._block)
            if len(whole):
                heard = self._resampler.process(self._mixer.mix(whole))
                self._ready = np.concatenate([self._ready, heard])
            else:
                self._wait(deadline)
        frame, self._ready = self._ready[:FRAME_SAMPLES], self._ready[FRAME_SAMPLES:]
        return frame

    def wait_for_any(self, timeout: float) -> None:
        """Wait until the device has delivered its first block. Raises `DeviceLostError` if it does not."""
        deadline = time.monotonic() + timeout
        while not self._ring.level:
            self._wait(deadline)

    def close(self) -> None:
        """Release the device."""
        portaudio.close_stream(self._stream)

    def _wait(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise DeviceLostError("microphone", self._device.name)
        if not self._news.acquire(timeout=min(left, _ASK_EVERY)) and not self._stream.active:
            raise DeviceLostError("microphone", self._device.name)

    def _on_block(self, block: Samples, status: portaudio.Flags) -> None:
        # PortAudio's thread: copy, count, signal.
        self._ring.write(block.reshape(-1))
        if status.input_overflow:
            self._device_overruns += 1
        if self._news.locked():
            self._news.release()
