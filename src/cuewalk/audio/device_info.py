"""What is known of a sound device, and how one is found by its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cuewalk.domain.errors import DeviceError

DeviceKind = Literal["input", "output"]

_WORD = {"input": "microphone", "output": "speaker"}


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device as PortAudio lists it. ``index`` is only good until the next `rescan`; names last."""

    name: str
    index: int
    host_api: str
    input_channels: int
    output_channels: int
    default_rate: int
    is_default_input: bool = False
    is_default_output: bool = False

    @property
    def label(self) -> str:
        """The name with its host API: tells apart a device that is listed twice."""
        return f"{self.name}, {self.host_api}"

    def can(self, kind: DeviceKind) -> bool:
        """Return whether the device records ("input") or plays ("output")."""
        return (self.input_channels if kind == "input" else self.output_channels) > 0

    def is_default(self, kind: DeviceKind) -> bool:
        """Return whether the system uses this device when none is named."""
        return self.is_default_input if kind == "input" else self.is_default_output


def match(devices: Sequence[DeviceInfo], name: str | None, kind: DeviceKind) -> DeviceInfo:
    """Return the device called ``name``, or the default one for None.

    The exact name (or label) goes first, then a part of it, upper and lower case alike.

    Raises:
        DeviceError: naming what there is, if there is none of that name or more than one.
    """
    able = [device for device in devices if device.can(kind)]
    if name is None:
        return _default(able, kind)
    found = [device for device in able if name in {device.name, device.label}]
    found = found or [device for device in able if name.casefold() in device.label.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        raise DeviceError(
            f'"{name}" is the name of {len(found)} {_WORD[kind]}s: {_listed(found)}.',
            meaning="The session does not guess which one you mean.",
            remedy="Name one of them in full.",
        )
    raise DeviceError(
        f'There is no {_WORD[kind]} called "{name}".',
        meaning=f"These are there: {_listed(able)}." if able else f"There is no {_WORD[kind]} at all.",
        remedy="Plug it in, or name another one.",
    )


def _default(able: Sequence[DeviceInfo], kind: DeviceKind) -> DeviceInfo:
    # A system without a default of its own (PortAudio says -1) still may have a device that works.
    for device in [*(device for device in able if device.is_default(kind)), *able]:
        return device
    raise DeviceError(
        f"This machine has no {_WORD[kind]} that can be used.",
        meaning="A live session needs a microphone and a speaker.",
        remedy="Plug one in and try again; `cuewalk demo` needs neither.",
    )


def _listed(devices: Sequence[DeviceInfo]) -> str:
    return "; ".join(f'"{device.label}"' for device in devices)
