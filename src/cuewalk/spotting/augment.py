"""One recording heard in many ways: another speed, room, microphone, noise.

Seeded: the same seed gives the same sound. The ranges are a design decision for living rooms and laptop
microphones; a head trained with them was measured on people (docs/hearing.md), each range alone was not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cuewalk.domain.sound import Doubles, Samples, as_samples

_RATE: Final = 16_000
#: Share of noises that are recordings, where there are any.
_RECORDED_NOISE: Final = 0.6
#: Samples kept before and after the speech: the endpointer's pre-roll and tail of 256 ms.
PRE_ROLL: Final = 4096
TAIL: Final = 4096
#: Samples of room beyond those for shifted cuts.
_ROOM: Final = 3000
#: Speed: mean 1 with this spread, within these limits.
_SPEED_SPREAD, _SLOWEST, _FASTEST = 0.07, 0.82, 1.2
#: Noise below the speech, dB: from nearly as loud to hardly there.
_NOISE_DB: Final = (3.0, 30.0)
#: Clipping, as a share of the peak.
_CLIPPED_AT: Final = (0.3, 0.8)
#: Samples by which the start and the end of the cut move: 75 to 100 ms.
_START_MOVES, _END_MOVES = (-1200, 1200), (-1200, 1600)
#: Samples that a cut keeps at least: 100 ms.
_SHORTEST: Final = 1600
#: Root mean square of a microphone's own hiss, int16 steps: -78 dBFS.
_HISS: Final = 4.0
#: Corners (Hz) of the random equaliser, and the spread (dB) from one to the next.
_CORNERS: Final = (0, 250, 500, 1000, 2000, 3000, 4000, 8000)
_TILT_DB: Final = 2.0
#: Reverberation time (s) and the level of its noise beside the direct sound, which is alone for 2 ms.
_REVERBERATION: Final = (0.1, 0.5)
_REVERBERANT: Final = (0.05, 0.35)
_DIRECT: Final = 32
#: A fall of 60 dB as an exponent.
_SIXTY_DB: Final = 6.9
#: Slopes of coloured noise, as powers of the frequency: white, pink, brown, darker.
_SLOPES: Final = (0.0, 0.5, 1.0, 1.5)


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
    return _cut(*_padded(spoken), np.random.default_rng(0))


def augmented(
    spoken: Spoken, rng: np.random.Generator, noises: Sequence[Samples] = (), chances: Chances = Chances()
) -> Samples:
    """Return the utterance as it could have been heard somewhere else, cut a little differently too."""
    sound, start, end = _padded(spoken)
    if rng.random() < chances.speed:
        factor = float(np.clip(rng.normal(1, _SPEED_SPREAD), _SLOWEST, _FASTEST))
        sound, start, end = _faster(sound, start, end, factor)
    level = float(np.sqrt(np.mean(np.square(sound[start:end])))) + 1
    if rng.random() < chances.tilt:
        sound = _tilted(sound, rng)
    if rng.random() < chances.room:
        sound = _in_a_room(sound, rng)
    if rng.random() < chances.noise:
        sound = sound + _noise(len(sound), rng, noises) * level * 10 ** (-rng.uniform(*_NOISE_DB) / 20)
    if rng.random() < chances.clipping:
        limit = float(np.abs(sound).max()) * rng.uniform(*_CLIPPED_AT)
        sound = np.clip(sound, -limit, limit)
    start += int(rng.integers(*_START_MOVES))
    end += int(rng.integers(*_END_MOVES))
    return _cut(sound, start, max(end, start + _SHORTEST), rng)


def _padded(spoken: Spoken) -> tuple[Doubles, int, int]:
    margin = PRE_ROLL + _ROOM
    first, last = max(0, spoken.start - margin), min(len(spoken.samples), spoken.end + margin)
    sound = np.pad(spoken.samples[first:last].astype(np.float64), margin)
    start = spoken.start - first + margin
    return sound, start, start + spoken.end - spoken.start


def _cut(sound: Doubles, start: int, end: int, rng: np.random.Generator) -> Samples:
    """Return the part from ``start`` to ``end`` with its margins, over the hiss that every microphone has."""
    hissing = sound + rng.normal(0, _HISS, len(sound))
    return as_samples(hissing[max(0, start - PRE_ROLL) : end + TAIL])


def _faster(sound: Doubles, start: int, end: int, factor: float) -> tuple[Doubles, int, int]:
    """Return it played faster: higher, and as from a smaller person."""
    places = np.arange(0, len(sound) - 1, factor)
    return np.interp(places, np.arange(len(sound)), sound), int(start / factor), int(end / factor)


def _tilted(sound: Doubles, rng: np.random.Generator) -> Doubles:
    """Return it through another microphone: a smooth random equaliser."""
    gains = np.cumsum(rng.normal(0, _TILT_DB, len(_CORNERS)))
    spectrum = np.fft.rfft(sound)
    hertz = np.linspace(0, _RATE / 2, len(spectrum))
    decibels = np.interp(hertz, _CORNERS, gains - gains.mean())
    return np.fft.irfft(spectrum * 10 ** (decibels / 20), len(sound))


def _in_a_room(sound: Doubles, rng: np.random.Generator) -> Doubles:
    """Return it with the decaying noise of a small to middling room (reverberation time 0.1-0.5 s)."""
    length = int(rng.uniform(*_REVERBERATION) * _RATE)
    decay = np.exp(-_SIXTY_DB * np.arange(length) / _RATE / rng.uniform(*_REVERBERATION))
    response = rng.normal(size=length) * decay * rng.uniform(*_REVERBERANT)
    response[:_DIRECT] = 0.0
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
        slope = rng.choice(_SLOPES)
        noise = np.fft.irfft(spectrum / np.maximum(1, np.arange(len(spectrum))) ** slope, length)
    even: Doubles = noise / (noise.std() + 1e-9)
    return even


#: Largest shares of the word that are missing at its start and its end, and how much quicker it is.
_START, _END, _QUICKER = 0.22, 0.25, (1.05, 1.3)


def hurried(spoken: Spoken, rng: np.random.Generator, *, quicker: bool) -> Spoken:
    """Return the word without its edges and what was around it; ``quicker`` also raises its pitch."""
    length = spoken.end - spoken.start
    first = max(0, spoken.start + int(rng.uniform(0, _START) * length))
    last = spoken.end - int(rng.uniform(0, _END) * length)
    sound = spoken.samples[first:last]
    if quicker:
        places = np.arange(0, len(sound) - 1, rng.uniform(*_QUICKER))
        sound = np.interp(places, np.arange(len(sound)), sound).astype(np.int16)
    return Spoken(sound, 0, len(sound))


# What is drawn for the made-up noises (Hz, shares of the length, decays in 1/s) is a design choice for homes:
# the ranges hold what kettles, motors, steps and breaths have. None was measured alone.


def made_noises(count: int, seed: int = 0) -> list[Samples]:
    """Return sounds of 0.4-2 s: hiss and rumble, breaths, knocks, hums, whistles, faint microphone noise."""
    rng = np.random.default_rng(seed)
    noises = []
    for place in range(count):
        length = int(rng.uniform(0.4, 2.0) * _RATE)
        sound = _KINDS[place % len(_KINDS)](length, rng)
        level = 10 ** rng.uniform(1.0, 3.7)  # peaks of 10 to 5,000 int16 steps
        noises.append(as_samples(sound / (np.abs(sound).max() + 1e-9) * level + rng.normal(0, _HISS, length)))
    return noises


def _rumble(length: int, rng: np.random.Generator) -> Doubles:
    spectrum = np.fft.rfft(rng.normal(size=length))
    return np.fft.irfft(spectrum / np.maximum(1, np.arange(len(spectrum))) ** rng.uniform(0, 1.5), length)


def _breath(length: int, rng: np.random.Generator) -> Doubles:
    """Return noise of a band that swells and fades."""
    spectrum = np.fft.rfft(rng.normal(size=length))
    hertz = np.linspace(0, _RATE / 2, len(spectrum))
    centre, width = rng.uniform(400, 3000), rng.uniform(300, 1500)
    band = np.fft.irfft(spectrum * np.exp(-(((hertz - centre) / width) ** 2)), length)
    return band * np.sin(np.pi * np.arange(length) / length) ** rng.uniform(0.5, 2)


def _knocks(length: int, rng: np.random.Generator) -> Doubles:
    """Return steps, taps and clicks: short decaying resonances."""
    sound = np.zeros(length)
    for start in rng.integers(0, length - 400, int(rng.integers(1, 5))):
        time = np.arange(length - start) / _RATE
        ring = np.sin(2 * np.pi * rng.uniform(80, 2500) * time) + rng.normal(0, 0.5, len(time))
        sound[start:] += ring * np.exp(-time * rng.uniform(15, 120)) * rng.uniform(0.3, 1)
    return sound


def _hum(length: int, rng: np.random.Generator) -> Doubles:
    """Return a motor or the mains: harmonics of one low tone."""
    time, tone = np.arange(length) / _RATE, rng.uniform(45, 180)
    harmonics = range(1, int(rng.integers(3, 12)))
    return np.asarray(sum(np.sin(2 * np.pi * tone * n * time) / n ** rng.uniform(0.5, 2) for n in harmonics))


def _whistle(length: int, rng: np.random.Generator) -> Doubles:
    """Return a kettle, a bird, a telephone: one gliding tone, perhaps in pieces."""
    time = np.arange(length) / _RATE
    glide = rng.uniform(500, 3500) + rng.uniform(-600, 600) * np.sin(2 * np.pi * rng.uniform(0.3, 6) * time)
    pieces = (np.sin(2 * np.pi * rng.uniform(0.5, 8) * time) > rng.uniform(-1, 0.5)).astype(np.float64)
    return np.asarray(np.sin(2 * np.pi * np.cumsum(glide) / _RATE) * pieces)


def _hiss(length: int, rng: np.random.Generator) -> Doubles:
    return rng.normal(size=length)


_KINDS: Final = (_rumble, _breath, _knocks, _hum, _whistle, _hiss)
