"""What PulseAudio, or PipeWire in its place, tells about its devices. Nothing is changed or started."""

import os
import re
import shutil
from pathlib import Path
from typing import Final, NamedTuple

from cuewalk.devices.device_info import MOST_OF_HARDWARE, DeviceInfo
from cuewalk.devices.pulse.pactl import pactl

#: A sound server that answers later than this, in seconds, is not asked on.
_PATIENCE: Final = 2.0
#: Names of ALSA devices that lead to the sound server.
_WAYS: Final = ("default", "pulse", "pipewire", "sysdefault")


class Defaults(NamedTuple):
    """The sound server's own names of what it plays to and records from where nothing else is asked for."""

    sink: str = ""
    source: str = ""


def runs() -> bool:
    """Return whether a sound server runs: without one, ``pactl`` would start it, and it takes the devices."""
    if shutil.which("pactl") is None:
        return False
    if os.environ.get("PULSE_SERVER"):
        return True
    runtime = os.environ.get("PULSE_RUNTIME_PATH")
    folder = Path(runtime) if runtime else Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere")) / "pulse"
    return (folder / "native").exists()


def leads_there(device: DeviceInfo) -> bool:
    """Return whether a device is no hardware but the way to the sound server."""
    return device.host_api == "ALSA" and device.name in _WAYS and device.input_channels > MOST_OF_HARDWARE


def defaults() -> Defaults:
    """Return the default devices now, empty names where there is no sound server."""
    if not runs():
        return Defaults()
    named = dict(
        re.findall(r"^Default (Sink|Source): (.*)$", pactl("info", patience=_PATIENCE), re.MULTILINE)
    )
    return Defaults(
        os.environ.get("PULSE_SINK") or named.get("Sink", ""),
        os.environ.get("PULSE_SOURCE") or named.get("Source", ""),
    )


def channels_behind(device: DeviceInfo) -> int:
    """Return how many channels the microphone behind the way to the sound server has, 0 if unknown."""
    if not leads_there(device) or not (source := defaults().source):
        return 0
    return channels_of(pactl("list", "short", "sources", patience=_PATIENCE), source)


def channels_of(listed: str, name: str) -> int:
    """Return the channels of a device in what ``pactl list short`` tells, 0 if it is not there."""
    for line in listed.splitlines():
        if name in line.split("\t")[1:2] and (found := re.search(r"\b(\d+)ch\b", line)):
            return int(found[1])
    return 0


def description(kind: str, name: str) -> str:
    """Return what the person calls a ``sink`` or ``source`` of this name: "Headset Mono"."""
    for block in re.split(
        r"^(?:Sink|Source) #", pactl("list", f"{kind}s", patience=_PATIENCE), flags=re.MULTILINE
    ):
        if re.search(rf"^\tName: {re.escape(name)}$", block, re.MULTILINE):
            found = re.search(r"^\tDescription: (.+)$", block, re.MULTILINE)
            return found[1] if found else name
    return name
