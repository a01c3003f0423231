"""Estimates the echo path from speaker to microphone and subtracts the echo; near-end speech stays as it is.

A partitioned-block frequency-domain Kalman filter: every frequency of every 10 ms of the room's response is a
state with its own uncertainty, which sets its learning rate. During double-talk the error is large and the
filter hardly moves, so no double-talk detector is needed.

Source: G. Enzner, P. Vary, "Frequency-domain adaptive Kalman filter for acoustic echo control in hands-free
telephones", Signal Processing 86 (2006) 1140-1156; partitioned as in F. Kuech et al., ICASSP 2014.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from cuewalk.domain.sound import Doubles, Samples
from cuewalk.domain.units import FRAME_SAMPLES

#: Samples of one update: 10 ms, half a frame.
_BLOCK: Final = FRAME_SAMPLES // 2
_FFT: Final = 2 * _BLOCK
_BINS: Final = _BLOCK + 1
#: Blocks of 10 ms of the room's response that are modelled: 400 ms, of which some 80 ms may be delay; in a
#: furnished room (RT60 0.45 s) what comes later is more than 40 dB down.
PARTS: Final = 40
#: State transition factor a block. Design: an echo path that stays changes in 40 s (a person walks about),
#: one whose clocks still drift in 2 s.
_SAME: Final = 0.99975
_SAME_DRIFTING: Final = 0.995
#: Share of a block in its transform: only the newer half is free of wrap-around (overlap-save).
_HALF: Final = 0.5
#: Smoothing of the near-end power estimate, a block. Design: 20 ms, so that an onset is noticed at once.
_FOLLOW: Final = 0.6
#: Prior variance of the response: an echo about half as loud (-5 dB) as the far end.
_UNSURE: Final = 0.3
#: Lower bound of the variance, -60 dB: below it the filter would stop learning.
_LEAST_UNSURE: Final = 1e-6
#: Power of the microphone's own noise in a transform (2 steps RMS), so that silence is not divided by.
_FLOOR: Final = _BLOCK * 4.0
#: Share of the prior variance that returns when the echo path is doubted (`AdaptiveFilter.doubt`). Design:
#: with all of it, near-end speech at that moment would be learned as echo.
_DOUBT: Final = 0.1

_Complex = npt.NDArray[np.complex128]


class EchoPath(NamedTuple):
    """A learned response: `PARTS` spectra of one block each."""

    spectra: _Complex

    @property
    def arrival(self) -> int:
        """Delay of the strongest reflection, in samples."""
        return int(np.abs(_in_time(self.spectra)).argmax())


class AdaptiveFilter:
    """Subtracts the linear echo, frame by frame: most of what the canceller costs (docs/figures.md)."""

    def __init__(self) -> None:
        self._reference: Doubles = np.zeros(_FFT)
        self._spectra: _Complex = np.zeros((PARTS, _BINS), np.complex128)
        self._response: _Complex = np.zeros((PARTS, _BINS), np.complex128)
        self._unsure: Doubles = _prior()
        self._silent = PARTS + 1
        #: Whether the drift has settled; until then the response is followed, and learned less finely.
        self.steady = True
        self._other: Doubles = np.full(_BINS, _FLOOR)

    def clean(self, microphone: Samples, reference: Samples | Doubles) -> Doubles:
        """Return the frame of ``microphone`` without the echo of ``reference`` (320 samples each)."""
        blocks = [slice(at, at + _BLOCK) for at in range(0, len(microphone), _BLOCK)]
        return np.concatenate([self._clean(microphone[block], reference[block]) for block in blocks])

    @property
    def response(self) -> Doubles:
        """The estimated impulse response, `PARTS` x 160 samples."""
        return _in_time(self._response)

    @property
    def echo_path(self) -> EchoPath:
        """The estimate, to be recalled later."""
        return EchoPath(self._response.copy())

    def recall(self, path: EchoPath) -> None:
        """Return to an earlier estimate."""
        self._response = path.spectra.copy()

    def doubt(self) -> None:
        """Raise the variance: the estimate is known to be wrong.

        The filter cannot know that by itself: it is as sure of a wrong echo path as of the right one.
        """
        np.maximum(self._unsure, _DOUBT * _prior(), out=self._unsure)

    def _clean(self, microphone: Samples, reference: Samples | Doubles) -> Doubles:
        self._silent = 0 if reference.any() else self._silent + 1
        if self._silent <= PARTS + 1:  # from then on the spectra are all zero
            self._take(reference)
        if self._silent > PARTS:
            return microphone.astype(np.float64)  # the echo of the far end has died away
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
