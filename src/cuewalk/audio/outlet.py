"""The way of our voice from the player to the air, part of which can still be changed.

Between the player and the device waits a cushion of frames, so that a busy pump makes no gaps. It must not
cost time: a cue that begins after silence takes the place of the silence that waits, and a voice that has to
be silent is taken out of it. The echo canceller is told, so that it goes on expecting what is really heard.
"""

from collections import deque

import numpy as np

from cuewalk.audio.aec.canceller import EchoMode, EchoStage, build_echo_stage
from cuewalk.audio.api import AudioIO
from cuewalk.audio.player import Player
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_SAMPLES

#: More frames than any device lets wait.
_MOST_WAITING = 64
#: Where nothing waits for the device, the player itself fades out.
_FADE_MS = 10


class Outlet:
    """A player on a device, with the echo stage behind the microphone.

    ``mode`` None is the echo canceller where it is to be had, else half-duplex; ``echo`` is another stage to
    begin with.
    """

    def __init__(
        self, audio: AudioIO, player: Player, mode: EchoMode | None = None, *, echo: EchoStage | None = None
    ) -> None:
        self.audio, self.player, self._mode = audio, player, mode
        self.echo = echo or self._echo_stage()
        #: The last frame that was handed over.
        self.played: Samples = np.zeros(FRAME_SAMPLES, np.int16)
        self._put_in, self._epoch = audio.put_in, audio.epoch
        #: Whether each of the newest frames handed over was silence.
        self._silent: deque[bool] = deque([True] * _MOST_WAITING, maxlen=_MOST_WAITING)

    @property
    def gate(self) -> Samples | None:
        """The last frame of microphone with nothing left but speech, where that is another."""
        return self.echo.gate

    def exchange(self) -> tuple[Samples, Samples]:
        """Let one frame pass; return the microphone as it was, and without our own voice.

        Raises:
            DeviceLostError: if the device does not deliver.
        """
        self.played = played = self.player.next_frame()
        raw = self.audio.exchange(played)
        self._silent.append(not played.any())
        if self.audio.epoch != self._epoch:
            self.renew()
        put_in = self.audio.put_in  # read once: the device's own thread counts on
        if put_in != self._put_in:
            self.echo.jumped(put_in - self._put_in)
            self._put_in = put_in
        return raw, self.echo.clean(raw, played)

    @property
    def heard_to(self) -> int:
        """How far the cue being played has been heard: samples from its beginning, at least 0."""
        return max(0, self.player.position - self.audio.output_latency_frames * FRAME_SAMPLES)

    def hurry(self) -> None:
        """Let what the player begins now be heard in place of the silence that waits for the device."""
        frames = self._silence_waiting()
        if not frames:
            return
        sooner = np.concatenate([self.player.next_frame() for _ in range(frames)])
        self.audio.hurry(sooner)
        self.echo.hurry(sooner)
        self._instead([not frame.any() for frame in sooner.reshape(-1, FRAME_SAMPLES)])

    def silence(self) -> None:
        """Stop the player and fade out at once what waits for the device."""
        frames = self.audio.silence()
        self.player.stop(0 if frames else _FADE_MS)
        self.echo.silence(frames)
        self._instead([True] * frames)

    def renew(self) -> None:
        """Begin anew after a device was opened again or an absence: latency and room may be others."""
        self.player.latency_frames = self.audio.output_latency_frames
        self.echo = self._echo_stage()
        self._put_in, self._epoch = self.audio.put_in, self.audio.epoch
        self._silent.extend([False] * _MOST_WAITING)

    def _echo_stage(self) -> EchoStage:
        return build_echo_stage(self._mode, self.audio.output_latency_frames)

    def _silence_waiting(self) -> int:
        waiting = min(self.audio.waiting_frames, _MOST_WAITING)
        newest = list(self._silent)[::-1]
        return next((at for at in range(waiting) if not newest[at]), waiting)

    def _instead(self, silent: list[bool]) -> None:
        for _ in range(min(len(silent), len(self._silent))):
            self._silent.pop()
        self._silent.extend(silent)
