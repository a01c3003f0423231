"""What the pump needs of sound: exchange one frame of play-out for one frame of microphone."""

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
class AudioHealth:
    """What went wrong so far; read by the pump and by ``doctor``."""

    overflows: int = 0
    underflows: int = 0
    frames: int = 0
    notes: list[str] = field(default_factory=list)


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
    def output_latency_frames(self) -> int:
        """Frames between handing play-out over and its being heard."""
        ...

    def exchange(self, play: Samples) -> Samples:
        """Play one frame and return one frame of microphone.

        Raises:
            DeviceLostError: if the microphone or the speaker does not deliver for two seconds.
        """
        ...

    @property
    def waiting_frames(self) -> int:
        """The newest frames handed over that can still be changed."""
        ...

    @property
    def epoch(self) -> int:
        """Grows when sound begins anew: a device was opened again, or the pump was away for long."""
        ...

    @property
    def put_in(self) -> int:
        """Samples of silence that came between what was handed over, minus those left out, so far.

        To keep two clocks together, or because the speaker had nothing to play.
        """
        ...

    def hurry(self, frames: Samples) -> None:
        """Put ``frames`` (at most `waiting_frames`, whole) in place of the newest, which were silence."""
        ...

    def silence(self) -> int:
        """Fade out the frames that can still be changed and return how many they were."""
        ...

    def changes(self) -> list[DeviceChange]:
        """Return what was lost or came back since the last call."""
        ...

    def close(self) -> None:
        """Release the device; a second call does nothing."""
        ...
