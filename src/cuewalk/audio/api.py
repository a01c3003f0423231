"""What the loop needs of sound: exchange one frame of play-out for one frame of microphone."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from cuewalk.domain.errors import DeviceError
from cuewalk.domain.sound import Samples

DeviceName = Literal["microphone", "speaker"]


class DeviceChange(NamedTuple):
    """A device that was lost or works again, with a sentence for the person.

    ``moved``: nothing was lost, the sound only comes from, or goes to, another device now.
    """

    device: DeviceName
    lost: bool
    sentence: str
    moved: bool = False


class DeviceLostError(DeviceError):
    """An open microphone or speaker stopped delivering; it may come back after `close` and a rescan."""

    def __init__(self, device: DeviceName, name: str) -> None:
        self.device: DeviceName = device
        super().__init__(
            f'The {device} "{name}" has stopped delivering.',
            meaning="It was unplugged, or the system took it away.",
            remedy="Plug it in again, or choose another one.",
        )


@dataclass(slots=True)
class LostAudio:
    """What one side of the sound has lost so far, by who was late.

    ``device``: blocks that the driver reports as lost (overflow or underflow flags). ``ours``: frames of
    20 ms that our ring had no room for (overrun) or did not have in time (underrun): the loop was late.
    """

    device: int = 0
    ours: int = 0

    def __add__(self, other: "LostAudio") -> "LostAudio":
        return LostAudio(self.device + other.device, self.ours + other.ours)

    @property
    def total(self) -> int:
        """Both together."""
        return self.device + self.ours


@dataclass(slots=True)
class AudioHealth:
    """What went wrong so far; read by the loop, the benchmarks and ``doctor``."""

    #: The microphone: what was said and never reached us.
    microphone_overruns: LostAudio = field(default_factory=LostAudio)
    #: The speaker: gaps in what was played.
    speaker_underruns: LostAudio = field(default_factory=LostAudio)
    #: The speaker: frames handed over too early for the ring to hold.
    speaker_overruns: LostAudio = field(default_factory=LostAudio)
    frames: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Blocks and frames lost on both sides."""
        return sum(
            side.total for side in (self.microphone_overruns, self.speaker_underruns, self.speaker_overruns)
        )

    @property
    def told(self) -> str:
        """The losses of each side in words, for the log."""
        sides = {
            "microphone overruns": self.microphone_overruns,
            "speaker underruns": self.speaker_underruns,
            "speaker overruns": self.speaker_overruns,
        }
        lost = [f"{name} {side.device} by the device, {side.ours} by us" for name, side in sides.items()]
        return "; ".join(lost)


class PlayoutState(NamedTuple):
    """Where the speaker's side of a device stands."""

    #: Frames between handing play-out over and its being heard.
    latency_frames: int
    #: The newest frames handed over that can still be changed.
    waiting_frames: int = 0
    #: Samples of silence that came between what was handed over, minus those left out, so far: to keep two
    #: clocks together, or because the speaker had nothing to play.
    slipped: int = 0
    #: Grows when sound begins anew: a device was opened again, or the machine slept.
    epoch: int = 0
    #: Frames captured while the loop was away until the speaker ran dry: they are taken without play-out.
    overdue: int = 0


class AudioIO(Protocol):
    """A microphone and a speaker in lockstep, both 16 kHz mono int16.

    ``exchange`` is the session's clock: it returns one frame (`FRAME_SAMPLES` samples) of microphone for
    each frame of play-out. The live device blocks until the frame has been captured; the virtual room
    computes it at once.
    """

    @property
    def name(self) -> str:
        """A name for screens and the journal."""
        ...

    @property
    def health(self) -> AudioHealth:
        """Counters of lost audio."""
        ...

    @property
    def state(self) -> PlayoutState:
        """Where the speaker's side stands now."""
        ...

    def exchange(self, play: Samples | None) -> Samples:
        """Play one frame and return one frame of microphone; None plays nothing (see `PlayoutState.overdue`).

        Raises:
            DeviceLostError: if the microphone or the speaker does not deliver for two seconds.
        """
        ...

    def replace_silence(self, frames: Samples) -> None:
        """Put ``frames`` (at most `waiting_frames`) in place of the newest ones, which were silence."""
        ...

    def fade_out(self) -> int:
        """Fade out the frames that can still be changed and return how many they were."""
        ...

    def changes(self) -> list[DeviceChange]:
        """Return what was lost or came back since the last call."""
        ...

    def close(self) -> None:
        """Release the device; a second call does nothing."""
        ...
