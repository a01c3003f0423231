"""The benchmark's room: person, speaker and noise at one microphone, each at a level that is given."""

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from cuewalk.audio.api import AudioHealth, DeviceChange, PlayoutState
from cuewalk.audio.reverb import Reverb, reverberate
from cuewalk.bench.hearing.mixing import pink_noise
from cuewalk.bench.room.acoustics import Responses
from cuewalk.bench.room.speaker_line import SpeakerLine
from cuewalk.domain.errors import BugError
from cuewalk.domain.sound import FULL_SCALE, Floats, Samples, as_samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES, SESSION_RATE, Millis, millis_of

#: Speech of a person at 65 dB, as a microphone is usually set: root mean square.
PERSON_RMS: Final = 10 ** (-26 / 20) * FULL_SCALE
#: A quiet microphone's own noise.
_FAINT_RMS: Final = 10 ** (-75 / 20) * FULL_SCALE
#: Noise repeats after so long.
_NOISE_SECONDS: Final = 31


@dataclass(frozen=True, slots=True)
class Levels:
    """``echo``: factor from play-out to microphone. ``noise``: root mean square at the microphone."""

    echo: float
    noise: float = 0.0


class BenchRoom:
    """Implements `AudioIO`; the same seed and calls give the same samples.

    Args:
        responses: how speaker and person sound at the microphone.
        levels: how loud echo and noise are there.
        seed: for the noise.
        ppm: how much faster the speaker's clock is than the microphone's.
        queue_frames: frames of play-out that wait for the device.
        delay_ms: what device and air take after that.
    """

    def __init__(
        self,
        responses: Responses,
        levels: Levels,
        seed: int,
        *,
        ppm: float = 0.0,
        queue_frames: int = 4,
        delay_ms: int = 60,
    ) -> None:
        self.name, self.health, self.now_sample = "bench room", AudioHealth(), 0
        self._speaker = SpeakerLine(queue_frames, delay_ms, ppm)
        self._delay_ms, self._closed = delay_ms, False
        self._echo, self._person = Reverb(responses.echo), responses.person
        self._levels = levels
        rng = np.random.default_rng([seed, 3])
        length = _NOISE_SECONDS * SESSION_RATE // FRAME_SAMPLES * FRAME_SAMPLES
        pink = pink_noise(length, rng) * levels.noise if levels.noise else np.zeros(length)
        self._noise = (pink + rng.standard_normal(length) * _FAINT_RMS).astype(np.float32)
        #: (first sample, what is heard of it).
        self._said: deque[tuple[int, Floats]] = deque()

    @property
    def now_ms(self) -> Millis:
        """Milliseconds since the start."""
        return millis_of(self.now_sample)

    @property
    def state(self) -> PlayoutState:
        """Where the speaker's line stands now; it never begins anew."""
        waiting = self._speaker.queue_frames
        return PlayoutState(waiting + -(-self._delay_ms // FRAME_MS), waiting, self._speaker.slipped)

    def say(self, samples: Samples) -> None:
        """Let the person say this from now on, as loud as it is to reach the microphone."""
        self._said.append((self.now_sample, reverberate(samples.astype(np.float32), self._person)))

    def exchange(self, play: Samples | None) -> Samples:
        """Play one frame and return what the microphone hears in the same 20 ms."""
        if self._closed or play is None or play.shape != (FRAME_SAMPLES,):
            raise BugError("exchange on a closed room or with a part of a frame")
        at = self.now_sample % len(self._noise)
        mix = self._noise[at : at + FRAME_SAMPLES].copy()
        mix += self._echo.process(self._speaker.next_frame(play) * np.float32(self._levels.echo))
        for start, sound in self._said:
            part = sound[self.now_sample - start :][:FRAME_SAMPLES]
            mix[: len(part)] += part
        self.now_sample += FRAME_SAMPLES
        self.health.frames += 1
        while self._said and self._said[0][0] + len(self._said[0][1]) <= self.now_sample:
            self._said.popleft()
        heard: Samples = as_samples(mix)
        return heard

    def replace_silence(self, frames: Samples) -> None:
        """Put ``frames`` in place of the newest ones handed over."""
        self._speaker.replace(frames)

    def fade_out(self) -> int:
        """Fade out what waits for the device."""
        return self._speaker.fade_out()

    def changes(self) -> list[DeviceChange]:
        """Nothing: nothing is ever lost here."""
        return []

    def close(self) -> None:
        """Take no more frames."""
        self._closed = True
