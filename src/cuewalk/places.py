"""Where things are: package data, the person's data, the cache.

`CUEWALK_HOME` moves everything of the person's into one folder.
"""

import os
from importlib import resources
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from cuewalk.domain.errors import CuewalkError


def package_data(name: str) -> Path:
    """Return the folder ``scripts_audio`` or ``models``, of the installed wheel or of the checkout."""
    installed = Path(str(resources.files("cuewalk"))) / "_data" / name
    return installed if installed.is_dir() else Path(__file__).resolve().parents[2] / name


def data_dir() -> Path:
    """Return the folder of the person's journal, clips and settings, made if it is missing.

    Raises:
        CuewalkError: if it cannot be made or written to.
    """
    home = os.environ.get("CUEWALK_HOME")
    return _usable(Path(home) if home else user_data_path("cuewalk", appauthor=False))


def cache_dir() -> Path:
    """Return the folder of rendered cues and downloaded models, made if it is missing.

    Raises:
        CuewalkError: if it cannot be made or written to.
    """
    home = os.environ.get("CUEWALK_HOME")
    return _usable(Path(home) / "cache" if home else user_cache_path("cuewalk", appauthor=False))


def _usable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        raise CuewalkError(
            f"The folder {folder} cannot be written to.",
            meaning="Nothing you say could be kept, so no session was started.",
            remedy="Make it writable, or name another folder in the environment variable CUEWALK_HOME.",
        )
    return folder
