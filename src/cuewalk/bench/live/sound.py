"""Finds in one recording of the microphone a word, the end of our voice, and its beginning.

Person and echo are in one recording, so they have one clock; the way from speaker to microphone counts too.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import FULL_SCALE, Samples, as_samples
from cuewalk.domain.units import SESSION_RATE

_STEP: Final = SESSION_RATE // 100
#: Level against the loudest 10 ms of a word from which on 10 ms belong to it, dB. Design.
_WORD_DB: Final = -20.0
#: Peak from which on our voice sounds: -50 dBFS; null sinks are silent but for it.
_AUDIBLE: Final = 10 ** (-50 / 20) * FULL_SCALE
#: Seconds; a voice pauses for less between words and sentences of a cue.
_LONGEST_PAUSE: Final = 0.7
#: Ratio of the best match to the spread (standard deviation) of all, from which on a word is there. Measured:
#: at least 15 for one that is, at most 8 for one that is not.
_STANDS_OUT: Final = 8.5
_Levels = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A recording trimmed to its word: silence after it, so that what follows is our voice alone."""

    samples: Samples
    #: Where the word itself ends.
    end: int


#: A recorded word with what it says, as "stop" or "four".
SaidWord = tuple[str, SpokenWord]


def levels(sound: Samples) -> _Levels:
    """Return the peak of every 10 ms."""
    whole = len(sound) // _STEP * _STEP
    peaks: _Levels = np.abs(sound[:whole].astype(np.float64)).reshape(-1, _STEP).max(axis=1, initial=0.0)
    return peaks


def trimmed(sound: Samples, rms: float) -> SpokenWord:
    """Return the word in ``sound`` with a little before and after it, as loud as ``rms``."""
    steps = sound[: len(sound) // _STEP * _STEP].astype(np.float64).reshape(-1, _STEP)
    power = np.sqrt(np.square(steps).mean(axis=1))
    loud = np.flatnonzero(power >= power.max() * 10 ** (_WORD_DB / 20))
    first, last = max(0, int(loud[0]) - 10), min(len(steps), int(loud[-1]) + 6)
    word = steps[first:last].ravel()
    word *= rms / max(1.0, float(np.sqrt(np.square(steps[loud]).mean())))
    word[-4 * _STEP :] *= np.linspace(1, 0, len(word[-4 * _STEP :]))
    samples: Samples = as_samples(word)
    return SpokenWord(samples, (int(loud[-1]) + 1 - first) * _STEP)


def find(word: Samples, recording: Samples, start: int, end: int) -> int | None:
    """Return the sample at which ``word`` begins between ``start`` and ``end`` of a recording; None: nowhere.

    It has to stand out of everything else there: our voice talks at the same time.
    """
    part = recording[max(0, start) : end].astype(np.float64)
    if len(part) < len(word):
        return None
    size = 1 << (len(part) + len(word)).bit_length()
    spectrum = np.fft.rfft(part, size) * np.conj(np.fft.rfft(word.astype(np.float64), size))
    # Half of the way to a phase correlation: a sharp peak also under a voice that is as loud. With more of it
    # the peaks of words that are there and of others are higher, and closer to each other.
    match = np.fft.irfft(spectrum / np.maximum(np.sqrt(np.abs(spectrum)), 1e-9), size)
    match = match[: len(part) - len(word) + 1]
    best = int(match.argmax())
    spread = float(np.std(match)) or 1.0
    return max(0, start) + best if match[best] > _STANDS_OUT * spread else None


def silent_from(recording: Samples, at: int, until: int) -> int | None:
    """Return the sample from which our voice is silent, ``at`` or later; None if it never is."""
    pause = round(_LONGEST_PAUSE * SESSION_RATE / _STEP)
    loud = levels(recording[at:until]) > _AUDIBLE
    quiet = 0
    for step, on in enumerate(loud):
        quiet = 0 if on else quiet + 1
        if quiet >= pause:
            return at + (step + 1 - quiet) * _STEP
    return None


def sounds_from(recording: Samples, at: int, until: int) -> int | None:
    """Return the sample at which our voice begins, ``at`` or later; None if it does not."""
    loud = np.flatnonzero(levels(recording[at:until]) > _AUDIBLE)
    return at + int(loud[0]) * _STEP if len(loud) else None
