"""Whether sounds of the person's voice may be kept. A module of its own, for it loads no recogniser."""

from datetime import datetime
from pathlib import Path
from typing import Final

from cuewalk import places
from cuewalk.domain.errors import CuewalkError
from cuewalk.files.faults import why_unwritable
from cuewalk.files.looking import there
from cuewalk.files.reading import UnreadableFileError, read_toml
from cuewalk.files.writing import write_whole

#: As `cuewalk.models.heads.FOLDER`.
FOLDER: Final = "heads"
CONSENT: Final = "consent.toml"


def heads_folder() -> Path:
    """Return the folder that holds everything learned of the person's voice."""
    return places.data_dir() / FOLDER


def has_consented() -> bool:
    """Return whether the person agreed that sounds of their voice are kept.

    Raises:
        CuewalkError: if the note of it is damaged; nothing is kept then.
    """
    path = heads_folder() / CONSENT
    if not there(path):
        return False
    try:
        return read_toml(path).get("sounds_of_my_voice") is True
    except UnreadableFileError as error:
        raise CuewalkError(
            f"The note of your consent in {path} cannot be read: {error}.",
            meaning="Nothing was learned or kept.",
            remedy="Delete it and run 'cuewalk calibrate' to be asked again.",
        ) from error


def keep_consent(at: datetime) -> None:
    """Write down that the person agreed, or raise `CuewalkError`."""
    path = heads_folder() / CONSENT
    text = f'# Delete what was kept: cuewalk forget\nsounds_of_my_voice = true\nagreed = "{at.isoformat()}"\n'
    try:
        write_whole(path, text)
    except OSError as error:
        raise not_kept(path, error) from error


def not_kept(path: Path, error: OSError) -> CuewalkError:
    """Return the error for something learned that cannot be written."""
    return CuewalkError(
        f"What was learned of your voice cannot be kept in {path}: {why_unwritable(error)}.",
        meaning="You are heard as before.",
        remedy="Make room or make the folder writable, and calibrate again.",
    )
