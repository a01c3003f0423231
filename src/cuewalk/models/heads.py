"""The spotter's heads on disk: one ``.npz`` a locale, trained here, and the person's own beside their journal."""

import zipfile
from pathlib import Path
from typing import Final

import numpy as np

from cuewalk import places
from cuewalk.domain.errors import ModelError
from cuewalk.spotting.head import Head
from cuewalk.spotting.rehearsal import Rehearsal

FOLDER: Final = "heads"
_ARRAYS: Final = ("centre", "spread", "hidden_weights", "hidden_bias", "weights", "bias")


def shipped_head(locale: str) -> Path:
    """Return where the head that comes with cuewalk would be; not every locale has one."""
    return places.package_data("models") / FOLDER / f"{locale}.npz"


def own_head(locale: str, kind: str) -> Path:
    """Return where the person's own head is kept: ``kind`` is "taught" or "personal"."""
    return places.data_dir() / FOLDER / f"{locale}-{kind}.npz"


def save_head(head: Head, rehearsal: Rehearsal, path: Path) -> None:
    """Write a head and what it needs to learn more, whole or not at all, in half precision."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part.npz")
    np.savez_compressed(
        draft,
        labels=np.array(head.labels),
        temperature=np.float32(head.temperature),
        means=rehearsal.means.astype(np.float16),
        deviations=rehearsal.deviations.astype(np.float16),
        **{name: getattr(head, name).astype(np.float16) for name in _ARRAYS},
    )
    draft.replace(path)


def load_head(path: Path) -> tuple[Head, Rehearsal]:
    """Return a head and what it needs to learn more.

    Raises:
        ModelError: if the file is missing or damaged.
    """
    try:
        with np.load(path) as kept:
            arrays = {name: kept[name].astype(np.float32) for name in (*_ARRAYS, "means", "deviations")}
            labels, temperature = tuple(str(x) for x in kept["labels"]), float(kept["temperature"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"The spotter's head {path.name} cannot be read ({error}).",
            meaning="Ratings would be heard by the grammar recogniser alone, which hears less well.",
            remedy=f"Delete {path} if it is your own head; install cuewalk again if it is not.",
        ) from error
    rehearsal = Rehearsal(labels, arrays.pop("means"), arrays.pop("deviations"))
    return Head(labels=labels, temperature=temperature, **arrays), rehearsal
