"""What lies where, without raising for a missing permission, a loop of links or an odd name.

`Path.exists` and its kin raise for these on Python up to 3.13, so that one folder closed by mistake would end
a command that can do without it.
"""

import os
import stat
from pathlib import Path


def there(path: Path) -> bool:
    """Return whether something is there; also for what may not be looked at: reading it raises the reason."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True
    return True


def is_folder(path: Path) -> bool:
    """Return whether a folder is there, or a link to one; False where that cannot be looked at."""
    return os.path.isdir(path)  # noqa: PTH112 - it never raises


def is_file(path: Path) -> bool:
    """Return whether an ordinary file is there, or a link to one; False where that cannot be looked at."""
    return os.path.isfile(path)  # noqa: PTH113 - it never raises


def what_else(path: Path) -> str:
    """Return what lies there instead of an ordinary file, as a part of a sentence; "" for a file or nothing.

    A pipe or a device must not be opened: reading it would never return.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return ""
    if stat.S_ISREG(mode):
        return ""
    return "it is a folder" if stat.S_ISDIR(mode) else "it is no ordinary file"


def real(path: Path) -> Path:
    """Return the absolute path with its links followed, as far as they lead."""
    return Path(os.path.realpath(path))
