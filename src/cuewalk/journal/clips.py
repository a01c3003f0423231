"""The recorded audio of utterances, kept beside the journal: one WAV file each."""

import os
import wave
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cuewalk.domain.errors import BugError, JournalError
from cuewalk.domain.units import SESSION_RATE
from cuewalk.journal.api import CLIP_NAME, SESSION_ID

_UNFINISHED = ".part"


class ClipStore:
    """Clips in one folder, which is made when the first of them is saved.

    To keep no clips, do not call `save`. Expiry removes files only; the entries keep their names.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, session_id: str, utterance: int, samples: npt.NDArray[np.int16]) -> str:
        """Write one utterance (16 kHz mono int16) and return its name, to be given to `Journal.append`.

        The file is whole and on the disk when this returns, or it is not there.

        Raises:
            JournalError: if it cannot be written.
        """
        if not SESSION_ID.fullmatch(session_id) or samples.dtype != np.int16 or samples.ndim != 1:
            raise BugError(f"not a clip: session {session_id!r}, {samples.dtype} of shape {samples.shape}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            name = self._free_name(f"{session_id}-{utterance:04d}")
            part = self.folder / (name + _UNFINISHED)
            _write(part, samples)
            part.replace(self.folder / name)
            _flush(self.folder)
        except OSError as error:
            raise _not_saved(self.folder, error) from error
        return name

    def _free_name(self, stem: str) -> str:
        """Return a name that no clip has: a resumed session may count its utterances from 1 again."""
        name, again = f"{stem}.wav", 2
        while (self.folder / name).exists():
            name, again = f"{stem}-{again}.wav", again + 1
        return name

    def path(self, name: str) -> Path:
        """Return the file of a clip.

        Raises:
            JournalError: if there is none of that name (any more).
        """
        if not CLIP_NAME.fullmatch(name):
            raise JournalError(f'"{name}" is not the name of a clip.', meaning="Nothing was opened.")
        file = self.folder / name
        if not file.is_file():
            raise JournalError(
                f"The clip {name} is not there any more.",
                meaning="Clips are deleted after a while; the rating and the heard words stay.",
                remedy='"cuewalk log" shows them.',
            )
        return file

    def has(self, name: str | None) -> bool:
        """Return whether the clip of an entry is still there."""
        return name is not None and CLIP_NAME.fullmatch(name) is not None and (self.folder / name).is_file()

    def expire(self, days: float, now: datetime) -> list[str]:
        """Delete the clips older than ``days`` (the rules' ``clip_days``) and return their names.

        Nothing but clips, and what a crash left of one, is ever touched.

        Raises:
            JournalError: if one cannot be deleted.
        """
        before = (now - timedelta(days=days)).timestamp()
        names = []
        try:
            for file in sorted(self.folder.glob("*.wav*")):
                if _is_clip(file) and file.stat().st_mtime < before:
                    file.unlink()
                    names.append(file.name)
        except OSError as error:
            raise JournalError(
                f"Old clips in {self.folder} cannot be deleted ({error.strerror}).",
                meaning="They are kept longer than promised.",
                remedy="Make the folder writable, or delete them yourself.",
            ) from error
        return names


def _is_clip(file: Path) -> bool:
    whole = CLIP_NAME.fullmatch(file.name.removesuffix(_UNFINISHED)) is not None
    return whole and file.is_file() and not file.is_symlink()


def _write(file: Path, samples: npt.NDArray[np.int16]) -> None:
    with file.open("wb") as raw:
        with wave.open(raw, "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(SESSION_RATE)
            wav.writeframes(samples.astype("<i2").tobytes())
        raw.flush()
        os.fsync(raw.fileno())


def _flush(folder: Path) -> None:
    """Make the rename itself durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _not_saved(folder: Path, error: OSError) -> JournalError:
    return JournalError(
        f"The recording of what you said cannot be saved in {folder} ({error.strerror}).",
        meaning="This utterance has no clip.",
        remedy="Free some space or make the folder writable, or turn clips off.",
    )
