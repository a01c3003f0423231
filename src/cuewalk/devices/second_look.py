"""Whether a lost device is there for a process that has just begun, which makes a list of devices of its own.

Our own PortAudio's list is frozen, and a new one can only be made with every stream closed: whoever stands on
the mat is not heard for over a second then (1.2 s measured with ALSA). So a process of its own looks first.

``python -P -m cuewalk.devices.second_look microphone|speaker DEVICE CHANNEL`` (``DEVICE``: a `DeviceInfo` as
JSON) ends with 0 if the device opens and delivers, with `DeviceError.exit_code` if not, and with another
status if it could not look.
"""

import json
import logging
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from cuewalk.audio.api import DeviceName
from cuewalk.devices.device_info import DeviceInfo
from cuewalk.devices.opening import SLOW_FIRST_BLOCK, open_microphone, open_speaker
from cuewalk.domain.errors import DeviceError
from cuewalk.logs import ignoring

_log = logging.getLogger(__package__)

#: A look takes 1 to 4 s (measured on null sinks); after this it hangs in a dead sound server.
_LONGEST: Final = 15


class SecondLook:
    """One look, which begins at once and goes on beside; used by one thread."""

    def __init__(self, device: DeviceName, info: DeviceInfo, channel: int) -> None:
        self._began = time.monotonic()
        self._process: subprocess.Popen[bytes] | None = None
        command = [sys.executable, "-P", "-m", "cuewalk.devices.second_look", device]
        # Whatever keeps it from starting, `result` goes on without it.
        with ignoring(_log, Exception, doing="starting a second look"):
            self._process = subprocess.Popen(
                [*command, json.dumps(asdict(info)), str(channel)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C at the session's terminal is not for it
            )

    def result(self) -> bool | None:
        """Return whether the device is there; None while it is being looked for.

        Where nobody could look it may be there: our own new list has to tell. What crashed or hangs in the
        sound system is not to be done again in the session's own process.
        """
        if self._process is None:
            return True
        status = self._process.poll()
        if status is None and time.monotonic() - self._began > _LONGEST:
            self.close()
            return False
        return None if status is None else status >= 0 and status != DeviceError.exit_code

    def close(self) -> None:
        """Look no longer."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def main(arguments: Sequence[str]) -> None:
    """Open the device and let it go again, or exit with the status of `DeviceError`."""
    device, info, channel = arguments
    if hasattr(signal, "alarm"):
        signal.alarm(2 * _LONGEST)  # should nobody be there any more to end it
    known = DeviceInfo(**json.loads(info))
    try:
        if device == "microphone":
            open_microphone(known, int(channel), patience=SLOW_FIRST_BLOCK).close()
        else:
            open_speaker(known, patience=SLOW_FIRST_BLOCK).close()
    except DeviceError as error:
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main(sys.argv[1:])
