"""The play-out queue: everything between a cue that is asked for and the air.

It owns what was handed over, what of it can still be changed, and what has really been heard. Between the
player and the device a cushion of frames waits, so that a busy loop makes no gaps. The cushion must not cost
time: a cue that begins after silence takes the place of the silence that waits, and a voice that has to stop
is taken out of it.
"""

from collections import deque
from typing import Final

import numpy as np

from cuewalk.audio.aec.far_end import FarEnd
from cuewalk.audio.api import AudioIO
from cuewalk.audio.player import Player
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_SAMPLES

#: Where nothing waits for the device, the player itself fades out (ms). Design: a shorter fade clicks.
_FADE_MS: Final = 10
#: Silent frames at the newest end that are worth counting: no device lets more wait (1.3 s).
_MOST_WAITING: Final = 64
_SILENCE: Final[Samples] = np.zeros(FRAME_SAMPLES, np.int16)
_SILENCE.flags.writeable = False


class PlayoutQueue:
    """Cues on their way to the speaker of ``audio``."""

    def __init__(self, audio: AudioIO) -> None:
        self.audio = audio
        self._player = Player()
        self._state = audio.state
        self.far_end = FarEnd(self._state.latency_frames)
        #: (position behind its last frame, cue, samples of it), oldest first: handed over and not heard yet.
        self._ended: deque[tuple[int, int, int]] = deque()
        #: Newest frames handed over that were silence.
        self._silent = _MOST_WAITING

    @property
    def busy(self) -> bool:
        """Whether a cue is playing, waits, or has not been heard to its end."""
        return self._player.busy or bool(self._ended)

    @property
    def sounding(self) -> bool:
        """Whether there is more to play at once, the next frame of a cue at least."""
        return self._player.sounding

    @property
    def volume(self) -> float:
        """How loud, 0-1; a change is spread over one frame, so that it does not click."""
        return self._player.volume

    @volume.setter
    def volume(self, volume: float) -> None:
        self._player.volume = volume

    @property
    def heard_of_cue(self) -> int:
        """How far the cue being played has been heard: samples from its beginning, at least 0."""
        if self._player.playing or not self._ended:
            behind = self.far_end.handed_over - self.far_end.heard
            return max(0, self._player.position - behind)
        end, _, length = self._ended[-1]
        return max(0, length + self.far_end.heard - end)

    def play(self, cue: int, samples: Samples, *, sooner: bool = True, more: bool = False) -> None:
        """Play a cue (16 kHz mono) after whatever is playing.

        ``sooner``: if nothing is, it takes the place of the silence that waits for the device.
        ``more``: more of it follows by `add`, until then it does not end.
        """
        idle = not self.busy
        self._player.play(cue, samples, more=more)
        if idle and sooner:
            self._begin_sooner()

    def add(self, samples: Samples, *, more: bool) -> None:
        """Add samples to the cue that was played last and is not complete."""
        self._player.add(samples, more=more)

    def overlay(self, samples: Samples) -> None:
        """Play a short sound beside the cues: it delays none, is not reported, and `stop` does not end it."""
        self._player.overlay(samples)
        if not self.busy:
            self._begin_sooner()

    def stop(self) -> None:
        """Forget every cue and fade out what waits for the device; no cue is reported as finished."""
        frames = self.audio.fade_out()
        self._player.stop(0 if frames else _FADE_MS)
        self._ended.clear()
        self.far_end.replace(np.zeros(frames * FRAME_SAMPLES, np.int16))
        self._silent = max(self._silent, frames)

    def finished(self) -> list[int]:
        """Return the cues that have been heard to their end since the last call, in order."""
        done: list[int] = []
        while self._ended and self._ended[0][0] <= self.far_end.heard:
            done.append(self._ended.popleft()[1])
        return done

    def exchange(self) -> tuple[Samples, Samples]:
        """Let one frame pass; return what was played and the microphone, each `FRAME_SAMPLES` samples.

        While the microphone has frames left over from an absence of the loop, nothing is played: the speaker
        played silence meanwhile, and a cue that was under way goes on where it was.

        Raises:
            DeviceLostError: if the device does not deliver.
        """
        before, self._state = self._state, self.audio.state
        if self._state.epoch != before.epoch:
            self._begin_anew()
        elif self._state.slipped != before.slipped:
            self.far_end.slip(self._state.slipped - before.slipped)
        if self._state.overdue:
            played, microphone = _SILENCE, self.audio.exchange(None)
        else:
            played = self._next(self.far_end.handed_over + FRAME_SAMPLES)
            microphone = self.audio.exchange(played)
        self.far_end.append(played)
        return played, microphone

    def _next(self, end: int) -> Samples:
        """Return the player's next frame, which ends at position ``end``."""
        frame = self._player.next_frame()
        self._ended.extend((end, cue, length) for cue, length in self._player.ended())
        self._silent = 0 if frame.any() else self._silent + 1
        return frame

    def _begin_sooner(self) -> None:
        frames = min(self.audio.state.waiting_frames, self._silent)
        if not frames:
            return
        begin = self.far_end.handed_over - frames * FRAME_SAMPLES
        self._silent = 0
        sooner = np.concatenate([self._next(begin + (at + 1) * FRAME_SAMPLES) for at in range(frames)])
        self.audio.replace_silence(sooner)
        self.far_end.replace(sooner)

    def _begin_anew(self) -> None:
        """Expect another latency: a device was opened again, or all of them stood still."""
        position = self.far_end.handed_over
        self.far_end = FarEnd(self._state.latency_frames)
        self._ended = deque((end - position, cue, length) for end, cue, length in self._ended)
        self._silent = 0
