"""Where things are: package data, the person's data, the cache.

`CUEWALK_HOME` moves everything of the person's into one folder. What is a person's own is readable by them
alone: folders 0700, files 0600. What an earlier version left open is mended when its folder is asked for.
"""

import os
import stat
from importlib import resources
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path, user_data_path

from cuewalk.domain.errors import CuewalkError
from cuewalk.files.faults import reason
from cuewalk.files.looking import is_file, there
from cuewalk.files.writing import make_private, private_folder

#: What cuewalk itself puts into the person's folders. A folder that holds anything else is not ours alone.
OURS: Final = (
    *("journal.sqlite*", "session.lock", "clips", "settings.*", "heads", "content", "rules.toml"),
    *(
        "cache",
        "cues",
        "models",
        "cuewalk*.log",
        "session.wav",
        ".journal.sqlite*",
        ".settings.*",
        ".heads.*",
    ),
)
#: Names that tell that a folder with other things in it is nevertheless used by cuewalk.
_SIGNS: Final = {"journal.sqlite", "settings.toml", "cues"}


def package_data(name: str) -> Path:
    """Return the folder ``scripts_audio`` or ``models``, of the installed wheel or of the checkout."""
    installed = Path(str(resources.files("cuewalk"))) / "_data" / name
    return installed if installed.is_dir() else Path(__file__).resolve().parents[2] / name


def data_dir() -> Path:
    """Return the folder of the person's journal, clips and settings, for reading.

    It is made if it is missing and can be made; it need not be writable.

    Raises:
        CuewalkError: if there can be no such folder: something else is in its place.
    """
    folder = _mended(_data())
    blocked = there(folder) or any(is_file(path) for path in folder.parents)
    if blocked and not _can_list(folder):
        raise _unusable(folder, "used", "Nothing could be read, so nothing was begun or changed.")
    return folder


def writable_data_dir() -> Path:
    """Return the same folder for writing.

    Raises:
        CuewalkError: if it cannot be made or written to.
    """
    folder = _mended(_data())
    if not _can_list(folder) or not os.access(folder, os.W_OK):
        raise _unusable(folder, "written to", "Nothing could be kept, so nothing was begun or changed.")
    return folder


def cache_dir() -> Path:
    """Return the folder of rendered cues and downloaded models; what needs it can do without writing."""
    home = os.environ.get("CUEWALK_HOME")
    return _mended(Path(home) / "cache" if home else user_cache_path("cuewalk", appauthor=False))


def keep_private(folder: Path) -> None:
    """Take other people's permissions from what cuewalk has in a folder, and from a folder of ours alone.

    Nothing is touched in a folder that was never used by cuewalk. A folder that is private already is not
    looked into, so that this costs a few `lstat` calls. Links are never followed, and what belongs to another
    user is left alone.
    """
    try:
        found = list(folder.iterdir())
    except OSError:
        return
    ours = [path for path in found if any(path.match(pattern) for pattern in OURS)]
    alone = len(ours) == len(found)
    if not alone and not any(path.name in _SIGNS for path in ours):
        return
    for path in ours:
        _close_tree(path)
    if alone:
        _close(folder)


def _data() -> Path:
    home = os.environ.get("CUEWALK_HOME")
    return Path(home) if home else user_data_path("cuewalk", appauthor=False)


def _mended(folder: Path) -> Path:
    try:
        private_folder(folder)
    except OSError:
        return folder
    keep_private(folder)
    return folder


def _close_tree(path: Path) -> None:
    """Make a file or a folder with all in it private; the folder last, for it tells that all is done."""
    try:
        found = path.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_mode & 0o077:
            for below in path.iterdir():
                _close_tree(below)
    except OSError:
        return
    _close(path)


def _close(path: Path) -> None:
    try:
        own = path.lstat().st_uid == os.geteuid()
    except OSError:
        return
    if own:
        make_private(path)


def _unusable(folder: Path, what_for: str, meaning: str) -> CuewalkError:
    return CuewalkError(
        f"The folder {folder} cannot be {what_for}: {_why_unusable(folder)}.",
        meaning=meaning,
        remedy="Make it yours, or name another folder in the environment variable CUEWALK_HOME.",
    )


def _can_list(folder: Path) -> bool:
    try:
        os.scandir(folder).close()
        os.stat(folder / ".")  # noqa: PTH116 - a folder whose names can be read and whose files cannot
    except OSError:
        return False
    return True


def _why_unusable(folder: Path) -> str:
    try:
        private_folder(folder)
        os.scandir(folder).close()
        os.stat(folder / ".")  # noqa: PTH116 - as above
    except OSError as error:
        return reason(error)
    return "the disk or the folder allows only reading"
