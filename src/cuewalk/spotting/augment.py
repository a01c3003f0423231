"""One recording heard in many ways: another speed, room, microphone, noise.

Seeded: the same seed gives the same sound.

The ranges are those of living rooms and laptop microphones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cuewalk.domain.sound import Doubles, Samples, as_samples

_RATE: Final = 16_000
#: How often noise is a recording of some, where there are any.
_RECORDED_NOISE: Final = 0.6
#: Context kept around the speech, where the recording has it: what pre-roll and tail would have caught.
PRE_ROLL: Final = 4096
TAIL: Final = 4096


@dataclass(frozen=True, slots=True)
class Spoken:
    """A recording (16 kHz int16) and where in it the word is, in samples."""

    samples: Samples
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chances:
    """How often each change is made, 0-1."""

    speed: float = 0.7
    tilt: float = 0.4
    room: float = 0.35
    noise: float = 0.65
    clipping: float = 0.1


GENTLE: Final = Chances(speed=0.5, tilt=0.3, room=0.2, noise=0.4, clipping=0.0)


def as_heard(spoken: Spoken) -> Samples:
    """Return the utterance as the endpointer would cut it, unchanged."""
    return _cut(_faint(_padded(spoken)[0], np.random.default_rng(0)), *_padded(spoken)[1:])


def augmented(
    spoken: Spoken,
    rng: np.random.Generator,
    noises: Sequence[Samples] = (),
    chances: Chances = Chances(),
) -> Samples:
    """Return the utterance as it could have been heard somewhere else, cut a little differently too."""
    sound, start, end = _padded(spoken)
    if rng.random() < chances.speed:
        sound, start, end = _faster(sound, start, end, float(np.clip(rng.normal(1, 0.07), 0.82, 1.2)))
    level = float(np.sqrt(np.mean(np.square(sound[start:end])))) + 1
    if rng.random() < chances.tilt:
        sound = _tilted(sound, rng)
    if rng.random() < chances.room:
        sound = _in_a_room(sound, rng)
    if rng.random() < chances.noise:
        sound = sound + _noise(len(sound), rng, noises) * level * 10 ** (-rng.uniform(3, 30) / 20)
    if rng.random() < chances.clipping:
        limit = float(np.abs(sound).max()) * rng.uniform(0.3, 0.8)
        sound = np.clip(sound, -limit, limit)
    start += int(rng.integers(-1200, 1200))
    end += int(rng.integers(-1200, 1600))
    return _cut(_faint(sound, rng), start, max(end, start + 1600))


def _padded(spoken: Spoken) -> tuple[Doubles, int, int]:
    margin = PRE_ROLL + 3000
    first, last = max(0, spoken.start - margin), min(len(spoken.samples), spoken.end + margin)
    sound = np.pad(spoken.samples[first:last].astype(np.float64), margin)
    start = spoken.start - first + margin
    return sound, start, start + spoken.end - spoken.start


def _cut(sound: Doubles, start: int, end: int) -> Samples:
    cut = sound[max(0, start - PRE_ROLL) : end + TAIL]
    return as_samples(cut)


def _faint(sound: Doubles, rng: np.random.Generator) -> Doubles:
    """Return the sound over the hiss that every microphone has."""
    return sound + rng.normal(0, 4, len(sound))


def _faster(sound: Doubles, start: int, end: int, factor: float) -> tuple[Doubles, int, int]:
    """Return it played faster: higher, and as from a smaller person."""
    places = np.arange(0, len(sound) - 1, factor)
    return np.interp(places, np.arange(len(sound)), sound), int(start / factor), int(end / factor)


def _tilted(sound: Doubles, rng: np.random.Generator) -> Doubles:
    """Return it through another microphone: a smooth random equaliser."""
    corners = np.array([0, 250, 500, 1000, 2000, 3000, 4000, 8000])
    gains = np.cumsum(rng.normal(0, 2.0, len(corners)))
    spectrum = np.fft.rfft(sound)
    hertz = np.linspace(0, _RATE / 2, len(spectrum))
    decibels = np.interp(hertz, corners, gains - gains.mean())
    return np.fft.irfft(spectrum * 10 ** (decibels / 20), len(sound))


def _in_a_room(sound: Doubles, rng: np.random.Generator) -> Doubles:
    """Return it with the decaying noise of a small to middling room (reverberation time 0.1-0.5 s)."""
    length = int(rng.uniform(0.1, 0.5) * _RATE)
    decay = np.exp(-6.9 * np.arange(length) / _RATE / rng.uniform(0.1, 0.5))
    response = rng.normal(size=length) * decay * rng.uniform(0.05, 0.35)
    response[:32] = 0.0
    response[0] = 1.0
    size = len(sound) + length
    return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(response, size), size)[: len(sound)]


def _noise(length: int, rng: np.random.Generator, noises: Sequence[Samples]) -> Doubles:
    """Return noise of standard deviation 1: a recording of some, or a colour between white and brown."""
    if noises and rng.random() < _RECORDED_NOISE:
        recorded = noises[int(rng.integers(len(noises)))].astype(np.float64)
        recorded = np.tile(recorded, length // len(recorded) + 1)
        first = int(rng.integers(len(recorded) - length + 1))
        noise = recorded[first : first + length]
    else:
        spectrum = np.fft.rfft(rng.normal(size=length))
        slope = rng.choice([0.0, 0.5, 1.0, 1.5])
        noise = np.fft.irfft(spectrum / np.maximum(1, np.arange(len(spectrum))) ** slope, length)
    even: Doubles = noise / (noise.std() + 1e-9)
    return even
