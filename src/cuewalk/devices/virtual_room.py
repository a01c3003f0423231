"""A microphone and a speaker that exist only in numbers: repeatable, and as fast as the machine."""

from collections import deque
from pathlib import Path
from typing import Final

import numpy as np

from cuewalk.audio.api import AudioHealth, DeviceChange, PlayoutState
from cuewalk.audio.reverb import Reverb, impulse_response, reverberate
from cuewalk.devices.files.wav import WavWriter
from cuewalk.domain.errors import BugError
from cuewalk.domain.sound import FULL_SCALE, Floats, Samples, as_samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES, SESSION_RATE, Millis, millis_of

#: Samples of a fade: 10 ms, as of the live device.
_FADE: Final = SESSION_RATE // 100


class VirtualRoom:
    """One simulated person in a room with our speaker and our microphone; implements `AudioIO`.

    The same seed, arguments and calls give the same samples, bit for bit.

    Args:
        seed: for the noise and the room's reflections.
        echo_db: level of our own voice in the microphone against what was played, None for headphones.
        echo_delay_ms: from the device's taking play-out until it is heard (device and air), whole ms.
        queue_frames: frames of play-out that wait for the device, as before a real one.
        noise_db: level of the background noise (white, RMS) against full scale, None for silence.
        rt60: seconds until a sound has died away by 60 dB, for echo and person; None for no reflections.
        recording: where to write the whole session, both voices in one mono WAV. It grows in ``<name>.part``
            and gets its name on `close`.

    Raises:
        CuewalkError: if the recording cannot be written.
    """

    name: Final = "virtual room"

    def __init__(
        self,
        seed: int = 0,
        *,
        echo_db: float | None = None,
        echo_delay_ms: int = 60,
        queue_frames: int = 0,
        noise_db: float | None = None,
        rt60: float | None = None,
        recording: Path | None = None,
    ) -> None:
        self._rng = np.random.default_rng(seed)
        self._echo_gain = 0.0 if echo_db is None else _gain(echo_db)
        self._noise_rms = 0.0 if noise_db is None else _gain(noise_db) * FULL_SCALE
        self._response = None if rt60 is None else impulse_response(rt60, np.random.default_rng([seed, 1]))
        self._echo_reverb = None if self._response is None else Reverb(self._response)
        self._delay_ms, self._queue_frames = echo_delay_ms, queue_frames
        delay = echo_delay_ms * SESSION_RATE // 1000 + queue_frames * FRAME_SAMPLES
        self._delayed: Floats = np.zeros(delay, np.float32)
        #: (first sample, what is heard of it, what was said), in the order of being queued.
        self._said: deque[tuple[int, Floats, Floats]] = deque()
        self._said_until = 0
        self._now = 0
        #: Counts frames; nothing is ever lost here.
        self.health = AudioHealth()
        self._recording = None if recording is None else WavWriter(recording)
        self._closed = False

    @property
    def state(self) -> PlayoutState:
        """The echo's delay and the queue in frames; both clocks are one, and nothing begins anew."""
        return PlayoutState(-(-self._delay_ms // FRAME_MS) + self._queue_frames, self._queue_frames)

    @property
    def now_sample(self) -> int:
        """Samples since the start: the session's clock."""
        return self._now

    @property
    def now_ms(self) -> Millis:
        """Milliseconds since the start."""
        return millis_of(self._now)

    @property
    def person_busy(self) -> bool:
        """Whether the person is speaking or has something queued to say."""
        return self._now < self._said_until

    def say(self, samples: Samples, at_sample: int | None = None) -> None:
        """Let the person say ``samples`` (16 kHz mono).

        Args:
            samples: the speech, as loud as it is to reach the microphone.
            at_sample: when, on the session's clock (a moment that is past means now). None: now, or after all
                that is queued already. With a time given it may overlap other speech.
        """
        start = max(self._now, self._said_until if at_sample is None else at_sample)
        dry = samples.astype(np.float32)
        heard = dry if self._response is None else reverberate(dry, self._response)
        self._said.append((start, heard, dry))
        self._said_until = max(self._said_until, start + len(dry))

    def silence_person(self) -> None:
        """Let the person break off, and forget what they still had to say."""
        self._said.clear()
        self._said_until = self._now

    def exchange(self, play: Samples | None) -> Samples:
        """Play one frame and return what the microphone hears in the same 20 ms."""
        if self._closed or play is None or play.shape != (FRAME_SAMPLES,):
            raise BugError("exchange on a closed room or with a part of a frame")
        queued = np.concatenate([self._delayed, play.astype(np.float32)])
        speaker, self._delayed = queued[:FRAME_SAMPLES], queued[FRAME_SAMPLES:]
        heard, said = self._person()
        echo = speaker * np.float32(self._echo_gain)
        if self._echo_reverb is not None:
            echo = self._echo_reverb.process(echo)
        mix = heard + echo
        if self._noise_rms:
            mix += self._rng.standard_normal(FRAME_SAMPLES, np.float32) * np.float32(self._noise_rms)
        if self._recording is not None:
            self._recording.append(as_samples(speaker + said))
        self._now += FRAME_SAMPLES
        self.health.frames += 1
        return as_samples(mix)

    def replace_silence(self, frames: Samples) -> None:
        """Put ``frames`` in place of the newest ones handed over."""
        self._delayed[len(self._delayed) - len(frames) :] = frames

    def fade_out(self) -> int:
        """Fade out what waits for the device."""
        waiting = self._queue_frames * FRAME_SAMPLES
        newest = self._delayed[len(self._delayed) - waiting :]
        newest[:_FADE] *= np.linspace(1, 0, min(_FADE, waiting), dtype=np.float32)
        newest[_FADE:] = 0
        return self._queue_frames

    def changes(self) -> list[DeviceChange]:
        """Return nothing: nothing is ever lost here."""
        return []

    def close(self) -> None:
        """Finish the recording; a second call does nothing."""
        self._closed = True
        if self._recording is not None:
            self._recording.close()

    def _person(self) -> tuple[Floats, Floats]:
        """Return this frame of the person as heard in the room, and as said."""
        heard, said = np.zeros(FRAME_SAMPLES, np.float32), np.zeros(FRAME_SAMPLES, np.float32)
        for start, wet, dry in self._said:
            _add(heard, wet, self._now - start)
            _add(said, dry, self._now - start)
        end = self._now + FRAME_SAMPLES
        while self._said and self._said[0][0] + len(self._said[0][1]) <= end:
            self._said.popleft()
        return heard, said


def _add(frame: Floats, sound: Floats, at: int) -> None:
    """Add to ``frame`` what ``sound`` has from its sample ``at`` on (negative: it begins later)."""
    first = max(0, -at)
    part = sound[max(0, at) : max(0, at + FRAME_SAMPLES)]
    frame[first : first + len(part)] += part


def _gain(decibels: float) -> float:
    return float(10.0 ** (decibels / 20))
