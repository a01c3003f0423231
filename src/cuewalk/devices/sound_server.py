"""What PulseAudio, or PipeWire in its place, tells about its devices. Nothing is changed or started.

Imports little: `ducking_guard`, which needs `pactl`, has to start at once.
"""

import logging
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from cuewalk.devices.device_info import MOST_OF_HARDWARE, DeviceInfo
from cuewalk.logs import kind_of

_log = logging.getLogger(__package__)

#: A sound server that answers later than this, in seconds, is not asked on. Design choice: a start waits.
_TIMEOUT: Final = 2.0
#: Names of ALSA devices that lead to the sound server.
_WAYS: Final = ("default", "pulse", "pipewire", "sysdefault")
#: Names the folder of the user's sound server, and where a login (systemd, elogind) makes it.
_VARIABLE: Final = "XDG_RUNTIME_DIR"
_USERS: Final = Path("/run/user")


def pactl(*arguments: str, timeout: float = _TIMEOUT) -> str:
    """Return what pactl says, in English; "" if it fails or takes longer than ``timeout`` seconds."""
    try:
        done = subprocess.run(
            ["pactl", *arguments],
            env={**os.environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.debug("pactl %s: %s", arguments[0] if arguments else "", kind_of(error))
        return ""
    return done.stdout.decode("utf-8", errors="replace") if done.returncode == 0 else ""


def name_runtime_folder(users: Path = _USERS) -> None:
    """Set ``XDG_RUNTIME_DIR`` for this process and its children where it is missing and the folder exists.

    Services, cron and some ssh sessions run without it; the libraries of PulseAudio and PipeWire then look
    elsewhere and are refused. To be called before a sound library is loaded.
    """
    if not sys.platform.startswith("linux") or os.environ.get(_VARIABLE):
        return
    folder = users / str(os.getuid())
    if folder.is_dir() and folder.stat().st_uid == os.getuid():
        os.environ[_VARIABLE] = str(folder)


def what_is_missing() -> str:
    """Return what to do where no login has made the folder, "" where there is one."""
    if not sys.platform.startswith("linux") or os.environ.get(_VARIABLE) or os.environ.get("PULSE_SERVER"):
        return ""
    return (
        f"Nobody is logged in here as this user ({_VARIABLE} is not set, {_USERS / str(os.getuid())} is not "
        "there), so a sound server could not be found. For a service: loginctl enable-linger USER."
    )


def runs() -> bool:
    """Return whether a sound server runs: without one, ``pactl`` would start it, and it takes the devices."""
    if shutil.which("pactl") is None:
        return False
    if os.environ.get("PULSE_SERVER"):
        return True
    runtime = os.environ.get("PULSE_RUNTIME_PATH")
    folder = Path(runtime) if runtime else Path(os.environ.get(_VARIABLE, "/nowhere")) / "pulse"
    return (folder / "native").exists()


def leads_there(device: DeviceInfo) -> bool:
    """Return whether a device is no hardware but the way to the sound server."""
    return device.host_api == "ALSA" and device.name in _WAYS and device.input_channels > MOST_OF_HARDWARE


def defaults() -> dict[str, str]:
    """Return the server's names of its default "sink" and "source", "" where there is no sound server."""
    if not runs():
        return {"sink": "", "source": ""}
    named = dict(re.findall(r"^Default (Sink|Source): (.*)$", pactl("info"), re.MULTILINE))
    return {
        "sink": os.environ.get("PULSE_SINK") or named.get("Sink", ""),
        "source": os.environ.get("PULSE_SOURCE") or named.get("Source", ""),
    }


def channels_behind(device: DeviceInfo) -> int:
    """Return how many channels the microphone behind the way to the sound server has, 0 if unknown."""
    source = defaults()["source"] if leads_there(device) else ""
    return channels_of(pactl("list", "short", "sources"), source) if source else 0


def channels_of(listed: str, name: str) -> int:
    """Return the channels of a device in what ``pactl list short`` tells, 0 if it is not there."""
    for line in listed.splitlines():
        if name in line.split("\t")[1:2] and (found := re.search(r"\b(\d+)ch\b", line)):
            return int(found[1])
    return 0


def description(kind: str, name: str) -> str:
    """Return what the person calls a ``sink`` or ``source`` of this name: "Headset Mono"."""
    for block in re.split(r"^(?:Sink|Source) #", pactl("list", f"{kind}s"), flags=re.MULTILINE):
        if re.search(rf"^\tName: {re.escape(name)}$", block, re.MULTILINE):
            found = re.search(r"^\tDescription: (.+)$", block, re.MULTILINE)
            return found[1] if found else name
    return name
