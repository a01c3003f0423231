"""Whether a lost device is there for a process that has just begun, which makes a list of devices of its own.

Our own PortAudio's list is frozen, and a new one can only be made with every stream closed: whoever stands on
the mat is not heard for over a second then (1.2 s measured with ALSA). So a process of its own looks first.

``python -P -m cuewalk.audio.second_look microphone|speaker DEVICE CHANNEL`` (``DEVICE``: a `DeviceInfo` as
JSON) ends with 0 if the device opens and delivers, otherwise with another status.
"""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from cuewalk.audio.api import DeviceName
from cuewalk.audio.device_info import DeviceInfo
from cuewalk.audio.opening import open_microphone, open_speaker

#: Seconds that a device may take for its first block; a sleeping PulseAudio source was seen to need 1.8.
_PATIENCE: Final = 2.5
#: A look takes 1 to 4 s (measured on null sinks); after this it hangs in a dead sound server.
_LONGEST: Final = 15


class SecondLook:
    """One look, which begins at once and goes on beside; used by one thread."""

    def __init__(self, device: DeviceName, info: DeviceInfo, channel: int) -> None:
        self._began = time.monotonic()
        self._process: subprocess.Popen[bytes] | None = None
        command = [sys.executable, "-P", "-m", "cuewalk.audio.second_look", device]
        try:
            self._process = subprocess.Popen(
                [*command, json.dumps(asdict(info)), str(channel)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C at the session's terminal is not for it
            )
        except OSError:
            return

    def result(self) -> bool | None:
        """Return whether the device is there; None while it is being looked for.

        Where no process can be had it may be there: our own new list has to tell.
        """
        if self._process is None:
            return True
        status = self._process.poll()
        if status is None and time.monotonic() - self._began > _LONGEST:
            self.close()
            return False
        return None if status is None else status == 0

    def close(self) -> None:
        """Look no longer."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def main(arguments: Sequence[str]) -> None:
    """Open the device and let it go again. Raises `DeviceError` if it is not there."""
    device, info, channel = arguments
    if hasattr(signal, "alarm"):
        signal.alarm(2 * _LONGEST)  # should nobody be there any more to end it
    known = DeviceInfo(**json.loads(info))
    if device == "microphone":
        open_microphone(known, int(channel), patience=_PATIENCE).close()
    else:
        open_speaker(known, patience=_PATIENCE).close()


if __name__ == "__main__":
    main(sys.argv[1:])
