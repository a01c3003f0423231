"""Where the person's sound server is found: the folder that a login names in ``XDG_RUNTIME_DIR``.

Services, cron and some ssh sessions run without the variable. PulseAudio's and PipeWire's libraries then look
elsewhere and are refused, though the server of the same user runs.
"""

import os
import sys
from pathlib import Path
from typing import Final

_VARIABLE: Final = "XDG_RUNTIME_DIR"
#: Where a login makes the folder (systemd, elogind), one for each user.
_USERS: Final = Path("/run/user")


def name_runtime_folder(users: Path = _USERS) -> None:
    """Set the variable for this process and its children where it is missing and the user's folder exists.

    To be called before a sound library is loaded.
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
