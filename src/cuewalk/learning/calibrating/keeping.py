"""The takes of a calibration on the disk. `cuewalk forget` deletes them with the consent and the head."""

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cuewalk.devices.files.wav import read_wav, write_wav
from cuewalk.domain.errors import CuewalkError
from cuewalk.files.faults import reason
from cuewalk.files.removing import remove_tree
from cuewalk.files.writing import copy_whole, private_folder, recover_folder, remove, swap_folder
from cuewalk.learning.calibrating.consent import CONSENT, heads_folder, not_kept
from cuewalk.learning.personal import Example
from cuewalk.logs import ignoring
from cuewalk.models.heads import own_head

_log = logging.getLogger(__package__)

#: Name of a calibration's takes; those of corrections are named after their clips.
_CALIBRATED: Final = "calibrated"


def takes_folder(locale: str) -> Path:
    """Return the folder of the person's takes."""
    return heads_folder() / "takes" / locale


def withdraw(locale: str) -> None:
    """Delete what an earlier calibration kept: consent, takes, the personal head.

    Raises:
        CuewalkError: if something cannot be deleted.
    """
    try:
        for path in (heads_folder() / CONSENT, own_head(locale, "personal")):
            remove(path)
        remove_tree(takes_folder(locale))
    except OSError as error:
        raise CuewalkError(
            f"What was kept of your voice cannot be deleted: {reason(error)}.",
            meaning="Some of it may still be there.",
            remedy=f"Delete the folder {heads_folder()}.",
        ) from error


def keep_takes(locale: str, takes: Sequence[Example]) -> Path:
    """Put the takes of a calibration in the place of the last one's and return their folder.

    Takes of corrections stay. The old ones are gone only when the new ones are whole.

    Raises:
        CuewalkError: if they cannot be written; the old ones are still there then.
    """
    folder = takes_folder(locale)
    draft = folder.with_name(f"{locale}.part")
    try:
        recover_folder(folder)
        shutil.rmtree(draft, ignore_errors=True)
        private_folder(draft)
        for number, (word, samples) in enumerate(takes):
            write_wav(draft / _name(word, f"{_CALIBRATED}-{number:03d}"), samples)
        for file in sorted(folder.glob("*.wav")):
            if f".{_CALIBRATED}-" not in file.name:
                copy_whole(file, draft / file.name)
        swap_folder(draft, folder)
    except OSError as error:
        raise not_kept(folder, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)  # gone already where all went well
    return folder


def keep_correction(locale: str, word: str, clip: Path) -> None:
    """Copy the clip of a corrected rating among the takes, as a take of the word that was meant.

    Raises:
        CuewalkError: if it cannot be written.
    """
    folder = takes_folder(locale)
    try:
        copy_whole(clip, folder / _name(word, clip.stem))
    except OSError as error:
        raise not_kept(folder, error) from error


def kept_takes(locale: str) -> list[tuple[str, Example]]:
    """Return every take, calibrations first, with what its file is named after.

    Raises:
        CuewalkError: if one is damaged, or their folder cannot be read.
    """
    folder = takes_folder(locale)
    # A read-only folder is read as it is.
    with ignoring(_log, OSError, doing="recovering the takes"):
        recover_folder(folder)
    try:
        files = sorted(folder.glob("[!.]*.*.wav"))
    except OSError as error:
        raise CuewalkError(
            f"What you said for a calibration cannot be read in {folder}: {reason(error)}.",
            meaning="Nothing was learned from it.",
            remedy="Make the folder readable, or calibrate again.",
        ) from error
    takes = []
    for file in files:
        word, after = file.name.split(".")[:2]
        takes.append((after, (word.replace("_", " "), read_wav(file))))
    return sorted(takes, key=lambda take: (not take[0].startswith(_CALIBRATED), take[0]))


def _name(word: str, after: str) -> str:
    return f"{word.replace(' ', '_')}.{after}.wav"
