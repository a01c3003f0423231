"""The body at any moment of a repetition: key poses joined smoothly, scaled by the range, timed by phases."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil
from typing import Final

import numpy as np
import numpy.typing as npt

from cuewalk.domain.content import Movement
from cuewalk.pictures.poses import START, Picture, leaves
from cuewalk.pictures.skeleton import STANDING, Channels

#: Moments drawn for each second; between them the drawing moves in straight lines. Chosen by eye, as their
#: limits.
_RATE: Final = 6
_FEWEST, _MOST = 4, 28


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds of each phase of the picture."""

    seconds: tuple[float, ...]

    @property
    def total(self) -> float:
        """Seconds of one repetition."""
        return sum(self.seconds)


def tempo_of(picture: Picture, movement: Movement | None) -> Tempo:
    """Return the movement's own phase times; if it has others than the picture, its whole time, shared out.

    A hold is drawn with the picture's own times: nobody watches a picture stand still for half a minute.
    """
    own = tuple(phase.seconds for phase in picture.phases)
    if movement is None or movement.dose.reps is None:
        return Tempo(own)
    theirs = tuple(phase.seconds for phase in movement.phases)
    if len(theirs) == len(own):
        return Tempo(theirs)
    factor = sum(theirs) / sum(own)
    return Tempo(tuple(seconds * factor for seconds in own))


def scale_of(picture: Picture, level: int, levels: int) -> float:
    """Return the share of the whole way that range ``level`` (from 0) goes; the largest goes all of it."""
    return 1 if levels <= 1 else picture.smallest + (1 - picture.smallest) * level / (levels - 1)


class Motion:
    """One repetition of a picture at one range and tempo."""

    def __init__(self, picture: Picture, tempo: Tempo, scale: float = 1) -> None:
        self.tempo = tempo
        self._scale = scale
        self._start: Channels = dict(STANDING) | dict(leaves(picture.start))
        self._times, names = _key_times(picture, tempo)
        postures = {pose.id: self._start | dict(leaves(pose)) for pose in picture.poses}
        poses = [{name: postures.get(key, self._start)[name] for name in self._start} for key in names]
        self._home = np.array(_flat(self._start), dtype=np.float64)
        self._curve = _Curve(self._times, np.array([_flat(pose) for pose in poses], dtype=np.float64))

    def at(self, seconds: float) -> Channels:
        """Return the posture at a moment of the repetition."""
        scaled = self._home + self._scale * (self._curve.at(seconds) - self._home)
        numbers = iter(scaled.tolist())
        return {name: tuple(islice(numbers, len(value))) for name, value in self._start.items()}

    def moments(self) -> list[float]:
        """Return the moments to draw: enough of each phase for a smooth way, the first and last included."""
        found = [0.0]
        for begin, end in zip(self._times, self._times[1:], strict=False):
            still = np.allclose(list(_flat(self.at(begin))), list(_flat(self.at((begin + end) / 2))))
            count = 1 if still else min(max(ceil((end - begin) * _RATE), _FEWEST), _MOST)
            found.extend(begin + (end - begin) * (step + 1) / count for step in range(count))
        return found

    def farthest(self) -> float:
        """Return the moment at which the body is farthest from its start."""
        home = np.array(list(_flat(self.at(0))))
        return max(self.moments(), key=lambda at: float(np.abs(np.array([*_flat(self.at(at))]) - home).sum()))


def _flat(channels: Channels) -> Sequence[float]:
    return [number for value in channels.values() for number in value]


def _key_times(picture: Picture, tempo: Tempo) -> tuple[list[float], list[str]]:
    times, names = [0.0], [START]
    for phase, seconds in zip(picture.phases, tempo.seconds, strict=True):
        reached = phase.poses or (names[-1],)
        begin = times[-1]
        times.extend(begin + seconds * (step + 1) / len(reached) for step in range(len(reached)))
        names.extend(reached)
    return times, names


class _Curve:
    """A smooth closed curve through rows of values, never beyond any of them (Fritsch and Carlson, 1980)."""

    def __init__(self, times: Sequence[float], values: npt.NDArray[np.float64]) -> None:
        self._times = np.array(times)
        self._values = values
        self._slopes = self._monotone()

    def at(self, time: float) -> npt.NDArray[np.float64]:
        k = int(np.clip(np.searchsorted(self._times, time, side="right") - 1, 0, len(self._times) - 2))
        width = self._times[k + 1] - self._times[k]
        u = (time - self._times[k]) / width
        a, b = self._values[k], self._values[k + 1]
        m, n = self._slopes[k] * width, self._slopes[k + 1] * width
        value: npt.NDArray[np.float64] = (
            (2 * u**3 - 3 * u**2 + 1) * a
            + (u**3 - 2 * u**2 + u) * m
            + (3 * u**2 - 2 * u**3) * b
            + (u**3 - u**2) * n
        )
        return value

    def _monotone(self) -> npt.NDArray[np.float64]:
        """Return a slope for each value: none at a turning point, the harmonic mean elsewhere."""
        steps = np.diff(self._values, axis=0) / np.diff(self._times)[:, None]
        before, after = np.vstack([steps[-1:], steps]), np.vstack([steps, steps[:1]])
        together = before * after > 0
        total = np.where(together, before + after, 1)
        return np.where(together, 2 * before * after / total, 0)
