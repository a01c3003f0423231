"""Learns the way from our speaker to the microphone and takes our voice out of it, and nothing else.

A partitioned-block frequency-domain Kalman filter: every frequency of every 10 ms of the room's response is
a state with its own uncertainty, and it learns only as fast as it is unsure. While the person speaks too, the
error is large and the filter hardly moves, without anything having to detect that. What comes out is the
microphone minus the echo as far as it is known: the person's words are not touched.

Source: G. Enzner, P. Vary, "Frequency-domain adaptive Kalman filter for acoustic echo control in hands-free
telephones", Signal Processing 86 (2006) 1140-1156; partitioned as in F. Kuech et al., ICASSP 2014.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import Doubles, Samples
from cuewalk.domain.units import FRAME_SAMPLES

#: It learns twice a frame.
_BLOCK: Final = FRAME_SAMPLES // 2
_FFT: Final = 2 * _BLOCK
_BINS: Final = _BLOCK + 1
#: Blocks of 10 ms of the room's response that are modelled: 400 ms, of which some 80 ms may be delay.
PARTS: Final = 40
#: How much of the response is still the same 10 ms later: a person who walks changes it, two devices that
#: drift apart change it faster.
_SAME: Final = 0.99975
_SAME_DRIFTING: Final = 0.995
#: Share of a block in its transform: only the newer half of it is free of wrap-around.
_HALF: Final = 0.5
#: How fast the estimate of everything that is not echo follows.
_FOLLOW: Final = 0.6
#: Uncertainty at the start: an echo half as loud as what is played, in any part.
_UNSURE: Final = 0.3
#: Never so sure as not to learn any more.
_LEAST_UNSURE: Final = 1e-6
#: Power of the microphone's own noise in a transform, so that silence is not divided by.
_FLOOR: Final = _BLOCK * 4.0

_Complex = npt.NDArray[np.complex128]


#: How unsure it becomes when the room has changed, beside how unsure it was at first.
_DOUBT: Final = 0.1


class Room(NamedTuple):
    """A response as it was learned."""

    spectra: _Complex

    @property
    def arrival(self) -> int:
        """After how many samples most of the echo comes."""
        return int(np.abs(_in_time(self.spectra)).argmax())


class AdaptiveFilter:
    """Removes the linear echo, frame by frame; about 0.5 ms a frame."""

    def __init__(self) -> None:
        self._reference: Doubles = np.zeros(_FFT)
        self._spectra: _Complex = np.zeros((PARTS, _BINS), np.complex128)
        self._response: _Complex = np.zeros((PARTS, _BINS), np.complex128)
        self._unsure: Doubles = _prior()
        self._silent = PARTS + 1
        #: Whether the response stays where it is; otherwise it is followed, and learned less finely.
        self.steady = True
        self._other: Doubles = np.full(_BINS, _FLOOR)

    def clean(self, microphone: Samples, reference: Samples | Doubles) -> Doubles:
        """Return the frame of ``microphone`` without the echo of ``reference`` (320 samples each)."""
        blocks = [slice(at, at + _BLOCK) for at in range(0, len(microphone), _BLOCK)]
        return np.concatenate([self._clean(microphone[block], reference[block]) for block in blocks])

    @property
    def response(self) -> Doubles:
        """The way from speaker to microphone as far as it is known, in samples."""
        return _in_time(self._response)

    @property
    def room(self) -> Room:
        """What is known of the room now, to be recalled later."""
        return Room(self._response.copy())

    def recall(self, room: Room) -> None:
        """Go on with what was known of the room then."""
        self._response = room.spectra.copy()

    def doubt(self) -> None:
        """Learn fast again: what is known does not take the echo out.

        By itself a filter that knows a wrong room is as sure of it as one that knows the right one.
        """
        np.maximum(self._unsure, _DOUBT * _prior(), out=self._unsure)

    def _clean(self, microphone: Samples, reference: Samples | Doubles) -> Doubles:
        self._silent = 0 if reference.any() else self._silent + 1
        if self._silent <= PARTS + 1:  # from then on the spectra are all zero
            self._take(reference)
        if self._silent > PARTS:
            return microphone.astype(np.float64)  # nothing of ours is in the room any more
        echo = np.fft.irfft((self._spectra * self._response).sum(axis=0), _FFT)[_BLOCK:]
        rest: Doubles = microphone - echo
        self._learn(rest)
        return rest

    def _take(self, reference: Samples | Doubles) -> None:
        self._reference = np.concatenate([self._reference[_BLOCK:], reference])
        self._spectra[1:] = self._spectra[:-1]
        self._spectra[0] = np.fft.rfft(self._reference)

    def _learn(self, rest: Doubles) -> None:
        error = np.fft.rfft(np.concatenate([np.zeros(_BLOCK), rest]))
        power = _power(self._spectra)
        self._other = _FOLLOW * self._other + (1 - _FOLLOW) * _power(error)
        expected = _HALF * (power * self._unsure).sum(axis=0) + self._other + _FLOOR
        step = self._unsure / expected
        change = np.fft.irfft(step * np.conj(self._spectra) * error, _FFT, axis=1)
        change[:, _BLOCK:] = 0
        self._response += np.fft.rfft(change, axis=1)
        left = self._unsure * (1 - _HALF * step * power)
        same = (_SAME if self.steady else _SAME_DRIFTING) ** 2
        self._unsure = same * left + (1 - same) * _power(self._response)
        np.maximum(self._unsure, _LEAST_UNSURE, out=self._unsure)


def _in_time(response: _Complex) -> Doubles:
    return np.fft.irfft(response, _FFT, axis=1)[:, :_BLOCK].ravel()


def _power(spectrum: _Complex) -> Doubles:
    power: Doubles = np.square(spectrum.real) + np.square(spectrum.imag)
    return power


def _prior() -> Doubles:
    # Rooms die away: what comes later is expected to be smaller.
    return np.repeat(_UNSURE * 10 ** (-np.arange(PARTS) / 20)[:, None], _BINS, axis=1)
