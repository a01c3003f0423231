"""The benchmark's room: person, speaker and noise at one microphone, each at a level that is given.

The speaker's clock may differ from the microphone's. How speaker and person sound at the microphone are two
impulse responses: image sources where pyroomacoustics is installed, else decaying noise.
"""

from collections import deque
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cuewalk.audio.api import AudioHealth, DeviceChange, PlayoutState
from cuewalk.audio.reverb import Reverb, impulse_response, reverberate
from cuewalk.bench.noise import pink_noise
from cuewalk.domain.errors import BugError
from cuewalk.domain.sound import FULL_SCALE, Floats, Samples, as_samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES, SESSION_RATE, Millis, millis_of

#: Metres: a living room; the speaker is 1 m from the microphone, the person 2 m. Design.
_ROOM: Final = (4.0, 5.0, 2.6)
_MICROPHONE: Final = (1.5, 2.0, 0.9)
_SPEAKER: Final = (2.5, 2.0, 0.9)
_PERSON: Final = (1.5, 3.9, 1.525)
#: Reflections of reflections: more of them only take time, they are below the noise.
_MOST_REFLECTIONS: Final = 60
#: The direct sound is the first that has this share of the loudest.
_DIRECT: Final = 0.5
OURS: Final = "exponentially decaying noise (built in)"
#: Speech of a person at 65 dB, as a microphone is usually set: root mean square.
PERSON_RMS: Final = 10 ** (-26 / 20) * FULL_SCALE
#: A quiet microphone's own noise.
_FAINT_RMS: Final = 10 ** (-75 / 20) * FULL_SCALE
#: Seconds after which noise repeats; no whole number of seconds of a cue.
_NOISE_SECONDS: Final = 31
#: Samples on each side of a fractional position (windowed sinc).
_TAPS: Final = 16
#: Samples of a fade-out: 10 ms, too short to be heard as one and long enough not to click.
_FADE: Final = SESSION_RATE // 100


@dataclass(frozen=True, slots=True)
class Responses:
    """Impulse responses with the direct sound first and an energy of 1: no level changes by them."""

    echo: Floats
    person: Floats
    #: What they were computed with, for the report.
    by: str


def responses(rt60: float | None, seed: int) -> Responses:
    """Return the responses of a room where a sound dies away by 60 dB in ``rt60`` seconds; None: outside."""
    if rt60 is None:
        alone = np.ones(1, np.float32)
        return Responses(alone, alone, model())
    pra = _pyroomacoustics()
    if pra is not None:
        echo, person = _images(pra, rt60)
    else:
        echo, person = (impulse_response(rt60, np.random.default_rng([seed, which])) for which in (1, 2))
    return Responses(_with_energy_1(echo), _with_energy_1(person), model())


def model() -> str:
    """Return what the responses are computed with here."""
    pra = _pyroomacoustics()
    return OURS if pra is None else f"image sources (pyroomacoustics {pra.__version__})"


def _pyroomacoustics() -> Any:  # noqa: ANN401 - an optional module without types
    try:
        return import_module("pyroomacoustics")
    except ImportError:
        return None


def _images(pra: Any, rt60: float) -> tuple[Floats, Floats]:  # noqa: ANN401
    absorption, order = pra.inverse_sabine(rt60, list(_ROOM))
    room = pra.ShoeBox(
        list(_ROOM),
        fs=SESSION_RATE,
        materials=pra.Material(absorption),
        max_order=min(order, _MOST_REFLECTIONS),
    )
    for source in (_SPEAKER, _PERSON):
        room.add_source(list(source))
    room.add_microphone(list(_MICROPHONE))
    room.compute_rir()
    echo, person = (_from_direct(np.asarray(response)) for response in room.rir[0])
    return echo, person


def _from_direct(response: npt.NDArray[np.float64]) -> Floats:
    """Leave out the way through the air: the room counts it with the devices' delay."""
    loud = np.abs(response)
    return response[int(np.argmax(loud >= _DIRECT * loud.max())) :].astype(np.float32)


def _with_energy_1(response: Floats) -> Floats:
    energy = float(np.sum(np.square(response, dtype=np.float64)))
    scaled: Floats = (response / np.sqrt(energy)).astype(np.float32)
    return scaled


@dataclass(frozen=True, slots=True)
class Levels:
    """``echo``: factor from play-out to microphone. ``noise``: root mean square at the microphone."""

    echo: float
    noise: float = 0.0


class BenchRoom:
    """Implements `AudioIO`; the same seed (of the noise) and calls give the same samples.

    ``ppm``: how much faster the speaker's clock is than the microphone's; ``queue_frames`` of play-out wait
    for the device; ``delay_ms``: what device and air take after that.
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


class SpeakerLine:
    """Delays play-out, and plays it faster by ``ppm`` parts per million than it comes in.

    Frames of silence are put in or left out, as before a real device, so that the queue keeps its length:
    ``queue_frames``, which can still be changed. ``delay_ms``: what device and air take after that.
    """

    def __init__(self, queue_frames: int, delay_ms: int, ppm: float) -> None:
        self.queue_frames, self._step = queue_frames, 1 + ppm * 1e-6
        self._usual = delay_ms * SESSION_RATE // 1000 + queue_frames * FRAME_SAMPLES
        self._line: Floats = np.zeros(self._usual + _TAPS, np.float32)
        self._at = float(_TAPS)
        #: Samples of silence put in minus samples left out.
        self.slipped = 0

    def next_frame(self, play: Samples) -> Floats:
        """Take one frame and return what is heard in the same 20 ms."""
        self._append(play)
        moments = self._at + self._step * np.arange(FRAME_SAMPLES, dtype=np.float64)
        heard = _between(self._line, moments)
        self._at += self._step * FRAME_SAMPLES
        passed = int(self._at) - _TAPS
        self._line, self._at = self._line[passed:], self._at - passed
        return heard

    def replace(self, frames: Samples) -> None:
        """Put ``frames`` in place of the newest ones."""
        self._line[len(self._line) - len(frames) :] = frames

    def fade_out(self) -> int:
        """Fade out what can still be changed and return how many frames that is."""
        waiting = self.queue_frames * FRAME_SAMPLES
        newest = self._line[len(self._line) - waiting :]
        newest[:_FADE] *= np.linspace(1, 0, min(_FADE, waiting), dtype=np.float32)
        newest[_FADE:] = 0
        return self.queue_frames

    def _append(self, play: Samples) -> None:
        ahead = len(self._line) - self._at - self._usual
        if ahead > FRAME_SAMPLES and not play.any():
            self.slipped -= FRAME_SAMPLES
            return
        silent = [np.zeros(FRAME_SAMPLES, np.float32)] if ahead < -FRAME_SAMPLES and not play.any() else []
        self.slipped += len(silent) * FRAME_SAMPLES
        self._line = np.concatenate([self._line, *silent, play.astype(np.float32)])


def _between(line: Floats, moments: npt.NDArray[np.float64]) -> Floats:
    """Return ``line`` at fractional positions."""
    first = np.floor(moments).astype(np.int64)
    if np.array_equal(first, moments):
        return line[first]
    near = first[:, None] + np.arange(1 - _TAPS, _TAPS + 1)
    away = moments[:, None] - near
    weights = np.sinc(away) * (0.5 + 0.5 * np.cos(np.pi * away / (_TAPS + 1)))
    # Beyond its ends the line is silent.
    padded = np.concatenate([line, np.zeros(2 * FRAME_SAMPLES, np.float32)])
    between: Floats = np.einsum("ij,ij->i", padded[near], weights).astype(np.float32)
    return between
