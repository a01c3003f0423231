"""Sounds that are no speech, made up: what a head learns to ignore where there are no recordings."""

from collections.abc import Callable
from typing import Final

import numpy as np

from cuewalk.domain.sound import Doubles, Samples, as_samples

_RATE: Final = 16_000


def made_noises(count: int, seed: int = 0) -> list[Samples]:
    """Return sounds of 0.4-2 s: hiss and rumble, breaths, knocks, hums, whistles, faint microphone noise."""
    rng = np.random.default_rng(seed)
    kinds = (_coloured, _breath, _knocks, _hum, _whistle, _faint)
    return [_made(kinds[place % len(kinds)], rng) for place in range(count)]


def _made(kind: Callable[[int, np.random.Generator], Doubles], rng: np.random.Generator) -> Samples:
    length = int(rng.uniform(0.4, 2.0) * _RATE)
    sound = kind(length, rng)
    level = 10 ** rng.uniform(1.0, 3.7)
    sound = sound / (np.abs(sound).max() + 1e-9) * level + rng.normal(0, 4, length)
    whole: Samples = as_samples(sound)
    return whole


def _coloured(length: int, rng: np.random.Generator) -> Doubles:
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


def _faint(length: int, rng: np.random.Generator) -> Doubles:
    return rng.normal(size=length)
