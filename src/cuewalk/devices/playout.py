"""The speaker's side of the live device: 20 ms frames of 16 kHz mono in, blocks of the device out."""

import math
import time
from typing import Final

import numpy as np

from cuewalk.audio.api import DeviceLostError, LostAudio
from cuewalk.audio.levelling import Levelling
from cuewalk.audio.mono import spread
from cuewalk.audio.resample import Resampler
from cuewalk.audio.ring import Ring
from cuewalk.devices import portaudio
from cuewalk.devices.device_info import WAKE_SECONDS, DeviceInfo, playing
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES, SESSION_RATE

#: What the device buffers for us, in seconds. It cannot be taken back: cues start and end later by this.
#: With 60 ms PulseAudio's ALSA plugin asks for blocks without end and plays gaps (5 of 5 starts); with 80 ms
#: it does not, as long as nothing keeps Python's global lock for longer. So PocketSphinx, which keeps it
#: for 80 ms, has a process of its own, and a speaker that starves all the same is opened with more.
LATENCY: Final = 0.08
#: Silence put before the first frame, for which the loop may be away (a decode, a busy machine). It costs no
#: time: a cue that follows silence takes its place, and a cue that is stopped is taken out of it.
CUSHION_MS: Final = 160
#: What the device may take while we put other sound in place of what waits for it: two blocks.
_MARGIN_MS: Final = 2 * FRAME_MS
#: Design choice: long enough not to click.
_FADE_MS: Final = 10
#: Amplitude, in int16 steps, of the noise that wakes a device (-90 dBFS): inaudible, and digital silence
#: leaves some Bluetooth headphones and amplifiers asleep.
_WHISPER: Final = 1
_MOMENT: Final = 0.01
#: Seconds that the ring holds: the cushion and the frames that a loop hands over in a burst when it was late.
_RING_SECONDS: Final = 2


class Playout:
    """An open output stream, one ring, and the conversion on the loop's thread.

    Args:
        device: which.
        latency: what it is to buffer, in seconds.
        wake: how long it is played next to nothing before it counts as awake, in seconds.

    Raises:
        DeviceError: if the device does not open.
    """

    def __init__(self, device: DeviceInfo, latency: float = LATENCY, *, wake: float = WAKE_SECONDS) -> None:
        self._device = device
        self._stream, (self._channels, self._rate) = portaudio.open_stream(
            device, "output", playing(device), latency=latency, on_block=self._on_block
        )
        self._per_ms = self._rate * self._channels / 1000
        self._ring = Ring(self._rate * self._channels * _RING_SECONDS)
        self._resampler = Resampler(SESSION_RATE, self._rate)
        self._levelling = Levelling(CUSHION_MS)
        self._wake_blocks = math.ceil(wake * 1000 / FRAME_MS)
        whisper = np.random.default_rng(0).integers(-_WHISPER, _WHISPER, self._rate, np.int16, endpoint=True)
        self._whisper: Samples = spread(whisper, self._channels)
        self._playing = False
        #: Blocks that the device has asked for, and when the last of them was seen.
        self.blocks, self._seen = 0, (-1, 0.0)
        self._device_underruns = self._late_blocks = 0
        #: Samples of the device for which there was nothing to play.
        self._starved = 0
        #: Samples (16 kHz) of cushions put in, minus frames that were never put, since `begin`.
        self._made_up = 0

    def __str__(self) -> str:
        return f"{self._rate} Hz, {self._channels} channels, {self._stream.latency:.3f} s"

    @property
    def underruns(self) -> LostAudio:
        """Blocks with a gap in them, because the device was late, or because the loop was."""
        return LostAudio(self._device_underruns, self._late_blocks)

    @property
    def corrections(self) -> int:
        """Frames of silence dropped or repeated because the speaker's clock and the microphone's differ."""
        return self._levelling.corrections

    @property
    def slipped(self) -> int:
        """Samples (16 kHz) of silence that came between what was put, minus those left out, so far."""
        starved = round(self._starved / self._per_ms * SESSION_RATE / 1000)
        return self._levelling.slipped * FRAME_SAMPLES + starved + self._made_up

    @property
    def overruns(self) -> LostAudio:
        """What our ring had no room for (frames); a device that plays never has too much."""
        return LostAudio(ours=math.ceil(self._ring.dropped / (self._per_ms * FRAME_MS)))

    @property
    def latency_frames(self) -> int:
        """Frames from `put` until the sound leaves the speaker, rounded up."""
        return math.ceil((CUSHION_MS + self._stream.latency * 1000) / FRAME_MS)

    def start(self) -> None:
        """Start the stream, which wakes the device until `begin`. Raises `DeviceError` if it refuses."""
        portaudio.start_stream(self._stream, self._device, "output")

    def wait_awake(self, timeout: float) -> None:
        """Wait until the device has played for as long as it may need to wake.

        Raises:
            DeviceLostError: if it asks for nothing during ``timeout`` seconds.
        """
        while self.blocks < self._wake_blocks:
            self.check(timeout)
            time.sleep(_MOMENT)

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

    def skip(self) -> None:
        """Put nothing for one frame: the loop was away, and the speaker has played silence meanwhile."""
        self._made_up -= FRAME_SAMPLES

    def refill(self) -> None:
        """Put a cushion before the next frame, after frames that were skipped."""
        missing = max(0.0, CUSHION_MS - self._ring.level / self._per_ms)
        count = round(missing * SESSION_RATE / 1000)
        self._ring.write(np.zeros(self._device_samples(count), np.int16))
        self._made_up += count
        self._levelling.restart()

    @property
    def waiting_frames(self) -> int:
        """Frames that were put and are surely not taken by the device yet."""
        return max(0, int((self._ring.level / self._per_ms - _MARGIN_MS) // FRAME_MS))

    def replace_silence(self, frames: Samples) -> None:
        """Put ``frames`` in place of the newest ones, which are silence."""
        # The resampler goes on: what it holds is silence too, so the sound comes at the same distance.
        self._put_in_place(len(frames), self._resampler.process(frames))

    def fade_out(self, frames: int) -> None:
        """Fade the newest frames out, where they begin."""
        count = frames * FRAME_SAMPLES
        sound = self._ring.newest(self._device_samples(count)).reshape(-1, self._channels)[:, 0]
        # The resampler still holds the end of what is taken back: silence drives it out.
        quiet = self._resampler.process(np.zeros(count, np.int16))
        quiet[:] = 0
        fade = min(len(quiet), len(sound), self._rate * _FADE_MS // 1000)
        quiet[:fade] = np.rint(sound[:fade] * np.linspace(1, 0, fade))
        self._put_in_place(count, quiet)

    def check(self, timeout: float) -> None:
        """Raise `DeviceLostError` if the device has asked for nothing during ``timeout`` seconds."""
        now = time.monotonic()
        blocks, since = self._seen
        if blocks != self.blocks:
            self._seen = (self.blocks, now)
        elif now - since > timeout:
            raise DeviceLostError("speaker", self._device.name)

    def close(self) -> None:
        """Release the device; what is queued is not played."""
        portaudio.close_stream(self._stream)

    def _put_in_place(self, count: int, sound: Samples) -> None:
        self._ring.rewind(self._device_samples(count))
        self._ring.write(spread(sound, self._channels))

    def _device_samples(self, count: int) -> int:
        """Return how many samples of the ring ``count`` samples of a frame have become."""
        return round(count / SESSION_RATE * 1000 * self._per_ms) // self._channels * self._channels

    def _on_block(self, block: Samples, status: portaudio.Flags) -> None:
        # PortAudio's thread: copy and count.
        out = block.reshape(-1)
        got = self._ring.read_into(out)
        out[got:] = 0
        if not self._playing:
            whisper = self._whisper[: len(out) - got]
            out[got : got + len(whisper)] = whisper
        self.blocks += 1
        if self._playing:
            self._starved += len(out) - got
            self._late_blocks += got < len(out)
            self._device_underruns += bool(status.output_underflow)
