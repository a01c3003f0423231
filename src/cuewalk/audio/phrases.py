"""Finds the phrases of a spoken cue in its sound."""

from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import Doubles, Samples
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE

#: Shortest pause between phrases, in ms: the closure of a stop consonant is shorter.
_PAUSE_MS: Final = 160
_STEP_MS: Final = 10
_STEP: Final = SESSION_RATE * _STEP_MS // 1000
#: Quieter than the cue's loudest part by this factor is a pause (-40 dB).
_QUIET: Final = 0.01
#: Of a phrase that was cut off sooner than this, in ms, nothing was understood: the one before is repeated.
_HEARD_MS: Final = 200


def phrase_starts(samples: Samples) -> list[int]:
    """Return the first sample of each phrase of a cue (16 kHz mono), 0 always being the first."""
    starts, quiet = [0], 0
    for at, loud in enumerate(_loud(samples)):
        if loud and quiet * _STEP_MS >= _PAUSE_MS and at > quiet:
            starts.append((at - 1) * _STEP)
        quiet = 0 if loud else quiet + 1
    return starts


class SpokenShare:
    """How much of a cue's sound lies before a sample of it; its pauses, which are no words, do not count."""

    def __init__(self, samples: Samples) -> None:
        loud = _loud(samples)
        self._total = max(1, int(loud.sum()))
        self._before: Doubles = np.concatenate([[0], np.cumsum(loud)]) / self._total

    def share_at(self, sample: float) -> float:
        """Return the share (0-1) of the sound that lies before ``sample``, which may be outside the cue."""
        return float(np.interp(sample / _STEP, np.arange(len(self._before)), self._before))

    def share_of(self, samples: float) -> float:
        """Return the share of the sound that ``samples`` of it are, wherever they sound."""
        return samples / _STEP / self._total


def speech_level(samples: Samples) -> float:
    """Return the loudness of the loud parts of an utterance: the upper quarter of its 20 ms, RMS."""
    frames = samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES].astype(np.float64)
    if not len(frames):
        return 0.0
    powers = np.sort(np.square(frames.reshape(-1, FRAME_SAMPLES)).mean(axis=1))
    return float(np.sqrt(powers[-max(1, len(powers) // 4) :].mean()))


def last_phrase(samples: Samples, heard: int) -> int:
    """Return where to go on with a cue that was heard up to its sample ``heard``: at its last phrase."""
    heard_enough = heard - SESSION_RATE * _HEARD_MS // 1000
    return max(start for start in phrase_starts(samples) if start <= max(0, heard_enough))


def with_gaps(samples: Samples, gap_ms: int) -> Samples:
    """Return the cue with silence before every phrase but the first, and after the last."""
    gap = np.zeros(SESSION_RATE * gap_ms // 1000, np.int16)
    parts = np.split(samples, phrase_starts(samples)[1:])
    return np.concatenate([piece for part in parts for piece in (part, gap)])


def _loud(samples: Samples) -> npt.NDArray[np.bool_]:
    """Return which steps of a cue are sound and which are a pause."""
    steps = samples[: len(samples) // _STEP * _STEP].reshape(-1, _STEP).astype(np.float32)
    level = np.abs(steps).max(axis=1, initial=0.0)
    loud: npt.NDArray[np.bool_] = level > level.max(initial=0.0) * _QUIET
    return loud
