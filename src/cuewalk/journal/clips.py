"""The recorded audio of utterances, kept beside the journal: one WAV file each."""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from cuewalk.domain.clock import trusted
from cuewalk.domain.errors import BugError, JournalError
from cuewalk.domain.sound import Samples
from cuewalk.files.faults import reason
from cuewalk.files.looking import is_file, what_else
from cuewalk.files.wav import open_to_write
from cuewalk.files.writing import private_folder, whole_file
from cuewalk.journal.api import CLIP_NAME, SESSION_ID

#: A clip is called after its session, its utterance, and a number where that name was taken.
_OF_SESSION: Final = re.compile(r"(.+)-\d{4,}(-\d+)?\.wav")


class ClipStore:
    """Clips in one folder, which is made when the first of them is saved.

    To keep no clips, do not call `save`. Expiry removes files only; the entries keep their names.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, session_id: str, utterance: int, samples: Samples) -> str:
        """Write one utterance under a free name and return the name, to be given to `Journal.append`.

        Raises:
            JournalError: if it cannot be written.
        """
        name = self.free_name(session_id, utterance)
        self.write(name, samples)
        return name

    def write(self, name: str, samples: Samples) -> None:
        """Write one utterance (16 kHz mono int16); on return the file is whole and on the disk.

        Raises:
            JournalError: if it cannot be written.
        """
        if not CLIP_NAME.fullmatch(name) or samples.dtype != np.int16 or samples.ndim != 1:
            raise BugError(f"not a clip: {name!r}, {samples.dtype} of shape {samples.shape}")
        try:
            private_folder(self.folder)
            with whole_file(self.folder / name) as raw, open_to_write(raw) as wav:
                wav.writeframes(samples.astype("<i2").tobytes())
        except OSError as error:
            raise JournalError(
                f"The recording of what you said cannot be saved in {self.folder}: {reason(error)}.",
                meaning="This utterance has no clip.",
                remedy="Free some space or make the folder writable, or turn clips off.",
            ) from error

    def free_name(self, session_id: str, utterance: int) -> str:
        """Return a name that no clip has: a resumed session may count its utterances from 1 again."""
        if not SESSION_ID.fullmatch(session_id):
            raise BugError(f"not a session: {session_id!r}")
        stem = f"{session_id}-{utterance:04d}"
        name, again = f"{stem}.wav", 2
        # Not `there`, which is true in a folder that cannot be read: that would never end.
        while os.path.lexists(self.folder / name):
            name, again = f"{stem}-{again}.wav", again + 1
        return name

    def path(self, name: str) -> Path:
        """Return the file of a clip.

        Raises:
            JournalError: if there is none of that name (any more), or it cannot be opened.
        """
        if not CLIP_NAME.fullmatch(name):
            raise JournalError(f'"{name}" is not the name of a clip.', meaning="Nothing was opened.")
        file = self.folder / name
        if problem := self.problem() or what_else(file):
            raise JournalError(
                f"The clip {name} cannot be opened: {problem}.",
                meaning="It is not known whether it is still there; the rating and the heard words are.",
                remedy=f"Make {self.folder} yours to open (chmod u+rwx) and try again.",
            )
        if not is_file(file):
            raise JournalError(
                f"The clip {name} is not there any more.",
                meaning="Clips are deleted after a while, and a full disk saves none; "
                "the rating and the heard words stay.",
                remedy='"cuewalk log" shows them.',
            )
        return file

    def problem(self) -> str:
        """Return why the folder cannot be opened, as a part of a sentence; "" if it can, or is not there."""
        try:
            # A folder that can be listed but not entered has names without files.
            with os.scandir(self.folder) as found:
                for each in found:
                    each.stat(follow_symlinks=False)
                    break
        except FileNotFoundError:
            return ""
        except OSError as error:
            return reason(error)
        return ""

    def has(self, name: str | None) -> bool:
        """Return whether the clip of an entry is still there."""
        return name is not None and CLIP_NAME.fullmatch(name) is not None and is_file(self.folder / name)

    def expire(self, days: float, now: datetime, began: Mapping[str, datetime] | None = None) -> list[str]:
        """Delete the clips older than ``days`` (the rules' ``clip_days``) and return their names.

        Nothing but clips, and what a crash left of one, is ever touched. A clock far ahead of the sessions
        deletes nothing, see `trusted`. ``began``: when each session started, for the age of a clip whose file
        is dated in the future.

        Raises:
            JournalError: if one cannot be deleted, or the folder cannot be opened.
        """
        sessions = began or {}
        before = trusted(now, list(sessions.values()), days) - timedelta(days=days)
        names = []
        if problem := self.problem():  # `glob` finds nothing in a closed folder, and says nothing
            raise _not_deleted(self.folder, problem)
        try:
            for file in sorted(self.folder.glob("*.wav*")) + sorted(self.folder.glob(".*.wav.*.part")):
                if _is_clip(file) and _saved(file, now, sessions) < before:
                    file.unlink()
                    names.append(file.name)
        except OSError as error:
            raise _not_deleted(self.folder, reason(error)) from error
        return names


def _is_clip(file: Path) -> bool:
    name = re.sub(r"^\.(.+\.wav)\.[0-9a-f]+\.part$", r"\1", file.name)
    name = name.removesuffix(".part")  # what earlier versions called a clip that was not whole yet
    return CLIP_NAME.fullmatch(name) is not None and is_file(file) and not file.is_symlink()


def _saved(file: Path, now: datetime, began: Mapping[str, datetime]) -> datetime:
    """Return when a clip was saved; if that is still to come, the clock was wrong: ask its session."""
    saved = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    of = _OF_SESSION.fullmatch(file.name)
    return saved if saved <= now else began.get(of[1] if of else "", now)


def _not_deleted(folder: Path, problem: str) -> JournalError:
    return JournalError(
        f"Old clips in {folder} cannot be deleted: {problem}.",
        meaning="They are kept longer than promised.",
        remedy=f"Make {folder} yours to open and to write (chmod u+rwx), or delete them yourself.",
    )
