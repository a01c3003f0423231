"""Background noise under a recording, at a level measured against its speech."""

import random
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import numpy as np

from cuewalk.bench.recordings import Clip, UnreadableSoundError, read_sound
from cuewalk.domain.sound import Doubles, Samples, as_samples
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE

#: Decibels below the loudest frame from which on a frame of 20 ms is a pause, not speech. Design.
_PAUSE_DB: Final = 25.0
#: The most recordings of noise, and samples of each, that are kept: more would only fill the memory that is
#: being measured.
_MOST_CLIPS: Final = 60
_MOST_SAMPLES: Final = 60 * SESSION_RATE
#: Root mean square (of int16) below which a "noise" is digital silence: no gain makes a background of it.
_SILENT: Final = 2.0
#: Frequency below which pink noise grows no further, Hz: no microphone for speech passes it on.
_LOWEST_PINK: Final = 50.0


def is_noise(clip: Clip) -> bool:
    """Return whether the label says that this is noise to be mixed under speech."""
    return bool({"noise", "background"} & set(clip.words.split()))


def speech_rms(sound: Samples) -> float:
    """Return the root mean square of the loud frames: the level of the speech without its pauses."""
    whole = len(sound) // FRAME_SAMPLES * FRAME_SAMPLES
    if not whole:
        return _rms(sound.astype(np.float64))
    frames = sound[:whole].astype(np.float64).reshape(-1, FRAME_SAMPLES)
    powers = np.mean(np.square(frames), axis=1)
    loud = powers[powers >= powers.max() * 10 ** (-_PAUSE_DB / 10)]
    return float(np.sqrt(loud.mean()))


def pink_noise(length: int, rng: np.random.Generator) -> Doubles:
    """Return noise whose power falls by 3 dB an octave, from 50 Hz on, with a root mean square of 1."""
    size = max(length, 2)
    spectrum = np.fft.rfft(rng.standard_normal(size))
    frequencies = np.maximum(np.fft.rfftfreq(size, 1 / SESSION_RATE), _LOWEST_PINK)
    noise = np.fft.irfft(spectrum / np.sqrt(frequencies), size)[:length]
    return noise / (_rms(noise) or 1.0)


class Background:
    """Gives noise of any length: recorded noises where there are any, else pink noise."""

    def __init__(self, clips: Sequence[Clip], seed: int) -> None:
        chosen = [clip for clip in clips if is_noise(clip)]
        random.Random(seed).shuffle(chosen)  # noqa: S311 - a choice, not a secret
        self._noises: list[Samples] = []
        for clip in chosen[:_MOST_CLIPS]:
            with suppress(UnreadableSoundError):  # counted as skipped where its turn as a clip comes
                sound = read_sound(clip.file)[:_MOST_SAMPLES]
                self._noises += [sound] if _rms(sound.astype(np.float64)) >= _SILENT else []

    @property
    def name(self) -> str:
        """What it is, for the report."""
        return f"{len(self._noises)} recorded noises" if self._noises else "pink noise"

    def under(self, sound: Samples, snr: float, *, before: int, after: int, seed: int) -> Samples:
        """Return ``sound`` with noise under it, and ``before`` and ``after`` samples of noise around it.

        ``snr`` is in decibels: the speech's level (`speech_rms`) against the noise's root mean square.
        """
        noise = self._piece(before + len(sound) + after, np.random.default_rng([seed, 2]))
        noise *= speech_rms(sound) / 10 ** (snr / 20)
        noise[before : before + len(sound)] += sound
        mixed: Samples = as_samples(noise)
        return mixed

    def _piece(self, length: int, rng: np.random.Generator) -> Doubles:
        if not self._noises:
            return pink_noise(length, rng)
        # Short noises follow each other; each is as loud as the other.
        parts: list[Doubles] = []
        while sum(map(len, parts)) < length:
            noise = self._noises[int(rng.integers(len(self._noises)))].astype(np.float64)
            start = int(rng.integers(max(1, len(noise) - length + 1)))
            part = noise[start : start + length]
            parts.append(part / max(_rms(part), _SILENT))
        piece: Doubles = np.concatenate(parts)[:length]
        return piece / (_rms(piece) or 1.0)


def _rms(sound: Doubles) -> float:
    return float(np.sqrt(np.mean(np.square(sound)))) if len(sound) else 0.0
