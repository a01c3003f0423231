"""Takes our own voice out of the microphone.

Two cancellers work in turn. Our own adaptive filter subtracts the echo and leaves the person's words alone:
what it gives is for the recognisers. WebRTC's canceller and noise suppression come after it and silence what
is left, but also half of what a person says over our voice (measured, see docs/live.md): what it gives only
decides when somebody speaks. The play-out reference is delayed by what the device buffers, so that it comes
shortly before its echo.
"""

import logging
import math
from enum import StrEnum
from typing import Final, Protocol

import numpy as np

from cuewalk.audio.aec.adaptive_filter import AdaptiveFilter
from cuewalk.audio.aec.alignment import AUDIBLE, Alignment
from cuewalk.audio.aec.far_end import FarEnd
from cuewalk.audio.aec.webrtc import WebRtc
from cuewalk.domain.sound import Doubles, Samples, as_samples
from cuewalk.domain.units import FRAME_SAMPLES, SESSION_RATE

_log = logging.getLogger(__package__)

#: Hz: follows an offset within 40 ms; the deepest voices begin at 80 Hz and lose 0.3 dB there.
_CUTOFF: Final = 20
_STAYS: Final = math.exp(-2 * math.pi * _CUTOFF / SESSION_RATE)
#: Decay of the mean after 0, 1, 2 ... samples; over one frame its inverse stays below 13.
_LEFT: Final = _STAYS ** np.arange(FRAME_SAMPLES + 1)


class DcBlocker:
    """Subtracts the running mean of a stream of 16 kHz mono int16.

    The result is the same however the stream is cut; 0.02 ms for a frame of 20 ms. The mean begins at the
    first sample: an offset makes no thump.
    """

    __slots__ = ("_mean",)

    def __init__(self) -> None:
        self._mean: float | None = None

    def process(self, samples: Samples) -> Samples:
        """Return the next samples without their offset."""
        if not len(samples):
            return samples
        values = samples.astype(np.float64)
        mean = float(values[0]) if self._mean is None else self._mean
        rest = np.empty_like(values)
        for at in range(0, len(values), FRAME_SAMPLES):
            part = values[at : at + FRAME_SAMPLES] - mean
            means = _followed(part)
            rest[at : at + len(part)] = part - means
            mean += float(means[-1])
        self._mean = mean
        blocked: Samples = as_samples(rest)
        return blocked


def _followed(values: Doubles) -> Doubles:
    """Return the running mean of up to a frame, from 0: a decaying sum, written as a sum of grown values."""
    left = _LEFT[1 : len(values) + 1]
    means: Doubles = (1 - _STAYS) * left * np.cumsum(values / left)
    return means


#: How long a room still sounds after our voice where nothing takes the echo out, in samples: 300 ms, in which
#: a furnished room (RT60 0.4 s) dies away by 45 dB.
_RING_OUT: Final = SESSION_RATE * 300 // 1000


class EchoMode(StrEnum):
    """What is done about our own voice in the microphone."""

    CANCEL = "cancel"
    HEADPHONES = "headphones"
    HALF_DUPLEX = "half-duplex"


class EchoStage(Protocol):
    """A stage of the audio front end, between microphone and listener."""

    @property
    def mode(self) -> EchoMode:
        """What it does about our voice."""
        ...

    def clean(self, microphone: Samples) -> Samples:
        """Return one frame (320 samples) of microphone without echo, after a frame was handed over.

        Raises:
            RuntimeError: if it does not work any more.
        """
        ...

    @property
    def gate(self) -> Samples | None:
        """The last frame with nothing left but speech, to find out whether anybody speaks; None: the same."""
        ...

    @property
    def training(self) -> bool:
        """Whether the echo path is not known yet, so that much of our voice is left in the microphone."""
        ...


class NoCanceller:
    """Headphones: the microphone as it is, but for a DC offset."""

    mode = EchoMode.HEADPHONES
    gate = None
    training = False

    def __init__(self) -> None:
        self._blocker = DcBlocker()

    def clean(self, microphone: Samples) -> Samples:
        """Return the microphone without its offset."""
        return self._blocker.process(microphone)


class HalfDuplex:
    """Where there is no canceller for the platform: deaf while our own voice is heard, and a moment after.

    The voice has to leave gaps in which it can be interrupted.
    """

    mode = EchoMode.HALF_DUPLEX
    gate = None
    training = False

    def __init__(self, far_end: FarEnd) -> None:
        self._blocker = DcBlocker()
        self._far_end = far_end

    def clean(self, microphone: Samples) -> Samples:
        """Return the microphone, or silence while the far end can be heard in it."""
        heard = self._blocker.process(microphone)
        return np.zeros_like(heard) if self._far_end.sounds(AUDIBLE, _RING_OUT) else heard


class EchoCanceller:
    """Our adaptive filter, and WebRTC AEC3 with noise suppression from the ``livekit`` wheel behind it.

    Raises:
        ImportError: if the wheel is not there for this platform.
        RuntimeError: if WebRTC refuses.
    """

    mode = EchoMode.CANCEL

    def __init__(self, far_end: FarEnd) -> None:
        self._webrtc = WebRtc()
        self._blocker = DcBlocker()
        self._filter = AdaptiveFilter()
        self._alignment = Alignment(self._filter, far_end)
        self.gate: Samples | None = None

    @property
    def training(self) -> bool:
        """Whether the filter has only begun to learn the echo path."""
        return self._alignment.training

    def clean(self, microphone: Samples) -> Samples:
        """Return one frame of microphone without the echo of the far end."""
        heard, reference = self._blocker.process(microphone), self._alignment.reference()
        rest = self._filter.clean(heard, reference)
        self._alignment.look(heard, rest, reference)
        cleaned = as_samples(rest)
        self.gate = self._webrtc.process(cleaned, as_samples(reference))
        return cleaned


def build_echo_stage(mode: EchoMode | None, far_end: FarEnd) -> EchoStage:
    """Return the stage for a mode; for None the canceller where it is to be had, else half-duplex."""
    if mode is EchoMode.HEADPHONES:
        return NoCanceller()
    if mode is not EchoMode.HALF_DUPLEX:
        try:
            return EchoCanceller(far_end)
        except (ImportError, OSError, RuntimeError) as error:
            # Without a canceller a person with open speakers would be answered by themselves.
            _log.warning("no echo canceller, so half-duplex: %s", type(error).__name__)
    return HalfDuplex(far_end)
