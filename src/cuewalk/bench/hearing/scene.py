"""Where the benchmark takes place: the room, what plays in it, and what takes our own voice out again."""

from dataclasses import dataclass, field
from typing import Final

from cuewalk.audio.aec.canceller import EchoCanceller, EchoStage, NoCanceller
from cuewalk.audio.aec.far_end import FarEnd
from cuewalk.bench.hearing.mixing import Background, speech_rms
from cuewalk.bench.hearing.own_voice import OwnVoice
from cuewalk.bench.hearing.selection import SEED
from cuewalk.devices.virtual_room import VirtualRoom
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_SAMPLES, Millis, samples_of

#: Faint noise before and after each clip, and how long an utterance may go on after that.
BEFORE: Final = Millis(500)
AFTER: Final = Millis(1500)
LONGEST_AFTER: Final = Millis(9000)
#: Level of that noise against full scale: a quiet microphone in a quiet room.
_FAINT_DB: Final = -75.0
#: Seconds until a sound has died away by 60 dB: a furnished living room.
_RT60: Final = 0.45


@dataclass(frozen=True, slots=True)
class Conditions:
    """What makes hearing harder. Levels in decibels, None for none.

    ``snr`` is speech against background noise, ``echo`` our own cue against the person, both at the
    microphone.
    """

    snr: float | None = None
    echo: float | None = None
    room: bool = False


@dataclass(slots=True)
class Scene:
    """Puts each clip into a room.

    With echo it is one room and one canceller for all clips, as in a session, because the canceller learns
    the room; without, each clip has a room of its own, so that it is heard the same whatever else is.
    """

    conditions: Conditions
    background: Background | None = None
    voice: OwnVoice = field(default_factory=OwnVoice)
    echo: EchoStage = field(default_factory=NoCanceller)
    far_end: FarEnd = field(default_factory=FarEnd)
    _shared: VirtualRoom | None = None

    def enter(self, sound: Samples, seed: int, *, is_noise: bool = False) -> VirtualRoom:
        """Return the room in which ``sound`` is about to be heard `BEFORE` from now; our voice speaks.

        What is noise itself gets no other noise under it.
        """
        if self._shared is None:
            self.echo = NoCanceller()
        room = self._shared or self._room(seed)
        before, snr = samples_of(BEFORE), self.conditions.snr
        if snr is None or self.background is None or is_noise:
            room.say(sound, room.now_sample + before)
        else:
            around = self.background.under(sound, snr, before=before, after=self._noise_after, seed=seed)
            room.say(around, room.now_sample)
        if self.conditions.echo is not None:
            self.voice.start(speech_rms(sound) * 10 ** (self.conditions.echo / 20))
        return room

    def leave(self, room: VirtualRoom) -> None:
        """Let everything fall silent."""
        room.hush()
        room.fade_out()
        self.voice.stop()

    def warm_up(self, frames: int) -> None:
        """Let the canceller learn the room from our own voice alone, as it does before the first answer."""
        if self.conditions.echo is None:
            return
        self._shared = self._room(SEED)
        self.far_end = FarEnd(self._shared.state.latency_frames)
        self.echo = EchoCanceller(self.far_end)
        self.voice.start(10 ** (-26 / 20) * 32768)
        for _ in range(frames):
            played = self.voice.next_frame()
            self.far_end.append(played)
            self.echo.clean(self._shared.exchange(played))
        self.leave(self._shared)

    def _room(self, seed: int) -> VirtualRoom:
        return VirtualRoom(
            seed,
            # What is played has its level already: the room passes it on unchanged.
            echo_db=None if self.conditions.echo is None else 0.0,
            noise_db=_FAINT_DB,
            rt60=_RT60 if self.conditions.room else None,
        )

    @property
    def _noise_after(self) -> int:
        return samples_of(Millis(AFTER + LONGEST_AFTER)) + FRAME_SAMPLES
