"""What is known of a sound device, and how one is found by its name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

from cuewalk.domain.errors import DeviceError

DeviceKind = Literal["input", "output"]
#: What the person calls a device of each kind.
WORD: Final = {"input": "microphone", "output": "speaker"}
#: Receivers behind HDMI, Bluetooth headphones and sound cards with a power switch are reported to swallow the
#: first 0.5 to 1.5 s of what is played. It costs no time where recognisers are loaded meanwhile.
WAKE_SECONDS: Final = 1.5
#: A device of more channels is no hardware but a way to the sound server, which mixes: ALSA's "default"
#: claims 32. The largest microphone array that people report has 8.
MOST_OF_HARDWARE: Final = 8
#: Rates (Hz) that are tried after the device's own, the one most hardware has first.
_RATES: Final = (48_000, 44_100, 16_000, 32_000, 96_000)
#: A driver that claims a rate outside of this range is not believed (1 Hz was seen in files, 0 in lists).
_SLOWEST, _FASTEST = 8_000, 384_000
_CARD: Final = re.compile(r"\(hw:\d+,\d+\)")


class Format(NamedTuple):
    """How a device is opened."""

    channels: int
    rate: int


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """What the person has chosen: names, or parts of them; None is the system's default.

    ``channel``: the microphone's channel that is listened to, from 1; 0: see `listening`. ``wake_seconds``:
    how long a speaker is given to wake after it was opened, before anything is said.
    """

    microphone: str | None = None
    speaker: str | None = None
    channel: int = 0
    wake_seconds: float = WAKE_SECONDS


#: The system's default devices.
WHATEVER_THERE_IS: Final = DeviceChoice()


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device as PortAudio lists it. ``index`` is only good until the next `portaudio.rescan`; names last.

    ``port``: where it is plugged in ("1-1.2"), "" if the system does not tell. ``twins``: how many devices of
    this name there are, and ``apart`` what tells this one apart: "at 1-1.2", else "#2".
    """

    name: str
    index: int
    host_api: str
    input_channels: int
    output_channels: int
    default_rate: int
    is_default_input: bool = False
    is_default_output: bool = False
    port: str = ""
    twins: int = 1
    apart: str = ""

    @property
    def bare(self) -> str:
        """The name without the number of its card, which may be another after it was plugged in again."""
        return _CARD.sub("", self.name).strip(" :,-")

    @property
    def choice(self) -> str:
        """The name that chooses this device and no other, as far as the system lets us tell them apart."""
        return f"{self.bare} {self.apart}" if self.apart else self.name

    @property
    def label(self) -> str:
        """The name with its host API: tells apart a device that is listed twice."""
        return f"{self.choice}, {self.host_api}"

    def can(self, kind: DeviceKind) -> bool:
        """Return whether the device records ("input") or plays ("output")."""
        return (self.input_channels if kind == "input" else self.output_channels) > 0

    def is_default(self, kind: DeviceKind) -> bool:
        """Return whether the system uses this device when none is named."""
        return self.is_default_input if kind == "input" else self.is_default_output


class Listening(NamedTuple):
    """How a microphone is opened and which channel of it is listened to (from 0; None: the mean of all)."""

    formats: tuple[Format, ...]
    only: int | None


def listening(device: DeviceInfo, channel: int = 0, behind: int = 0) -> Listening:
    """Return the formats to try, the first that opens is used, and the channel.

    A microphone with one or two channels is opened as it is and mixed. An array is heard through one channel,
    the first unless another is chosen: its others can carry our own voice (ReSpeaker: channels 5 and 6), and
    many open only with all of their channels (PS3 Eye: 4).

    Args:
        device: which.
        channel: the channel that the person chose, from 1; 0 for none.
        behind: how many channels the microphone behind a sound server has, 0 if that is not known. Opened
            with fewer, the server would mix them.

    Raises:
        DeviceError: if there is no such channel.
    """
    hardware = device.input_channels <= MOST_OF_HARDWARE
    most = device.input_channels if hardware else behind or 2
    if channel > most:
        raise DeviceError(
            f'The microphone "{device.name}" has no channel {channel}, it has {most}.',
            meaning="The session does not guess which one you mean.",
            remedy="Choose another: cuewalk settings microphone_channel 1 (0: the best is found).",
        )
    if most <= 2:  # noqa: PLR2004 - mono or stereo
        counts: tuple[int, ...] = (most,) if channel else (most, 1, 2)
        return Listening(_formats(counts, device.default_rate), channel - 1 if channel else None)
    # The mixer of a sound server leaves a channel alone only where all of them are asked for.
    counts = (max(2, channel), most) if hardware else (most,)
    return Listening(_formats(counts, device.default_rate), max(channel, 1) - 1)


def playing(device: DeviceInfo) -> tuple[Format, ...]:
    """Return the formats to try for a speaker; every channel is given the same sound."""
    most = device.output_channels
    counts = (min(2, most), 1, *((most,) if most <= MOST_OF_HARDWARE else ()))
    return _formats(counts, device.default_rate)


def _formats(counts: Sequence[int], rate: int) -> tuple[Format, ...]:
    own = (rate,) if _SLOWEST <= rate <= _FASTEST else ()
    return tuple(dict.fromkeys(Format(count, each) for each in (*own, *_RATES) for count in counts))


def told_apart(devices: Sequence[DeviceInfo]) -> list[DeviceInfo]:
    """Return the devices, those of one name told apart by where they are plugged in, else by their order."""
    groups: dict[tuple[object, ...], list[DeviceInfo]] = {}
    for device in devices:
        key = (device.bare, device.host_api, device.can("input"), device.can("output"))
        groups.setdefault(key, []).append(device)
    known = {}
    for group in groups.values():
        plugged = len({device.port for device in group} - {""}) == len(group)
        for number, device in enumerate(group, start=1):
            apart = f"at {device.port}" if plugged else f"#{number}"
            known[device.index] = replace(device, twins=len(group), apart=apart if len(group) > 1 else "")
    return [known[device.index] for device in devices]


def again(devices: Sequence[DeviceInfo], known: DeviceInfo, kind: DeviceKind) -> DeviceInfo:
    """Return the device that was in use, among the devices that are there now.

    Its index and its card's number may be others. Another device of the same name, that was there all along,
    is never taken for it.

    Raises:
        DeviceError: if it is not there, or cannot be told apart.
    """
    alike = [d for d in devices if d.can(kind) and (d.bare, d.host_api) == (known.bare, known.host_api)]
    here = [device for device in alike if known.port and device.port == known.port]
    if len(here) == 1:
        return here[0]
    if known.twins > 1:
        return _same_twin(alike, known, kind)
    return alike[0] if len(alike) == 1 else _by_its_names(devices, known, kind)


def _by_its_names(devices: Sequence[DeviceInfo], known: DeviceInfo, kind: DeviceKind) -> DeviceInfo:
    try:
        return match(devices, known.label, kind)
    except DeviceError:
        return match(devices, known.bare, kind)


def _same_twin(alike: Sequence[DeviceInfo], known: DeviceInfo, kind: DeviceKind) -> DeviceInfo:
    """Return the one of several devices of a name that was in use, where its order among them tells."""
    # Without ports only their order tells them apart, and that only while all of them are there.
    same = [device for device in alike if device.apart == known.apart]
    if not known.port and len(alike) == known.twins and len(same) == 1:
        return same[0]
    raise DeviceError(f'The {WORD[kind]} "{known.choice}" is not there, only another of its name.')


def match(devices: Sequence[DeviceInfo], name: str | None, kind: DeviceKind) -> DeviceInfo:
    """Return the device called ``name``, or the default one for None.

    The exact name (or label) goes first, then a part of it, upper and lower case alike.

    Raises:
        DeviceError: naming what there is, if there is none of that name or more than one.
    """
    able = [device for device in devices if device.can(kind)]
    if name is None:
        return _default(able, kind)
    found = [device for device in able if name in {device.name, device.label, device.choice}]
    part = name.casefold()
    found = found or [device for device in able if part in f"{device.name}\n{device.label}".casefold()]
    if len(found) == 1:
        return found[0]
    raise _unmatched(name, found, able, kind)


def _unmatched(
    name: str, found: Sequence[DeviceInfo], able: Sequence[DeviceInfo], kind: DeviceKind
) -> DeviceError:
    listed = "; ".join(f'"{device.label}"' for device in found or able)
    if found:
        return DeviceError(
            f'"{name}" is the name of {len(found)} {WORD[kind]}s: {listed}.',
            meaning="The session does not guess which one you mean.",
            remedy=f'Name one of them in full, such as "{found[-1].choice}".',
        )
    return DeviceError(
        f'There is no {WORD[kind]} called "{name}".',
        meaning=f"These are there: {listed}." if able else f"There is no {WORD[kind]} at all.",
        remedy="Plug it in, or name another one.",
    )


def _default(able: Sequence[DeviceInfo], kind: DeviceKind) -> DeviceInfo:
    # A system without a default of its own (PortAudio says -1) still may have a device that works.
    for device in [*(device for device in able if device.is_default(kind)), *able]:
        return device
    raise DeviceError(
        f"This machine has no {WORD[kind]} that can be used.",
        meaning="A live session needs a microphone and a speaker.",
        remedy='Plug one in and try again; "cuewalk demo" needs neither.',
    )
