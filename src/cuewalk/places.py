"""Where things are: package data, the person's data, the cache.

`CUEWALK_HOME` moves everything of the person's into one folder. What is a person's own is readable by them
alone: folders 0700, files 0600. Permissions that an earlier version left open are taken away when its folder
is asked for.
"""

import logging
import os
import stat
from importlib import resources
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path, user_data_path

from cuewalk.domain.errors import CuewalkError
from cuewalk.files.faults import reason
from cuewalk.files.looking import is_file, there
from cuewalk.files.reading import open_ordinary
from cuewalk.files.writing import make_private, private_folder
from cuewalk.logs import ignoring

_log = logging.getLogger(__package__)

#: What cuewalk itself puts into the person's folders. A folder that holds anything else is not cuewalk's
#: alone.
OURS: Final = (
    *("journal.sqlite*", "session.lock", "clips", "settings.*", "heads", "content", "rules.toml"),
    *("cache", "cues", "models", "cuewalk*.log", "session.wav"),
    *(".journal.sqlite*", ".settings.*", ".heads.*"),
)
#: "cuew", in the header of our journal: the sign that a folder is used by cuewalk.
APPLICATION_ID: Final = 0x63756577
_JOURNAL: Final = "journal.sqlite"
#: Where SQLite's header has the application's id; its first bytes.
_ID_AT: Final = 68
_MAGIC: Final = b"SQLite format 3\0"


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


def keep_private(folder: Path, *, named_by_us: bool = False) -> None:
    """Take other people's permissions from what cuewalk has in a folder, and from a folder of its own.

    A folder is cuewalk's if a journal of cuewalk is in it, or if only cuewalk gives such a name to a folder
    (``named_by_us``). The names in it prove nothing: others have a ``cache`` too. In any other folder nothing
    is touched. The folder itself is closed only if nothing else is in
    it, and never if it is for everybody (``/tmp``) or the person's home. A journal's header is read, and
    what is private already is not looked into, so that this costs little. Links are never followed, and what
    belongs to another user is left alone.
    """
    if not named_by_us and not _has_journal(folder):
        return
    try:
        found = list(folder.iterdir())
    except OSError:
        return
    ours = [path for path in found if any(path.match(pattern) for pattern in OURS)]
    for path in ours:
        _close_tree(path)
    if len(ours) == len(found) and not _is_shared(folder):
        _close(folder)


def _has_journal(folder: Path) -> bool:
    """Return whether a journal of cuewalk is in a folder, also one killed before its id was in the file."""
    path = folder / _JOURNAL
    try:
        with open_ordinary(path) as file:
            header = file.read(_ID_AT + 4)
    except OSError:
        return False
    number = int.from_bytes(header[_ID_AT : _ID_AT + 4], "big")
    log = path.with_name(f"{_JOURNAL}-wal")
    return header.startswith(_MAGIC) and (number == APPLICATION_ID or (number == 0 and there(log)))


def _is_shared(folder: Path) -> bool:
    try:
        for_everybody = folder.stat().st_mode & stat.S_ISVTX
        return bool(for_everybody) or folder.samefile(Path.home())
    except (OSError, RuntimeError):  # without a home
        return False


def _data() -> Path:
    home = os.environ.get("CUEWALK_HOME")
    return Path(home) if home else user_data_path("cuewalk", appauthor=False)


def _mended(folder: Path) -> Path:
    try:
        private_folder(folder)
    except OSError:
        return folder
    keep_private(folder, named_by_us=not os.environ.get("CUEWALK_HOME"))
    return folder


def _close_tree(path: Path) -> None:
    """Make a file or a folder with all in it private; the folder last, as the sign that all is done."""
    found = [path]
    for each in found:  # grows: a folder may be deeper than calls can go
        with ignoring(_log, OSError, doing="making a folder private"):
            mode = each.lstat().st_mode
            if stat.S_ISDIR(mode) and mode & 0o077:
                found.extend(each.iterdir())
    for each in reversed(found):
        _close(each)


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
