"""The audio front end: play-out and microphone in lockstep, with the echo of our own voice taken out."""

import logging
from collections.abc import Callable
from functools import partial

import numpy as np

from cuewalk.audio.aec.canceller import EchoMode, EchoStage, HalfDuplex, build_echo_stage
from cuewalk.audio.aec.far_end import FarEnd
from cuewalk.audio.api import AudioIO
from cuewalk.audio.playout_queue import PlayoutQueue
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_SAMPLES

_log = logging.getLogger(__package__)


class FrontEnd:
    """A play-out queue on a device, and the echo stage behind its microphone.

    Args:
        audio: the device, or a virtual room.
        mode: what is done about our own voice; None: the canceller where there is one, else half-duplex.
        echo: makes another echo stage for a far end, for tests.
    """

    def __init__(
        self,
        audio: AudioIO,
        mode: EchoMode | None = None,
        *,
        echo: Callable[[FarEnd], EchoStage] | None = None,
    ) -> None:
        self.audio, self.queue = audio, PlayoutQueue(audio)
        self._build = echo or partial(build_echo_stage, mode)
        self.echo = self._build(self.queue.far_end)
        #: The last frame that was handed to the speaker.
        self.played: Samples = np.zeros(FRAME_SAMPLES, np.int16)

    @property
    def gate(self) -> Samples | None:
        """The last frame of microphone with nothing left but speech, where that is another."""
        return self.echo.gate

    def exchange(self) -> tuple[Samples, Samples]:
        """Let one frame pass; return the microphone as it was, and without our own voice.

        A canceller that fails is given up for half-duplex, for good.

        Raises:
            DeviceLostError: if the device does not deliver.
        """
        far_end = self.queue.far_end
        self.played, microphone = self.queue.exchange()
        if self.queue.far_end is not far_end:
            self.echo = self._build(self.queue.far_end)
        try:
            return microphone, self.echo.clean(microphone)
        except RuntimeError as error:
            _log.warning("the echo stage failed, so half-duplex: %s", type(error).__name__)
            self._build = HalfDuplex
            self.echo = HalfDuplex(self.queue.far_end)
            return microphone, self.echo.clean(microphone)
