"""Which microphones and speakers there are."""

import logging

from cuewalk.devices import portaudio
from cuewalk.devices.device_info import DeviceInfo, DeviceKind, listening, match, playing
from cuewalk.devices.pulse.runtime_folder import what_is_missing
from cuewalk.domain.errors import DeviceError
from cuewalk.logs import kind_of

_log = logging.getLogger(__package__)

__all__ = [
    "DeviceInfo",
    "DeviceKind",
    "find_device",
    "has_microphone",
    "has_speaker",
    "list_devices",
    "must_open",
    "rescan",
]


def list_devices() -> list[DeviceInfo]:
    """Return every device, in PortAudio's order.

    Raises:
        DeviceError: if the PortAudio library is missing.
    """
    return portaudio.query()


def find_device(name: str | None, kind: DeviceKind) -> DeviceInfo:
    """Return the device called ``name`` (None: the system's default) that can do ``kind``.

    Raises:
        DeviceError: if there is none, or the name fits several; the message lists them.
    """
    try:
        return match(portaudio.query(), name, kind)
    except DeviceError as error:
        if not (more := what_is_missing()):
            raise
        raise DeviceError(error.what, meaning=error.meaning, remedy=f"{error.remedy} {more}") from error


def must_open(name: str | None, kind: DeviceKind) -> DeviceInfo:
    """Return the device of that name (None: the default), which was seen to open.

    Raises:
        DeviceError: why there is none, or why it does not open.
    """
    device = find_device(name, kind)
    formats = listening(device).formats if kind == "input" else playing(device)
    portaudio.check(device, kind, formats)
    return device


def has_microphone(name: str | None = None) -> bool:
    """Return whether a microphone is there and opens. `find_device` says why not."""
    return _opens(name, "input")


def has_speaker(name: str | None = None) -> bool:
    """Return whether a speaker is there and opens. `find_device` says why not."""
    return _opens(name, "output")


def rescan() -> None:
    """Look for devices again; PortAudio's list is frozen at start. Only with no stream open.

    Raises:
        DeviceError: if the PortAudio library is missing or does not start.
    """
    portaudio.rescan()


def _opens(name: str | None, kind: DeviceKind) -> bool:
    try:
        must_open(name, kind)
    except DeviceError as error:
        _log.debug("a device does not open: %s", kind_of(error))
        return False
    return True
